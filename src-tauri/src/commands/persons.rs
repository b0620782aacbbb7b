//! Persons of the active profile and their roles.

use gatehouse_core::person::{Person, PersonFile, Roles};
use tauri::State;

use crate::argument::{Arg, Id, Text, Words};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::guard::PersonsView;

/// Lists the persons whom the active profile trusts.
#[tauri::command]
#[specta::specta]
pub async fn persons_list(shell: State<'_, Shell>) -> Answer<PersonsView> {
    shell.run(|core, _| shown::guard::persons(core)).await
}

/// Trusts a person, by the public key that they exported.
#[tauri::command]
#[specta::specta]
pub async fn person_add(
    shell: State<'_, Shell>,
    key: Arg<Text<1000>>,
    name: Arg<Id>,
    roles: Arg<Words>,
) -> Answer<PersonsView> {
    shell
        .run(move |core, _| {
            let roles = Roles::parse(&roles.0.into_strings())?;
            let file = PersonFile::parse(key.0.as_str())?;
            core.add_person(
                &core.profile(None)?,
                Person::new(name.0.as_str(), &file.public_key, roles)?,
            )?;
            shown::guard::persons(core)
        })
        .await
}

/// Gives a person other roles.
#[tauri::command]
#[specta::specta]
pub async fn person_roles(shell: State<'_, Shell>, fingerprint: Arg<Id>, roles: Arg<Words>) -> Answer<PersonsView> {
    shell
        .run(move |core, _| {
            let roles = Roles::parse(&roles.0.into_strings())?;
            core.set_person_roles(&core.profile(None)?, fingerprint.0.as_str(), roles)?;
            shown::guard::persons(core)
        })
        .await
}

/// Trusts a person no more.
#[tauri::command]
#[specta::specta]
pub async fn person_remove(shell: State<'_, Shell>, fingerprint: Arg<Id>) -> Answer<PersonsView> {
    shell
        .run(move |core, _| {
            core.remove_person(&core.profile(None)?, fingerprint.0.as_str())?;
            shown::guard::persons_left(core)
        })
        .await
}
