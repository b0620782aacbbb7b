//! Profiles and settings.

use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::profile::ProfileView;
use crate::views::request::SettingsChange;

/// Makes the sandbox profile ready and active; its steps come as `act-progress`.
#[tauri::command]
#[specta::specta]
pub async fn profile_try_sandbox(shell: State<'_, Shell>) -> Answer<ProfileView> {
    shell
        .run(|core, shell| {
            let profile = shown::profile::make_sandbox(core, shell)?;
            shown::profile::view(core, &profile)
        })
        .await
}

/// Makes another profile the active one.
#[tauri::command]
#[specta::specta]
pub async fn profile_use(shell: State<'_, Shell>, name: Arg<Id>) -> Answer<ProfileView> {
    shell
        .run(move |core, _| shown::profile::view(core, &core.use_profile(name.0.as_str())?))
        .await
}

/// Saves the appearance and, where asked, the active profile's policy.
#[tauri::command]
#[specta::specta]
pub async fn settings_save(shell: State<'_, Shell>, change: Arg<SettingsChange>) -> Answer<Option<ProfileView>> {
    shell
        .run(move |core, shell| shown::settings::save(core, shell, change.0))
        .await
}
