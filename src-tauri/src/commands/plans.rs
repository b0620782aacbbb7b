//! Plans of many grants and revocations: made, looked at, approved, carried out.

use gatehouse_core::Gatehouse;
use tauri::State;

use crate::argument::{Arg, Id, Text};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::plan_requests::{
    PlanApplyRequest, PlanFileRequest, PlanHoldRequest, PlanRowsRequest, RevocationsRequest,
};
use crate::views::plans::{DeclaredView, PlanItem, PlanRowsWindow, PlanTaken, PlanView, RunView};

/// Lists the newest plans.
#[tauri::command]
#[specta::specta]
pub async fn plans_list(shell: State<'_, Shell>) -> Answer<Vec<PlanItem>> {
    shell.run(|core, _| shown::plans::list(core)).await
}

/// Says how far the plans are that this window carries out.
#[tauri::command]
#[specta::specta]
pub async fn plans_running(shell: State<'_, Shell>) -> Answer<Vec<RunView>> {
    shell.run(|_, shell| Ok(shown::plans::running(shell))).await
}

/// Reads one plan, without its rows.
#[tauri::command]
#[specta::specta]
pub async fn plan_show(shell: State<'_, Shell>, plan: Arg<Id>) -> Answer<PlanView> {
    shell
        .run(move |core, _| shown::plans::show(core, plan.0.as_str()))
        .await
}

/// Reads a window of a plan's rows.
#[tauri::command]
#[specta::specta]
pub async fn plan_rows(shell: State<'_, Shell>, request: Arg<PlanRowsRequest>) -> Answer<PlanRowsWindow> {
    let rows = move |core: &Gatehouse, _: &Shell| shown::plans::rows(core, &request.0);
    shell.run(rows).await
}

/// Lets the person choose a table, a plan or an approval, and takes it in; null when no file was chosen.
#[tauri::command]
#[specta::specta]
pub async fn plan_open(shell: State<'_, Shell>) -> Answer<Option<PlanTaken>> {
    shell.run(shown::plan_acts::open).await
}

/// Takes in a table, a plan or an approval that was pasted.
#[tauri::command]
#[specta::specta]
pub async fn plan_paste(shell: State<'_, Shell>, text: Arg<Text<4_000_000>>) -> Answer<PlanTaken> {
    shell
        .run(move |core, _| shown::plan_acts::pasted(core, text.0.as_str()))
        .await
}

/// Makes a plan that ends grants of the ledger.
#[tauri::command]
#[specta::specta]
pub async fn plan_revocations(shell: State<'_, Shell>, request: Arg<RevocationsRequest>) -> Answer<PlanTaken> {
    shell
        .run(move |core, _| shown::plan_acts::revocations(core, request.0))
        .await
}

/// Writes a plan, or the own approval of it, where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn plan_save(shell: State<'_, Shell>, request: Arg<PlanFileRequest>) -> Answer<Option<String>> {
    shell
        .run(move |core, shell| shown::plan_acts::save(core, shell, &request.0))
        .await
}

/// Puts a plan, or the own approval of it, onto the clipboard as text.
#[tauri::command]
#[specta::specta]
pub async fn plan_copy(shell: State<'_, Shell>, request: Arg<PlanFileRequest>) -> Answer<()> {
    shell
        .run(move |core, shell| shown::plan_acts::copy(core, shell, &request.0))
        .await
}

/// Signs a colleague's plan.
#[tauri::command]
#[specta::specta]
pub async fn plan_approve(shell: State<'_, Shell>, plan: Arg<Id>) -> Answer<()> {
    shell
        .run(move |core, _| shown::plan_acts::approve(core, plan.0.as_str()))
        .await
}

/// Carries a plan out, or goes on with it; answers once it is under way.
#[tauri::command]
#[specta::specta]
pub async fn plan_apply(shell: State<'_, Shell>, request: Arg<PlanApplyRequest>) -> Answer<()> {
    shell
        .run(move |core, shell| shown::plan_acts::apply(core, shell, request.0))
        .await
}

/// Holds a plan that is being carried out, or cancels what is left of it.
#[tauri::command]
#[specta::specta]
pub async fn plan_hold(shell: State<'_, Shell>, request: Arg<PlanHoldRequest>) -> Answer<()> {
    shell
        .run(move |core, shell| shown::plan_acts::hold(core, shell, &request.0))
        .await
}

/// Lets the person choose a table of grants that were made elsewhere, and takes them into the ledger; null when no file was chosen.
#[tauri::command]
#[specta::specta]
pub async fn access_declare(shell: State<'_, Shell>) -> Answer<Option<DeclaredView>> {
    shell.run(shown::plan_acts::declare).await
}
