//! Rows that speak of entries which are not there: the marks that a cut leaves, or things somebody added.
//!
//! Deliberately absent: the decision which of the two (`conclude`).

use rusqlite::Connection;

use super::walk::Walked;
use crate::error::LogError;
use crate::note;
use crate::report::{Defect, Finding};
use crate::store::ranges;
use crate::store::rows::{self, Epoch};

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
    Ok(Leftovers {
        signed_ahead: signed_ahead(conn, walked)?,
        beyond: beyond(conn, walked.at.size())?,
        stray: stray(conn, walked)?,
        meta: meta(conn, walked)?,
    })
}

fn signed_ahead(conn: &Connection, walked: &Walked) -> Result<Option<u64>, LogError> {
    let stored = rows::epochs(conn)?;
    let Some(Epoch { log_id, key, .. }) = walked.at.epochs.last().or(stored.last()) else {
        return Ok(None);
    };
    let mut ahead = None;
    for (size, note) in ranges::checkpoints_beyond(conn, walked.at.size())? {
        let found = note.and_then(|note| note::open(&note, log_id, key).ok());
        if found.is_some_and(|found| found.size == size) {
            ahead = Some(size);
        }
    }
    Ok(ahead)
}

/// Counts of rows beyond a size, and what they are. Each is a search in an index, whatever the size of the log.
const BEYOND: [(&str, Defect, &str); 4] = [
    (
        "SELECT count(*) FROM checkpoint WHERE size > ?1",
        Defect::Checkpoint,
        "checkpoints",
    ),
    (
        "WITH RECURSIVE l (level) AS (SELECT 1 UNION ALL SELECT level + 1 FROM l WHERE level < 62)
         SELECT sum((SELECT count(*) FROM node WHERE node.level = l.level AND idx >= ?1 >> l.level)) FROM l",
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

/// Rows that no entry can have; the walk finds those beside entries. The first number of the entries that are there is given.
const STRAY: [(&str, Defect); 3] = [
    (
        "SELECT count(*) FROM event_private WHERE seq < ?1",
        Defect::Private,
    ),
    (
        "WITH RECURSIVE l (level) AS (SELECT 1 UNION ALL SELECT level + 1 FROM l WHERE level < 62)
         SELECT sum((SELECT count(*) FROM node WHERE node.level = l.level AND idx < 0))
           + (SELECT count(*) FROM node WHERE level < 1) + (SELECT count(*) FROM node WHERE level > 62) + (?1 < 1) FROM l",
        Defect::Node,
    ),
    (
        "SELECT count(*) FROM checkpoint WHERE size < 1 AND ?1 >= 1",
        Defect::Checkpoint,
    ),
];

fn stray(conn: &Connection, walked: &Walked) -> Result<Option<Finding>, LogError> {
    let found = |defect| {
        Some(Finding::new(
            defect,
            None,
            "The file holds rows that belong to no entry.",
        ))
    };
    if walked.stray.is_some() {
        return Ok(found(Defect::Private));
    }
    for (sql, defect) in STRAY {
        if rows::count(conn, sql, walked.at.archived + 1)? > 0 {
            return Ok(found(defect));
        }
    }
    Ok(None)
}

fn meta(conn: &Connection, walked: &Walked) -> Result<Option<Finding>, LogError> {
    let size = walked.at.size();
    let rows = rows::count(conn, "SELECT count(*) FROM meta WHERE first_seq <= ?1", size)?;
    let mut stored = rows::epochs(conn)?;
    stored.retain(|epoch| epoch.first_seq <= size);
    if stored == walked.at.epochs && rows == stored.len() as u64 {
        return Ok(None);
    }
    let mut told = walked.at.epochs.iter().enumerate();
    let seq = told
        .find(|(at, told)| stored.get(*at) != Some(told))
        .map(|(_, told)| told.first_seq);
    let detail = "The table of log id and checkpoint keys contradicts the entries.";
    Ok(Some(Finding::new(Defect::Meta, seq, detail)))
}
