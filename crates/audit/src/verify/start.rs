//! Where a walk begins: before the first entry, behind archived ones, or where an earlier verification ended.
//!
//! Deliberately absent: a judgement on what was archived (`prefix`).

use rusqlite::Connection;

use super::outside::Verified;
use super::standing::Standing;
use crate::error::LogError;
use crate::facts;
use crate::store::rows;
use crate::tree::{Frontier, Hash, peaks_of};

/// Finds the place to begin at.
pub fn find(conn: &Connection, verified: Option<&Verified>) -> Result<Standing, LogError> {
    if let Some(Verified(known)) = verified
        && still_stands(conn, known)?
    {
        return Ok(known.as_ref().clone());
    }
    match rows::first(conn)? {
        Some(first) if first > 1 => Ok(archived(conn, first)?.unwrap_or_default()),
        _ => Ok(Standing::default()),
    }
}

/// What was verified before is still what the log begins with: its file, its last entry, its root.
fn still_stands(conn: &Connection, known: &Standing) -> Result<bool, LogError> {
    let size = known.size();
    let first = rows::first(conn)?.and_then(|first| u64::try_from(first).ok());
    let epochs = rows::epochs(conn)?;
    Ok(first == Some(known.archived + 1)
        && epochs.starts_with(&known.epochs)
        && rows::leaf(conn, size)? == Some(known.last_leaf)
        && frontier(conn, size, None)?.as_ref() == Some(&known.frontier))
}

/// Stands behind the archived entries; nothing when the file does not tell enough of them.
fn archived(conn: &Connection, first: i64) -> Result<Option<Standing>, LogError> {
    let Some(archived) = u64::try_from(first).ok().map(|first| first - 1) else {
        return Ok(None);
    };
    let leaf = prev(conn, archived + 1)?;
    let mut epochs = rows::epochs(conn)?;
    epochs.retain(|epoch| epoch.first_seq <= archived);
    let Some((frontier, log_id)) = frontier(conn, archived, Some(leaf))?.zip(epochs.first().map(|e| e.log_id.clone()))
    else {
        return Ok(None);
    };
    Ok(Some(Standing {
        frontier,
        last_leaf: leaf,
        log_id: Some(log_id),
        epochs,
        archived,
        archived_leaf: Some(leaf),
        ..Standing::default()
    }))
}

/// The leaf hash that an entry names as that of the one before it; zeros when it cannot be read, which the walk then finds.
fn prev(conn: &Connection, seq: u64) -> Result<Hash, LogError> {
    let body = rows::event(conn, seq)?.and_then(|row| row.body).unwrap_or_default();
    let members: Option<serde_json::Value> = serde_json::from_slice(&body).ok();
    let prev = members.as_ref().and_then(|members| members.get("prev")?.as_str());
    Ok(prev.and_then(|hex| facts::hash(hex.as_bytes())).unwrap_or_default())
}

/// The frontier over the first entries, from stored subtrees; `last` stands in for the leaf of the last one if that was archived.
pub fn frontier(conn: &Connection, size: u64, last: Option<Hash>) -> Result<Option<Frontier>, LogError> {
    let mut peaks = Vec::new();
    for (level, idx) in peaks_of(size) {
        let hash = match last {
            Some(leaf) if level == 0 => Some(leaf),
            _ => rows::node(conn, level, idx)?,
        };
        let Some(hash) = hash else {
            return Ok(None);
        };
        peaks.push(hash);
    }
    Ok(Frontier::from_peaks(size, peaks))
}
