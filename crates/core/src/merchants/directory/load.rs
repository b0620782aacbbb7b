//! Reading the table into a directory: one pass over the rows, one sort of short keys.
//!
//! Deliberately absent: folding; the column `folded` has it done, and only a row that somebody else damaged is folded anew.

use std::borrow::Cow;

use rusqlite::{Connection, Row};

use super::haystack::Haystack;
use super::records::Records;
use crate::merchants::merchant::MerchantState;
use crate::merchants::search_text;
use crate::merchants::store::count;
use crate::problem::{ErrorCode, Problem};

/// More text than this cannot be counted in 32 bits; it is a hundred times what a hundred thousand merchants need.
const MAX_TEXT: usize = 1 << 30;

/// Reads a profile's rows.
pub(super) fn load(conn: &Connection, profile: &str) -> Result<(Haystack, Records), Problem> {
    let mut loading = Loading::with_capacity(count(conn, profile)? as usize);
    let sql = "SELECT merchant_id, name, reference, country, tags, state, pinned, opened_at_ms, folded
               FROM merchant WHERE profile = ?1 ORDER BY merchant_id";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([profile])?;
    while let Some(row) = rows.next()? {
        loading.push(row)?;
        if loading.folded.len().max(loading.records.text_len()) > MAX_TEXT {
            return Err(too_much());
        }
    }
    Ok(loading.finish())
}

fn too_much() -> Problem {
    let message = "This profile's merchants hold more text than Gatehouse can search.";
    Problem::new(
        ErrorCode::DatabaseDamaged,
        message,
        "Split the profile, or import shorter names.",
    )
}

/// The rows as they come from the table, in the order of ids.
struct Loading {
    records: Records,
    folded: String,
    ends: Vec<usize>,
}

impl Loading {
    fn with_capacity(rows: usize) -> Self {
        Self {
            records: Records::default(),
            folded: String::new(),
            ends: Vec::with_capacity(rows),
        }
    }

    fn push(&mut self, row: &Row<'_>) -> Result<(), Problem> {
        let text =
            |index| -> Result<&str, Problem> { Ok(row.get_ref(index)?.as_str().map_err(rusqlite::Error::from)?) };
        let texts @ [id, name, reference, country, tags] = [text(0)?, text(1)?, text(2)?, text(3)?, text(4)?];
        let folded = match text(8)? {
            folded if search_text::is_sound(folded) => Cow::Borrowed(folded),
            _ => Cow::Owned(search_text::compose(id, name, reference, tags, country)),
        };
        self.records
            .push(texts, MerchantState::from_word(text(5)?), row.get(6)?, row.get(7)?);
        self.folded.push_str(&folded);
        self.ends.push(self.folded.len());
        Ok(())
    }

    fn finish(mut self) -> (Haystack, Records) {
        let order = self.order();
        let mut haystack = Haystack::with_capacity(self.folded.len(), order.len());
        for row in &order {
            haystack.push(self.line(*row));
        }
        self.records.arrange(&order);
        (haystack, self.records)
    }

    /// Row numbers in the order of their texts; most pairs are told apart by their first sixteen bytes.
    fn order(&self) -> Vec<u32> {
        let mut keys: Vec<(u128, u32)> = (0..self.ends.len())
            .zip(0u32..)
            .map(|(_, row)| (head(self.line(row).as_bytes()), row))
            .collect();
        keys.sort_unstable_by(|(a, row_a), (b, row_b)| a.cmp(b).then_with(|| self.line(*row_a).cmp(self.line(*row_b))));
        keys.into_iter().map(|(_, row)| row).collect()
    }

    fn line(&self, row: u32) -> &str {
        let row = row as usize;
        let start = row
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.folded.get(start..end).unwrap_or_default()
    }
}

/// The first bytes as a number that orders like them.
fn head(line: &[u8]) -> u128 {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
    u128::from_be_bytes(bytes)
}
