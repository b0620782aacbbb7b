//! The rows of the log's tables: the SQL that writes them and the SQL that reads them, on one screen.
//!
//! Readers here take what is stored without trusting its types: a value of another type is `None`, and the caller's to judge.
//! Deliberately absent: UPDATE and DELETE; what erasing and archiving need is [`super::keep_rows`]'s.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::body::Body;
use crate::error::LogError;
use crate::tree::{Frontier, Hash, Node, peaks_of};

/// One epoch: from which entry on which checkpoint key is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// From 1.
    pub epoch: u64,
    /// Log id.
    pub log_id: String,
    /// The first entry of the epoch.
    pub first_seq: u64,
    /// Public half of the checkpoint key.
    pub key: [u8; 32],
}

/// One row of `event`, as stored.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// Row key; negative or zero only in a forged file.
    pub seq: i64,
    /// Stored leaf hash; `None` when it is no 32 byte BLOB.
    pub leaf: Option<Hash>,
    /// Stored bytes; `None` when they are no BLOB.
    pub body: Option<Vec<u8>>,
}

/// One row of `event_private`.
#[derive(Debug, Clone)]
pub struct PrivateRow {
    /// 32 random bytes.
    pub salt: Vec<u8>,
    /// Canonical JSON.
    pub json: Vec<u8>,
}

/// SQLite's integers are signed; ours never reach its limit.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn blob(row: &Row<'_>, column: usize) -> Option<Vec<u8>> {
    match row.get_ref(column) {
        Ok(ValueRef::Blob(bytes)) => Some(bytes.to_vec()),
        Ok(ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_)) | Err(_) => None,
    }
}

pub(super) fn hash(row: &Row<'_>, column: usize) -> Option<Hash> {
    blob(row, column).and_then(|bytes| bytes.try_into().ok())
}

/// Writes an entry.
pub fn insert_event(conn: &Connection, seq: u64, leaf: &Hash, body: &[u8]) -> Result<(), LogError> {
    conn.prepare_cached("INSERT INTO event (seq, leaf, body) VALUES (?1, ?2, ?3)")?
        .execute(params![signed(seq), leaf, body])?;
    Ok(())
}

/// Writes a private side row.
pub fn insert_private(conn: &Connection, seq: u64, row: &PrivateRow) -> Result<(), LogError> {
    conn.prepare_cached("INSERT INTO event_private (seq, salt, json) VALUES (?1, ?2, ?3)")?
        .execute(params![signed(seq), row.salt, row.json])?;
    Ok(())
}

/// Writes a complete subtree.
pub fn insert_node(conn: &Connection, node: &Node) -> Result<(), LogError> {
    conn.prepare_cached("INSERT INTO node (level, idx, h) VALUES (?1, ?2, ?3)")?
        .execute(params![node.level, signed(node.idx), node.hash])?;
    Ok(())
}

/// Writes a checkpoint.
pub fn insert_checkpoint(conn: &Connection, size: u64, note: &str) -> Result<(), LogError> {
    conn.prepare_cached("INSERT INTO checkpoint (size, note) VALUES (?1, ?2)")?
        .execute(params![signed(size), note])?;
    Ok(())
}

/// Writes the beginning of an epoch.
pub fn insert_epoch(conn: &Connection, epoch: &Epoch) -> Result<(), LogError> {
    conn.execute(
        "INSERT INTO meta (epoch, log_id, first_seq, checkpoint_key) VALUES (?1, ?2, ?3, ?4)",
        params![signed(epoch.epoch), epoch.log_id, signed(epoch.first_seq), epoch.key],
    )?;
    Ok(())
}

/// The largest sequence number; 0 without entries.
pub fn size(conn: &Connection) -> Result<u64, LogError> {
    let last: Option<i64> = conn
        .prepare_cached("SELECT max(seq) FROM event")?
        .query_row([], |row| row.get(0))?;
    Ok(last.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0))
}

