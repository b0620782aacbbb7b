//! Whether the list of persons is the one that was recorded last.
//!
//! Three places must agree: the row in `gatehouse.db`, the entry of the log that tells of it (by the list's hash), and the mark in
//! the key store. Who can write files only, cannot change, remove, invent or take back a list unnoticed.

use gatehouse_audit::Reader;
use uuid::Uuid;

use super::alarm::alarm;
use super::list::{PersonList, sha256};
use super::mark::{self, Mark};
use super::store::Stored;
use crate::facade::Core;
use crate::problem::Problem;

/// Lets the list before go that a killed process left in the mark.
fn settle(core: &Core, profile: Uuid, mark: Mark, hash: &str) -> Result<(), Problem> {
    if mark.next != hash {
        return Ok(());
    }
    let settled = Mark {
        now: mark.next,
        next: String::new(),
    };
    mark::save(core.key_store()?.as_ref(), profile, &settled)
}

/// Checks a stored list, or that there is none.
///
/// # Errors
/// `persons_alarm`; `keyring_*`.
pub(super) fn check(core: &Core, profile: Uuid, stored: Option<&Stored>) -> Result<(), Problem> {
    let kept = mark::load(core.key_store()?.as_ref(), profile)?;
    let Some(stored) = stored else {
        return match kept {
            Some(mark) if !mark.fits("") => Err(alarm("it is gone")),
            _ => Ok(()),
        };
    };
    let hash = sha256(&stored.text);
    match kept {
        None => return Err(alarm("the key store knows of none")),
        Some(mark) if !mark.fits(&hash) => return Err(alarm("another one was recorded last")),
        Some(mark) => settle(core, profile, mark, &hash)?,
    }
    let list = PersonList::from_text(&stored.text).ok_or_else(|| alarm("it cannot be read"))?;
    if list.profile != profile {
        return Err(alarm("it belongs to another profile"));
    }
    let reader = Reader::open(core.dir())?;
    let entry = reader.entry(stored.seq)?;
    // An archived entry cannot tell of it any more; the mark in the key store alone says then that it is the last one.
    let archived = entry.is_none() && stored.seq > 0 && stored.seq < reader.first()?;
    let told = archived
        || entry.is_some_and(|entry| {
            let said = entry.body.request.get("list_sha256").and_then(|hash| hash.as_str());
            entry.body.kind.starts_with("person.") && said == Some(hash.as_str())
        });
    if told {
        Ok(())
    } else {
        Err(alarm("the log does not tell of it"))
    }
}
