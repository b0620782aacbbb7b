//! The work tree has to be after the tests what it was before: generated files are current, tests tidy up.

use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::{paths, process, say};

/// Returns what Git calls changed or new; nothing when this is no Git checkout.
pub fn state() -> Option<String> {
    let mut git = Command::new("git");
    process::output(
        git.current_dir(paths::root())
            .args(["status", "--porcelain", "--untracked-files=all"]),
    )
    .ok()
}

/// Compares with an earlier state.
pub fn unchanged_since(before: Option<&str>) -> Outcome {
    let (Some(before), Some(after)) = (before, state()) else {
        say::note("this is no Git checkout, so there is nothing to compare");
        return Ok(());
    };
    let new: Vec<_> = after
        .lines()
        .filter(|line| !before.lines().any(|old| old == *line))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "the tests changed the work tree: {}. Commit what was generated, or let the test tidy up.",
        new.join(", ")
    )))
}
