//! Logins that began with the "Continue with ..." button, and the codes of the simulated provider.

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// A login that waits for its link.
pub(crate) struct Login {
    pub(crate) token: String,
    pub(crate) created_ms: i64,
    pub(crate) used_ms: Option<i64>,
}

/// What a code stands for; it is used once.
pub(crate) struct Code {
    pub(crate) client: String,
    pub(crate) redirect: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: String,
    /// The person's claims as JSON.
    pub(crate) claims: String,
    pub(crate) created_ms: i64,
}

pub(crate) fn begin(tx: &Transaction<'_>, token: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO logins (token, created_ms) VALUES (?1, ?2)",
        params![token, now_ms],
    )
    .map(drop)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Login> {
    Ok(Login {
        token: row.get(0)?,
        created_ms: row.get(1)?,
        used_ms: row.get(2)?,
    })
}

pub(crate) fn by_token(tx: &Transaction<'_>, token: &str) -> rusqlite::Result<Option<Login>> {
    tx.prepare_cached("SELECT token, created_ms, used_ms FROM logins WHERE token = ?1")?
        .query_row([token], read)
        .optional()
}

pub(crate) fn by_link(tx: &Transaction<'_>, link: &str) -> rusqlite::Result<Option<Login>> {
    tx.prepare_cached("SELECT token, created_ms, used_ms FROM logins WHERE link = ?1")?
        .query_row([link], read)
        .optional()
}

pub(crate) fn join(tx: &Transaction<'_>, token: &str, link: &str) -> rusqlite::Result<()> {
    tx.execute("UPDATE logins SET link = ?2 WHERE token = ?1", params![token, link])
        .map(drop)
}

pub(crate) fn mark_used(tx: &Transaction<'_>, token: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE logins SET used_ms = ?2 WHERE token = ?1",
        params![token, now_ms],
    )
    .map(drop)
}

pub(crate) fn keep_code(tx: &Transaction<'_>, text: &str, code: &Code) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO oidc_codes (code, client, redirect, nonce, challenge, claims, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![text, code.client, code.redirect, code.nonce, code.challenge, code.claims, code.created_ms],
    )
    .map(drop)
}

pub(crate) fn take_code(tx: &Transaction<'_>, text: &str) -> rusqlite::Result<Option<Code>> {
    tx.query_row(
        "DELETE FROM oidc_codes WHERE code = ?1 RETURNING client, redirect, nonce, challenge, claims, created_ms",
        [text],
        |row| {
            Ok(Code {
                client: row.get(0)?,
                redirect: row.get(1)?,
                nonce: row.get(2)?,
                challenge: row.get(3)?,
                claims: row.get(4)?,
                created_ms: row.get(5)?,
            })
        },
    )
    .optional()
}
