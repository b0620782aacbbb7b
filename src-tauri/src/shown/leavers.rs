//! A list of people who left, read and kept for the view of that name.
//!
//! The path of a file stays in Rust. Deliberately absent: the addresses themselves, but for those that the window has to name.

use std::collections::HashSet;
use std::sync::Arc;

use gatehouse_core::access::leavers::Leavers;
use gatehouse_core::{Gatehouse, Problem};

use crate::desktop::Wanted;
use crate::shell::Shell;
use crate::views::access_change::{LeaversView, UnreadableLine};
use crate::views::number::count;

/// So many lines of a list are given to the window; all are counted.
const SHOWN: usize = 200;

/// Reads a list of leavers, keeps it for the view, and says what could not be read and who has nothing here.
///
/// # Errors
/// As the core says.
pub fn leavers(core: &Gatehouse, shell: &Shell, list: &Leavers) -> Result<LeaversView, Problem> {
    let profile = core.profile(None)?;
    let without = core.leavers_without_access(&profile, list)?;
    let persons: HashSet<String> = list.persons.iter().cloned().collect();
    shell.chosen().leavers = Some((profile.id.to_string(), Arc::new(persons)));
    let bad = list.unreadable.iter().take(SHOWN);
    Ok(LeaversView {
        addresses: count(list.persons.len()),
        repeated: list.repeated,
        without_count: count(without.len()),
        without_access: without.into_iter().take(SHOWN).collect(),
        unreadable: bad
            .map(|bad| UnreadableLine {
                line: bad.line,
                text: bad.text.clone(),
                why: bad.why.clone(),
            })
            .collect(),
        unreadable_count: count(list.unreadable.len()),
    })
}

/// Reads the list that the person chooses; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn leavers_of_file(core: &Gatehouse, shell: &Shell) -> Result<Option<LeaversView>, Problem> {
    let Some(path) = shell.desktop().choose_file(Wanted::Leavers) else {
        return Ok(None);
    };
    let bytes = gatehouse_core::merchants::import::read_file(&path)?;
    leavers(core, shell, &Leavers::from_bytes(&bytes)?).map(Some)
}
