//! Rows that speak of entries which are not there: the marks that a cut leaves, or things somebody added.
//!
//! Deliberately absent: the decision which of the two (`conclude`).

use rusqlite::Connection;

use super::walk::Walked;
use crate::error::LogError;
use crate::note;
use crate::report::{Defect, Finding};
use crate::store::rows::{self, Epoch};
use crate::tree::node_count;

/// What is there beyond the last entry, and beside the entries.
#[derive(Debug, Default)]
pub struct Leftovers {
    /// The largest size for which a true checkpoint exists without its entries.
    pub signed_ahead: Option<u64>,
    /// Rows beyond the last entry, of whatever kind.
    pub beyond: Option<Finding>,
    /// Rows within the log's size that belong to no entry.
    pub stray: Option<Finding>,
    /// The table of ids and keys contradicts the entries.
    pub meta: Option<Finding>,
}

/// Looks for them; only a log that was walked to its end has any.
pub fn find(conn: &Connection, walked: &Walked) -> Result<Leftovers, LogError> {
    if walked.stopped.is_some() {
        return Ok(Leftovers::default());
    }
    let size = walked.frontier.size();
    Ok(Leftovers {
        signed_ahead: signed_ahead(conn, walked)?,
        beyond: beyond(conn, size)?,
        stray: stray(conn, walked)?,
        meta: meta(conn, walked)?,
    })
}

fn signed_ahead(conn: &Connection, walked: &Walked) -> Result<Option<u64>, LogError> {
    let stored = rows::epochs(conn)?;
    let Some(Epoch { log_id, key, .. }) = walked.epochs.last().or(stored.last()) else {
        return Ok(None);
    };
    let mut ahead = None;
    for (size, note) in rows::checkpoints_beyond(conn, walked.frontier.size())? {
        let found = note.and_then(|note| note::open(&note, log_id, key).ok());
        if found.is_some_and(|found| found.size == size) {
            ahead = Some(size);
        }
    }
    Ok(ahead)
}

/// Counts of rows beyond a size, and what they are.
const BEYOND: [(&str, Defect, &str); 4] = [
    (
        "SELECT count(*) FROM checkpoint WHERE size > ?1",
        Defect::Checkpoint,
        "checkpoints",
    ),
    (
        "SELECT count(*) FROM node WHERE idx >= ?1 >> level",
        Defect::Node,
        "subtrees",
    ),
    (
        "SELECT count(*) FROM event_private WHERE seq > ?1",
        Defect::Private,
        "private side rows",
    ),
    ("SELECT count(*) FROM meta WHERE first_seq > ?1", Defect::Meta, "epochs"),
];

fn beyond(conn: &Connection, size: u64) -> Result<Option<Finding>, LogError> {
    for (sql, defect, what) in BEYOND {
        let count = rows::count(conn, sql, size)?;
        if count > 0 {
            let detail = format!("{count} stored {what} speak of entries after {size}, which are not there.");
            return Ok(Some(Finding::new(defect, Some(size + 1), detail)));
        }
    }
    Ok(None)
}

fn stray(conn: &Connection, walked: &Walked) -> Result<Option<Finding>, LogError> {
    let size = walked.frontier.size();
    let counts = [
        (
            "SELECT count(*) FROM event_private WHERE seq <= ?1",
            walked.privates.present,
            Defect::Private,
        ),
        (
            "SELECT count(*) FROM node WHERE idx < ?1 >> level",
            node_count(size),
            Defect::Node,
        ),
        (
            "SELECT count(*) FROM checkpoint WHERE size < 1 AND ?1 >= 0",
            0,
            Defect::Checkpoint,
        ),
    ];
    for (sql, expected, defect) in counts {
        if rows::count(conn, sql, size)? > expected {
            let detail = "The file holds rows that belong to no entry.";
            return Ok(Some(Finding::new(defect, None, detail)));
        }
    }
    Ok(None)
}

fn meta(conn: &Connection, walked: &Walked) -> Result<Option<Finding>, LogError> {
    let size = walked.frontier.size();
    let rows = rows::count(conn, "SELECT count(*) FROM meta WHERE first_seq <= ?1", size)?;
    let mut stored = rows::epochs(conn)?;
    stored.retain(|epoch| epoch.first_seq <= size);
    if stored == walked.epochs && rows == stored.len() as u64 {
        return Ok(None);
    }
    let mut pairs = walked.epochs.iter().zip(&stored);
    let seq = pairs.find(|(told, kept)| told != kept).map(|(told, _)| told.first_seq);
    let detail = "The table of log id and checkpoint keys contradicts the entries.";
    Ok(Some(Finding::new(Defect::Meta, seq, detail)))
}
