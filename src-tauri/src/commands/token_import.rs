//! Tables of tokens taken in: looked over first, then kept, in the background.

use tauri::State;

use crate::argument::Arg;
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::token_import;
use crate::views::token_import::{PlannedRowsPage, PlannedRowsRequest, TokenImportView};
use crate::views::token_tables::HandWord;

/// Looks the table over as an import would; answers once it is under way.
#[tauri::command]
#[specta::specta]
pub async fn tokens_import_plan(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(token_import::plan).await
}

/// Takes the table in; answers once it is under way.
#[tauri::command]
#[specta::specta]
pub async fn tokens_import(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(token_import::begin).await
}

/// Says where importing stands.
#[tauri::command]
#[specta::specta]
pub async fn tokens_import_look(shell: State<'_, Shell>) -> Answer<TokenImportView> {
    shell.run(token_import::look).await
}

/// Reads a window of what an import would do.
#[tauri::command]
#[specta::specta]
pub async fn tokens_import_rows(shell: State<'_, Shell>, request: Arg<PlannedRowsRequest>) -> Answer<PlannedRowsPage> {
    shell
        .run(move |core, shell| token_import::rows(core, shell, &request.0))
        .await
}

/// Holds an import, lets it go on, or ends it.
#[tauri::command]
#[specta::specta]
pub async fn tokens_import_hold(shell: State<'_, Shell>, word: Arg<HandWord>) -> Answer<()> {
    shell
        .run(move |core, shell| token_import::hold(core, shell, word.0))
        .await
}

/// Puts the table and what became of it away.
#[tauri::command]
#[specta::specta]
pub async fn tokens_import_forget(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(token_import::forget).await
}
