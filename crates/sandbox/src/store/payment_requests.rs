//! Payment Requests: what a customer is asked to agree to, and the session token that comes of it (tokens.md 1.6).
//!
//! The row holds what happened; that a request's time is over is computed in [`crate::payment_request`].

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One Payment Request.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) id: String,
    /// The secret part of the consent page's address.
    pub(crate) page: String,
    pub(crate) acquirer: String,
    pub(crate) account: String,
    /// `payment_request_reference`.
    pub(crate) reference: Option<String>,
    pub(crate) state: String,
    /// The state before.
    pub(crate) former: Option<String>,
    /// Absent when only a token is asked for.
    pub(crate) amount: Option<i64>,
    pub(crate) currency: String,
    /// The scopes of the token that is asked for.
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) token_reference: Option<String>,
    /// The token whose charge asked for the customer.
    pub(crate) charged: Option<String>,
    pub(crate) return_url: Option<String>,
    pub(crate) email: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) expires_ms: i64,
    pub(crate) canceled_ms: Option<i64>,
    pub(crate) session_token: Option<String>,
    pub(crate) session_until_ms: Option<i64>,
    pub(crate) session_used_ms: Option<i64>,
    /// The token that came of it.
    pub(crate) token: Option<String>,
}

const COLUMNS: &str = "id, page, acquirer, account, reference, state, former, amount, currency, scopes, token_reference, charged, \
     return_url, email, created_ms, updated_ms, expires_ms, canceled_ms, session_token, session_until_ms, session_used_ms, token";

fn read(row: &Row<'_>) -> rusqlite::Result<Request> {
    let scopes: Option<String> = row.get(9)?;
    Ok(Request {
        id: row.get(0)?,
        page: row.get(1)?,
        acquirer: row.get(2)?,
        account: row.get(3)?,
        reference: row.get(4)?,
        state: row.get(5)?,
        former: row.get(6)?,
        amount: row.get(7)?,
        currency: row.get(8)?,
        scopes: scopes.map(|scopes| scopes.split_whitespace().map(str::to_owned).collect()),
        token_reference: row.get(10)?,
        charged: row.get(11)?,
        return_url: row.get(12)?,
        email: row.get(13)?,
        created_ms: row.get(14)?,
        updated_ms: row.get(15)?,
        expires_ms: row.get(16)?,
        canceled_ms: row.get(17)?,
        session_token: row.get(18)?,
        session_until_ms: row.get(19)?,
        session_used_ms: row.get(20)?,
        token: row.get(21)?,
    })
}

/// Writes a new request, or the one with the same id anew.
pub(crate) fn write(tx: &Transaction<'_>, request: &Request) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "INSERT OR REPLACE INTO payment_requests ({COLUMNS}) VALUES
         (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)"
    ))?
    .execute(params![
        request.id,
        request.page,
        request.acquirer,
        request.account,
        request.reference,
        request.state,
        request.former,
        request.amount,
        request.currency,
        request.scopes.as_ref().map(|scopes| scopes.join(" ")),
        request.token_reference,
        request.charged,
        request.return_url,
        request.email,
        request.created_ms,
        request.updated_ms,
        request.expires_ms,
        request.canceled_ms,
        request.session_token,
        request.session_until_ms,
        request.session_used_ms,
        request.token
    ])
    .map(drop)
}

fn one(tx: &Transaction<'_>, column: &str, value: &str) -> rusqlite::Result<Option<Request>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM payment_requests WHERE {column} = ?1"))?
        .query_row([value], read)
        .optional()
}

pub(crate) fn by_id(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Request>> {
    one(tx, "id", id)
}

pub(crate) fn by_page(tx: &Transaction<'_>, page: &str) -> rusqlite::Result<Option<Request>> {
    one(tx, "page", page)
}

pub(crate) fn by_session_token(tx: &Transaction<'_>, token: &str) -> rusqlite::Result<Option<Request>> {
    one(tx, "session_token", token)
}

/// Lists the open ones whose time is over.
pub(crate) fn late(tx: &Transaction<'_>, now_ms: i64) -> rusqlite::Result<Vec<Request>> {
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM payment_requests WHERE state IN ('SUBMITTED', 'IN_PROGRESS') AND expires_ms <= ?1"
    ))?
    .query_map([now_ms], read)?
    .collect()
}

/// When the next open one expires.
pub(crate) fn next_end_ms(tx: &Transaction<'_>) -> rusqlite::Result<Option<i64>> {
    tx.prepare_cached("SELECT min(expires_ms) FROM payment_requests WHERE state IN ('SUBMITTED', 'IN_PROGRESS')")?
        .query_row([], |row| row.get(0))
}

/// Lists the newest first.
pub(crate) fn list(tx: &Transaction<'_>, limit: i64) -> rusqlite::Result<Vec<Request>> {
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM payment_requests ORDER BY created_ms DESC, rowid DESC LIMIT ?1"
    ))?
    .query_map([limit], read)?
    .collect()
}
