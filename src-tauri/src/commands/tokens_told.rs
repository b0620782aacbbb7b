//! What support and integrators paste: answers, webhooks, bodies, merchant data. It may hold tokens, so it goes inward through
//! `secret_*` and is wiped; findings alone come back.

use tauri::State;

use crate::argument::{Arg, Id, Secret, SecretText, Word};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::tokens_told;
use crate::views::tokens_told::{DeliveryTaken, DeliveryView, ExplainedView, FlawView, MeantWord};

/// Explains a failed charge by its answer or webhook.
#[tauri::command]
#[specta::specta]
pub async fn secret_charge_explain(
    shell: State<'_, Shell>,
    text: Arg<SecretText>,
    status: Arg<Option<u16>>,
) -> Answer<ExplainedView> {
    shell
        .run(move |core, _| tokens_told::explain(core, &text.0.into_bytes(), status.0))
        .await
}

/// Looks extra merchant data over.
#[tauri::command]
#[specta::specta]
pub async fn secret_emd_lint(
    shell: State<'_, Shell>,
    text: Arg<SecretText>,
    place: Arg<Option<Word>>,
) -> Answer<Vec<FlawView>> {
    shell
        .run(move |core, _| tokens_told::lint(core, &text.0.into_bytes(), place.0.as_ref().map(Word::as_str)))
        .await
}

/// Looks a body of `authorizePayment` over before a merchant goes live.
#[tauri::command]
#[specta::specta]
pub async fn secret_body_examine(
    shell: State<'_, Shell>,
    text: Arg<SecretText>,
    meant: Arg<MeantWord>,
    id: Arg<Option<Id>>,
) -> Answer<Vec<FlawView>> {
    shell
        .run(move |core, _| {
            let token = id.0.as_ref().map(Id::as_str);
            tokens_told::examine_body(core, &text.0.into_bytes(), meant.0, token)
        })
        .await
}

/// Looks a captured webhook over; nothing is recorded.
#[tauri::command]
#[specta::specta]
pub async fn secret_webhook_examine(
    shell: State<'_, Shell>,
    text: Arg<SecretText>,
    key_id: Arg<Id>,
    key: Arg<Secret>,
) -> Answer<DeliveryView> {
    let key = (key_id.0.into_string(), key.0.into_bytes());
    shell
        .run(move |core, _| tokens_told::examine(core, &text.0.into_bytes(), key))
        .await
}

/// Takes a captured webhook with a good signature in.
#[tauri::command]
#[specta::specta]
pub async fn secret_webhook_take(
    shell: State<'_, Shell>,
    text: Arg<SecretText>,
    key_id: Arg<Id>,
    key: Arg<Secret>,
) -> Answer<DeliveryTaken> {
    let key = (key_id.0.into_string(), key.0.into_bytes());
    shell
        .run(move |core, _| tokens_told::take(core, &text.0.into_bytes(), key))
        .await
}
