//! API keys: what they are, when they were used, and how they end (portal-access.md section 7).
//!
//! The sandbox keeps its keys readable: they open nothing but the sandbox.

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// Use is noted once a minute, so that not every call writes.
const NOTED_EVERY_MS: i64 = 60_000;

/// One API key.
#[derive(Clone)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    pub(crate) uuid: String,
    pub(crate) secret: String,
    pub(crate) account: String,
    pub(crate) description: String,
    pub(crate) created_ms: i64,
    pub(crate) disabled_ms: Option<i64>,
    /// When it was last used, to the minute.
    pub(crate) used_ms: Option<i64>,
}

const COLUMNS: &str = "id, uuid, secret, account, description, created_ms, disabled_ms, used_ms";

fn read_key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    Ok(ApiKey {
        id: row.get(0)?,
        uuid: row.get(1)?,
        secret: row.get(2)?,
        account: row.get(3)?,
        description: row.get(4)?,
        created_ms: row.get(5)?,
        disabled_ms: row.get(6)?,
        used_ms: row.get(7)?,
    })
}

pub(crate) fn insert(tx: &Transaction<'_>, key: &ApiKey) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO api_keys (id, uuid, secret, account, description, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            key.id,
            key.uuid,
            key.secret,
            key.account,
            key.description,
            key.created_ms
        ],
    )
    .map(drop)
}

pub(crate) fn key_by_secret(tx: &Transaction<'_>, secret: &str) -> rusqlite::Result<Option<ApiKey>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM api_keys WHERE secret = ?1"))?
        .query_row([secret], read_key)
        .optional()
}

pub(crate) fn find(tx: &Transaction<'_>, account: &str, id: &str) -> rusqlite::Result<Option<ApiKey>> {
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM api_keys WHERE account = ?1 AND id = ?2"
    ))?
    .query_row([account, id], read_key)
    .optional()
}

pub(crate) fn list(tx: &Transaction<'_>, account: &str) -> rusqlite::Result<Vec<ApiKey>> {
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM api_keys WHERE account = ?1 ORDER BY created_ms, id"
    ))?
    .query_map([account], read_key)?
    .collect()
}

pub(crate) fn rename(tx: &Transaction<'_>, id: &str, description: &str) -> rusqlite::Result<()> {
    tx.execute("UPDATE api_keys SET description = ?2 WHERE id = ?1", [id, description])
        .map(drop)
}

pub(crate) fn disable(tx: &Transaction<'_>, id: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE api_keys SET disabled_ms = coalesce(disabled_ms, ?2) WHERE id = ?1",
        params![id, now_ms],
    )
    .map(drop)
}

/// Takes a key's end back, as if it had just been made; only a reset may.
pub(crate) fn revive(tx: &Transaction<'_>, secret: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE api_keys SET disabled_ms = NULL, created_ms = min(created_ms, ?2), used_ms = ?2 WHERE secret = ?1",
        params![secret, now_ms],
    )
    .map(drop)
}

/// Notes that a key was used.
pub(crate) fn mark_used(tx: &Transaction<'_>, key: &ApiKey, now_ms: i64) -> rusqlite::Result<()> {
    if key
        .used_ms
        .is_some_and(|at| (0..NOTED_EVERY_MS).contains(&(now_ms - at)))
    {
        return Ok(());
    }
    tx.prepare_cached("UPDATE api_keys SET used_ms = ?2 WHERE id = ?1")?
        .execute(params![key.id, now_ms])
        .map(drop)
}

/// Disables the keys that nobody used for a while, and deletes those that were disabled long ago (portal-access.md 7, DOC).
pub(crate) fn retire(
    tx: &Transaction<'_>,
    now_ms: i64,
    idle_ms: Option<i64>,
    kept_ms: Option<i64>,
) -> rusqlite::Result<()> {
    if let Some(idle_ms) = idle_ms {
        tx.prepare_cached(
            "UPDATE api_keys SET disabled_ms = max(created_ms, coalesce(used_ms, 0)) + ?2
             WHERE disabled_ms IS NULL AND max(created_ms, coalesce(used_ms, 0)) + ?2 <= ?1",
        )?
        .execute([now_ms, idle_ms])?;
    }
    if let Some(kept_ms) = kept_ms {
        tx.prepare_cached("DELETE FROM api_keys WHERE disabled_ms + ?2 <= ?1")?
            .execute([now_ms, kept_ms])?;
    }
    Ok(())
}
