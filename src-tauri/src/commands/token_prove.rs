//! Proofs of an integration, and which scope fits.

use tauri::State;

use crate::argument::Arg;
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::token_prove;
use crate::views::token_prove::{ProofForm, ProofView, ScopeAdviceView, TrialWish};

/// Proves an integration from end to end; answers once the first step has ended.
#[tauri::command]
#[specta::specta]
pub async fn tokens_prove(shell: State<'_, Shell>, wish: Arg<TrialWish>) -> Answer<()> {
    shell
        .run(move |core, shell| token_prove::begin(core, shell, wish.0))
        .await
}

/// Says how far a proof is.
#[tauri::command]
#[specta::specta]
pub async fn tokens_proof_look(shell: State<'_, Shell>) -> Answer<ProofView> {
    shell.run(token_prove::look).await
}

/// Ends a proof at the customer's step.
#[tauri::command]
#[specta::specta]
pub async fn tokens_proof_stop(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(token_prove::stop).await
}

/// Saves the last proof where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn tokens_proof_save(shell: State<'_, Shell>, form: Arg<ProofForm>) -> Answer<Option<String>> {
    shell
        .run(move |core, shell| token_prove::save(core, shell, form.0))
        .await
}

/// Puts the last proof away.
#[tauri::command]
#[specta::specta]
pub async fn tokens_proof_forget(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(token_prove::forget).await
}

/// Says which scope of a token fits.
#[tauri::command]
#[specta::specta]
pub async fn token_scope_advice(
    shell: State<'_, Shell>,
    there: Arg<bool>,
    fixed: Arg<bool>,
) -> Answer<ScopeAdviceView> {
    shell.run(move |_, _| Ok(token_prove::advice(there.0, fixed.0))).await
}
