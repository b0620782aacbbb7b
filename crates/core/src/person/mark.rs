//! The list's mark in the key store: which list is the last one, where nobody can reach it who only writes files.
//!
//! The log says that a list was made; that it is the *latest* would take a search of the whole log to know. So the key store keeps
//! its hash, as it keeps the log's anchor. Two hashes stand there while a change is under way, so that a process killed in the middle
//! leaves a list that fits.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::alarm;
use crate::key_store::{ItemName, KeyStore, ProfileItem, SecretBytes};
use crate::problem::Problem;

/// Which list counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// SHA-256 of the list in force; empty while nobody is listed.
    pub now: String,
    /// The one that is about to take its place, or empty.
    pub next: String,
}

impl Mark {
    /// Whether a list (none: empty) is the one that counts.
    pub fn fits(&self, sha256: &str) -> bool {
        self.now == sha256 || (!self.next.is_empty() && self.next == sha256)
    }
}

fn item(profile: Uuid) -> ItemName {
    ItemName::for_profile_item(profile, ProfileItem::Persons)
}

/// Reads the mark; none means that nobody was ever listed.
pub(super) fn load(store: &dyn KeyStore, profile: Uuid) -> Result<Option<Mark>, Problem> {
    let Some(bytes) = store.get(&item(profile))? else {
        return Ok(None);
    };
    let mark =
        serde_json::from_slice(bytes.expose()).map_err(|_| alarm::alarm("its mark in the key store cannot be read"))?;
    Ok(Some(mark))
}

pub(super) fn save(store: &dyn KeyStore, profile: Uuid, mark: &Mark) -> Result<(), Problem> {
    let bytes = serde_json::to_vec(mark).expect("two texts are JSON");
    Ok(store.set(&item(profile), &SecretBytes::new(bytes))?)
}

/// Forgets the mark of a profile that is removed.
pub(crate) fn forget(store: &dyn KeyStore, profile: Uuid) -> Result<(), Problem> {
    store.remove(&item(profile))?;
    Ok(())
}
