//! Portal links and sessions. A link never comes back to the window: it goes to the browser or the clipboard.

use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::portal::{OpenView, RevokedAll, SessionView};
use crate::views::request::PortalRequest;

/// Opens the connection to Klarna ahead of an act; creates nothing.
#[tauri::command]
#[specta::specta]
pub async fn portal_warm(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(|core, _| core.warm(&core.profile(None)?)).await
}

/// Makes a portal link and hands it to the browser.
#[tauri::command]
#[specta::specta]
pub async fn portal_open(shell: State<'_, Shell>, request: Arg<PortalRequest>) -> Answer<OpenView> {
    shell
        .run(move |core, shell| shown::opening::in_browser(core, shell, request.0))
        .await
}

/// Makes a portal link and puts it on the clipboard for a minute.
#[tauri::command]
#[specta::specta]
pub async fn portal_copy_link(shell: State<'_, Shell>, request: Arg<PortalRequest>) -> Answer<OpenView> {
    shell
        .run(move |core, shell| shown::opening::on_clipboard(core, shell, request.0))
        .await
}

/// Lists the active profile's portal sessions, newest first.
#[tauri::command]
#[specta::specta]
pub async fn sessions_list(shell: State<'_, Shell>) -> Answer<Vec<SessionView>> {
    shell
        .run(|core, _| {
            Ok(shown::portal::sessions(
                &core.sessions(&core.profile(None)?)?,
                core.now_ms(),
            ))
        })
        .await
}

/// Revokes one portal session.
#[tauri::command]
#[specta::specta]
pub async fn session_revoke(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<SessionView> {
    shell
        .run(move |core, _| {
            let session = core.revoke_session(&core.profile(None)?, id.0.as_str())?;
            Ok(shown::portal::session(&session, core.now_ms()))
        })
        .await
}

/// Revokes all of the active profile's portal sessions.
#[tauri::command]
#[specta::specta]
pub async fn sessions_revoke_all(shell: State<'_, Shell>) -> Answer<RevokedAll> {
    shell
        .run(|core, _| {
            core.revoke_all_sessions(&core.profile(None)?)
                .map(shown::portal::revoked_all)
        })
        .await
}

/// Makes a new portal link for the merchant and person of a session.
#[tauri::command]
#[specta::specta]
pub async fn session_reopen(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<OpenView> {
    shell
        .run(move |core, shell| shown::opening::again(core, shell, id.0.as_str()))
        .await
}
