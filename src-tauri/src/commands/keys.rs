//! Keys and certificates through their life.
//!
//! A sealed key file's passphrase comes in by `secret_key_passphrase`. Deliberately absent: a private key in any answer.

use gatehouse_core::profile::KeyRemoval;
use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::shown::keys::known;
use crate::views::keys::{KeyFileView, KeyUsage, KeysView, RequestView, RotatedView};
use crate::views::profile::CheckView;
use crate::views::setup::{ExpiryView, Pem, SetupView};

/// Lists a profile's keys with their certificates and what ends soon; null names the profile in use.
#[tauri::command]
#[specta::specta]
pub async fn keys_list(shell: State<'_, Shell>, name: Arg<Option<Id>>) -> Answer<KeysView> {
    shell
        .run(move |core, _| shown::keys::list(core, name.0.as_ref().map(Id::as_str)))
        .await
}

/// Answers what ends soon and was not told yet, once.
#[tauri::command]
#[specta::specta]
pub async fn keys_notices(shell: State<'_, Shell>) -> Answer<Vec<ExpiryView>> {
    shell.run(shown::keys::notices).await
}

/// Makes a key; beside one in use it becomes the next one.
#[tauri::command]
#[specta::specta]
pub async fn key_create(shell: State<'_, Shell>, name: Arg<Id>, usage: Arg<KeyUsage>) -> Answer<SetupView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            core.create_key(&profile, known(usage.0))?;
            shown::setup::view(core, &profile)
        })
        .await
}

/// Lets the person choose a private key and takes it in; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn key_import(shell: State<'_, Shell>, name: Arg<Id>, usage: Arg<KeyUsage>) -> Answer<Option<KeyFileView>> {
    shell
        .run(move |core, shell| shown::keys::import(core, shell, name.0.as_str(), usage.0))
        .await
}

/// Answers the signing request of the newest key; made once, then always the same.
#[tauri::command]
#[specta::specta]
pub async fn key_request(shell: State<'_, Shell>, name: Arg<Id>, usage: Arg<KeyUsage>) -> Answer<RequestView> {
    shell
        .run(move |core, _| shown::keys::request(core, name.0.as_str(), usage.0))
        .await
}

/// Saves the signing request where the person says; answers the file's name, null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn key_request_save(shell: State<'_, Shell>, name: Arg<Id>, usage: Arg<KeyUsage>) -> Answer<Option<String>> {
    shell
        .run(move |core, shell| shown::keys::save_request(core, shell, name.0.as_str(), usage.0))
        .await
}

/// Sends the signing request to Klarna and installs what comes back.
#[tauri::command]
#[specta::specta]
pub async fn key_certificate_ask(shell: State<'_, Shell>, name: Arg<Id>, usage: Arg<KeyUsage>) -> Answer<SetupView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            core.request_certificate(&profile, known(usage.0))?;
            shown::setup::view(core, &profile)
        })
        .await
}

/// Judges a certificate for the newest key, rule by rule; changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn key_certificate_judge(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    usage: Arg<KeyUsage>,
    pem: Arg<Pem>,
) -> Answer<Vec<CheckView>> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            let lines = core.judge_certificate(&profile, known(usage.0), pem.0.as_str().as_bytes())?;
            Ok(lines.iter().map(shown::profile::check_view).collect())
        })
        .await
}

/// Installs a certificate for the newest key, if every rule is kept.
#[tauri::command]
#[specta::specta]
pub async fn key_certificate_install(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    usage: Arg<KeyUsage>,
    pem: Arg<Pem>,
) -> Answer<SetupView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            core.install_certificate(&profile, known(usage.0), pem.0.as_str().as_bytes(), None)?;
            shown::setup::view(core, &profile)
        })
        .await
}

/// Goes on with a rotation as far as it goes now, on the token of that serial number or where the key in use is; its steps come as
/// `act-progress`.
#[tauri::command]
#[specta::specta]
pub async fn key_rotate(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    usage: Arg<KeyUsage>,
    ask: Arg<bool>,
    serial: Arg<Option<Id>>,
) -> Answer<RotatedView> {
    shell
        .run(move |core, shell| {
            let serial = serial.0.as_ref().map(Id::as_str);
            shown::keys::rotate(core, shell, (name.0.as_str(), usage.0), ask.0, serial)
        })
        .await
}

/// Has Klarna refuse the certificate of the key that retires, from now on.
#[tauri::command]
#[specta::specta]
pub async fn key_retire(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    usage: Arg<KeyUsage>,
    credential: Arg<Option<Id>>,
) -> Answer<KeysView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            let credential = credential.0.as_ref().map(Id::as_str);
            core.revoke_retiring(&profile, known(usage.0), credential, None)?;
            shown::keys::list(core, Some(name.0.as_str()))
        })
        .await
}

/// Removes a private key for good; one in use only when that is said, one on a token that is lost where it is.
#[tauri::command]
#[specta::specta]
pub async fn key_destroy(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    key_id: Arg<Id>,
    even_active: Arg<bool>,
    token_lost: Arg<bool>,
) -> Answer<KeysView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            let said = KeyRemoval {
                even_active: even_active.0,
                token_lost: token_lost.0,
            };
            core.destroy_key(&profile, key_id.0.as_str(), said)?;
            shown::keys::list(core, Some(name.0.as_str()))
        })
        .await
}

/// Records that a profile's keys are lost with the keyring's item, so that set-up can make new ones.
#[tauri::command]
#[specta::specta]
pub async fn keys_lost(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<SetupView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            core.declare_keys_lost(&profile)?;
            shown::setup::view(core, &profile)
        })
        .await
}
