//! Entries together with the bytes of their side rows, by one statement: what the read model and its questions read.
//!
//! Deliberately absent: salts, which only a verification and an export need.

use rusqlite::{Connection, OptionalExtension, Row};

use super::rows::{EventRow, blob, hash, signed};
use crate::error::LogError;

/// An entry, and the canonical bytes of its side row where it is there.
pub type Both = (EventRow, Option<Vec<u8>>);

/// One entry.
pub fn one(conn: &Connection, seq: u64) -> Result<Option<Both>, LogError> {
    let mut statement = conn.prepare_cached(
        "SELECT e.seq, e.leaf, e.body, p.json FROM event e LEFT JOIN event_private p ON p.seq = e.seq WHERE e.seq = ?1",
    )?;
    Ok(statement.query_row([signed(seq)], both).optional()?)
}

/// Calls `visit` for each entry from `from` on, in order, until it has enough.
pub fn each(
    conn: &Connection,
    from: u64,
    mut visit: impl FnMut(Both) -> Result<bool, LogError>,
) -> Result<(), LogError> {
    let mut statement = conn.prepare_cached(
        "SELECT e.seq, e.leaf, e.body, p.json FROM event e LEFT JOIN event_private p ON p.seq = e.seq WHERE e.seq >= ?1 ORDER BY e.seq",
    )?;
    let mut rows = statement.query([signed(from)])?;
    while let Some(row) = rows.next()? {
        if !visit(both(row)?)? {
            break;
        }
    }
    Ok(())
}

fn both(row: &Row<'_>) -> rusqlite::Result<Both> {
    let event = EventRow {
        seq: row.get(0)?,
        leaf: hash(row, 1),
        body: blob(row, 2),
    };
    Ok((event, blob(row, 3)))
}
