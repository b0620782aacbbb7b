//! What Klarna holds of an account: read, renamed, ended.
//!
//! Deliberately absent: making an API key, whose secret would come back, and setting enforcement.

use tauri::State;

use crate::argument::{Arg, Id, Word};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::credentials::{kind as known, read};
use crate::views::credentials::{AtKlarnaView, CredentialKindName};

/// Reads what Klarna holds; null names the profile in use. It changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn credentials_list(shell: State<'_, Shell>, name: Arg<Option<Id>>) -> Answer<AtKlarnaView> {
    shell
        .run(move |core, _| read(core, name.0.as_ref().map(Id::as_str)))
        .await
}

/// Gives a credential another description, and answers what Klarna holds then.
#[tauri::command]
#[specta::specta]
pub async fn credential_rename(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    kind: Arg<CredentialKindName>,
    id: Arg<Id>,
    description: Arg<Word>,
) -> Answer<AtKlarnaView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            core.rename_credential(&profile, known(kind.0), id.0.as_str(), description.0.as_str())?;
            read(core, Some(name.0.as_str()))
        })
        .await
}

/// Has Klarna refuse a credential from now on, for good, and answers what Klarna holds then.
#[tauri::command]
#[specta::specta]
pub async fn credential_end(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    kind: Arg<CredentialKindName>,
    id: Arg<Id>,
) -> Answer<AtKlarnaView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            core.end_credential(&profile, known(kind.0), id.0.as_str())?;
            read(core, Some(name.0.as_str()))
        })
        .await
}
