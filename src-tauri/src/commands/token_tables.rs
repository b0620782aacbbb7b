//! Tables of tokens: taken in hand, compared with the vault and with Klarna.

use tauri::State;

use crate::argument::{Arg, SecretText};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::{token_reconcile, token_tables};
use crate::views::token_tables::{
    CompareRequest, ComparisonView, DifferenceWord, DifferencesPage, DifferencesRequest, HandWord, TokenTableView,
};

/// Lets the person choose a table of tokens, and keeps it for what is to be done with it; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn token_table_open(shell: State<'_, Shell>) -> Answer<Option<TokenTableView>> {
    shell.run(token_tables::open).await
}

/// Takes the file that was dropped on the window last as the table.
#[tauri::command]
#[specta::specta]
pub async fn token_table_dropped(shell: State<'_, Shell>) -> Answer<TokenTableView> {
    shell.run(token_tables::dropped).await
}

/// Takes what was pasted as the table.
#[tauri::command]
#[specta::specta]
pub async fn secret_token_table(shell: State<'_, Shell>, text: Arg<SecretText>) -> Answer<TokenTableView> {
    shell
        .run(move |core, shell| token_tables::pasted(core, shell, text.0.into_bytes()))
        .await
}

/// Compares the table with the vault and, where wanted, with Klarna; answers once it is under way.
#[tauri::command]
#[specta::specta]
pub async fn tokens_reconcile(shell: State<'_, Shell>, request: Arg<CompareRequest>) -> Answer<()> {
    shell
        .run(move |core, shell| token_reconcile::begin(core, shell, &request.0))
        .await
}

/// Says where comparing stands.
#[tauri::command]
#[specta::specta]
pub async fn tokens_reconcile_look(shell: State<'_, Shell>) -> Answer<ComparisonView> {
    shell.run(token_reconcile::look).await
}

/// Holds a comparison, lets it go on, or ends it.
#[tauri::command]
#[specta::specta]
pub async fn tokens_reconcile_hold(shell: State<'_, Shell>, word: Arg<HandWord>) -> Answer<()> {
    shell
        .run(move |core, shell| token_reconcile::hold(core, shell, word.0))
        .await
}

/// Reads a window of the differences that were found.
#[tauri::command]
#[specta::specta]
pub async fn tokens_reconcile_rows(
    shell: State<'_, Shell>,
    request: Arg<DifferencesRequest>,
) -> Answer<DifferencesPage> {
    shell
        .run(move |core, shell| token_reconcile::rows(core, shell, &request.0))
        .await
}

/// Saves the differences as a table where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn tokens_reconcile_save(
    shell: State<'_, Shell>,
    kind: Arg<Option<DifferenceWord>>,
) -> Answer<Option<String>> {
    shell
        .run(move |core, shell| token_reconcile::save(core, shell, kind.0))
        .await
}

/// Puts the table and what was found away.
#[tauri::command]
#[specta::specta]
pub async fn tokens_reconcile_forget(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(token_reconcile::forget).await
}
