//! Sessions of payments v1 with their authorisation and order, and who may open them (tokens.md 4.1 to 4.4).

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One session of payments v1.
#[derive(Clone)]
pub(crate) struct Purchase {
    pub(crate) id: String,
    pub(crate) client_token: String,
    pub(crate) account: String,
    pub(crate) intent: String,
    /// The session's body as JSON, with its updates.
    pub(crate) body: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: i64,
    /// Who bought.
    pub(crate) email: Option<String>,
    /// Whether the customer let the shop link the account.
    pub(crate) linked: bool,
    pub(crate) refused: bool,
    /// `authorization_token`.
    pub(crate) authorization: Option<String>,
    pub(crate) authorized_ms: Option<i64>,
    pub(crate) released_ms: Option<i64>,
    pub(crate) order_id: Option<String>,
    /// The token that came of it.
    pub(crate) token: Option<String>,
}

const COLUMNS: &str = "id, client_token, account, intent, body, created_ms, expires_ms, email, linked, refused, authorization, \
     authorized_ms, released_ms, order_id, token";

fn read(row: &Row<'_>) -> rusqlite::Result<Purchase> {
    Ok(Purchase {
        id: row.get(0)?,
        client_token: row.get(1)?,
        account: row.get(2)?,
        intent: row.get(3)?,
        body: row.get(4)?,
        created_ms: row.get(5)?,
        expires_ms: row.get(6)?,
        email: row.get(7)?,
        linked: row.get(8)?,
        refused: row.get(9)?,
        authorization: row.get(10)?,
        authorized_ms: row.get(11)?,
        released_ms: row.get(12)?,
        order_id: row.get(13)?,
        token: row.get(14)?,
    })
}

/// Writes a new session, or the one with the same id anew.
pub(crate) fn write(tx: &Transaction<'_>, purchase: &Purchase) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "INSERT OR REPLACE INTO purchases ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    ))?
    .execute(params![
        purchase.id,
        purchase.client_token,
        purchase.account,
        purchase.intent,
        purchase.body,
        purchase.created_ms,
        purchase.expires_ms,
        purchase.email,
        purchase.linked,
        purchase.refused,
        purchase.authorization,
        purchase.authorized_ms,
        purchase.released_ms,
        purchase.order_id,
        purchase.token
    ])
    .map(drop)
}

fn one(tx: &Transaction<'_>, column: &str, value: &str) -> rusqlite::Result<Option<Purchase>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM purchases WHERE {column} = ?1"))?
        .query_row([value], read)
        .optional()
}

pub(crate) fn by_id(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Purchase>> {
    one(tx, "id", id)
}

pub(crate) fn by_client_token(tx: &Transaction<'_>, token: &str) -> rusqlite::Result<Option<Purchase>> {
    one(tx, "client_token", token)
}

pub(crate) fn by_authorization(tx: &Transaction<'_>, token: &str) -> rusqlite::Result<Option<Purchase>> {
    one(tx, "authorization", token)
}

/// Gives user name and password of a merchant, made by `make` at the first asking.
pub(crate) fn credentials(
    tx: &Transaction<'_>,
    account: &str,
    make: impl FnOnce() -> (String, String),
) -> rusqlite::Result<(String, String)> {
    let known = tx
        .prepare_cached("SELECT username, password FROM v1_credentials WHERE account = ?1")?
        .query_row([account], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    let (username, password) = make();
    tx.execute(
        "INSERT INTO v1_credentials (username, password, account) VALUES (?1, ?2, ?3)",
        [&username, &password, account],
    )?;
    Ok((username, password))
}

/// Finds the merchant of a user name and password.
pub(crate) fn account_of(tx: &Transaction<'_>, username: &str, password: &str) -> rusqlite::Result<Option<String>> {
    tx.prepare_cached("SELECT account FROM v1_credentials WHERE username = ?1 AND password = ?2")?
        .query_row([username, password], |row| row.get(0))
        .optional()
}
