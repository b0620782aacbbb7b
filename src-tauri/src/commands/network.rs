//! The way to Klarna: proxy and added certificate authorities.
//!
//! A proxy's sign-in comes in by `secret_proxy_sign_in`. Deliberately absent: a switch that accepts any certificate, and a file's path from
//! the window.

use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::network::{NetworkView, ProxyRequest};

/// Shows how Klarna is reached, and what the system says; asks the system's own programs, so it may take a second.
#[tauri::command]
#[specta::specta]
pub async fn network_show(shell: State<'_, Shell>) -> Answer<NetworkView> {
    shell.run(|core, _| shown::network::view(core)).await
}

/// Chooses the proxy and what is reached without it; a sign-in stays with the same address and goes with another.
#[tauri::command]
#[specta::specta]
pub async fn network_proxy(shell: State<'_, Shell>, request: Arg<ProxyRequest>) -> Answer<NetworkView> {
    shell
        .run(move |core, _| shown::network::choose_proxy(core, request.0))
        .await
}

/// Lets the person choose a file of certificate authorities and trusts them; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn network_ca_add(shell: State<'_, Shell>) -> Answer<Option<NetworkView>> {
    shell.run(shown::network::add_authorities).await
}

/// Trusts an added authority no more, by its SHA-256.
#[tauri::command]
#[specta::specta]
pub async fn network_ca_remove(shell: State<'_, Shell>, sha256: Arg<Id>) -> Answer<NetworkView> {
    shell
        .run(move |core, _| {
            core.remove_authority(sha256.0.as_str())?;
            shown::network::view(core)
        })
        .await
}
