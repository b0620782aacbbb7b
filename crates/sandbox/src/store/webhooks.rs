//! Webhooks and the keys that sign their deliveries (tokens.md 7.1).

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One webhook.
#[derive(Clone)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    /// Who receives: the account of the API key.
    pub(crate) account: String,
    pub(crate) url: String,
    pub(crate) event_types: Vec<String>,
    pub(crate) event_version: String,
    pub(crate) signing_key: String,
    /// `ENABLED` or `DISABLED`.
    pub(crate) status: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
}

/// One signing key.
pub(crate) struct SigningKey {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) secret: String,
    pub(crate) created_ms: i64,
}

const COLUMNS: &str = "id, account, url, event_types, event_version, signing_key, status, created_ms, updated_ms";

fn read(row: &Row<'_>) -> rusqlite::Result<Webhook> {
    let types: String = row.get(3)?;
    Ok(Webhook {
        id: row.get(0)?,
        account: row.get(1)?,
        url: row.get(2)?,
        event_types: types.split_whitespace().map(str::to_owned).collect(),
        event_version: row.get(4)?,
        signing_key: row.get(5)?,
        status: row.get(6)?,
        created_ms: row.get(7)?,
        updated_ms: row.get(8)?,
    })
}

/// Writes a new webhook, or the one with the same id anew.
pub(crate) fn write(tx: &Transaction<'_>, webhook: &Webhook) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "INSERT INTO webhooks ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET url = excluded.url, event_types = excluded.event_types,
             event_version = excluded.event_version, signing_key = excluded.signing_key, status = excluded.status,
             updated_ms = excluded.updated_ms"
    ))?
    .execute(params![
        webhook.id,
        webhook.account,
        webhook.url,
        webhook.event_types.join(" "),
        webhook.event_version,
        webhook.signing_key,
        webhook.status,
        webhook.created_ms,
        webhook.updated_ms
    ])
    .map(drop)
}

/// Lists an account's webhooks in the order of making.
pub(crate) fn list(tx: &Transaction<'_>, account: &str) -> rusqlite::Result<Vec<Webhook>> {
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM webhooks WHERE account = ?1 ORDER BY rowid"
    ))?
    .query_map([account], read)?
    .collect()
}

pub(crate) fn find(tx: &Transaction<'_>, account: &str, id: &str) -> rusqlite::Result<Option<Webhook>> {
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM webhooks WHERE account = ?1 AND id = ?2"
    ))?
    .query_row([account, id], read)
    .optional()
}

pub(crate) fn delete(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM webhooks WHERE id = ?1", [id]).map(drop)
}

fn read_key(row: &Row<'_>) -> rusqlite::Result<SigningKey> {
    Ok(SigningKey {
        id: row.get(0)?,
        account: row.get(1)?,
        secret: row.get(2)?,
        created_ms: row.get(3)?,
    })
}

pub(crate) fn insert_key(tx: &Transaction<'_>, key: &SigningKey) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO signing_keys (id, account, secret, created_ms) VALUES (?1, ?2, ?3, ?4)",
        params![key.id, key.account, key.secret, key.created_ms],
    )
    .map(drop)
}

/// Lists an account's signing keys in the order of making.
pub(crate) fn keys(tx: &Transaction<'_>, account: &str) -> rusqlite::Result<Vec<SigningKey>> {
    tx.prepare_cached("SELECT id, account, secret, created_ms FROM signing_keys WHERE account = ?1 ORDER BY rowid")?
        .query_map([account], read_key)?
        .collect()
}

/// Finds a key by its id alone, since a delivery knows nothing else.
pub(crate) fn key(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<SigningKey>> {
    tx.prepare_cached("SELECT id, account, secret, created_ms FROM signing_keys WHERE id = ?1")?
        .query_row([id], read_key)
        .optional()
}

pub(crate) fn delete_key(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM signing_keys WHERE id = ?1", [id]).map(drop)
}
