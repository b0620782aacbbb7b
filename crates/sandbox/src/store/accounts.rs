//! Accounts: the acquirer itself, the merchants it onboarded, and merchants of others.
//!
//! Only what createDeepLink and the account endpoints need; Klarna's onboarding is absent.

use crate::merchants::Merchant;
use rusqlite::{OptionalExtension, Row, Transaction, params};

/// One account row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) krn: String,
    pub(crate) reference: String,
    pub(crate) name: String,
    pub(crate) country: String,
    pub(crate) tags: String,
    pub(crate) state: String,
    /// Whether our acquirer onboarded it.
    pub(crate) onboarded: bool,
}

/// Which accounts a list holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) foreign: Option<bool>,
    pub(crate) state: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) limit: Option<i64>,
}

const COLUMNS: &str = "krn, reference, name, country, tags, state, onboarded";

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        krn: row.get(0)?,
        reference: row.get(1)?,
        name: row.get(2)?,
        country: row.get(3)?,
        tags: row.get(4)?,
        state: row.get(5)?,
        onboarded: row.get(6)?,
    })
}

pub(crate) fn find(tx: &Transaction<'_>, krn: &str) -> rusqlite::Result<Option<Account>> {
    tx.prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE krn = ?1"))?
        .query_row([krn], read)
        .optional()
}

pub(crate) fn find_by_reference(tx: &Transaction<'_>, reference: &str) -> rusqlite::Result<Option<Account>> {
    tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM accounts WHERE reference = ?1 AND onboarded = 1 ORDER BY position LIMIT 1"
    ))?
    .query_row([reference], read)
    .optional()
}

/// Lists in the order of making.
pub(crate) fn list(tx: &Transaction<'_>, filter: &Filter) -> rusqlite::Result<Vec<Account>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM accounts
         WHERE (?1 IS NULL OR onboarded <> ?1) AND (?2 IS NULL OR state = ?2)
           AND position > coalesce((SELECT position FROM accounts WHERE krn = ?3), 0)
         ORDER BY position LIMIT ?4"
    );
    tx.prepare_cached(&sql)?
        .query_map(
            params![filter.foreign, filter.state, filter.after, filter.limit.unwrap_or(-1)],
            read,
        )?
        .collect()
}

/// Counts the merchants that our acquirer onboarded, or those of others.
pub(crate) fn count(tx: &Transaction<'_>, onboarded: bool) -> rusqlite::Result<u32> {
    tx.query_row(
        "SELECT count(*) FROM accounts WHERE onboarded = ?1",
        [onboarded],
        |row| row.get(0),
    )
}

pub(crate) fn insert(tx: &Transaction<'_>, merchant: &Merchant) -> rusqlite::Result<()> {
    tx.prepare_cached("INSERT INTO accounts (krn, reference, name, country, tags, state, onboarded) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
        .execute(params![
            merchant.account_id,
            merchant.reference,
            merchant.name,
            merchant.country,
            merchant.tags.join(" "),
            merchant.state.as_str(),
            !merchant.foreign
        ])
        .map(drop)
}

/// Sets the state; says whether the account exists.
pub(crate) fn set_state(tx: &Transaction<'_>, krn: &str, state: &str) -> rusqlite::Result<bool> {
    Ok(tx.execute("UPDATE accounts SET state = ?2 WHERE krn = ?1", params![krn, state])? == 1)
}

/// Forgets every merchant.
pub(crate) fn clear(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM accounts", []).map(drop)
}
