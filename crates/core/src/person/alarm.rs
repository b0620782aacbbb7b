//! What is said when the list of persons is not what it was left as.

use crate::problem::{ErrorCode, Problem};

/// The alarm, with what does not fit.
pub(super) fn alarm(what: &str) -> Problem {
    Problem::new(
        ErrorCode::PersonsAlarm,
        format!("The list of persons of this profile is not as Gatehouse left it: {what}. No act is done until it is."),
        "Restore gatehouse.db from a backup of after the last change of persons, or remove the profile and make it anew.",
    )
}
