//! JSON Lines, CSV and OCSF events, entry by entry.
//!
//! JSON Lines are the exact bytes and nothing else, so that each line's leaf hash can be computed from it. A CSV has one header and rows of
//! one shape: what it was made of stands in each row's last columns, where sorting, filtering and joining leave it.

use std::io::Write;

use gatehouse_audit::StoredEntry;

use super::columns::COLUMNS;
use super::landing::Landing;
use super::seen::Seen;
use super::{Passage, ocsf, raw, unreadable};
use crate::problem::Problem;
use crate::spreadsheet;

/// The columns that say what was exported.
const ORIGIN: [&str; 5] = ["leaf_sha256", "log_id", "export_size", "export_root", "export_query"];
/// Tells spreadsheets that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes the exact bytes of each entry, one a line.
pub fn json_lines(passage: &Passage<'_>, out: &mut Landing) -> Result<u64, Problem> {
    passage.each(|entry| {
        raw::line(entry.body).ok_or_else(|| unreadable(entry.seq))?;
        let written = out.write_all(entry.body).and_then(|()| out.write_all(b"\n"));
        written.map_err(|cause| out.refused(&cause))
    })
}

/// Writes an OCSF event an entry, one a line.
pub fn ocsf(passage: &Passage<'_>, out: &mut Landing) -> Result<u64, Problem> {
    let mut line = Vec::new();
    passage.each(|entry| {
        line.clear();
        if !ocsf::write(entry, passage.wanted.redact, &mut line) {
            return Err(unreadable(entry.seq));
        }
        line.push(b'\n');
        out.write_all(&line).map_err(|cause| out.refused(&cause))
    })
}

/// Writes a table.
pub fn csv(passage: &Passage<'_>, out: &mut Landing) -> Result<u64, Problem> {
    let names = COLUMNS.iter().map(|(name, _)| *name);
    let header = std::iter::once("seq").chain(names).chain(ORIGIN);
    let mut row = String::from(BYTE_ORDER_MARK);
    header.for_each(|name| spreadsheet::cell(&mut row, name));
    spreadsheet::end(&mut row);
    let origin = origin(passage)?;
    out.write_all(row.as_bytes()).map_err(|cause| out.refused(&cause))?;
    passage.each(|entry| {
        row.clear();
        fill(&mut row, entry, passage.wanted.redact)?;
        row.push_str(&origin);
        out.write_all(row.as_bytes()).map_err(|cause| out.refused(&cause))
    })
}

fn fill(row: &mut String, entry: &StoredEntry<'_>, redact: bool) -> Result<(), Problem> {
    let seen = Seen::of(entry, redact).ok_or_else(|| unreadable(entry.seq))?;
    spreadsheet::cell(row, &seen.seq.to_string());
    for (_, from) in COLUMNS {
        spreadsheet::cell(row, &from.cell(&seen));
    }
    spreadsheet::cell(row, &hex::encode(seen.leaf));
    Ok(())
}

/// The end of every row.
fn origin(passage: &Passage<'_>) -> Result<String, Problem> {
    let snapshot = passage.snapshot;
    let mut cells = String::from(",");
    for cell in [
        snapshot.log_id()?,
        snapshot.size.to_string(),
        hex::encode(snapshot.root()?),
        passage.wanted.query.trim().to_owned(),
    ] {
        spreadsheet::cell(&mut cells, &cell);
    }
    spreadsheet::end(&mut cells);
    Ok(cells)
}
