//! The hardware tokens of this computer as profiles use them: modules loaded once, PINs asked for once.
//!
//! A process loads a module once, however many profiles have keys behind it, and keeps one unlock window for each token. A PIN comes
//! from whoever is asked: the command line asks by itself ([`PinSource`]); the window is told which token is waited for and asks the
//! person. Deliberately absent: what a token does (`signing_key::HardwareModule`), and any PIN outside its window.

mod registered;
mod sealed_jwt;

pub use registered::RegisteredModule;
pub(crate) use registered::registered_modules;
pub use sealed_jwt::SealKey;
pub(crate) use sealed_jwt::{forget, forget_concluded, forget_older, keep, take_back};

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::app_lock::Limits;
use crate::facade::{Core, lock};
use crate::key_store::SecretBytes;
use crate::problem::Problem;
use crate::profile::KeyPlace;
use crate::profile::key_rows::KeyRow;
use crate::profile::secrets::{self, ProfileSecrets};
use crate::signing_key::{HardwareFailure, HardwareKey, HardwareModule, Signer, TokenAddress, UnlockWindow};

/// Asks somebody for a token's PIN; nothing when nobody can be asked.
pub type PinSource = dyn Fn(&TokenAddress) -> Result<Option<SecretBytes>, Problem> + Send + Sync;

/// What was loaded and opened in this process.
#[derive(Default)]
pub(crate) struct HardwareAtHand {
    modules: Mutex<HashMap<PathBuf, HardwareModule>>,
    windows: Mutex<HashMap<(PathBuf, String), Arc<UnlockWindow>>>,
    wanted: Mutex<Option<TokenAddress>>,
    pin_source: Mutex<Option<Arc<PinSource>>>,
}

impl HardwareAtHand {
    /// The module of that path; loaded at its first call.
    pub fn module(&self, path: &Path) -> HardwareModule {
        let mut modules = lock(&self.modules);
        let known = modules.entry(path.to_path_buf());
        known.or_insert_with(|| HardwareModule::at(path)).clone()
    }

    /// The token whose PIN somebody waits for.
    pub fn wanted(&self) -> Option<TokenAddress> {
        lock(&self.wanted).clone()
    }

    /// Who is asked for PINs.
    pub fn ask_by(&self, source: Arc<PinSource>) {
        *lock(&self.pin_source) = Some(source);
    }
}

impl Core {
    /// The one unlock window of a token.
    pub fn token_window(&self, token: &TokenAddress) -> Arc<UnlockWindow> {
        let hardware = self.hardware();
        let module = hardware.module(&token.module);
        let mut windows = lock(&hardware.windows);
        let known = windows.entry((token.module.clone(), token.serial.clone()));
        let window = known.or_insert_with(|| Arc::new(UnlockWindow::over(&module, token.clone(), self.shared_clock())));
        Arc::clone(window)
    }

    /// The key of a row, wherever it lies. A key on a token is not looked for before it signs.
    ///
    /// # Errors
    /// `keyring_item_missing` when the key store has no such key.
    pub fn signer(&self, held: &mut ProfileSecrets, row: &KeyRow) -> Result<Arc<dyn Signer>, Problem> {
        match &row.place {
            KeyPlace::KeyStore => {
                let key = held.keys_mut(row.usage).take(&row.key_id);
                Ok(Arc::new(key.ok_or_else(secrets::missing)?))
            }
            KeyPlace::Token(token) => {
                let window = self.token_window(token);
                Ok(Arc::new(HardwareKey::known(&window, &row.key_id, &row.spki)?))
            }
        }
    }

    /// Demands that a key can sign without asking anybody on the way; a PIN that is missing is asked for here.
    ///
    /// # Errors
    /// `hardware_pin` where nobody can be asked; `hardware_*`.
    pub fn demand_pin(&self, signer: &dyn Signer) -> Result<(), Problem> {
        signer
            .window()
            .map_or(Ok(()), |window| self.demand_pin_of(window.token()))
    }

    /// The same for a token.
    pub fn demand_pin_of(&self, token: &TokenAddress) -> Result<(), Problem> {
        if self.token_window(token).is_open() {
            return Ok(());
        }
        *lock(&self.hardware().wanted) = Some(token.clone());
        let source = lock(&self.hardware().pin_source).clone();
        let given = source.map_or(Ok(None), |source| source(token))?;
        match given {
            Some(pin) => self.open_token(token, pin),
            None => Err(HardwareFailure::PinNeeded.into()),
        }
    }

    /// Opens a token with its PIN for the unlock window; the app's lock closes it.
    ///
    /// # Errors
    /// `hardware_pin`, `hardware_pin_blocked`, `hardware_absent`, `hardware_*`.
    pub fn open_token(&self, token: &TokenAddress, pin: SecretBytes) -> Result<(), Problem> {
        let window = self.token_window(token);
        let limits = self.app_lock().limits().unwrap_or(Limits::STANDARD);
        window.open(pin, Duration::from_secs(limits.absolute_s.into()))?;
        self.app_lock().watch(&window);
        lock(&self.hardware().wanted).take_if(|wanted| wanted == token);
        Ok(())
    }
}
