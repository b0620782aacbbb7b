//! Set-up of a profile, step by step, and profiles as files.
//!
//! The API key comes in by `secret_api_key`. Deliberately absent: a command that does several steps at once.

use tauri::State;

use crate::argument::{Arg, Id, Text};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::merchants::ImportView;
use crate::views::setup::{
    BeginRequest, ExportView, FirstCallView, MethodName, MethodView, PageName, ProfileFileView, PublicFile, SetupView,
    TakeInRequest,
};

/// Lists the ways into the portal: when each fits, what to agree with Klarna first.
#[tauri::command]
#[specta::specta]
pub async fn setup_methods() -> Answer<Vec<MethodView>> {
    Ok(shown::setup::methods())
}

/// Shows one of Klarna's documentation pages in the system's browser; its address is Rust's own.
#[tauri::command]
#[specta::specta]
pub async fn setup_page_open(shell: State<'_, Shell>, page: Arg<PageName>) -> Answer<()> {
    Ok(shell.desktop().show_page(shown::setup::page(page.0))?)
}

/// Reads where a profile's set-up stands.
#[tauri::command]
#[specta::specta]
pub async fn setup_state(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<SetupView> {
    shell
        .run(move |core, _| shown::setup::named(core, name.0.as_str()))
        .await
}

/// Begins a profile: its row exists from now on, and set-up can stop and go on at any step.
#[tauri::command]
#[specta::specta]
pub async fn setup_begin(shell: State<'_, Shell>, request: Arg<BeginRequest>) -> Answer<SetupView> {
    shell.run(move |core, _| shown::setup::begin(core, request.0)).await
}

/// Keeps how people get into the portal.
#[tauri::command]
#[specta::specta]
pub async fn setup_method(shell: State<'_, Shell>, name: Arg<Id>, method: Arg<MethodName>) -> Answer<SetupView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            let chosen = core.choose_method(&profile, shown::setup::method(method.0))?;
            shown::setup::view(core, &chosen)
        })
        .await
}

/// Keeps the way out to Klarna: `system`, `direct` or an address.
#[tauri::command]
#[specta::specta]
pub async fn setup_proxy(shell: State<'_, Shell>, name: Arg<Id>, proxy: Arg<Text<1000>>) -> Answer<SetupView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            let chosen = core.choose_proxy(&profile, proxy.0.as_str())?;
            shown::setup::view(core, &chosen)
        })
        .await
}

/// Lets the person choose a file of certificates; answers them, and nothing else that the file holds.
#[tauri::command]
#[specta::specta]
pub async fn certificate_open(shell: State<'_, Shell>) -> Answer<Option<PublicFile>> {
    shell.run(|_, shell| shown::keys::open_certificate(shell)).await
}

/// Signs with the key in use and verifies with its certificate; nothing is sent.
#[tauri::command]
#[specta::specta]
pub async fn setup_dry_signature(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<SetupView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            core.dry_signature(&profile)?;
            shown::setup::view(core, &profile)
        })
        .await
}

/// Makes one call that changes nothing, with everything in place.
#[tauri::command]
#[specta::specta]
pub async fn setup_first_call(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<FirstCallView> {
    shell
        .run(move |core, _| shown::setup::first_call(core, name.0.as_str()))
        .await
}

/// Lets the person choose a file, and imports its merchants into a profile; null when no file was chosen.
#[tauri::command]
#[specta::specta]
pub async fn setup_merchants(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<Option<ImportView>> {
    shell
        .run(move |core, shell| shown::import::chosen_for(core, shell, &core.profile(Some(name.0.as_str()))?))
        .await
}

/// Imports merchants by the ids that the person pasted, one a line.
#[tauri::command]
#[specta::specta]
pub async fn setup_merchant_ids(shell: State<'_, Shell>, name: Arg<Id>, ids: Arg<Text<100_000>>) -> Answer<ImportView> {
    shell
        .run(move |core, _| shown::import::pasted(core, &core.profile(Some(name.0.as_str()))?, ids.0.as_str()))
        .await
}

/// Writes a profile without secrets, signed, where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn profile_export(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<Option<ExportView>> {
    shell
        .run(move |core, shell| shown::exchange::export(core, shell, name.0.as_str()))
        .await
}

/// Reads the profile file that the person chooses; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn profile_file_open(shell: State<'_, Shell>) -> Answer<Option<ProfileFileView>> {
    shell.run(shown::exchange::open).await
}

/// Makes a draft of the profile file that was read last.
#[tauri::command]
#[specta::specta]
pub async fn profile_file_import(shell: State<'_, Shell>, request: Arg<TakeInRequest>) -> Answer<SetupView> {
    shell
        .run(move |core, shell| shown::exchange::take_in(core, shell, request.0))
        .await
}
