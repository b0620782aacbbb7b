//! The merchant directory.

use gatehouse_core::Gatehouse;
use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown;
use crate::views::merchants::{Foreseen, ImportView, MerchantDetail, MerchantRow, MerchantsWindow};
use crate::views::request::{AheadRequest, SearchRequest};

/// Reads a window of the rows that match a query.
#[tauri::command]
#[specta::specta]
pub async fn merchants_search(shell: State<'_, Shell>, request: Arg<SearchRequest>) -> Answer<MerchantsWindow> {
    let search = move |core: &Gatehouse, _: &Shell| shown::merchants::search(core, &request.0);
    shell.run(search).await
}

/// Reads the first rows of what the query most likely becomes with its next letter.
#[tauri::command]
#[specta::specta]
pub async fn merchants_ahead(shell: State<'_, Shell>, request: Arg<AheadRequest>) -> Answer<Vec<Foreseen>> {
    shell
        .run(move |core, _| shown::merchants::ahead(core, &request.0))
        .await
}

/// Reads one merchant with its sessions and acts.
#[tauri::command]
#[specta::specta]
pub async fn merchant_detail(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<MerchantDetail> {
    shell
        .run(move |core, _| shown::merchants::detail(core, id.0.as_str()))
        .await
}

/// Pins a merchant or lets it go.
#[tauri::command]
#[specta::specta]
pub async fn merchant_pin(shell: State<'_, Shell>, id: Arg<Id>, pinned: Arg<bool>) -> Answer<()> {
    shell
        .run(move |core, _| {
            core.pin_merchant(&core.profile(None)?, id.0.as_str(), pinned.0)
                .map(drop)
        })
        .await
}

/// Asks Klarna for a merchant's current state.
#[tauri::command]
#[specta::specta]
pub async fn merchant_refresh(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<MerchantRow> {
    shell
        .run(move |core, _| {
            let merchant = core.refresh_merchant(&core.profile(None)?, id.0.as_str())?;
            Ok(shown::merchants::row(&merchant))
        })
        .await
}

/// Lets the person choose a file, and imports its merchants; null when no file was chosen.
#[tauri::command]
#[specta::specta]
pub async fn merchants_import(shell: State<'_, Shell>) -> Answer<Option<ImportView>> {
    shell.run(shown::import::chosen_file).await
}
