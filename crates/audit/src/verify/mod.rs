//! The whole verification of a log: file, schema, every entry, every derived row, the anchor; one verdict.
//!
//! The caller gives one snapshot (a read transaction). Deliberately absent: repair, and any trust in what the file says of itself
//! where anchor and key are given.

mod conclude;
mod derived;
mod leftovers;
mod private;
mod walk;

use rusqlite::Connection;

use crate::anchor::Anchor;
use crate::error::LogError;
use crate::report::{Defect, Finding, Report, Verdict};
use crate::store::connect::number;
use crate::store::{rows, schema};
use leftovers::Leftovers;
use walk::{Walk, Walked};

/// Above this size only SQLite's quick check runs (audit.md 4.1).
const QUICK_CHECK_FROM: i64 = 200 * 1024 * 1024;

/// All that was found, before it is weighed.
struct Survey<'a> {
    anchor: Option<&'a Anchor>,
    key: Option<[u8; 32]>,
    /// Findings about the file and its schema, which concern no entry.
    file: Vec<Finding>,
    walked: Walked,
    leftovers: Leftovers,
    size: u64,
}

/// Verifies the log in this connection's snapshot.
///
/// # Errors
/// Only when it cannot be read at all (busy, input/output). Damage is a verdict.
pub fn run(conn: &Connection, anchor: Option<&Anchor>, key: Option<[u8; 32]>) -> Result<Report, LogError> {
    let mut file = schema_findings(conn)?;
    match survey(conn, anchor, key, &file) {
        Ok(survey) => Ok(conclude::report(survey)),
        Err(LogError::Damaged(why)) => {
            file.insert(
                0,
                Finding::new(
                    Defect::File,
                    None,
                    format!("The file cannot be read to its end: {why}."),
                ),
            );
            Ok(unreadable(file, anchor))
        }
        Err(LogError::Sqlite(_)) if !file.is_empty() => Ok(unreadable(file, anchor)),
        Err(fault) => Err(fault),
    }
}

fn schema_findings(conn: &Connection) -> Result<Vec<Finding>, LogError> {
    match schema::differences(conn) {
        Ok(texts) => Ok(texts
            .into_iter()
            .map(|text| Finding::new(Defect::Schema, None, text))
            .collect()),
        Err(LogError::Damaged(why)) => Ok(vec![Finding::new(
            Defect::File,
            None,
            format!("The schema cannot be read: {why}."),
        )]),
        Err(fault) => Err(fault),
    }
}

fn survey<'a>(
    conn: &Connection,
    anchor: Option<&'a Anchor>,
    key: Option<[u8; 32]>,
    schema: &[Finding],
) -> Result<Survey<'a>, LogError> {
    let size = rows::size(conn)?;
    let walked = Walk::new(conn, anchor).run()?;
    let leftovers = leftovers::find(conn, &walked)?;
    let mut file = schema.to_vec();
    file.extend(file_findings(conn)?);
    Ok(Survey {
        anchor,
        key,
        file,
        walked,
        leftovers,
        size,
    })
}

/// SQLite's own check of the file's pages.
fn file_findings(conn: &Connection) -> Result<Vec<Finding>, LogError> {
    let bytes = number(conn, "page_count")?.saturating_mul(number(conn, "page_size")?);
    let check = if bytes > QUICK_CHECK_FROM {
        "PRAGMA quick_check(3)"
    } else {
        "PRAGMA integrity_check(3)"
    };
    let mut statement = conn.prepare(check)?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let finding = |line: String| Finding::new(Defect::File, None, format!("SQLite's check of the file says: {line}."));
    Ok(lines.into_iter().filter(|line| line != "ok").map(finding).collect())
}

fn unreadable(findings: Vec<Finding>, anchor: Option<&Anchor>) -> Report {
    Report {
        verdict: Verdict::Broken,
        size: 0,
        root: None,
        first_bad_seq: None,
        reason: findings
            .first()
            .map_or_else(String::new, |finding| finding.detail.clone()),
        findings,
        notices: Vec::new(),
        anchored: anchor.map(|anchor| anchor.size),
    }
}

/// The report on a file that is no database any more.
pub fn unreadable_file(why: &str, anchor: Option<&Anchor>) -> Report {
    unreadable(
        vec![Finding::new(
            Defect::File,
            None,
            format!("The file cannot be read: {why}."),
        )],
        anchor,
    )
}

/// The report on a log whose file is gone although an anchor for it exists.
pub fn missing_log(anchor: &Anchor) -> Report {
    let reason = format!(
        "The log's file is missing, and {} entries of it are anchored.",
        anchor.size
    );
    Report {
        verdict: Verdict::Truncated,
        size: 0,
        root: None,
        first_bad_seq: Some(1),
        reason: reason.clone(),
        findings: vec![Finding::new(Defect::Anchor, Some(1), reason)],
        notices: Vec::new(),
        anchored: Some(anchor.size),
    }
}
