//! Finding the one merchant that a person named on the command line (design section 7).
//!
//! An account KRN, its last segment, or a reference that is unique. Deliberately absent: names; two merchants with the
//! same name are common, and a portal must never open for the wrong one.

use gatehouse_klarna::AccountKrn;
use rusqlite::Connection;

use super::clean::shown;
use super::failure::{Candidate, MerchantFailure};
use super::merchant::Merchant;
use super::store::{COLUMNS, get, merchant_of};
use crate::problem::Problem;

/// How many candidates are listed.
const LISTED: usize = 10;

/// Finds the one merchant that `needle` names. Capitals count first; only if nothing fits so, they are overlooked.
///
/// # Errors
/// `merchant_unknown`, `merchant_ambiguous` with the candidates, `krn_invalid` for a damaged KRN, or what the database says.
pub fn find(conn: &Connection, profile: &str, needle: &str) -> Result<Merchant, Problem> {
    let needle = needle.trim();
    if needle.to_ascii_lowercase().starts_with("krn:") {
        return by_krn(conn, profile, needle);
    }
    let exact = fitting(conn, profile, needle, "BINARY")?;
    let found = if exact.is_empty() {
        fitting(conn, profile, needle, "NOCASE")?
    } else {
        exact
    };
    Ok(only(needle, found)?)
}

fn by_krn(conn: &Connection, profile: &str, needle: &str) -> Result<Merchant, Problem> {
    let krn = AccountKrn::parse(needle).map_err(|_| MerchantFailure::Krn { needle: shown(needle) })?;
    let found = get(conn, profile, krn.as_str())?;
    Ok(found.ok_or_else(|| MerchantFailure::Unknown { needle: shown(needle) })?)
}

fn fitting(conn: &Connection, profile: &str, needle: &str, collation: &str) -> Result<Vec<Merchant>, Problem> {
    if needle.is_empty() {
        return Ok(Vec::new());
    }
    let limit = LISTED + 1;
    // With OR in its place SQLite walks the whole directory in key order; each half alone has an index.
    let sql = format!(
        "SELECT {COLUMNS} FROM merchant WHERE profile = ?1 AND merchant_id IN (
             SELECT merchant_id FROM merchant WHERE profile = ?1 AND suffix = ?2 COLLATE {collation}
             UNION SELECT merchant_id FROM merchant WHERE profile = ?1 AND reference = ?2 COLLATE {collation})
         ORDER BY merchant_id LIMIT {limit}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([profile, needle], merchant_of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn only(needle: &str, mut found: Vec<Merchant>) -> Result<Merchant, MerchantFailure> {
    match found.len() {
        0 => Err(MerchantFailure::Unknown { needle: shown(needle) }),
        1 => Ok(found.swap_remove(0)),
        several => Err(MerchantFailure::Ambiguous {
            needle: shown(needle),
            candidates: found
                .into_iter()
                .take(LISTED)
                .map(|one| Candidate {
                    id: one.id,
                    name: one.name,
                })
                .collect(),
            more: several > LISTED,
        }),
    }
}
