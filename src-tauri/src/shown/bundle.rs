//! The doctor's bundle for support: shown first, then saved as it was shown.
//!
//! Deliberately absent: a text that comes back from the window, and any sending.

use gatehouse_core::{ErrorCode, Gatehouse, Problem, doctor};

use crate::shell::Shell;
use crate::shown::import::file_name;

/// Makes the bundle and keeps its text until it is saved.
///
/// # Errors
/// What the database says.
pub fn make(core: &Gatehouse, shell: &Shell) -> Result<String, Problem> {
    let profile = core.active()?;
    let lines = core.doctor(profile.as_ref());
    let text = format!("{:#}\n", core.doctor_bundle(profile.as_ref(), &lines));
    shell.chosen().bundle = Some(text.clone());
    Ok(text)
}

/// Saves what was shown last into a new file, for its owner alone.
///
/// # Errors
/// `input_invalid` when nothing was shown, or for a place that cannot be written or holds a file already.
pub fn save(shell: &Shell) -> Result<Option<String>, Problem> {
    let text = shell.chosen().bundle.clone().ok_or_else(not_shown)?;
    let Some(path) = shell.desktop().save_file("gatehouse-doctor.json") else {
        return Ok(None);
    };
    doctor::save_bundle(&path, &text)?;
    Ok(Some(file_name(&path)))
}

fn not_shown() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "No bundle was shown yet, so there is none to save.",
        "Show it first; only what was seen is saved.",
    )
}
