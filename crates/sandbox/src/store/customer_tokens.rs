//! Customer tokens of all three families, kept after their end (tokens.md sections 3, 4.4 and 5).
//!
//! The row holds what Klarna decided; that an accepted cancellation has meanwhile taken effect is computed in
//! [`crate::customer_token`]. Nothing here writes a token into a log.

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One token.
#[derive(Clone)]
pub(crate) struct Token {
    /// Its position, in the order of making.
    pub(crate) id: i64,
    pub(crate) token: String,
    /// `payment`, `linking` or `v1`.
    pub(crate) family: String,
    pub(crate) acquirer: String,
    /// The merchant that it belongs to.
    pub(crate) account: String,
    /// `customer_token_reference`.
    pub(crate) reference: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) currency: String,
    pub(crate) email: String,
    /// `ACTIVE`, `SUSPENDED`, `REVOKED` or `SUPERSEDED`.
    pub(crate) status: String,
    /// Why the next charges are declined, set through the control API.
    pub(crate) decline: Option<String>,
    /// When an accepted cancellation takes effect.
    pub(crate) ends_ms: Option<i64>,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    /// `acquirer`, `customer` or `klarna`.
    pub(crate) ended_by: Option<String>,
    pub(crate) superseded_by: Option<String>,
}

/// Which tokens a list holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Which {
    pub(crate) account: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) family: Option<String>,
    pub(crate) after: i64,
}

const COLUMNS: &str = "id, token, family, acquirer, account, reference, scopes, currency, email, status, decline, ends_ms, \
     created_ms, updated_ms, ended_by, superseded_by";

fn read(row: &Row<'_>) -> rusqlite::Result<Token> {
    let scopes: String = row.get(6)?;
    Ok(Token {
        id: row.get(0)?,
        token: row.get(1)?,
        family: row.get(2)?,
        acquirer: row.get(3)?,
        account: row.get(4)?,
        reference: row.get(5)?,
        scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        currency: row.get(7)?,
        email: row.get(8)?,
        status: row.get(9)?,
        decline: row.get(10)?,
        ends_ms: row.get(11)?,
        created_ms: row.get(12)?,
        updated_ms: row.get(13)?,
        ended_by: row.get(14)?,
        superseded_by: row.get(15)?,
    })
}

/// Writes a new token, or the one with the same text anew.
pub(crate) fn write(tx: &Transaction<'_>, token: &Token) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "INSERT INTO customer_tokens ({COLUMNS}) VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (token) DO UPDATE SET reference = excluded.reference, status = excluded.status, decline = excluded.decline,
             ends_ms = excluded.ends_ms, updated_ms = excluded.updated_ms, ended_by = excluded.ended_by,
             superseded_by = excluded.superseded_by"
    ))?
    .execute(params![
        token.id,
        token.token,
        token.family,
        token.acquirer,
        token.account,
        token.reference,
        token.scopes.join(" "),
        token.currency,
        token.email,
        token.status,
        token.decline,
        token.ends_ms,
        token.created_ms,
        token.updated_ms,
        token.ended_by,
        token.superseded_by
    ])
    .map(drop)
}

pub(crate) fn find(tx: &Transaction<'_>, token: &str) -> rusqlite::Result<Option<Token>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM customer_tokens WHERE token = ?1"))?
        .query_row([token], read)
        .optional()
}

/// Lists in the order of making.
pub(crate) fn list(tx: &Transaction<'_>, which: &Which, limit: i64) -> rusqlite::Result<Vec<Token>> {
    let by_reference = if which.reference.is_some() {
        "reference = ?2"
    } else {
        "?2 IS NULL"
    };
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM customer_tokens WHERE id > ?4 AND {by_reference} AND (?1 IS NULL OR account = ?1)
         AND (?3 IS NULL OR family = ?3) ORDER BY id LIMIT {limit}"
    ))?
    .query_map(params![which.account, which.reference, which.family, which.after], read)?
    .collect()
}
