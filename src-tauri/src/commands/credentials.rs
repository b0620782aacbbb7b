//! What Klarna holds of an account: read, made, renamed, ended; whether Klarna demands the client certificate.
//!
//! Deliberately absent: an API key in an answer. What Klarna makes goes from the client into the key store.

use tauri::State;

use crate::argument::{Arg, Id, Word};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::credentials::{demanded, kind as known, made, read};
use crate::views::credentials::{AtKlarnaView, CredentialKindName, DemandName, NewApiKeyView};
use crate::views::number::Millis;

/// Reads what Klarna holds; null names the profile in use. It changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn credentials_list(shell: State<'_, Shell>, name: Arg<Option<Id>>) -> Answer<AtKlarnaView> {
    shell
        .run(move |core, _| read(core, name.0.as_ref().map(Id::as_str)))
        .await
}

/// Has Klarna make another API key and takes it into use; answers what is known of it, never the key.
#[tauri::command]
#[specta::specta]
pub async fn api_key_create(shell: State<'_, Shell>, name: Arg<Id>, description: Arg<Word>) -> Answer<NewApiKeyView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            Ok(made(core.create_api_key(&profile, description.0.as_str().trim())?))
        })
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

/// Tells Klarna what to do with calls without client certificate, and answers what Klarna holds then. A moment goes with `from` alone.
#[tauri::command]
#[specta::specta]
pub async fn enforcement_set(
    shell: State<'_, Shell>,
    name: Arg<Id>,
    demand: Arg<DemandName>,
    from: Arg<Option<Millis>>,
) -> Answer<AtKlarnaView> {
    shell
        .run(move |core, _| {
            let profile = core.profile(Some(name.0.as_str()))?;
            core.demand_certificate(&profile, demanded(demand.0, from.0)?)?;
            read(core, Some(name.0.as_str()))
        })
        .await
}
