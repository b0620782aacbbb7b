//! The login bridge's files: chosen, looked at, tried, and saved with a note in the log.

use std::path::{Path, PathBuf};

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::Gatehouse;
use super::core::Change;
use crate::acts::{self, Members};
use crate::database;
use crate::login_bridge::people::Entitled;
use crate::login_bridge::{Draft, LoginChoices, NamedMerchant, TriedClaims, TriedLogin};
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;

impl Gatehouse {
    /// Where the configuration of this profile's bridge lies, as it was remembered.
    ///
    /// # Errors
    /// What the database says.
    pub fn login_bridge_file(&self, profile: &Profile) -> Result<Option<PathBuf>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let kept = database::setting(&self.core.database(), &key(profile))?;
        Ok(kept.map(PathBuf::from))
    }

    /// Opens a configuration and remembers where it lies; what cannot be opened is not remembered.
    ///
    /// # Errors
    /// `bridge_file_unreadable`.
    pub fn choose_login_bridge(&self, profile: &Profile, file: &Path) -> Result<Draft, Problem> {
        self.core.allow(profile, Deed::EditLoginBridge)?;
        let draft = Draft::open(file)?;
        database::set_setting(&self.core.database(), &key(profile), &draft.path().to_string_lossy())?;
        Ok(draft)
    }

    /// Forgets where it lies; the files stay.
    ///
    /// # Errors
    /// What the database says.
    pub fn forget_login_bridge(&self, profile: &Profile) -> Result<(), Problem> {
        self.core.allow(profile, Deed::EditLoginBridge)?;
        database::remove_setting(&self.core.database(), &key(profile))
    }

    /// Opens the remembered configuration; nothing where none is remembered.
    ///
    /// # Errors
    /// `bridge_file_unreadable`.
    pub fn open_login_bridge(&self, profile: &Profile) -> Result<Option<Draft>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        self.login_bridge_file(profile)?
            .map(|file| Draft::open(&file))
            .transpose()
    }

    /// What somebody with these claims could enter by a draft, saved or not.
    ///
    /// # Errors
    /// What the database says.
    pub fn try_login(&self, profile: &Profile, draft: &Draft, claims: &TriedClaims) -> Result<TriedLogin, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let answer = match draft.entitled(claims.members()) {
            Ok((_, entitled)) => Ok(self.login_choices(profile, entitled)?),
            Err(why) => Err(why),
        };
        Ok(TriedLogin {
            email: claims.email(draft.people()),
            answer,
        })
    }

    /// What each of these names of merchants means in a sign-in: a merchant, or why it is left out.
    ///
    /// # Errors
    /// What the database says.
    pub fn login_merchants(&self, profile: &Profile, named: &[&str]) -> Result<Vec<NamedMerchant>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let judged = |name: &&str| {
            let alone = Entitled {
                merchants: [((*name).to_owned(), Vec::new())].into(),
                beyond: 0,
            };
            let LoginChoices { open, left_out, .. } = self.login_choices(profile, alone)?;
            let found = open.into_iter().next().map(Ok);
            Ok(found.or_else(|| left_out.into_iter().next().map(|(_, why)| Err(why))))
        };
        named.iter().map(judged).collect()
    }

    /// Whether this person may change what a draft holds; saving it asks again.
    ///
    /// # Errors
    /// `role_missing`, `app_locked`.
    pub fn may_edit_login_bridge(&self, profile: &Profile) -> Result<(), Problem> {
        self.core.allow(profile, Deed::EditLoginBridge)
    }

    /// Saves a draft: what changed goes into the log, then both files are replaced; what is open afterwards is answered.
    ///
    /// # Errors
    /// `bridge_file_changed`, `bridge_rules_invalid`, `log_*`, `disk_full`; nothing was written then.
    pub fn save_login_bridge(&self, profile: &Profile, draft: &Draft) -> Result<Draft, Problem> {
        self.core.allow(profile, Deed::EditLoginBridge)?;
        if draft.is_changed() {
            let saving = draft.prepare()?;
            self.core.unlock_log()?;
            let mut note = acts::draft(
                "bridge.people",
                Phase::Note,
                Uuid::now_v7(),
                Some(&profile.into()),
                None,
            );
            note.request = changes(draft, draft.sha256(&saving));
            let file = draft.path().file_name().unwrap_or_default().to_string_lossy();
            note.private = Some([("file".to_owned(), file.into())].into_iter().collect());
            self.core.journal().append(note)?;
            self.core.tell(Change::Audit);
            saving.land()?;
            draft.clear_away();
        }
        Draft::open(draft.path())
    }
}

/// Under which a profile's bridge is remembered.
fn key(profile: &Profile) -> String {
    format!("login_bridge.{}", profile.id)
}

/// What the log says of a change: which rules, how many rows, and the new contents' digests. Nobody's name.
fn changes(draft: &Draft, [config, table]: [Option<String>; 2]) -> Members {
    let mut request = Members::new();
    request.insert("rules".into(), draft.rule_changes().into());
    for (state, count) in draft.row_changes() {
        request.insert(format!("rows_{}", state.word()), count.into());
    }
    if draft.was_cut_off() {
        request.insert("cut_off".into(), true.into());
    }
    for (name, sha256) in [("config_sha256", config), ("table_sha256", table)] {
        if let Some(sha256) = sha256 {
            request.insert(name.into(), sha256.into());
        }
    }
    request
}