/// The smallest row key; nothing without entries.
pub fn first(conn: &Connection) -> Result<Option<i64>, LogError> {
    let mut statement = conn.prepare_cached("SELECT min(seq) FROM event")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Calls `visit` for each entry from `from` on, in order.
pub fn each_event<F>(conn: &Connection, from: i64, mut visit: F) -> Result<(), LogError>
where
    F: FnMut(EventRow) -> Result<bool, LogError>,
{
    let mut statement = conn.prepare_cached("SELECT seq, leaf, body FROM event WHERE seq >= ?1 ORDER BY seq")?;
    let mut rows = statement.query([from])?;
    while let Some(row) = rows.next()? {
        if !visit(EventRow {
            seq: row.get(0)?,
            leaf: hash(row, 1),
            body: blob(row, 2),
        })? {
            break;
        }
    }
    Ok(())
}

/// Calls `visit` for each entry that holds a text anywhere, newest first, until it has enough.
pub fn each_event_back(conn: &Connection, text: &str, mut visit: impl FnMut(EventRow) -> bool) -> Result<(), LogError> {
    let sql = "SELECT seq, leaf, body FROM event WHERE instr(body, CAST(?1 AS BLOB)) > 0 ORDER BY seq DESC";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([text])?;
    while let Some(row) = rows.next()? {
        let row = EventRow {
            seq: row.get(0)?,
            leaf: hash(row, 1),
            body: blob(row, 2),
        };
        if !visit(row) {
            break;
        }
    }
    Ok(())
}

/// Bodies that hold a text anywhere, oldest first, from a sequence number on.
pub fn bodies_with(conn: &Connection, text: &str, from: u64) -> Result<Vec<Vec<u8>>, LogError> {
    let mut statement = conn
        .prepare_cached("SELECT body FROM event WHERE seq >= ?1 AND instr(body, CAST(?2 AS BLOB)) > 0 ORDER BY seq")?;
    let rows = statement.query_map((signed(from), text), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One entry.
pub fn event(conn: &Connection, seq: u64) -> Result<Option<EventRow>, LogError> {
    let mut statement = conn.prepare_cached("SELECT seq, leaf, body FROM event WHERE seq = ?1")?;
    let row = statement.query_row([signed(seq)], |row| {
        Ok(EventRow {
            seq: row.get(0)?,
            leaf: hash(row, 1),
            body: blob(row, 2),
        })
    });
    Ok(row.optional()?)
}

/// The stored leaf hash of an entry; of the last archived one, what the entry after it says.
pub fn leaf(conn: &Connection, seq: u64) -> Result<Option<Hash>, LogError> {
    let mut statement = conn.prepare_cached("SELECT leaf FROM event WHERE seq = ?1")?;
    match statement.query_row([signed(seq)], |row| Ok(hash(row, 0))).optional()? {
        Some(leaf) => Ok(leaf),
        None if seq > 0 && first(conn)? == Some(signed(seq + 1)) => {
            Ok(event(conn, seq + 1)?.and_then(|row| prev_of(&row)))
        }
        None => Ok(None),
    }
}

/// What an entry says of the leaf before it.
fn prev_of(row: &EventRow) -> Option<Hash> {
    let body = Body::from_bytes(row.body.as_deref()?).ok()?;
    hex::decode(body.prev).ok()?.try_into().ok()
}

/// The private side row of an entry; a value of another type reads as empty.
pub fn private(conn: &Connection, seq: u64) -> Result<Option<PrivateRow>, LogError> {
    let mut statement = conn.prepare_cached("SELECT salt, json FROM event_private WHERE seq = ?1")?;
    let row = statement.query_row([signed(seq)], |row| {
        Ok(PrivateRow {
            salt: blob(row, 0).unwrap_or_default(),
            json: blob(row, 1).unwrap_or_default(),
        })
    });
    Ok(row.optional()?)
}

/// A stored subtree; level 0 is read from the entries.
pub fn node(conn: &Connection, level: u32, idx: u64) -> Result<Option<Hash>, LogError> {
    if level == 0 {
        return leaf(conn, idx + 1);
    }
    let mut statement = conn.prepare_cached("SELECT h FROM node WHERE level = ?1 AND idx = ?2")?;
    Ok(statement
        .query_row(params![level, signed(idx)], |row| Ok(hash(row, 0)))
        .optional()?
        .flatten())
}

/// The checkpoint at a size: the outer `None` when there is none, the inner one when it is no text.
pub fn checkpoint(conn: &Connection, size: u64) -> Result<Option<Option<String>>, LogError> {
    let mut statement = conn.prepare_cached("SELECT note FROM checkpoint WHERE size = ?1")?;
    let note = statement.query_row([signed(size)], |row| {
        Ok(row
            .get_ref(0)?
            .as_bytes()
            .ok()
            .and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()))
    });
    Ok(note.optional()?)
}

/// All epochs, in order. A row of another form is left out, which the comparison with the entries then notices.
pub fn epochs(conn: &Connection) -> Result<Vec<Epoch>, LogError> {
    let mut statement =
        conn.prepare_cached("SELECT epoch, log_id, first_seq, checkpoint_key FROM meta ORDER BY epoch")?;
    let rows = statement.query_map([], |row| {
        let number = |column: usize| row.get::<_, i64>(column).ok().and_then(|n| u64::try_from(n).ok());
        Ok(number(0)
            .zip(number(2))
            .zip(hash(row, 3))
            .zip(row.get::<_, String>(1).ok()))
    })?;
    let mut epochs = Vec::new();
    for row in rows {
        if let Some((((epoch, first_seq), key), log_id)) = row? {
            epochs.push(Epoch {
                epoch,
                log_id,
                first_seq,
                key,
            });
        }
    }
    Ok(epochs)
}

/// The frontier of the first `size` entries, from stored subtrees; `None` when one is missing.
pub fn frontier(conn: &Connection, size: u64) -> Result<Option<Frontier>, LogError> {
    let mut peaks = Vec::new();
    for (level, idx) in peaks_of(size) {
        let Some(hash) = node(conn, level, idx)? else {
            return Ok(None);
        };
        peaks.push(hash);
    }
    Ok(Frontier::from_peaks(size, peaks))
}

/// One count or extreme; `sql` is one of ours, never input.
pub fn count(conn: &Connection, sql: &'static str, size: u64) -> Result<u64, LogError> {
    let number: i64 = conn.prepare_cached(sql)?.query_row([signed(size)], |row| row.get(0))?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// A checkpoint row: its size, and its note where that is text.
pub type CheckpointRow = (u64, Option<String>);
