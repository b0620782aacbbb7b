//! Account linking by payments v1: terms, log-in, sessions, the purchase in the browser, the order. Password and authorization token come
//! in through `secret_*`; the purchase's page goes from Rust to the browser.

use tauri::State;

use crate::argument::{Arg, Id, Secret, SecretText, Word};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::{tokens_calls, tokens_linking};
use crate::views::tokens_calls::{BuiltDataView, CallView, DataPackageView, DataPartWishes, LinkingCallsView};
use crate::views::tokens_linking::{
    LinkedOrderView, LinkingSessionView, LinkingTermsView, LinkingWish, OrderWish, PaymentsLoginView,
};

/// Tells the terms of stored tokens, whether they were accepted, and the regions' hosts.
#[tauri::command]
#[specta::specta]
pub async fn linking_terms(shell: State<'_, Shell>) -> Answer<LinkingTermsView> {
    shell.run(|core, _| tokens_linking::terms(core)).await
}

/// Accepts the terms of stored tokens for this profile.
#[tauri::command]
#[specta::specta]
pub async fn linking_terms_accept(shell: State<'_, Shell>) -> Answer<LinkingTermsView> {
    shell.run(|core, _| tokens_linking::accept(core)).await
}

/// Tells the log-in of payments v1 without its password; null when there is none.
#[tauri::command]
#[specta::specta]
pub async fn linking_login(shell: State<'_, Shell>) -> Answer<Option<PaymentsLoginView>> {
    shell.run(|core, _| tokens_linking::login(core)).await
}

/// Lists the sessions, newest first.
#[tauri::command]
#[specta::specta]
pub async fn linking_sessions(shell: State<'_, Shell>) -> Answer<Vec<LinkingSessionView>> {
    shell.run(|core, _| tokens_linking::sessions(core)).await
}

/// Starts a session, with the stored token of a returning customer or without one.
#[tauri::command]
#[specta::specta]
pub async fn linking_start(shell: State<'_, Shell>, wish: Arg<LinkingWish>) -> Answer<LinkingSessionView> {
    shell.run(move |core, _| tokens_linking::start(core, wish.0)).await
}

/// Begins the purchase of a session in the browser; answers whether the browser came for it.
#[tauri::command]
#[specta::specta]
pub async fn linking_open(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<bool> {
    shell
        .run(move |core, _| core.open_linking(&core.profile(None)?, id.0.as_str()))
        .await
}

/// Draws the calls of a session for an integrator, every secret a variable's name; nothing is sent.
#[tauri::command]
#[specta::specta]
pub async fn linking_calls(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<LinkingCallsView> {
    shell
        .run(move |core, _| tokens_calls::of_session(core, id.0.as_str()))
        .await
}

/// Draws the call that a start would be; nothing is sent.
#[tauri::command]
#[specta::specta]
pub async fn linking_call(shell: State<'_, Shell>, wish: Arg<LinkingWish>) -> Answer<CallView> {
    shell.run(move |core, _| tokens_calls::of_wish(core, wish.0)).await
}

/// Changes what a session is about, and sends extra merchant data with it; that may hold tokens, so it goes inward and is wiped.
#[tauri::command]
#[specta::specta]
pub async fn secret_linking_update(
    shell: State<'_, Shell>,
    id: Arg<Id>,
    order: Arg<Option<OrderWish>>,
    merchant_data: Arg<Option<SecretText>>,
) -> Answer<LinkingSessionView> {
    shell
        .run(move |core, _| {
            let data = merchant_data.0.map(SecretText::into_bytes);
            tokens_linking::update(core, id.0.as_str(), (order.0, data.as_ref()))
        })
        .await
}

/// Tells the packages of extra merchant data and what their members hold.
#[tauri::command]
#[specta::specta]
pub async fn emd_packages(shell: State<'_, Shell>) -> Answer<Vec<DataPackageView>> {
    shell.run(|core, _| tokens_calls::packages(core)).await
}

/// Builds extra merchant data out of what is known; nothing is sent or kept.
#[tauri::command]
#[specta::specta]
pub async fn emd_build(shell: State<'_, Shell>, parts: Arg<DataPartWishes>) -> Answer<BuiltDataView> {
    shell.run(move |core, _| tokens_calls::build(core, parts.0)).await
}

/// Puts user and password of payments v1 into the key store. The password does not come back.
#[tauri::command]
#[specta::specta]
pub async fn secret_linking_login(
    shell: State<'_, Shell>,
    region: Arg<Word>,
    user: Arg<Id>,
    password: Arg<Secret>,
) -> Answer<PaymentsLoginView> {
    shell
        .run(move |core, _| {
            let password = password.0.into_bytes();
            tokens_linking::set_login(core, (region.0.as_str(), user.0.as_str()), &password)
        })
        .await
}

/// Places the order of a session with the authorization token that the browser brought, and keeps or replaces the customer's token.
#[tauri::command]
#[specta::specta]
pub async fn secret_linking_order(
    shell: State<'_, Shell>,
    id: Arg<Id>,
    authorization: Arg<Secret>,
) -> Answer<LinkedOrderView> {
    shell
        .run(move |core, _| tokens_linking::order(core, id.0.as_str(), &authorization.0.into_bytes()))
        .await
}
