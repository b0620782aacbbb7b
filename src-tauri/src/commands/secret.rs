//! What a person types that nobody else may see: it comes in, once, and never goes out.
//!
//! Every command of this topic is named `secret_*` (design section 3, invariant 2). Deliberately absent: an answer that holds any part of it.

use tauri::State;

use crate::argument::{Arg, Id, Secret};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::keys::{KeyFileView, KeyUsage};
use crate::views::profile::ProfileView;
use crate::views::setup::{ApiKeyTaken, BeginRequest, SetupView};

/// Opens the sealed key file with its passphrase, for as long as the app runs.
#[tauri::command]
#[specta::specta]
pub async fn secret_unlock(shell: State<'_, Shell>, passphrase: Arg<Secret>) -> Answer<()> {
    shell
        .run(move |core, _| core.open_sealed_file(&passphrase.0.into_bytes()))
        .await
}

/// Makes the sandbox profile ready, its secrets in a file sealed with this passphrase; its steps come as `act-progress`.
#[tauri::command]
#[specta::specta]
pub async fn secret_try_sandbox(shell: State<'_, Shell>, passphrase: Arg<Secret>) -> Answer<ProfileView> {
    shell
        .run(move |core, shell| {
            let profile = shown::profile::make_sealed_sandbox(core, shell, passphrase.0.into_bytes())?;
            shown::profile::view(core, &profile)
        })
        .await
}

/// Begins a profile whose secrets go to a file sealed with this passphrase.
#[tauri::command]
#[specta::specta]
pub async fn secret_setup_begin(
    shell: State<'_, Shell>,
    request: Arg<BeginRequest>,
    passphrase: Arg<Secret>,
) -> Answer<SetupView> {
    shell
        .run(move |core, _| shown::setup::begin_sealed(core, request.0, passphrase.0.into_bytes()))
        .await
}

/// Takes the API key of a profile: form and environment checked, tried by one call that changes nothing, put into the key store.
#[tauri::command]
#[specta::specta]
pub async fn secret_api_key(shell: State<'_, Shell>, name: Arg<Id>, key: Arg<Secret>) -> Answer<ApiKeyTaken> {
    shell
        .run(move |core, _| shown::setup::take_api_key(core, name.0.as_str(), &key.0.into_bytes()))
        .await
}

/// Opens the key file that was chosen with its passphrase, and takes the key in.
#[tauri::command]
#[specta::specta]
pub async fn secret_key_passphrase(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    usage: Arg<KeyUsage>,
    passphrase: Arg<Secret>,
) -> Answer<KeyFileView> {
    shell
        .run(move |core, shell| shown::keys::unseal(core, shell, name.0.as_str(), usage.0, &passphrase.0.into_bytes()))
        .await
}
