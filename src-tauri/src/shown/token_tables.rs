//! Tables of tokens: chosen, dropped or pasted, read here and kept until something is done with them.
//!
//! The path stays in Rust, and so does what is in the file. Deliberately absent: what is done with a table; see [`super::token_reconcile`].

use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard, PoisonError};

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::merchants::import::read_file;
use gatehouse_core::person::Deed;
use gatehouse_core::tokens::TableControl;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::desktop::Wanted;
use crate::events::Topic;
use crate::jobs::TokenTable;
use crate::shell::Shell;
use crate::shown::import::file_name;
use crate::views::number::Seq;
use crate::views::token_tables::{HandWord, TokenTableView};

/// Reads the table that the person chooses; `None` when none was chosen.
///
/// # Errors
/// `role_missing`; `import_unreadable` for a file that cannot be read.
pub fn open(core: &Gatehouse, shell: &Shell) -> Result<Option<TokenTableView>, Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    match shell.desktop().choose_file(Wanted::Tokens) {
        None => Ok(None),
        Some(path) => read(shell, &path).map(Some),
    }
}

/// Reads the file that was dropped on the window last.
///
/// # Errors
/// `role_missing`; `import_unreadable` for a file that cannot be read; `input_invalid` when none was dropped.
pub fn dropped(core: &Gatehouse, shell: &Shell) -> Result<TokenTableView, Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    let path = held(&shell.jobs().dropped).take().ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "No file was dropped on the window.",
            "Drop one file, or choose it.",
        )
    })?;
    read(shell, &path)
}

/// Takes what was pasted as a table.
///
/// # Errors
/// `role_missing`.
pub fn pasted(core: &Gatehouse, shell: &Shell, text: SecretBytes) -> Result<TokenTableView, Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    Ok(keep(shell, "what was pasted".to_owned(), text))
}

/// Puts the table away.
///
/// # Errors
/// `role_missing`.
pub fn forget(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    held(&shell.jobs().table).take();
    Ok(())
}

/// The table that waits, for the window.
#[must_use]
pub fn waiting(shell: &Shell) -> Option<TokenTableView> {
    held(&shell.jobs().table).as_ref().map(view)
}

/// The table that waits, to do something with it; it waits on for what comes after.
///
/// # Errors
/// `input_invalid` when none waits.
pub fn the_table(shell: &Shell) -> Result<TokenTable, Problem> {
    held(&shell.jobs().table).clone().ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "No table was chosen.",
            "Choose a CSV file, drop it on the window, or paste it.",
        )
    })
}

/// Notes that files were dropped on the window; the first of them counts.
pub fn note_dropped(shell: &Shell, files: &[PathBuf]) {
    *held(&shell.jobs().dropped) = files.first().cloned();
    shell.tell(if files.is_empty() { Topic::Away } else { Topic::Dropped });
}

fn read(shell: &Shell, path: &Path) -> Result<TokenTableView, Problem> {
    Ok(keep(shell, file_name(path), SecretBytes::new(read_file(path)?)))
}

fn keep(shell: &Shell, file: String, bytes: SecretBytes) -> TokenTableView {
    let table = TokenTable {
        file,
        bytes: Arc::new(bytes),
    };
    let shown = view(&table);
    *held(&shell.jobs().table) = Some(table);
    shown
}

fn view(table: &TokenTable) -> TokenTableView {
    TokenTableView {
        file: table.file.clone(),
        size: Seq(table.bytes.expose().len() as u64),
    }
}

fn held<T>(of: &std::sync::Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does what the window says with a job; what was ended stays ended.
pub(super) fn heed(hand: &TableControl, word: HandWord) {
    match word {
        HandWord::Hold => hand.hold(),
        HandWord::GoOn => hand.go_on(),
        HandWord::Stop => hand.stop(),
    }
}
