//! The rows as erasing and archiving see them: what is old, who is named, and the two deletions, with triggers before them.
//!
//! Deliberately absent: taking the triggers away, which is `schema`'s, within a transaction.

use rusqlite::{Connection, OptionalExtension};

use super::rows::{self, blob, count, signed};
use crate::error::LogError;

/// The smallest sequence number: 1 unless entries were archived, and 1 without entries.
pub fn first_seq(conn: &Connection) -> Result<u64, LogError> {
    Ok(rows::first(conn)?.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(1))
}

/// The first entry of a moment or later (RFC 3339, as entries have it).
pub fn first_since(conn: &Connection, time: &str) -> Result<Option<u64>, LogError> {
    let sql = "SELECT seq FROM event WHERE CAST(body AS TEXT) ->> '$.time' >= ?1 ORDER BY seq LIMIT 1";
    let found: Option<i64> = conn.query_row(sql, [time], |row| row.get(0)).optional()?;
    Ok(found.and_then(|seq| u64::try_from(seq).ok()))
}

/// The largest size with a checkpoint, up to a size.
pub fn checkpoint_within(conn: &Connection, size: u64) -> Result<Option<u64>, LogError> {
    let sql = "SELECT max(size) FROM checkpoint WHERE size <= ?1";
    let found: Option<i64> = conn.query_row(sql, [signed(size)], |row| row.get(0))?;
    Ok(found.and_then(|size| u64::try_from(size).ok()))
}

/// How many intents with a token each key has among the entries up to one.
pub fn signed_tokens(conn: &Connection, seq: u64) -> Result<Vec<(String, u64)>, LogError> {
    let sql = "SELECT CAST(body AS TEXT) ->> '$.signing.key_id' AS key_id, count(*) FROM event
               WHERE seq <= ?1 AND CAST(body AS TEXT) ->> '$.phase' = 'intent'
                 AND CAST(body AS TEXT) ->> '$.request.jti' IS NOT NULL AND key_id IS NOT NULL GROUP BY key_id";
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([signed(seq)], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many side rows the entries up to one have.
pub fn privates_up_to(conn: &Connection, seq: u64) -> Result<u64, LogError> {
    count(conn, "SELECT count(*) FROM event_private WHERE seq <= ?1", seq)
}

/// The entries whose side row holds a text, with that row's bytes; letters of ASCII in either case.
pub fn privates_with(conn: &Connection, text: &str) -> Result<Vec<(u64, Vec<u8>)>, LogError> {
    let sql = "SELECT seq, json FROM event_private WHERE instr(lower(CAST(json AS TEXT)), lower(?1)) > 0 ORDER BY seq";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([text], |row| {
        let seq: i64 = row.get(0)?;
        Ok((u64::try_from(seq).unwrap_or(0), blob(row, 1).unwrap_or_default()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Deletes a side row; answers whether there was one.
pub fn delete_private(conn: &Connection, seq: u64) -> Result<bool, LogError> {
    let gone = conn
        .prepare_cached("DELETE FROM event_private WHERE seq = ?1")?
        .execute([signed(seq)])?;
    Ok(gone == 1)
}

/// Deletes entries and side rows up to a sequence number.
pub fn delete_up_to(conn: &Connection, seq: u64) -> Result<(), LogError> {
    conn.execute("DELETE FROM event_private WHERE seq <= ?1", [signed(seq)])?;
    conn.execute("DELETE FROM event WHERE seq <= ?1", [signed(seq)])?;
    Ok(())
}
