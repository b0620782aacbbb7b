//! The first rows of a profile straight from the table, for the picture that a window shows before the directory is in memory.
//!
//! The same rows in the same order as [`super::Directory::search`] with no query; the indexes of migration 0002 make it a matter of
//! a few pages of the file, where loading reads all of it. Deliberately absent: any query, and further pages.

use rusqlite::{Connection, Row, params};

use super::{Hit, Page, to_u32};
use crate::merchants::merchant::MerchantState;
use crate::merchants::store;
use crate::merchants::tags::split_tags;
use crate::problem::Problem;

const PINNED: Part = ("merchant_pinned", "pinned = 1 ORDER BY folded, merchant_id");
const OPENED: Part = (
    "merchant_opened",
    "pinned = 0 AND opened_at_ms IS NOT NULL ORDER BY opened_at_ms DESC, folded, merchant_id",
);
const REST: Part = (
    "merchant_by_name",
    "pinned = 0 AND opened_at_ms IS NULL ORDER BY substr(folded, 1, 16), folded, merchant_id",
);

/// An index, which the planner might pass over if it were not named, and the rows that it is for.
type Part = (&'static str, &'static str);

/// Answers the first `count` rows of all: pinned, then opened ones (latest first), then everybody by name.
///
/// # Errors
/// What the database says.
pub fn first_page(conn: &Connection, profile: &str, count: u32) -> Result<Page, Problem> {
    let total = store::count(conn, profile)?;
    Ok(Page {
        generation: 0,
        total,
        of: total,
        first: 0,
        rows: read(conn, profile, &[PINNED, OPENED, REST], count)?,
    })
}

/// Answers the pinned and the opened among the first `count` rows.
///
/// # Errors
/// What the database says.
pub fn in_front(conn: &Connection, profile: &str, count: u32) -> Result<Vec<Hit>, Problem> {
    read(conn, profile, &[PINNED, OPENED], count)
}

fn read(conn: &Connection, profile: &str, parts: &[Part], count: u32) -> Result<Vec<Hit>, Problem> {
    let mut rows = Vec::new();
    for (index, part) in parts {
        let sql = format!(
            "SELECT merchant_id, name, reference, country, tags, state, pinned, opened_at_ms
             FROM merchant INDEXED BY {index} WHERE profile = ?1 AND {part} LIMIT ?2"
        );
        let wanted = count.saturating_sub(to_u32(rows.len()));
        let mut statement = conn.prepare(&sql)?;
        let found = statement.query_map(params![profile, wanted], hit)?;
        rows.extend(found.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(rows)
}

fn hit(row: &Row<'_>) -> rusqlite::Result<Hit> {
    Ok(Hit {
        id: row.get(0)?,
        name: row.get(1)?,
        reference: row.get(2)?,
        country: row.get(3)?,
        tags: split_tags(row.get_ref(4)?.as_str()?),
        state: MerchantState::from_word(row.get_ref(5)?.as_str()?),
        pinned: row.get(6)?,
        opened_at_ms: row.get(7)?,
        matched: Vec::new(),
    })
}
