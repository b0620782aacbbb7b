//! What a person types that nobody else may see: it comes in, once, and never goes out.
//!
//! Every command of this topic is named `secret_*` (design section 3, invariant 2). Deliberately absent: an answer that holds any part of it.

use gatehouse_core::person::Deed;
use tauri::State;

use crate::argument::{Arg, Id, Secret, Text, Word};
use crate::error::{Answer, CommandError};
use crate::shell::Shell;
use crate::shown;
use crate::views::guard::LockView;
use crate::views::keys::{KeyFileView, KeyUsage};
use crate::views::network::NetworkView;
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

/// Unlocks the app with its passphrase.
#[tauri::command]
#[specta::specta]
pub async fn secret_unlock_app(shell: State<'_, Shell>, passphrase: Arg<Secret>) -> Answer<LockView> {
    shell
        .run(move |core, _| {
            core.unlock_app(&passphrase.0.into_bytes())?;
            shown::guard::lock(core)
        })
        .await
}

/// Opens the hardware token that is waited for with its PIN, for as long as the app stays unlocked.
#[tauri::command]
#[specta::specta]
pub async fn secret_hardware_pin(shell: State<'_, Shell>, pin: Arg<Secret>) -> Answer<()> {
    shell
        .run(move |core, _| core.open_wanted_token(pin.0.into_bytes()))
        .await
}

/// Confirms one risky deed with the passphrase, to be done within a minute.
#[tauri::command]
#[specta::specta]
pub async fn secret_confirm(shell: State<'_, Shell>, deed: Arg<Word>, passphrase: Arg<Secret>) -> Answer<()> {
    let deed = Deed::from_word(deed.0.as_str()).ok_or_else(|| CommandError::input("deed", "there is no such deed"))?;
    shell
        .run(move |core, _| core.confirm(deed, &passphrase.0.into_bytes()))
        .await
}

/// Sets the app lock.
#[tauri::command]
#[specta::specta]
pub async fn secret_lock_set(
    shell: State<'_, Shell>,
    passphrase: Arg<Secret>,
    idle_minutes: Arg<u32>,
    absolute_hours: Arg<u32>,
) -> Answer<LockView> {
    shell
        .run(move |core, _| {
            let limits = shown::guard::limits(idle_minutes.0, absolute_hours.0);
            core.set_lock(&passphrase.0.into_bytes(), limits)?;
            shown::guard::lock(core)
        })
        .await
}

/// Changes the app lock's passphrase, its limits, or both.
#[tauri::command]
#[specta::specta]
pub async fn secret_lock_change(
    shell: State<'_, Shell>,
    passphrase: Arg<Secret>,
    next: Arg<Option<Secret>>,
    idle_minutes: Arg<u32>,
    absolute_hours: Arg<u32>,
) -> Answer<LockView> {
    shell
        .run(move |core, _| {
            let limits = shown::guard::limits(idle_minutes.0, absolute_hours.0);
            let next = next.0.map(Secret::into_bytes);
            core.change_lock(&passphrase.0.into_bytes(), next.as_ref(), Some(limits))?;
            shown::guard::lock(core)
        })
        .await
}

/// Removes the app lock.
#[tauri::command]
#[specta::specta]
pub async fn secret_lock_remove(shell: State<'_, Shell>, passphrase: Arg<Secret>) -> Answer<LockView> {
    shell
        .run(move |core, _| {
            core.remove_lock(&passphrase.0.into_bytes())?;
            shown::guard::lock(core)
        })
        .await
}

/// Keeps user name and password for the proxy in the key store; neither comes back. Without both, what was kept is removed.
#[tauri::command]
#[specta::specta]
pub async fn secret_proxy_sign_in(
    shell: State<'_, Shell>,
    user: Arg<Option<Text<255>>>,
    password: Arg<Option<Secret>>,
) -> Answer<NetworkView> {
    shell
        .run(move |core, _| shown::network::sign_in(core, user.0, password.0))
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
