//! What a person types that nobody else may see: it comes in, once, and never goes out.
//!
//! Every command of this topic is named `secret_*` (design section 3, invariant 2). Deliberately absent: an answer that holds any part of it.

use tauri::State;

use crate::argument::{Arg, Secret};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::profile::ProfileView;

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
