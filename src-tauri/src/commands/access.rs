//! People's access: looked at, granted, revoked; the last two are held back for five seconds.

use gatehouse_core::access::leavers::Leavers;
use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::{access, access_change, leavers};
use crate::views::access::{
    AccessMerchantView, AccessMerchantsWindow, AccessPersonView, AccessPersonsWindow, AccessTimeline, GrantView,
    GrantsWindow,
};
use crate::views::access_change::{ForeseenGrant, HeldView, LeaversView};
use crate::views::access_request::{AccessRequest, GrantWish, Pasted, RevokeWish, TimelineRequest};

/// Reads a window of grants.
#[tauri::command]
#[specta::specta]
pub async fn access_page(shell: State<'_, Shell>, request: Arg<AccessRequest>) -> Answer<GrantsWindow> {
    shell
        .run(move |core, shell| access::grants(core, shell, &request.0))
        .await
}

/// Reads a window of the persons who have access.
#[tauri::command]
#[specta::specta]
pub async fn access_persons(shell: State<'_, Shell>, request: Arg<AccessRequest>) -> Answer<AccessPersonsWindow> {
    shell
        .run(move |core, shell| access::persons(core, shell, &request.0))
        .await
}

/// Reads a window of the merchants to which somebody has access.
#[tauri::command]
#[specta::specta]
pub async fn access_merchants(shell: State<'_, Shell>, request: Arg<AccessRequest>) -> Answer<AccessMerchantsWindow> {
    shell
        .run(move |core, shell| access::merchants(core, shell, &request.0))
        .await
}

/// Reads everything that a person has or had.
#[tauri::command]
#[specta::specta]
pub async fn access_person(shell: State<'_, Shell>, email: Arg<Id>) -> Answer<AccessPersonView> {
    shell.run(move |core, _| access::person(core, email.0.as_str())).await
}

/// Reads everything that anybody has or had at a merchant.
#[tauri::command]
#[specta::specta]
pub async fn access_merchant(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<AccessMerchantView> {
    shell.run(move |core, _| access::merchant(core, id.0.as_str())).await
}

/// Reads what the log says of a person's or a merchant's access.
#[tauri::command]
#[specta::specta]
pub async fn access_timeline(shell: State<'_, Shell>, request: Arg<TimelineRequest>) -> Answer<AccessTimeline> {
    shell.run(move |core, _| access::timeline(core, &request.0)).await
}

/// Reads a pasted list of people who left, for the view of that name.
#[tauri::command]
#[specta::specta]
pub async fn access_leavers(shell: State<'_, Shell>, text: Arg<Pasted>) -> Answer<LeaversView> {
    shell
        .run(move |core, shell| leavers::leavers(core, shell, &Leavers::read(text.0.as_str())))
        .await
}

/// Lets the person choose a list of people who left; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn access_leavers_open(shell: State<'_, Shell>) -> Answer<Option<LeaversView>> {
    shell.run(leavers::leavers_of_file).await
}

/// Tells what a grant would do; nothing is recorded or sent.
#[tauri::command]
#[specta::specta]
pub async fn access_foresee(shell: State<'_, Shell>, wish: Arg<GrantWish>) -> Answer<ForeseenGrant> {
    shell.run(move |core, _| access_change::foresee(core, wish.0)).await
}

/// Tells which grants a revocation would end; nothing is recorded or sent.
#[tauri::command]
#[specta::specta]
pub async fn access_foresee_revoke(shell: State<'_, Shell>, wish: Arg<RevokeWish>) -> Answer<Vec<GrantView>> {
    shell
        .run(move |core, _| access_change::foresee_revoke(core, wish.0))
        .await
}

/// Grants access in five seconds, unless it is taken back.
#[tauri::command]
#[specta::specta]
pub async fn access_grant(shell: State<'_, Shell>, wish: Arg<GrantWish>) -> Answer<HeldView> {
    shell
        .run(move |core, shell| access_change::grant(core, shell, wish.0))
        .await
}

/// Revokes access in five seconds, unless it is taken back.
#[tauri::command]
#[specta::specta]
pub async fn access_revoke(shell: State<'_, Shell>, wish: Arg<RevokeWish>) -> Answer<HeldView> {
    shell
        .run(move |core, shell| access_change::revoke(core, shell, wish.0))
        .await
}

/// Takes back what is still held; nothing was recorded or sent.
#[tauri::command]
#[specta::specta]
pub async fn access_undo(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<HeldView> {
    shell
        .run(move |_, shell| access_change::undo(shell, id.0.as_str()))
        .await
}

/// Lists what is held, being done, or lately over.
#[tauri::command]
#[specta::specta]
pub async fn access_held(shell: State<'_, Shell>) -> Answer<Vec<HeldView>> {
    shell
        .run(|core, shell| {
            core.may(&core.profile(None)?, gatehouse_core::person::Deed::Look)?;
            Ok(access_change::held(shell))
        })
        .await
}
