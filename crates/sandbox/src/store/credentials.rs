//! Client certificates, and since when mTLS is demanded.
//!
//! Private keys of clients are never seen here.

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One certificate that the sandbox issued.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) usage: String,
    pub(crate) description: String,
    pub(crate) pem: String,
    pub(crate) sha256: String,
    pub(crate) serial: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) revoked_from_ms: Option<i64>,
}

const CERTIFICATE_COLUMNS: &str =
    "id, account, usage, description, pem, sha256, serial, created_ms, expires_ms, revoked_from_ms";

fn read_certificate(row: &Row<'_>) -> rusqlite::Result<Certificate> {
    Ok(Certificate {
        id: row.get(0)?,
        account: row.get(1)?,
        usage: row.get(2)?,
        description: row.get(3)?,
        pem: row.get(4)?,
        sha256: row.get(5)?,
        serial: row.get(6)?,
        created_ms: row.get(7)?,
        expires_ms: row.get(8)?,
        revoked_from_ms: row.get(9)?,
    })
}

pub(crate) fn insert_certificate(tx: &Transaction<'_>, one: &Certificate) -> rusqlite::Result<()> {
    let sql =
        format!("INSERT INTO certificates ({CERTIFICATE_COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    tx.execute(
        &sql,
        params![
            one.id,
            one.account,
            one.usage,
            one.description,
            one.pem,
            one.sha256,
            one.serial,
            one.created_ms,
            one.expires_ms,
            one.revoked_from_ms
        ],
    )
    .map(drop)
}

pub(crate) fn certificate(tx: &Transaction<'_>, account: &str, id: &str) -> rusqlite::Result<Option<Certificate>> {
    tx.prepare_cached(&format!(
        "SELECT {CERTIFICATE_COLUMNS} FROM certificates WHERE account = ?1 AND id = ?2"
    ))?
    .query_row([account, id], read_certificate)
    .optional()
}

pub(crate) fn certificate_by_sha256(tx: &Transaction<'_>, sha256: &str) -> rusqlite::Result<Option<Certificate>> {
    tx.prepare_cached(&format!(
        "SELECT {CERTIFICATE_COLUMNS} FROM certificates WHERE sha256 = ?1"
    ))?
    .query_row([sha256], read_certificate)
    .optional()
}

pub(crate) fn certificates(tx: &Transaction<'_>, account: &str) -> rusqlite::Result<Vec<Certificate>> {
    tx.prepare_cached(&format!(
        "SELECT {CERTIFICATE_COLUMNS} FROM certificates WHERE account = ?1 ORDER BY created_ms, id"
    ))?
    .query_map([account], read_certificate)?
    .collect()
}

pub(crate) fn rename_certificate(tx: &Transaction<'_>, id: &str, description: &str) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE certificates SET description = ?2 WHERE id = ?1",
        [id, description],
    )
    .map(drop)
}

pub(crate) fn revoke_certificate(tx: &Transaction<'_>, id: &str, from_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE certificates SET revoked_from_ms = ?2 WHERE id = ?1",
        params![id, from_ms],
    )
    .map(drop)
}

pub(crate) fn enforced_from(tx: &Transaction<'_>, account: &str) -> rusqlite::Result<Option<i64>> {
    tx.prepare_cached("SELECT enforced_from_ms FROM enforcement WHERE account = ?1")?
        .query_row([account], |row| row.get(0))
        .optional()
}

pub(crate) fn set_enforced_from(tx: &Transaction<'_>, account: &str, from_ms: Option<i64>) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM enforcement WHERE account = ?1", [account])?;
    if let Some(from_ms) = from_ms {
        tx.execute(
            "INSERT INTO enforcement (account, enforced_from_ms) VALUES (?1, ?2)",
            params![account, from_ms],
        )?;
    }
    Ok(())
}
