//! Keys on hardware tokens: the tokens that are plugged in, and a key made on one.
//!
//! A token's PIN comes in by `secret_hardware_pin`. Deliberately absent: paths; a module is registered with the system, or chosen in a
//! native dialog.

use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::hardware::{ModuleTokensView, TokenView};
use crate::views::keys::KeyUsage;
use crate::views::setup::SetupView;

/// Looks for tokens behind every known module.
#[tauri::command]
#[specta::specta]
pub async fn hardware_tokens(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<Vec<ModuleTokensView>> {
    shell
        .run(move |core, _| shown::hardware::tokens(core, name.0.as_str()))
        .await
}

/// Lets the person choose the PKCS#11 module of a token's maker; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn hardware_module_add(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<Option<Vec<ModuleTokensView>>> {
    shell
        .run(move |core, shell| shown::hardware::add_module(core, shell, name.0.as_str()))
        .await
}

/// Tells which token's PIN the act before was refused for.
#[tauri::command]
#[specta::specta]
pub async fn hardware_wanted(shell: State<'_, Shell>) -> Answer<Option<TokenView>> {
    shell
        .run(|core, _| Ok(core.wanted_token().as_ref().map(shown::hardware::token)))
        .await
}

/// Makes the signing key on the token of that serial number; beside one in use it becomes the next one.
#[tauri::command]
#[specta::specta]
pub async fn hardware_key_create(shell: State<'_, Shell>, name: Arg<Id>, serial: Arg<Id>) -> Answer<SetupView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            let token = core.find_token(&profile, serial.0.as_str())?;
            core.create_key_on_token(&profile, shown::keys::known(KeyUsage::JwtSigning), &token, None)?;
            shown::setup::view(core, &profile)
        })
        .await
}
