//! Hardware tokens: found, opened with their PIN, and keys made on them.
//!
//! Looking for tokens loads the modules that this system registers and those that a person chose; nothing is loaded before it is asked
//! for. A choice of a module is recorded, because its code runs in this process from then on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::core::Change;
use super::{Core, Gatehouse};
use crate::acts;
use crate::database;
use crate::hardware::{PinSource, RegisteredModule, registered_modules};
use crate::key_store::SecretBytes;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem};
use crate::profile::key_rows::KeyRow;
use crate::profile::steps::Step;
use crate::profile::{KeyPlace, Profile, key_on_token, notes};
use crate::signing_key::{CertificateUsage, HardwareFailure, HardwareKeyFacts, TokenAddress, TokenFacts};

const CHOSEN: &str = "pkcs11_modules";

/// One module, and the tokens that it sees now.
#[derive(Debug, Clone)]
pub struct ModuleTokens {
    /// The module.
    pub module: RegisteredModule,
    /// Its tokens, or why it cannot be used.
    pub tokens: Result<Vec<TokenFacts>, HardwareFailure>,
}

impl Gatehouse {
    /// Looks for tokens behind every known module.
    ///
    /// # Errors
    /// `role_missing`; what the database says. A module that fails says so in its own line.
    pub fn hardware_tokens(&self, profile: &Profile) -> Result<Vec<ModuleTokens>, Problem> {
        self.core.allow(profile, Deed::SetUpProfile)?;
        let modules = known_modules(&self.core)?;
        Ok(modules
            .into_iter()
            .map(|module| ModuleTokens {
                tokens: self.core.hardware().module(&module.path).tokens(),
                module,
            })
            .collect())
    }

    /// Adds a module by the path of its library, if it is one; recorded.
    ///
    /// # Errors
    /// `input_invalid` for a path that is not absolute; `hardware_absent` for what is no module; `log_*`.
    pub fn add_hardware_module(&self, profile: &Profile, path: &Path) -> Result<(), Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        if !path.is_absolute() {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "The PKCS#11 module is not named by its whole path.",
                "Give it from the root on, like /usr/lib/softhsm/libsofthsm2.so.",
            ));
        }
        // One library under two names would be loaded twice, and each would undo the other's sessions.
        let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if known_modules(&self.core)?.iter().any(|known| known.path == *path) {
            return Ok(());
        }
        let mut note = acts::draft("hardware.add", Phase::Note, Uuid::now_v7(), Some(&profile.into()), None);
        note.request.insert("module".into(), path.to_string_lossy().into());
        notes::record(&self.core, note, || {
            self.core.hardware().module(path).tokens()?;
            let mut chosen = chosen(&self.core)?;
            chosen.push(path.to_path_buf());
            let text = serde_json::to_string(&chosen).map_err(|cause| Problem::internal("keep a module", &cause))?;
            database::set_setting(&*self.core.database_for_change()?, CHOSEN, &text)
        })?;
        self.core.tell(Change::Settings);
        Ok(())
    }

    /// The token that a person means by its serial number or label.
    ///
    /// # Errors
    /// `hardware_absent` when there is none, `input_invalid` when there are more; `role_missing`.
    pub fn find_token(&self, profile: &Profile, needle: &str) -> Result<TokenAddress, Problem> {
        self.core.allow(profile, Deed::SetUpProfile)?;
        let found = self.hardware_tokens(profile)?;
        let tokens = found
            .iter()
            .flat_map(|module| module.tokens.iter().flatten().map(|token| (&module.module, token)));
        let addresses = tokens
            .filter(|(_, token)| token.serial == needle || token.label == needle)
            .map(|(module, token)| TokenAddress::new(&module.path, &token.serial, &token.label));
        let mut addresses: Vec<TokenAddress> = addresses.collect();
        addresses.dedup_by(|one, other| one.serial == other.serial);
        match addresses.len() {
            0 => Err(HardwareFailure::NoToken {
                serial: needle.to_owned(),
            }
            .into()),
            1 => Ok(addresses.remove(0)),
            _ => Err(Problem::new(
                ErrorCode::InputInvalid,
                format!("{} tokens are named {needle:?}.", addresses.len()),
                "Name the token by its serial number.",
            )),
        }
    }

    /// The P-256 keys on a token; asks for no PIN.
    ///
    /// # Errors
    /// `hardware_*`, `role_missing`.
    pub fn keys_on_token(&self, profile: &Profile, token: &TokenAddress) -> Result<Vec<HardwareKeyFacts>, Problem> {
        self.core.allow(profile, Deed::SetUpProfile)?;
        Ok(self.core.hardware().module(&token.module).keys(&token.serial)?)
    }

    /// Makes a signing key on a token, or takes in the `existing` one of that id that stands there already.
    ///
    /// # Errors
    /// As [`Gatehouse::create_key`]; `input_invalid` for an mTLS key, `key_missing` when the token has no such key; `hardware_*`.
    pub fn create_key_on_token(
        &self,
        profile: &Profile,
        usage: CertificateUsage,
        token: &TokenAddress,
        existing: Option<&str>,
    ) -> Result<KeyRow, Problem> {
        self.pin_first(profile, Some(&KeyPlace::Token(token.clone())))?;
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        self.step(profile, Step::SigningKey, || match existing {
            Some(key_id) => key_on_token::adopt(&self.core, profile, usage, token, key_id),
            None => key_on_token::create(&self.core, profile, usage, token),
        })
    }

    /// Demands the PIN of a place before a risky deed is confirmed, so that the confirmation is not used up by a refusal.
    pub(super) fn pin_first(&self, profile: &Profile, place: Option<&KeyPlace>) -> Result<(), Problem> {
        self.core.allow_unconfirmed(profile, Deed::ChangeKeys)?;
        let token = place.and_then(KeyPlace::token);
        token.map_or(Ok(()), |token| self.core.demand_pin_of(token))
    }

    /// The token whose PIN the act before was refused for.
    #[must_use]
    pub fn wanted_token(&self) -> Option<TokenAddress> {
        self.core.hardware().wanted()
    }

    /// Opens the token that is waited for with its PIN, for the unlock window.
    ///
    /// # Errors
    /// `input_invalid` when none is waited for; `app_locked`; `hardware_pin`, `hardware_*`.
    pub fn open_wanted_token(&self, pin: SecretBytes) -> Result<(), Problem> {
        self.core.app_lock().demand(&self.core)?;
        let token = self.wanted_token().ok_or_else(|| {
            Problem::new(
                ErrorCode::InputInvalid,
                "No token waits for its PIN.",
                "Do what needs the token; its PIN is asked for then.",
            )
        })?;
        self.core.open_token(&token, pin)
    }

    /// Says who is asked for a PIN when one is missing; a program with a window is asked by its own commands.
    pub fn ask_pins_by(&self, source: Arc<PinSource>) {
        self.core.hardware().ask_by(source);
    }
}

/// Registered ones, then those that a person chose.
fn known_modules(core: &Core) -> Result<Vec<RegisteredModule>, Problem> {
    let mut known = registered_modules();
    for path in chosen(core)? {
        if known.iter().all(|module| module.path != path) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            known.push(RegisteredModule { name, path });
        }
    }
    Ok(known)
}

fn chosen(core: &Core) -> Result<Vec<PathBuf>, Problem> {
    let text = database::setting(&core.database(), CHOSEN)?;
    Ok(text
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}
