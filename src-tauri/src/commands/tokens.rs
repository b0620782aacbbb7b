//! Customer tokens: looked through, found, kept, checked, copied, revoked. A token comes in once, through `secret_*`, and goes to the
//! clipboard alone.

use tauri::State;

use crate::argument::{Arg, Id, Reason, Secret};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::tokens;
use crate::views::number::Seq;
use crate::views::tokens::{
    TokenChecked, TokenCopied, TokenCountsView, TokenEvent, TokenFound, TokenRevokeWish, TokenRevoked, TokenRow,
    TokenTold, TokensPage, TokensRequest,
};

/// Reads a page of the vault.
#[tauri::command]
#[specta::specta]
pub async fn tokens_page(shell: State<'_, Shell>, request: Arg<TokensRequest>) -> Answer<TokensPage> {
    shell.run(move |core, _| tokens::page(core, request.0)).await
}

/// Counts the tokens of each view.
#[tauri::command]
#[specta::specta]
pub async fn tokens_counts(shell: State<'_, Shell>) -> Answer<TokenCountsView> {
    shell.run(|core, _| tokens::counts(core)).await
}

/// Counts a merchant's tokens.
#[tauri::command]
#[specta::specta]
pub async fn tokens_count_of(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<Seq> {
    shell.run(move |core, _| tokens::count_of(core, id.0.as_str())).await
}

/// Reads one token's row.
#[tauri::command]
#[specta::specta]
pub async fn token_show(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<TokenRow> {
    shell.run(move |core, _| tokens::one(core, id.0.as_str())).await
}

/// Reads what is known to have happened to a token.
#[tauri::command]
#[specta::specta]
pub async fn token_story(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<Vec<TokenEvent>> {
    shell.run(move |core, _| tokens::story(core, id.0.as_str())).await
}

/// Asks Klarna where a token stands.
#[tauri::command]
#[specta::specta]
pub async fn token_check(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<TokenChecked> {
    shell.run(move |core, _| tokens::check(core, id.0.as_str())).await
}

/// Puts a token on the clipboard for a minute.
#[tauri::command]
#[specta::specta]
pub async fn token_copy(shell: State<'_, Shell>, id: Arg<Id>, reason: Arg<Option<Reason>>) -> Answer<TokenCopied> {
    shell
        .run(move |core, shell| tokens::copy(core, shell, id.0.as_str(), reason.0.as_ref().map(Reason::as_str)))
        .await
}

/// Tells what will not work any more once a token is revoked; nothing is recorded or sent.
#[tauri::command]
#[specta::specta]
pub async fn token_foresee_revoke(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<Vec<String>> {
    shell
        .run(move |core, _| tokens::foresee_revoke(core, id.0.as_str()))
        .await
}

/// Revokes a token for good, and reads it a second time.
#[tauri::command]
#[specta::specta]
pub async fn token_revoke(shell: State<'_, Shell>, wish: Arg<TokenRevokeWish>) -> Answer<TokenRevoked> {
    shell.run(move |core, _| tokens::revoke(core, wish.0)).await
}

/// Finds a token that somebody pasted, in the vault and in the log.
#[tauri::command]
#[specta::specta]
pub async fn secret_token_find(shell: State<'_, Shell>, token: Arg<Secret>) -> Answer<TokenFound> {
    shell
        .run(move |core, _| tokens::find(core, &token.0.into_bytes()))
        .await
}

/// Keeps a token that somebody pasted.
#[tauri::command]
#[specta::specta]
pub async fn secret_token_add(shell: State<'_, Shell>, token: Arg<Secret>, told: Arg<TokenTold>) -> Answer<TokenRow> {
    shell
        .run(move |core, _| tokens::add(core, &token.0.into_bytes(), told.0))
        .await
}
