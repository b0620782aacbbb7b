//! Who may use what is here: the app lock, and the persons of the profile.
//!
//! Deliberately absent: any name; a bundle is read by strangers.

use super::{DoctorLine, DoctorState};
use crate::facade::Core;
use crate::problem::ways;
use crate::profile::Profile;

const LOCK: &str = "app lock";
const PERSONS: &str = "persons";

pub(super) fn lock(core: &Core) -> DoctorLine {
    match core.app_lock().status(core) {
        Err(problem) => DoctorLine::bad(LOCK, problem),
        Ok(status) if !status.set => DoctorLine::new(
            LOCK,
            DoctorState::Ok,
            "None is set.",
            ways(
                "`gatehouse lock set` seals the keys under a passphrase.",
                "Security, above, seals the keys under a passphrase.",
            ),
        ),
        Ok(status) if status.locked.is_some() => {
            DoctorLine::ok(LOCK, "Set and locked: the keys lie sealed, so they were not looked at.")
        }
        Ok(_) => DoctorLine::ok(LOCK, "Set, and unlocked now."),
    }
}

pub(super) fn persons(core: &Core, profile: &Profile, store_answers: bool) -> DoctorLine {
    if !store_answers {
        return DoctorLine::skipped(PERSONS, "Not checked, because the key store does not answer.");
    }
    let looked = core.check_persons(profile).and_then(|()| core.person_list(profile));
    match looked {
        Err(problem) => DoctorLine::bad(PERSONS, problem),
        Ok(None) => DoctorLine::ok(PERSONS, "Nobody is listed, so you have every role."),
        Ok(Some(list)) => DoctorLine::ok(
            PERSONS,
            format!("{} are listed, as it was recorded.", list.persons.len()),
        ),
    }
}
