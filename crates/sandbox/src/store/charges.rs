//! Charges: what was decided about money, so that a test can hold what an app believes against what is.

use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One decision about money.
pub(crate) struct Charge {
    pub(crate) id: String,
    /// The token that was charged, if it was one.
    pub(crate) token: Option<String>,
    pub(crate) account: String,
    pub(crate) reference: Option<String>,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    /// `APPROVED` or `DECLINED`.
    pub(crate) result: String,
    pub(crate) reason: Option<String>,
    pub(crate) created_ms: i64,
}

const COLUMNS: &str = "id, token, account, reference, amount, currency, result, reason, created_ms";

fn read(row: &Row<'_>) -> rusqlite::Result<Charge> {
    Ok(Charge {
        id: row.get(0)?,
        token: row.get(1)?,
        account: row.get(2)?,
        reference: row.get(3)?,
        amount: row.get(4)?,
        currency: row.get(5)?,
        result: row.get(6)?,
        reason: row.get(7)?,
        created_ms: row.get(8)?,
    })
}

pub(crate) fn insert(tx: &Transaction<'_>, charge: &Charge) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "INSERT INTO charges ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    ))?
    .execute(params![
        charge.id,
        charge.token,
        charge.account,
        charge.reference,
        charge.amount,
        charge.currency,
        charge.result,
        charge.reason,
        charge.created_ms
    ])
    .map(drop)
}

pub(crate) fn find(tx: &Transaction<'_>, id: &str) -> rusqlite::Result<Option<Charge>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM charges WHERE id = ?1"))?
        .query_row([id], read)
        .optional()
}

/// Lists the newest first.
pub(crate) fn list(tx: &Transaction<'_>, limit: i64) -> rusqlite::Result<Vec<Charge>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM charges ORDER BY rowid DESC LIMIT ?1"))?
        .query_map([limit], read)?
        .collect()
}
