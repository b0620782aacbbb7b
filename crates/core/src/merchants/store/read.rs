//! Reading merchants: one, how many, and a page in the order of their ids.
//!
//! Deliberately absent: search; see [`crate::merchants::directory`].

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::merchants::merchant::{Merchant, MerchantState};
use crate::merchants::tags::split_tags;
use crate::problem::Problem;

/// The columns that [`merchant_of`] reads, in its order.
pub(in crate::merchants) const COLUMNS: &str =
    "merchant_id, name, reference, country, tags, state, pinned, opened_at_ms, refreshed_at_ms, imported_at_ms";

/// Reads one row of [`COLUMNS`].
pub(in crate::merchants) fn merchant_of(row: &Row<'_>) -> rusqlite::Result<Merchant> {
    Ok(Merchant {
        id: row.get(0)?,
        name: row.get(1)?,
        reference: row.get(2)?,
        country: row.get(3)?,
        tags: split_tags(row.get_ref(4)?.as_str()?),
        state: MerchantState::from_word(row.get_ref(5)?.as_str()?),
        pinned: row.get(6)?,
        opened_at_ms: row.get(7)?,
        refreshed_at_ms: row.get(8)?,
        imported_at_ms: row.get(9)?,
    })
}

/// Reads one merchant by its whole KRN.
///
/// # Errors
/// What the database says.
pub fn get(conn: &Connection, profile: &str, id: &str) -> Result<Option<Merchant>, Problem> {
    let sql = format!("SELECT {COLUMNS} FROM merchant WHERE profile = ?1 AND merchant_id = ?2");
    Ok(conn
        .prepare_cached(&sql)?
        .query_row([profile, id], merchant_of)
        .optional()?)
}

/// Counts a profile's merchants.
///
/// # Errors
/// What the database says.
pub fn count(conn: &Connection, profile: &str) -> Result<u32, Problem> {
    let sql = "SELECT count(*) FROM merchant WHERE profile = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([profile], |row| row.get(0))?)
}

/// Reads up to `limit` merchants whose id comes after `after`, in the order of ids: for exports and sweeps that want
/// every row without holding them all. Pass the last id to go on; begin with the empty text.
///
/// # Errors
/// What the database says.
pub fn page(conn: &Connection, profile: &str, after: &str, limit: u32) -> Result<Vec<Merchant>, Problem> {
    let sql =
        format!("SELECT {COLUMNS} FROM merchant WHERE profile = ?1 AND merchant_id > ?2 ORDER BY merchant_id LIMIT ?3");
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![profile, after, limit], merchant_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
