//! The audit log: questions and their answers, one entry and its proof, the verdict.

use gatehouse_core::Gatehouse;
use tauri::State;

use crate::argument::Arg;
use crate::error::Answer;
use crate::looks::Look;
use crate::shell::Shell;
use crate::shown::{self, audit_ask};
use crate::views::audit::{ActsPage, EntryView, VerifyView};
use crate::views::audit_ask::{Facet, Histogram, HistogramRequest, QueryFaultView};
use crate::views::audit_keep::LogQuery;
use crate::views::number::Seq;
use crate::views::request::ActsRequest;

/// Reads a page of acts, newest first.
#[tauri::command]
#[specta::specta]
pub async fn audit_acts(shell: State<'_, Shell>, request: Arg<ActsRequest>) -> Answer<ActsPage> {
    shell
        .run(move |core, shell| {
            let page = shown::audit::acts(core, &request.0)?;
            if request.0.before.is_none() {
                let rows = page.rows.len() as u64;
                let query = request.0.query.into_string();
                shell.looked(Look { query, rows });
            }
            Ok(page)
        })
        .await
}

/// Reads one entry with its exact bytes.
#[tauri::command]
#[specta::specta]
pub async fn audit_entry(shell: State<'_, Shell>, seq: Arg<Seq>) -> Answer<EntryView> {
    shell.run(move |core, _| shown::audit::entry(core, seq.0.0)).await
}

/// Verifies the log against its anchor; how far it is, `audit_work` says.
#[tauri::command]
#[specta::specta]
pub async fn audit_verify(shell: State<'_, Shell>) -> Answer<VerifyView> {
    shell.run(shown::audit_verdict::verify).await
}

/// Calls verifying off.
#[tauri::command]
#[specta::specta]
pub async fn audit_verify_stop(shell: State<'_, Shell>) -> Answer<()> {
    let stop = |_: &Gatehouse, shell: &Shell| {
        shell.works().verify.stop();
        Ok(())
    };
    shell.run(stop).await
}

/// Says what is wrong with a question; null where nothing is.
#[tauri::command]
#[specta::specta]
pub async fn audit_query(shell: State<'_, Shell>, query: Arg<LogQuery>) -> Answer<Option<QueryFaultView>> {
    shell
        .run(move |core, _| Ok(audit_ask::fault(core, query.0.as_str())))
        .await
}

/// Counts the acts that a question means, by the values of their fields.
#[tauri::command]
#[specta::specta]
pub async fn audit_facets(shell: State<'_, Shell>, query: Arg<LogQuery>) -> Answer<Vec<Facet>> {
    shell
        .run(move |core, _| audit_ask::facets(core, query.0.as_str()))
        .await
}

/// Counts the acts that a question means over time.
#[tauri::command]
#[specta::specta]
pub async fn audit_histogram(shell: State<'_, Shell>, request: Arg<HistogramRequest>) -> Answer<Histogram> {
    shell.run(move |core, _| audit_ask::histogram(core, &request.0)).await
}

/// Makes the proof that an entry stands in the log.
#[tauri::command]
#[specta::specta]
pub async fn audit_proof(shell: State<'_, Shell>, seq: Arg<Seq>) -> Answer<String> {
    shell.run(move |core, _| core.audit_proof(seq.0.0)).await
}
