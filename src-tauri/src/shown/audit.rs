//! The audit log, shown: pages of acts with their gaps, one entry.
//!
//! Reading needs no key and never waits for the writer. Deliberately absent: any repair; a gap is a row, not an error.

use gatehouse_audit::{Entry, Query, Reader};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::shown::act;
use crate::views::audit::{ActRow, ActsPage, EntryView};
use crate::views::number::{Millis, Seq};
use crate::views::request::ActsRequest;

/// How many acts a merchant's detail shows.
const TIMELINE: usize = 20;

/// A page of acts, newest first; gaps are rows.
///
/// # Errors
/// As the core says; no log is an empty page.
pub fn acts(core: &Gatehouse, request: &ActsRequest) -> Result<ActsPage, Problem> {
    let before = request.before.map(|seq| seq.0);
    let page = core.audit_acts(request.query.as_str(), before, request.limit.get() as usize)?;
    Ok(ActsPage {
        rows: act::with_gaps(act::rows(core, page.rows), &page.gaps),
        next: page.next.map(Seq),
        size: Seq(page.size),
        indexed: Seq(page.indexed),
        first: Seq(page.first),
    })
}

/// A merchant's last acts.
///
/// # Errors
/// What the log says; no log is no act.
pub fn timeline(core: &Gatehouse, profile: &Profile, merchant: &str) -> Result<Vec<ActRow>, Problem> {
    let Some(reader) = if_any(core.profile_log(profile))? else {
        return Ok(Vec::new());
    };
    let query = Query {
        merchant: Some(merchant.to_owned()),
        limit: TIMELINE,
        ..Query::default()
    };
    Ok(act::rows(core, reader.acts(&query)?.rows))
}

/// One entry with its exact bytes.
///
/// # Errors
/// `audit_entry_missing`; what the log says.
pub fn entry(core: &Gatehouse, seq: u64) -> Result<EntryView, Problem> {
    let entry = core.audit_reader()?.entry(seq)?;
    entry.map(entry_view).ok_or_else(|| {
        Problem::new(
            ErrorCode::AuditEntryMissing,
            format!("The log has no entry {seq}."),
            "Verify the log; it says whether entries are missing.",
        )
    })
}

fn if_any(reader: Result<Reader, Problem>) -> Result<Option<Reader>, Problem> {
    match reader {
        Ok(reader) => Ok(Some(reader)),
        Err(problem) if problem.code == ErrorCode::AuditEntryMissing => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn entry_view(entry: Entry) -> EntryView {
    EntryView {
        seq: Seq(entry.seq),
        leaf: hex(&entry.leaf),
        prev: entry.body.prev.clone(),
        time: Millis(entry.body.unix_ms()),
        bytes: String::from_utf8_lossy(&entry.bytes).into_owned(),
        private: entry
            .private
            .map(|members| serde_json::Value::Object(members).to_string()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
