//! The scripted scenarios of customer tokens, against a sandbox.

use tauri::State;

use crate::argument::Arg;
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::token_scenarios;
use crate::views::token_prove::TrialWish;
use crate::views::token_scenarios::{ScenariosForm, ScenariosView};

/// Runs the scenarios; answers once they are under way.
#[tauri::command]
#[specta::specta]
pub async fn tokens_scenarios(shell: State<'_, Shell>, wish: Arg<TrialWish>) -> Answer<()> {
    shell
        .run(move |core, shell| token_scenarios::begin(core, shell, wish.0))
        .await
}

/// Says how far they are.
#[tauri::command]
#[specta::specta]
pub async fn tokens_scenarios_look(shell: State<'_, Shell>) -> Answer<ScenariosView> {
    shell.run(token_scenarios::look).await
}

/// Ends them after the one under way.
#[tauri::command]
#[specta::specta]
pub async fn tokens_scenarios_stop(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(token_scenarios::stop).await
}

/// Saves what came of them where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn tokens_scenarios_save(shell: State<'_, Shell>, form: Arg<ScenariosForm>) -> Answer<Option<String>> {
    shell
        .run(move |core, shell| token_scenarios::save(core, shell, form.0))
        .await
}

/// Puts what came of them away.
#[tauri::command]
#[specta::specta]
pub async fn tokens_scenarios_forget(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(token_scenarios::forget).await
}
