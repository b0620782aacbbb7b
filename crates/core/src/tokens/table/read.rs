//! Reads a table of tokens, as a spreadsheet or a database wrote it.
//!
//! Columns: `customer_token, customer_token_reference, merchant, scopes, customer_id, subscription_id, created_at`. What begins like a formula
//! stays text: nothing here runs anything. The file's bytes hold tokens, so they are wiped with whoever handed them in. Deliberately absent:
//! what a row means.

use csv::{ReaderBuilder, StringRecord};

use crate::merchants::import::decode;
use crate::merchants::unguarded;
use crate::problem::{ErrorCode, Problem};

/// So many rows are one table at most.
pub(super) const MAX_ROWS: usize = 1_000_000;

/// The columns, in the order of an export.
pub(in crate::tokens) const NAMES: [&str; 7] = [
    "customer_token",
    "customer_token_reference",
    "merchant",
    "scopes",
    "customer_id",
    "subscription_id",
    "created_at",
];

/// One row.
#[derive(Default)]
pub(super) struct TokenRow {
    /// Its line, from 1.
    pub line: u32,
    /// In the order of the columns; an absent one is empty.
    cells: [String; 7],
}

impl Drop for TokenRow {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.cells[0]);
    }
}

impl TokenRow {
    /// The token; taken out, so that no copy of it stays.
    pub fn token(&mut self) -> String {
        std::mem::take(&mut self.cells[0])
    }

    pub fn has_token(&self) -> bool {
        !self.cells[0].is_empty()
    }

    pub fn reference(&self) -> Option<String> {
        self.given(1)
    }

    pub fn merchant(&self) -> Option<String> {
        self.given(2)
    }

    pub fn scopes(&self) -> Vec<String> {
        self.given(3).into_iter().collect()
    }

    pub fn customer(&self) -> Option<String> {
        self.given(4)
    }

    pub fn subscription(&self) -> Option<String> {
        self.given(5)
    }

    /// When Klarna made it: RFC 3339, a day, or milliseconds since 1970.
    pub fn created_ms(&self) -> Result<Option<i64>, &'static str> {
        let Some(text) = self.given(6) else { return Ok(None) };
        if let Ok(number) = text.parse::<i64>() {
            return Ok(Some(if text.len() > 11 {
                number
            } else {
                number.saturating_mul(1000)
            }));
        }
        let instant = text.parse::<jiff::Timestamp>().ok();
        let day = || {
            let day = text.parse::<jiff::civil::Date>().ok()?;
            day.to_zoned(jiff::tz::TimeZone::UTC)
                .ok()
                .map(|zoned| zoned.timestamp())
        };
        let found = instant.or_else(day);
        found
            .map(|at| Some(at.as_millisecond()))
            .ok_or("created_at is no time. Write RFC 3339, a day, or seconds since 1970.")
    }

    fn given(&self, at: usize) -> Option<String> {
        Some(self.cells[at].clone()).filter(|text| !text.is_empty())
    }
}

/// How many lines the table has, counted without reading it; a row may have more than one.
pub(super) fn lines_of(bytes: &[u8]) -> u64 {
    let breaks = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    let first = u64::from(!bytes.is_empty());
    let last = u64::from(bytes.last().is_some_and(|byte| *byte != b'\n'));
    (breaks + last).saturating_sub(first)
}

/// Reads the rows one by one, until `each` wants no more.
///
/// # Errors
/// `import_unreadable` for what is no table, or when `each` says so.
pub(super) fn rows(
    bytes: &[u8],
    needs_token: bool,
    mut each: impl FnMut(TokenRow) -> Result<bool, Problem>,
) -> Result<Vec<String>, Problem> {
    let (text, _) = decode(bytes)?;
    let text = zeroize::Zeroizing::new(text);
    let delimiter = delimiter(&text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut cells = StringRecord::new();
    let mut header: Option<Vec<Option<usize>>> = None;
    let mut ignored = Vec::new();
    let mut count = 0;
    while reader
        .read_record(&mut cells)
        .map_err(|_| unreadable("It is no table."))?
    {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(places) = &header else {
            header = Some(places_of(&cells, needs_token, &mut ignored)?);
            continue;
        };
        count += 1;
        if count > MAX_ROWS {
            return Err(unreadable("It has more than a million rows; divide it."));
        }
        let line = cells
            .position()
            .map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        if !each(row(line, &cells, places))? {
            break;
        }
    }
    if header.is_none() {
        return Err(unreadable("It is empty."));
    }
    Ok(ignored)
}

fn row(line: u32, cells: &StringRecord, places: &[Option<usize>]) -> TokenRow {
    let mut row = TokenRow::default();
    row.line = line;
    for (cell, place) in cells.iter().zip(places) {
        if let Some(at) = place {
            unguarded(cell.trim()).clone_into(&mut row.cells[*at]);
        }
    }
    row
}

fn places_of(
    cells: &StringRecord,
    needs_token: bool,
    ignored: &mut Vec<String>,
) -> Result<Vec<Option<usize>>, Problem> {
    let mut places: Vec<Option<usize>> = Vec::new();
    for cell in cells {
        let name = cell.trim().to_lowercase().replace([' ', '-'], "_");
        let name = match name.as_str() {
            "token" => "customer_token",
            "reference" | "token_reference" => "customer_token_reference",
            "partner_account_id" | "merchant_id" => "merchant",
            "scope" => "scopes",
            "customer" => "customer_id",
            "subscription" => "subscription_id",
            other => other,
        };
        let place = NAMES.iter().position(|known| *known == name);
        if place.is_some() && places.contains(&place) {
            return Err(unreadable(&format!("The column {name} stands in it twice.")));
        }
        if place.is_none() && !cell.trim().is_empty() {
            ignored.push(cell.trim().chars().take(40).collect());
        }
        places.push(place);
    }
    let has = |at: usize| places.contains(&Some(at));
    if !has(0) && (needs_token || !has(1)) {
        return Err(unreadable("Its first line names no column customer_token."));
    }
    Ok(places)
}

fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    [b',', b';', b'\t', b'|']
        .into_iter()
        .rev()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}

fn unreadable(why: &str) -> Problem {
    Problem::new(
        ErrorCode::ImportUnreadable,
        format!("The table cannot be read. {why}"),
        format!("Write a CSV with the columns {}.", NAMES.join(", ")),
    )
}
