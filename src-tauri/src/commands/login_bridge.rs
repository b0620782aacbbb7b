//! The login bridge: its files edited and saved, a sign-in tried, what it says of itself, what Klarna is handed.
//!
//! What was changed and not yet saved is kept in Rust. Deliberately absent: paths from the window, and the configuration's text.

use tauri::State;

use crate::argument::Arg;
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::{login_bridge as shown, login_bridge_rows as rows, login_bridge_served as served};
use crate::views::login_bridge::{BridgeRowWish, BridgeRows, BridgeRowsRequest, BridgeRulesWish, BridgeView};
use crate::views::login_bridge_served::{BridgeSeen, BridgeServed, BridgeTest, BridgeTried, ClaimsText};
use crate::views::number::Millis;

/// Shows the profile's bridge with what was changed here; `again` reads the files anew and forgets that. Null where none is known.
#[tauri::command]
#[specta::specta]
pub async fn bridge_show(shell: State<'_, Shell>, again: Arg<bool>) -> Answer<Option<BridgeView>> {
    shell.run(move |core, shell| shown::show(core, shell, again.0)).await
}

/// Lets the person choose a configuration; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn bridge_choose(shell: State<'_, Shell>) -> Answer<Option<BridgeView>> {
    shell.run(shown::choose).await
}

/// Forgets which bridge is the profile's; its files stay.
#[tauri::command]
#[specta::specta]
pub async fn bridge_forget(shell: State<'_, Shell>) -> Answer<()> {
    shell.run(shown::forget).await
}

/// Takes other rules into the draft.
#[tauri::command]
#[specta::specta]
pub async fn bridge_rules(shell: State<'_, Shell>, rules: Arg<BridgeRulesWish>) -> Answer<BridgeView> {
    shell
        .run(move |core, shell| shown::set_rules(core, shell, rules.0))
        .await
}

/// Begins a table of people in the draft.
#[tauri::command]
#[specta::specta]
pub async fn bridge_table_begin(shell: State<'_, Shell>) -> Answer<BridgeView> {
    shell
        .run(|core, shell| shown::change(core, shell, |draft| draft.begin_table()))
        .await
}

/// Reads a page of the table's rows.
#[tauri::command]
#[specta::specta]
pub async fn bridge_rows(shell: State<'_, Shell>, request: Arg<BridgeRowsRequest>) -> Answer<BridgeRows> {
    shell.run(move |core, shell| rows::rows(core, shell, &request.0)).await
}

/// Adds, changes, removes or restores a row in the draft.
#[tauri::command]
#[specta::specta]
pub async fn bridge_row(shell: State<'_, Shell>, wish: Arg<BridgeRowWish>) -> Answer<BridgeView> {
    shell.run(move |core, shell| rows::set_row(core, shell, wish.0)).await
}

/// Saves the draft; recorded.
#[tauri::command]
#[specta::specta]
pub async fn bridge_save(shell: State<'_, Shell>) -> Answer<BridgeView> {
    shell.run(shown::save).await
}

/// Says what somebody could enter by the draft.
#[tauri::command]
#[specta::specta]
pub async fn bridge_try(shell: State<'_, Shell>, claims: Arg<ClaimsText>) -> Answer<BridgeTried> {
    shell
        .run(move |core, shell| shown::tried(core, shell, claims.0.as_str()))
        .await
}

/// Asks the bridge what it says of itself.
#[tauri::command]
#[specta::specta]
pub async fn bridge_served(shell: State<'_, Shell>) -> Answer<BridgeServed> {
    shell.run(served::look).await
}

/// Shows the way in of the bridge in the browser; from the sandbox it begins at its login page, whose button is put in front of the bridge.
#[tauri::command]
#[specta::specta]
pub async fn bridge_test(shell: State<'_, Shell>, from_sandbox: Arg<bool>) -> Answer<BridgeTest> {
    shell
        .run(move |core, shell| served::test(core, shell, from_sandbox.0))
        .await
}

/// Looks for the newest sign-in through the bridge since a moment.
#[tauri::command]
#[specta::specta]
pub async fn bridge_test_look(shell: State<'_, Shell>, since: Arg<Millis>) -> Answer<Option<BridgeSeen>> {
    shell.run(move |core, _| served::seen(core, since.0)).await
}

/// Writes what Klarna is handed, as it was shown last, into a file that the person chooses; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn bridge_hand_over_save(shell: State<'_, Shell>) -> Answer<Option<String>> {
    shell.run(served::save_hand_over).await
}
