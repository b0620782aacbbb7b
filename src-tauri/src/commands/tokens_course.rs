//! Customer tokens made and charged, and the customers who are asked for it. The consent page opens in the browser, from Rust.

use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::tokens_course;
use crate::views::tokens_course::{ConsentView, TokenChargeWish, TokenCharged, TokenCreateWish};

/// Asks Klarna for a token, alone or with a first payment.
#[tauri::command]
#[specta::specta]
pub async fn token_create(shell: State<'_, Shell>, wish: Arg<TokenCreateWish>) -> Answer<ConsentView> {
    shell.run(move |core, _| tokens_course::create(core, wish.0)).await
}

/// Charges a token in the shape that its scope asks for.
#[tauri::command]
#[specta::specta]
pub async fn token_charge(shell: State<'_, Shell>, wish: Arg<TokenChargeWish>) -> Answer<TokenCharged> {
    shell.run(move |core, _| tokens_course::charge(core, wish.0)).await
}

/// Lists the customers who were asked.
#[tauri::command]
#[specta::specta]
pub async fn token_consents(shell: State<'_, Shell>) -> Answer<Vec<ConsentView>> {
    shell.run(|core, _| tokens_course::list(core)).await
}

/// Asks Klarna how far a customer is.
#[tauri::command]
#[specta::specta]
pub async fn token_consent_look(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<ConsentView> {
    shell.run(move |core, _| tokens_course::look(core, id.0.as_str())).await
}

/// Opens the customer's page in the browser; answers whether the browser came for it.
#[tauri::command]
#[specta::specta]
pub async fn token_consent_open(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<bool> {
    shell
        .run(move |core, _| core.open_consent(&core.profile(None)?, id.0.as_str()))
        .await
}

/// Cancels what the customer did not answer.
#[tauri::command]
#[specta::specta]
pub async fn token_consent_cancel(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<ConsentView> {
    shell
        .run(move |core, _| tokens_course::cancel(core, id.0.as_str()))
        .await
}

/// Finishes the payment of a customer who agreed.
#[tauri::command]
#[specta::specta]
pub async fn token_consent_finalise(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<TokenCharged> {
    shell
        .run(move |core, _| tokens_course::finalise(core, id.0.as_str()))
        .await
}
