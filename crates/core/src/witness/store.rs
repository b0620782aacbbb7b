//! What is kept of other logs, and which questions went out, in `gatehouse.db`.
//!
//! Deliberately absent: judging. Whoever changes what is kept does so in one transaction with the judgement.

use gatehouse_audit::note::Checkpoint;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{WitnessAlarm, WitnessedLog};
use crate::problem::Problem;
use crate::signature;

/// The most questions that an answer is tried against.
const MOST_QUESTIONS: u32 = 200;

/// The checkpoint of a log that was co-signed last, with the key that had signed it.
#[derive(Debug, Clone)]
pub(super) struct KeptCheckpoint {
    pub key: [u8; 32],
    pub checkpoint: Checkpoint,
    pub note: String,
}

/// What is kept of a log.
pub(super) fn kept(connection: &Connection, log_id: &str) -> Result<Option<KeptCheckpoint>, Problem> {
    let mut statement =
        connection.prepare_cached("SELECT checkpoint_key, size, root, note FROM witnessed_log WHERE log_id = ?1")?;
    let found = statement.query_row([log_id], |row| {
        Ok(KeptCheckpoint {
            key: row.get(0)?,
            checkpoint: Checkpoint {
                size: size(row, 1)?,
                root: row.get(2)?,
            },
            note: row.get(3)?,
        })
    });
    Ok(found.optional()?)
}

/// Keeps a checkpoint in the place of the one before.
pub(super) fn keep(
    connection: &Connection,
    log_id: &str,
    kept: &KeptCheckpoint,
    signed_ms: i64,
) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "INSERT INTO witnessed_log (log_id, checkpoint_key, size, root, note, signed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (log_id) DO UPDATE SET checkpoint_key = excluded.checkpoint_key, size = excluded.size,
                 root = excluded.root, note = excluded.note, signed_ms = excluded.signed_ms",
        )?
        .execute(params![
            log_id,
            kept.key,
            signed(kept.checkpoint.size),
            kept.checkpoint.root,
            kept.note,
            signed_ms
        ])?;
    Ok(())
}

/// Keeps both notes of a log with two histories; the same pair once.
pub(super) fn keep_alarm(connection: &Connection, alarm: &WitnessAlarm) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "INSERT INTO witness_alarm (log_id, kept_note, shown_note, found_ms) SELECT ?1, ?2, ?3, ?4
             WHERE NOT EXISTS (SELECT 1 FROM witness_alarm WHERE kept_note = ?2 AND shown_note = ?3)",
        )?
        .execute(params![alarm.log_id, alarm.kept_note, alarm.shown_note, alarm.found_ms])?;
    Ok(())
}

/// The logs that are witnessed here.
pub(crate) fn known_logs(connection: &Connection) -> Result<Vec<WitnessedLog>, Problem> {
    let sql =
        "SELECT log_id, checkpoint_key, size, root, note, signed_ms FROM witnessed_log ORDER BY signed_ms DESC, log_id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let root: [u8; 32] = row.get(3)?;
        Ok(WitnessedLog {
            log_id: row.get(0)?,
            fingerprint: signature::fingerprint(&row.get(1)?),
            size: size(row, 2)?,
            root: hex::encode(root),
            note: row.get(4)?,
            signed_ms: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The logs that were shown with two histories, newest first.
pub(crate) fn alarms(connection: &Connection) -> Result<Vec<WitnessAlarm>, Problem> {
    let sql = "SELECT log_id, kept_note, shown_note, found_ms FROM witness_alarm ORDER BY id DESC LIMIT 100";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(WitnessAlarm {
            log_id: row.get(0)?,
            kept_note: row.get(1)?,
            shown_note: row.get(2)?,
            found_ms: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Remembers that a question went out.
pub(super) fn note_question(connection: &Connection, log_id: &str, of_size: u64, asked_ms: i64) -> Result<(), Problem> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO witness_question (log_id, size, asked_ms) VALUES (?1, ?2, ?3)")?
        .execute(params![log_id, signed(of_size), asked_ms])?;
    Ok(())
}

/// The sizes that were asked about, the last question first.
pub(super) fn questions(connection: &Connection, log_id: &str) -> Result<Vec<u64>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT size FROM witness_question WHERE log_id = ?1 ORDER BY asked_ms DESC, size DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![log_id, MOST_QUESTIONS], |row| size(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn size(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}

fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
