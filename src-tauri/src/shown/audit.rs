//! The audit log, shown: pages of acts with their gaps, one entry, the verdict.
//!
//! Reading needs no key and never waits for the writer. Deliberately absent: any repair; a gap is a row, not an error.

use std::time::Instant;

use gatehouse_audit::{Entry, LogError, Query, Reader, Report, Verdict};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::shown::act;
use crate::views::audit::{ActRow, ActsPage, EntryView, VerdictView, VerifyView};
use crate::views::number::{Millis, Seq, count};
use crate::views::request::ActsRequest;

/// How many acts a merchant's detail shows.
const TIMELINE: usize = 20;

/// A page of acts, newest first.
///
/// # Errors
/// What the log says; no log is an empty page.
pub fn acts(core: &Gatehouse, request: &ActsRequest) -> Result<ActsPage, Problem> {
    let Some(reader) = reader(core)? else {
        return Ok(ActsPage {
            rows: Vec::new(),
            next: None,
            size: Seq(0),
        });
    };
    let typed = request.query.as_str().trim();
    let query = Query {
        text: (!typed.is_empty()).then(|| typed.to_owned()),
        before: request.before.map(|seq| seq.0),
        limit: request.limit.get() as usize,
        ..Query::default()
    };
    let page = reader.acts(&query)?;
    let lowest = page.next.and_then(|_| page.rows.last()).map_or(1, |row| row.seq);
    let mut rows = act::rows(core, page.rows);
    if query.text.is_none() {
        rows = act::with_gaps(rows, &missing(&reader, &query, lowest)?);
    }
    Ok(ActsPage {
        rows,
        next: page.next.map(Seq),
        size: Seq(reader.size()?),
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

/// Verifies the log and says how long it took.
///
/// # Errors
/// What the log or the keyring says; the verdict itself is no error.
pub fn verify(core: &Gatehouse) -> Result<VerifyView, Problem> {
    let began = Instant::now();
    let report = core.audit_verify()?;
    Ok(verdict_view(report, core.now_ms(), count(began.elapsed().as_millis())))
}

fn reader(core: &Gatehouse) -> Result<Option<Reader>, Problem> {
    if_any(core.audit_reader())
}

fn if_any(reader: Result<Reader, Problem>) -> Result<Option<Reader>, Problem> {
    match reader {
        Ok(reader) => Ok(Some(reader)),
        Err(problem) if problem.code == ErrorCode::AuditEntryMissing => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Sequence numbers from `lowest` to the page's top that the log no longer holds.
fn missing(reader: &Reader, query: &Query, lowest: u64) -> Result<Vec<u64>, LogError> {
    let entries = Query {
        limit: query.limit.saturating_mul(3),
        ..query.clone()
    };
    let mut missing = reader.list(&entries)?.missing;
    missing.retain(|seq| *seq >= lowest);
    Ok(missing)
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

fn verdict_view(report: Report, checked_at_ms: i64, took_ms: u32) -> VerifyView {
    VerifyView {
        verdict: verdict(report.verdict),
        size: Seq(report.size),
        root: report.root.unwrap_or_default(),
        first_bad_seq: report.first_bad_seq.map(Seq),
        reason: report.reason,
        checked_at: Millis(checked_at_ms),
        took_ms,
    }
}

fn verdict(verdict: Verdict) -> VerdictView {
    match verdict {
        Verdict::Intact => VerdictView::Intact,
        Verdict::Broken => VerdictView::Broken,
        Verdict::Truncated => VerdictView::Truncated,
        Verdict::RolledBack => VerdictView::RolledBack,
        Verdict::Replaced => VerdictView::Replaced,
        Verdict::Unanchored => VerdictView::Unanchored,
    }
}
