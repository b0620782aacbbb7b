//! The audit log: pages of acts, one entry, the verdict.

use tauri::State;

use crate::argument::Arg;
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::audit::{ActsPage, EntryView, VerifyView};
use crate::views::number::Seq;
use crate::views::request::ActsRequest;

/// Reads a page of acts, newest first.
#[tauri::command]
#[specta::specta]
pub async fn audit_acts(shell: State<'_, Shell>, request: Arg<ActsRequest>) -> Answer<ActsPage> {
    shell.run(move |core, _| shown::audit::acts(core, &request.0)).await
}

/// Reads one entry with its exact bytes.
#[tauri::command]
#[specta::specta]
pub async fn audit_entry(shell: State<'_, Shell>, seq: Arg<Seq>) -> Answer<EntryView> {
    shell.run(move |core, _| shown::audit::entry(core, seq.0.0)).await
}

/// Verifies the log against its anchor.
#[tauri::command]
#[specta::specta]
pub async fn audit_verify(shell: State<'_, Shell>) -> Answer<VerifyView> {
    shell.run(|core, _| shown::audit::verify(core)).await
}
