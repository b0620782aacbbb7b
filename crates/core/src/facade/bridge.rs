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
use crate::portal::{LoginRequest, OpenStep, Opened};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::profile::notes::record;

impl Gatehouse {
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
        record(&self.core, note, || Ok(self.core.key_store()?.set(&item, secret)?))
    }
}
