//! Deliveries: what is to be posted where and when, and what became of it (tokens.md 7.5).
//!
//! The newest thousand that are over are kept; older ones go when the next one is written.

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One delivery.
#[derive(Clone)]
pub(crate) struct Delivery {
    pub(crate) id: i64,
    pub(crate) event_id: String,
    pub(crate) event_type: String,
    pub(crate) url: String,
    pub(crate) body: String,
    /// Absent for a callback, which is not signed.
    pub(crate) signing_key: Option<String>,
    /// `WAITING`, `DELIVERED`, `GIVEN_UP` or `LOST`.
    pub(crate) state: String,
    pub(crate) attempts: i64,
    pub(crate) due_ms: i64,
    pub(crate) created_ms: i64,
    pub(crate) tried_ms: Option<i64>,
    /// What the receiver last answered.
    pub(crate) status: Option<i64>,
    /// Why it could not be reached.
    pub(crate) trouble: Option<String>,
}

const COLUMNS: &str =
    "id, event_id, event_type, url, body, signing_key, state, attempts, due_ms, created_ms, tried_ms, status, trouble";

fn read(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: row.get(0)?,
        event_id: row.get(1)?,
        event_type: row.get(2)?,
        url: row.get(3)?,
        body: row.get(4)?,
        signing_key: row.get(5)?,
        state: row.get(6)?,
        attempts: row.get(7)?,
        due_ms: row.get(8)?,
        created_ms: row.get(9)?,
        tried_ms: row.get(10)?,
        status: row.get(11)?,
        trouble: row.get(12)?,
    })
}

/// Writes a new delivery (id 0), or the one with the same id anew.
pub(crate) fn write(tx: &Transaction<'_>, delivery: &Delivery) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "INSERT OR REPLACE INTO deliveries ({COLUMNS}) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    ))?
    .execute(params![
        delivery.id,
        delivery.event_id,
        delivery.event_type,
        delivery.url,
        delivery.body,
        delivery.signing_key,
        delivery.state,
        delivery.attempts,
        delivery.due_ms,
        delivery.created_ms,
        delivery.tried_ms,
        delivery.status,
        delivery.trouble
    ])?;
    tx.prepare_cached(
        "DELETE FROM deliveries WHERE state <> 'WAITING' AND id < (SELECT max(id) - 1000 FROM deliveries)",
    )?
    .execute([])
    .map(drop)
}

/// Gives the one that is due longest.
pub(crate) fn due(tx: &Transaction<'_>, now_ms: i64) -> rusqlite::Result<Option<Delivery>> {
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM deliveries WHERE state = 'WAITING' AND due_ms <= ?1 ORDER BY due_ms, id LIMIT 1"
    ))?
    .query_row([now_ms], read)
    .optional()
}

/// When the next one is due.
pub(crate) fn next_due_ms(tx: &Transaction<'_>) -> rusqlite::Result<Option<i64>> {
    tx.prepare_cached("SELECT min(due_ms) FROM deliveries WHERE state = 'WAITING'")?
        .query_row([], |row| row.get(0))
}

/// How many were ever written.
pub(crate) fn last_id(tx: &Transaction<'_>) -> rusqlite::Result<i64> {
    tx.prepare_cached("SELECT coalesce(max(id), 0) FROM deliveries")?
        .query_row([], |row| row.get(0))
}

pub(crate) fn find(tx: &Transaction<'_>, id: i64) -> rusqlite::Result<Option<Delivery>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM deliveries WHERE id = ?1"))?
        .query_row([id], read)
        .optional()
}

/// Lists the newest first.
pub(crate) fn list(tx: &Transaction<'_>, limit: i64) -> rusqlite::Result<Vec<Delivery>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM deliveries ORDER BY id DESC LIMIT ?1"))?
        .query_map([limit], read)?
        .collect()
}
