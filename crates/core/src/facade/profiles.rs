//! Profiles: made, listed, used, changed, removed. Their set-up and keys have files of their own.

use super::Gatehouse;
use super::core::Change;
use super::portal::no_profile;
use crate::acts;
use crate::database;
use crate::key_store::{KeyStoreKind, KeyStoreState};
use crate::merchants;
use crate::person::{self, Deed};
use crate::policy::PolicyChange;
use crate::portal::browser;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::setup::{self, NewEndpoint, NewSandbox};
use crate::profile::{Profile, key_end, key_rows, secrets, store};
use gatehouse_audit::Phase;
use gatehouse_klarna::Email;
use uuid::Uuid;

impl Gatehouse {
    /// All profiles by name.
    ///
    /// # Errors
    /// What the database says.
    pub fn profiles(&self) -> Result<Vec<Profile>, Problem> {
        store::all(&self.core.database())
    }

    /// The profile in use, if there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn active(&self) -> Result<Option<Profile>, Problem> {
        store::active(&self.core.database())
    }

    /// The named profile, or the one in use.
    ///
    /// # Errors
    /// `profile_missing`.
    pub fn profile(&self, name: Option<&str>) -> Result<Profile, Problem> {
        let Some(name) = name else {
            return self.active()?.ok_or_else(no_profile);
        };
        store::by_name(&self.core.database(), name)?.ok_or_else(|| {
            Problem::new(
                ErrorCode::ProfileMissing,
                format!("There is no profile named {name:?}."),
                ways(
                    "`gatehouse profile list` shows them.",
                    "The search field offers to use each profile that is there.",
                ),
            )
        })
    }

    /// Makes a profile the one in use; recorded when the log is open to be written.
    ///
    /// # Errors
    /// `profile_missing`.
    pub fn use_profile(&self, name: &str) -> Result<Profile, Problem> {
        let profile = self.profile(Some(name))?;
        store::set_active(&*self.core.database_for_change()?, profile.id)?;
        self.core.tell(Change::Profile);
        Ok(profile)
    }

    /// Removes a profile with its secrets; what was done with it stays in the log, and so do its removal and the end of each key. A key on
    /// a hardware token stays there, unless it was destroyed before; the log names it.
    ///
    /// A call that was broken off is ended by the same call.
    ///
    /// # Errors
    /// `profile_missing`, `keyring_*`, `log_*`.
    pub fn remove_profile(&self, name: &str) -> Result<(), Problem> {
        let profile = self.profile(Some(name))?;
        self.core.allow(&profile, Deed::RemoveProfile)?;
        self.core.unlock_log()?;
        key_end::with_profile(&self.core, &profile)?;
        let mut note = acts::draft(
            "profile.remove",
            Phase::Note,
            Uuid::now_v7(),
            Some(&(&profile).into()),
            None,
        );
        note.request.insert("account".into(), profile.account.as_str().into());
        let left = key_rows::left_on_tokens(&self.core.database(), profile.id)?;
        if !left.is_empty() {
            note.request.insert("left_on_token".into(), left.into());
        }
        self.core.journal().append(note)?;
        self.core.key_store()?.remove(&secrets::item(profile.id))?;
        person::forget_mark(self.core.key_store()?.as_ref(), profile.id)?;
        store::remove(&mut self.core.database(), profile.id)?;
        // What a browser kept for this profile goes with it; a browser that still runs may hold some of it.
        let _ = std::fs::remove_dir_all(browser::folders(self.core.dir(), &profile));
        self.core.forget(profile.id);
        self.core.tell(Change::Profile);
        Ok(())
    }

    /// Makes a sandbox profile ready: keys, certificates, and the merchants of an embedded one.
    ///
    /// # Errors
    /// See [`setup`].
    pub fn create_sandbox(&self, wish: &NewSandbox, progress: &dyn Fn(&str)) -> Result<Profile, Problem> {
        let held = self.core.hold_keys()?;
        let profile = setup::sandbox(&self.core, wish, progress)?;
        drop(held);
        if matches!(wish.endpoint, NewEndpoint::Embedded) {
            progress("Reading the merchants");
            let address = self.core.sandbox_address()?;
            let csv = self.core.sandbox_merchants(&address)?;
            self.import_merchants(&profile, "the sandbox's merchants", &csv)?;
            self.pin_suggestion(&profile)?;
        }
        self.core.tell(Change::Profile);
        Ok(profile)
    }

    /// Pins one merchant, so that a newcomer's list begins with something to open.
    fn pin_suggestion(&self, profile: &Profile) -> Result<(), Problem> {
        let first = merchants::find(&self.core.database(), &profile.id.to_string(), "SE-00417");
        if let Ok(merchant) = first {
            self.pin_merchant(profile, &merchant.id, true)?;
        }
        Ok(())
    }

    /// Changes a profile's rules; recorded.
    ///
    /// # Errors
    /// `email_invalid`, `role_invalid`, `browser_failed`, `log_*`.
    pub fn save_policy(&self, profile: &Profile, change: &PolicyChange) -> Result<Profile, Problem> {
        self.core.allow(profile, Deed::ChangePolicy)?;
        let mut next = profile.clone();
        next.policy = profile.policy.changed(change)?;
        if let Some(user) = &change.user {
            next.user = Email::parse(user.trim()).map_err(|_| {
                Problem::new(
                    ErrorCode::EmailInvalid,
                    format!("{user:?} is not an e-mail address."),
                    "Give your own work address.",
                )
            })?;
        }
        if next == *profile {
            return Ok(next);
        }
        self.core.unlock_log()?;
        let mut note = acts::draft(
            "policy.change",
            Phase::Note,
            Uuid::now_v7(),
            Some(&profile.into()),
            None,
        );
        note.request.insert("policy".into(), next.policy.to_json().into());
        note.private = Some([("sub".to_owned(), next.user.as_str().into())].into_iter().collect());
        self.core.journal().append(note)?;
        store::save(&self.core.database(), &next)?;
        self.core.tell(Change::Profile);
        Ok(next)
    }

    /// The API address of a profile as it is shown.
    #[must_use]
    pub fn api_address(&self, profile: &Profile) -> String {
        match &profile.endpoint {
            crate::profile::Endpoint::Embedded => "this data directory's sandbox".to_owned(),
            crate::profile::Endpoint::Url { url, .. } => url.clone(),
        }
    }

    /// Which key store this data directory uses.
    ///
    /// # Errors
    /// What the database says.
    pub fn key_store_kind(&self) -> Result<KeyStoreKind, Problem> {
        self.core.key_store_kind()
    }

    /// The key store's state as last seen; makes no call.
    #[must_use]
    pub fn key_store_state(&self) -> KeyStoreState {
        self.core
            .known_key_store()
            .map_or(KeyStoreState::Untried, |store| store.state())
    }

    /// Reads a setting of the data directory.
    ///
    /// # Errors
    /// What the database says.
    pub fn setting(&self, key: &str) -> Result<Option<String>, Problem> {
        database::setting(&self.core.database(), key)
    }

    /// Writes a setting of the data directory.
    ///
    /// # Errors
    /// What the database says.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), Problem> {
        database::set_setting(&*self.core.database_for_change()?, key, value)?;
        self.core.tell(Change::Settings);
        Ok(())
    }
}
