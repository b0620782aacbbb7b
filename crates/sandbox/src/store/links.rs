//! Deep links and the sessions that grow out of them: one row for both, since a link makes at most one session.
//!
//! The row holds moments only; what state they amount to is computed in [`crate::portal::life`].

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One deep link and, once it was used, its session.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) acquirer: String,
    pub(crate) merchant: String,
    pub(crate) subject: String,
    pub(crate) roles: Vec<String>,
    pub(crate) on_behalf_of: String,
    /// `signed` or `unsigned`.
    pub(crate) form: String,
    pub(crate) password_due: bool,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) session: Option<String>,
    pub(crate) used_ms: Option<i64>,
    pub(crate) seen_ms: Option<i64>,
    pub(crate) deleted_ms: Option<i64>,
    /// When a revocation bites.
    pub(crate) out_ms: Option<i64>,
}

const COLUMNS: &str = "id, token, acquirer, merchant, subject, roles, on_behalf_of, form, password_due, \
     created_ms, expires_ms, session, used_ms, seen_ms, deleted_ms, out_ms";

fn read(row: &Row<'_>) -> rusqlite::Result<Link> {
    let roles: String = row.get(5)?;
    Ok(Link {
        id: row.get(0)?,
        token: row.get(1)?,
        acquirer: row.get(2)?,
        merchant: row.get(3)?,
        subject: row.get(4)?,
        roles: roles.split(' ').map(str::to_owned).collect(),
        on_behalf_of: row.get(6)?,
        form: row.get(7)?,
        password_due: row.get(8)?,
        created_ms: row.get(9)?,
        expires_ms: row.get(10)?,
        session: row.get(11)?,
        used_ms: row.get(12)?,
        seen_ms: row.get(13)?,
        deleted_ms: row.get(14)?,
        out_ms: row.get(15)?,
    })
}

pub(crate) fn insert(tx: &Transaction<'_>, link: &Link) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT INTO links (id, token, acquirer, merchant, subject, roles, on_behalf_of, form, password_due, created_ms, expires_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        link.id,
        link.token,
        link.acquirer,
        link.merchant,
        link.subject,
        link.roles.join(" "),
        link.on_behalf_of,
        link.form,
        link.password_due,
        link.created_ms,
        link.expires_ms
    ])
    .map(drop)
}

pub(crate) fn by_id(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Link>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM links WHERE id = ?1"))?
        .query_row([id], read)
        .optional()
}

pub(crate) fn by_token(tx: &Transaction<'_>, token: &str) -> rusqlite::Result<Option<Link>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM links WHERE token = ?1"))?
        .query_row([token], read)
        .optional()
}

pub(crate) fn by_session(tx: &Transaction<'_>, session: &str) -> rusqlite::Result<Option<Link>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM links WHERE session = ?1"))?
        .query_row([session], read)
        .optional()
}

/// Lists the newest first.
pub(crate) fn list(tx: &Transaction<'_>, limit: u32) -> rusqlite::Result<Vec<Link>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM links ORDER BY rowid DESC LIMIT ?1"))?
        .query_map([limit], read)?
        .collect()
}

pub(crate) fn mark_used(tx: &Transaction<'_>, id: &str, session: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE links SET session = ?2, used_ms = ?3, seen_ms = ?3 WHERE id = ?1",
        params![id, session, now_ms],
    )
    .map(drop)
}

pub(crate) fn mark_seen(tx: &Transaction<'_>, id: &str, now_ms: i64) -> rusqlite::Result<()> {
    tx.execute("UPDATE links SET seen_ms = ?2 WHERE id = ?1", params![id, now_ms])
        .map(drop)
}

pub(crate) fn mark_password_set(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<()> {
    tx.execute("UPDATE links SET password_due = 0 WHERE id = ?1", [id])
        .map(drop)
}

pub(crate) fn mark_deleted(tx: &Transaction<'_>, id: &str, now_ms: i64, out_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE links SET deleted_ms = ?2, out_ms = ?3 WHERE id = ?1",
        params![id, now_ms, out_ms],
    )
    .map(drop)
}
