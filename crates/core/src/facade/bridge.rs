//! What the login bridge does with the core: links for people who signed in there, and whether it could make one now.

use gatehouse_audit::{LogError, Phase, Reader};
use uuid::Uuid;

use super::Gatehouse;
use super::core::Change;
use crate::acts;
use crate::key_store::{DirectoryItem, SecretBytes};
use crate::login_bridge::LoginChoices;
use crate::login_bridge::people::Entitled;
use crate::person::Deed;
use crate::portal::open::make_login_link;
use crate::portal::{LoginRequest, OpenStep, Opened, Recorded, SignOn, sign_on};
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Profile, notes};

/// Of `gatehouse.db` in memory; SQLite counts in KiB where it is negative.
const LITTLE: i64 = -8192;
/// Where keys of the bridge's SAML identity provider lie: one that signs, and one that follows it or went before.
const SAML_KEYS: [DirectoryItem; 2] = [DirectoryItem::BridgeSamlKey, DirectoryItem::BridgeSamlOtherKey];

/// A SAML key that was made for the bridge.
pub struct NewSamlKey<'a> {
    /// The private key, PKCS#8 DER.
    pub key: &'a SecretBytes,
    /// The key's JWK thumbprint.
    pub key_id: String,
    /// SHA-256 of its certificate, hex.
    pub cert_sha256: String,
}

impl Gatehouse {
    /// Holds at most 8 MiB of `gatehouse.db` in memory from now on: a bridge asks for single rows and runs for months, while the usual
    /// measure is made for searches in half a million tokens. A database that does not take it is used as it is.
    pub fn hold_little(&self) {
        let _ = self.core.database().pragma_update(None, "cache_size", LITTLE);
    }

    /// Makes a link for a person who signed in through the bridge; the link in the answer is for that person's browser alone. `progress`
    /// hears the steps, as with [`Gatehouse::open_portal`].
    ///
    /// # Errors
    /// As [`Gatehouse::open_portal`]; `email_invalid`.
    pub fn open_for_login(
        &self,
        profile: &Profile,
        request: LoginRequest,
        progress: &dyn Fn(OpenStep),
    ) -> Result<Opened, Problem> {
        self.core.allow(profile, Deed::OpenPortal)?;
        let merchant = self.merchant(profile, &request.merchant)?;
        let opened = make_login_link(&self.core, profile, &merchant, request, progress);
        self.core.tell(Change::Sessions);
        opened
    }

    /// Records that the bridge signs somebody on by SAML; the statement may leave once this has returned.
    ///
    /// # Errors
    /// As [`Gatehouse::open_for_login`], but for those of Klarna and the way there.
    pub fn record_sign_on(&self, profile: &Profile, asked: SignOn) -> Result<Recorded, Problem> {
        self.core.allow(profile, Deed::OpenPortal)?;
        let merchant = self.merchant(profile, &asked.merchant)?;
        sign_on::record(&self.core, profile, &merchant, asked)
    }

    /// What of all that claims and table name a person may choose from: the merchants that exist and work.
    ///
    /// # Errors
    /// What the database says.
    pub fn login_choices(&self, profile: &Profile, entitled: Entitled) -> Result<LoginChoices, Problem> {
        self.core.allow(profile, Deed::Look)?;
        LoginChoices::of(entitled, |needle| self.merchant(profile, needle))
    }

    /// Whether a link could be made now, as far as this machine goes: role, lock, keys, certificates, log. Klarna is not asked.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn ready_for_logins(&self, profile: &Profile) -> Result<(), Problem> {
        self.core.allow(profile, Deed::OpenPortal)?;
        self.core.connection(profile)?;
        self.core.unlock_log()
    }

    /// The id of the log in the data directory, if one has begun: whose anchor a bridge of several asks for.
    ///
    /// # Errors
    /// `database_*` when the file cannot be read.
    pub fn own_log(&self) -> Result<Option<String>, Problem> {
        match Reader::open(self.core.dir()) {
            Ok(reader) => Ok(reader.log_id()?),
            Err(LogError::Absent) => Ok(None),
            Err(fault) => Err(fault.into()),
        }
    }

    /// What the login bridge proves itself with to the provider, if it lies in the key store.
    ///
    /// # Errors
    /// `role_missing`, `app_locked`, `keyring_*`.
    pub fn bridge_secret(&self) -> Result<Option<SecretBytes>, Problem> {
        self.core.allow_somewhere(Deed::OpenPortal)?;
        let item = acts::item(self.core.dir(), DirectoryItem::BridgeSecret);
        Ok(self.core.key_store()?.get(&item)?)
    }

    /// Puts that into the key store, in place of what was there; the log says that it was changed.
    ///
    /// # Errors
    /// `role_missing`, `app_locked`, `keyring_*`, `log_*`, `input_invalid` for nothing.
    pub fn set_bridge_secret(&self, secret: &SecretBytes) -> Result<(), Problem> {
        self.core.allow_everywhere(Deed::ChangeKeys)?;
        if secret.expose_str().is_none_or(str::is_empty) {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "The client secret is empty, or is not text.",
                "Give it on standard input, as the provider showed it.",
            ));
        }
        let item = acts::item(self.core.dir(), DirectoryItem::BridgeSecret);
        let note = acts::draft("bridge.secret", Phase::Note, Uuid::now_v7(), None, None);
        notes::record(&self.core, note, || Ok(self.core.key_store()?.set(&item, secret)?))
    }

    /// The keys of the bridge's SAML identity provider in the key store, PKCS#8 DER; at most two, each in its place.
    ///
    /// # Errors
    /// `role_missing`, `app_locked`, `keyring_*`.
    pub fn bridge_saml_keys(&self) -> Result<[Option<SecretBytes>; 2], Problem> {
        self.core.allow_somewhere(Deed::OpenPortal)?;
        let store = self.core.key_store()?;
        let [one, other] = SAML_KEYS.map(|item| store.get(&acts::item(self.core.dir(), item)));
        Ok([one?, other?])
    }

    /// Puts a SAML key into one of the two places, over what was there; an entry tells of it.
    ///
    /// # Errors
    /// `role_missing`, `app_locked`, `keyring_*`, `log_*`.
    pub fn keep_bridge_saml_key(&self, second: bool, made: &NewSamlKey<'_>) -> Result<(), Problem> {
        self.core.allow_everywhere(Deed::ChangeKeys)?;
        let mut note = acts::draft("key.create", Phase::Note, Uuid::now_v7(), None, None);
        note.request.insert("usage".into(), "SAML_SIGNING".into());
        note.signing.insert("key_id".into(), made.key_id.as_str().into());
        note.signing
            .insert("cert_sha256".into(), made.cert_sha256.as_str().into());
        let item = acts::item(self.core.dir(), SAML_KEYS[usize::from(second)]);
        notes::record(&self.core, note, || Ok(self.core.key_store()?.set(&item, made.key)?))
    }
}
