//! The whole verification of a log: file, schema, every entry, every derived row, the anchor; one verdict.
//!
//! The caller gives one snapshot (a read transaction). Deliberately absent: repair, and any trust in what the file says of itself
//! where anchor and key are given.

pub mod again;
mod archived;
mod batch;
mod claims;
mod clock;
mod conclude;
mod derived;
mod examine;
mod file;
mod keys;
mod leftovers;
mod outside;
mod pipeline;
mod prefix;
mod signatures;
mod source;
mod standing;
mod start;
mod told;
mod walk;
mod watch;

use std::thread;

use rusqlite::Connection;

use crate::anchor::Anchor;
use crate::error::LogError;
use crate::report::{Defect, Finding, Report, Verdict};
use crate::store::{rows, schema};
use claims::Claims;
use file::Checking;
use leftovers::Leftovers;
pub use outside::{Former, Outside, Verified};
use walk::{Walk, Walked};
pub use watch::Watch;

/// All that was found, before it is weighed.
struct Survey<'a> {
    outside: &'a Outside<'a>,
    /// Said to be an archive, and what is known of the one before it.
    archive: Option<Former>,
    /// Findings about the file and its schema, which concern no entry.
    file: Vec<Finding>,
    walked: Walked,
    /// The first fault of what speaks of archived entries.
    prefix: Option<Finding>,
    claims: Claims,
    leftovers: Leftovers,
    size: u64,
}

/// Verifies the log in this connection's snapshot.
///
/// # Errors
/// Only when it cannot be read at all (busy, input/output). Damage is a verdict.
pub fn run(conn: &Connection, anchor: Option<&Anchor>, key: Option<[u8; 32]>) -> Result<Report, LogError> {
    let outside = Outside {
        anchor,
        key,
        ..Outside::default()
    };
    run_with(conn, &outside, None, None)
}

/// As [`run`], with all that is known outside the file, and somebody who watches; or an archive's file.
///
/// # Errors
/// As [`run`]; [`LogError::Cancelled`]; [`LogError::Refused`] when a kept checkpoint is none.
pub fn run_with(
    conn: &Connection,
    outside: &Outside<'_>,
    archive: Option<Former>,
    watch: Option<&Watch<'_>>,
) -> Result<Report, LogError> {
    let mut file = schema_findings(conn)?;
    match survey(conn, outside, archive, watch, &file) {
        Ok(survey) => Ok(conclude::report(survey)),
        Err(LogError::Damaged(why)) => {
            let detail = format!("The file cannot be read to its end: {why}.");
            file.insert(0, Finding::new(Defect::File, None, detail));
            Ok(unreadable(file, outside.anchor))
        }
        Err(LogError::Sqlite(_)) if !file.is_empty() => Ok(unreadable(file, outside.anchor)),
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
    outside: &'a Outside<'a>,
    archive: Option<Former>,
    watch: Option<&Watch<'_>>,
    schema: &[Finding],
) -> Result<Survey<'a>, LogError> {
    let size = rows::size(conn)?;
    let mut at = start::find(conn, outside.verified)?;
    let goes_on = at.size() > at.archived;
    let mut prefix = None;
    if at.archived > 0 && !goes_on {
        prefix = prefix::check(conn, &mut at)?;
    }
    let epochs = rows::epochs(conn)?;
    thread::scope(|scope| {
        let checking = (!goes_on).then(|| Checking::begin(scope, conn, size));
        let walk = Walk::new(outside.anchor, at);
        let mut walked = pipeline::run(conn, walk, &epochs, size, watch)?.end();
        let claims = claims::judge(conn, outside, &mut walked)?;
        let leftovers = leftovers::find(conn, &walked)?;
        let mut file = schema.to_vec();
        file.extend(checking.map_or(Ok(Vec::new()), |checking| checking.end(conn))?);
        Ok(Survey {
            outside,
            archive,
            file,
            walked,
            prefix,
            claims,
            leftovers,
            size,
        })
    })
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
        beside: Vec::new(),
        anchored: anchor.map(|anchor| anchor.size),
        witnessed: None,
        reviewed: None,
        first: 1,
        verified: None,
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
        beside: Vec::new(),
        anchored: Some(anchor.size),
        witnessed: None,
        reviewed: None,
        first: 1,
        verified: None,
    }
}
