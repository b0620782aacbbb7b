//! Profiles as signed files: written for a team, read on a new machine, where set-up then says what is missing.

use super::Gatehouse;
use super::core::Change;
use crate::acts;
use crate::database;
use crate::key_store::KeyStoreKind;
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::share::{self, ProfileFile};
use crate::profile::{Profile, setup};
use crate::signature;

/// How a profile file is taken in.
#[derive(Debug, Clone)]
pub struct ImportChoice {
    /// Another name than the file's.
    pub name: Option<String>,
    /// The account manager's own e-mail; the file has none.
    pub user: String,
    /// The signer's fingerprint, as the person's word that it was compared; not needed for a signer trusted before.
    pub trust: Option<String>,
    /// Where secrets go.
    pub key_store: KeyStoreKind,
}

impl Gatehouse {
    /// Writes a profile without secrets, signed with this person's key; answers the file and the key's fingerprint.
    ///
    /// # Errors
    /// `keyring_*`, `log_*`.
    pub fn export_profile(&self, profile: &Profile) -> Result<(Vec<u8>, String), Problem> {
        self.core.allow(profile, Deed::ShareProfile)?;
        let core = &self.core;
        core.unlock_log()?;
        let person = acts::PersonKey::load(core.key_store()?.as_ref(), core.dir())?;
        let made_at = jiff::Timestamp::from_millisecond(self.now_ms())
            .map_err(|cause| Problem::internal("tell the time", &cause))?
            .to_string();
        let file = share::export(profile, &made_at, &person)?;
        let signer = signature::fingerprint(&person.public());
        setup::record_exchange(core, profile, "profile.export", &signer, || {
            database::set_setting(&core.database(), &trusted(&signer), &made_at)
        })?;
        Ok((file, signer))
    }

    /// Reads a profile file: whether it is whole, who signed it, and whether that signer is trusted here.
    ///
    /// # Errors
    /// `profile_file_damaged`.
    pub fn read_profile_file(&self, bytes: &[u8]) -> Result<(ProfileFile, bool), Problem> {
        let file = share::read(bytes)?;
        let known = database::setting(&self.core.database(), &trusted(&file.signer))?.is_some();
        Ok((file, known))
    }

    /// Makes a draft profile of a file; its keys are made anew by set-up.
    ///
    /// # Errors
    /// `profile_file_damaged`, `signer_untrusted`, `profile_exists`, `environment_mixed`, `email_invalid`, `log_*`.
    pub fn import_profile(&self, bytes: &[u8], choice: &ImportChoice) -> Result<Profile, Problem> {
        let (file, known) = self.read_profile_file(bytes)?;
        let said = choice.trust.as_deref().map(plain);
        if !known && said.as_deref() != Some(&file.signer) {
            return Err(untrusted(&file.signer, said.is_some()));
        }
        let signer = file.signer.clone();
        let profile = file
            .profile
            .into_draft(choice.name.as_deref(), &choice.user, self.now_ms())?;
        setup::imported(&self.core, &profile, choice.key_store, &signer, || {
            database::set_setting(&self.core.database(), &trusted(&signer), &file.made_at)
        })?;
        self.core.tell(Change::Profile);
        Ok(profile)
    }
}

fn trusted(signer: &str) -> String {
    format!("trusted_signer/{signer}")
}

/// A fingerprint as people type it: blanks and colons do not count, nor does case.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(|letter| !letter.is_whitespace() && *letter != ':');
    kept.map(|letter| letter.to_ascii_lowercase()).collect()
}

fn untrusted(signer: &str, another: bool) -> Problem {
    let message = if another {
        format!("The profile file is whole, but another key than the one you named signed it: {signer}.")
    } else {
        format!("The profile file is whole, but its signer is not trusted here yet: {signer}.")
    };
    Problem::new(
        ErrorCode::SignerUntrusted,
        message,
        ways(
            "Compare the fingerprint with whoever sent the file, by telephone or in person; then import with --trust FINGERPRINT.",
            "Compare the fingerprint with whoever sent the file, by telephone or in person.",
        ),
    )
}
