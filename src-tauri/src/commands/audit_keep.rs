//! What is done with the audit log: saved views, exports, witnesses, and how far a long work is.

use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::{audit_export, audit_keep};
use crate::views::audit_keep::{
    AuditWork, BackedUpView, ExportRequest, ExportedView, SavedViewView, SavedViewWish, WitnessSigned, WitnessTaken,
    WitnessesView,
};

/// Lists the saved views.
#[tauri::command]
#[specta::specta]
pub async fn audit_views(shell: State<'_, Shell>) -> Answer<Vec<SavedViewView>> {
    shell.run(|core, _| audit_keep::views(core)).await
}

/// Keeps a view, new or changed; answers all of them.
#[tauri::command]
#[specta::specta]
pub async fn audit_view_save(shell: State<'_, Shell>, wish: Arg<SavedViewWish>) -> Answer<Vec<SavedViewView>> {
    shell.run(move |core, _| audit_keep::save_view(core, wish.0)).await
}

/// Removes a view; answers those that are left.
#[tauri::command]
#[specta::specta]
pub async fn audit_view_remove(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<Vec<SavedViewView>> {
    shell
        .run(move |core, _| audit_keep::remove_view(core, id.0.as_str()))
        .await
}

/// Says how far verifying, exporting and backing up are, and what the last verification found.
#[tauri::command]
#[specta::specta]
pub async fn audit_work(shell: State<'_, Shell>) -> Answer<AuditWork> {
    shell.run(|core, shell| Ok(audit_keep::work(core, shell))).await
}

/// Exports the log where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn audit_export(shell: State<'_, Shell>, request: Arg<ExportRequest>) -> Answer<Option<ExportedView>> {
    shell
        .run(move |core, shell| audit_export::export(core, shell, request.0))
        .await
}

/// Calls the export or backup off that is under way; nothing of it stays.
#[tauri::command]
#[specta::specta]
pub async fn audit_export_stop(shell: State<'_, Shell>) -> Answer<()> {
    shell
        .run(|_, shell| {
            shell.works().export.stop();
            Ok(())
        })
        .await
}

/// Shows the file that was exported last in its folder.
#[tauri::command]
#[specta::specta]
pub async fn audit_export_show(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(|_, shell| audit_export::show(shell)).await
}

/// Says who witnesses the log, and which logs are witnessed here.
#[tauri::command]
#[specta::specta]
pub async fn audit_witnesses(shell: State<'_, Shell>) -> Answer<WitnessesView> {
    shell.run(|core, _| audit_keep::witnesses(core)).await
}

/// Writes a question to a witness where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn audit_witness_ask(shell: State<'_, Shell>) -> Answer<Option<String>> {
    shell.run(audit_keep::ask).await
}

/// Lets the person choose a colleague's question and signs it, or says that its log is new here; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn audit_witness_sign(shell: State<'_, Shell>) -> Answer<Option<WitnessSigned>> {
    shell.run(audit_keep::sign).await
}

/// Takes the key of the question that was read last as that log's own, and signs; null when none waits.
#[tauri::command]
#[specta::specta]
pub async fn audit_witness_trust(shell: State<'_, Shell>) -> Answer<Option<WitnessSigned>> {
    shell.run(audit_keep::trust).await
}

/// Lets the person choose a witness's answer and takes it into the log; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn audit_witness_take(shell: State<'_, Shell>) -> Answer<Option<WitnessTaken>> {
    shell.run(audit_keep::take).await
}

/// Backs the log up where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn audit_backup(shell: State<'_, Shell>) -> Answer<Option<BackedUpView>> {
    shell.run(audit_export::back_up).await
}
