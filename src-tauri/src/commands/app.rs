//! The app as a whole: what the first screen needs, the check-up, acts left open by an earlier run.

use gatehouse_core::app_lock::Cause;
use tauri::State;

use crate::argument::Arg;
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::app::{AppStateView, DoctorView, ReconciledView};
use crate::views::guard::LockView;

/// Answers what the window needs to begin.
#[tauri::command]
#[specta::specta]
pub async fn app_state(shell: State<'_, Shell>) -> Answer<AppStateView> {
    shell.run(|core, shell| shown::app::state(core, shell.data_dir())).await
}

/// Says that the window shows its first picture: from now on the keyring may be asked.
#[tauri::command]
#[specta::specta]
pub async fn app_painted(shell: State<'_, Shell>) -> Answer<()> {
    shell.painted();
    Ok(())
}

/// Settles acts whose outcome is unknown.
#[tauri::command]
#[specta::specta]
pub async fn app_reconcile(shell: State<'_, Shell>) -> Answer<ReconciledView> {
    shell.run(|core, _| core.reconcile().map(shown::app::reconciled)).await
}

/// Checks every part.
#[tauri::command]
#[specta::specta]
pub async fn doctor(shell: State<'_, Shell>) -> Answer<DoctorView> {
    shell
        .run(|core, _| Ok(shown::app::doctor(core.doctor(core.active()?.as_ref()))))
        .await
}

/// Makes the bundle for support and answers its text, to be read before it is saved.
#[tauri::command]
#[specta::specta]
pub async fn doctor_bundle(shell: State<'_, Shell>) -> Answer<String> {
    shell.run(shown::bundle::make).await
}

/// Saves the bundle that was shown last where the person says; answers the file's name, null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn doctor_bundle_save(shell: State<'_, Shell>) -> Answer<Option<String>> {
    shell.run(|_, shell| shown::bundle::save(shell)).await
}

/// Tells the app lock's state; `used` says that somebody used the window since it was asked last.
#[tauri::command]
#[specta::specta]
pub async fn app_lock(shell: State<'_, Shell>, used: Arg<bool>) -> Answer<LockView> {
    shell
        .run(move |core, _| {
            if used.0 {
                core.note_use();
            }
            shown::guard::lock(core)
        })
        .await
}

/// Locks the app.
#[tauri::command]
#[specta::specta]
pub async fn app_lock_now(shell: State<'_, Shell>) -> Answer<LockView> {
    shell
        .run(|core, shell| {
            shell.lock_now(core, Cause::Asked);
            shown::guard::lock(core)
        })
        .await
}
