//! A plain list of account ids, one per line, as people paste it.
//!
//! Deliberately absent: several ids on one line; that is a table, and a table has a header.

use super::collect::Collector;
use super::row::RawRow;

/// Tells whether a text (without leading white space) is such a list: its first line is one thing, and begins like an id.
pub(super) fn is_one(text: &str) -> bool {
    let first = text.lines().next().map_or("", bare);
    first.to_ascii_lowercase().starts_with("krn:") && !first.contains([',', ';', '\t', '|'])
}

/// Reads every line that is not blank.
pub(super) fn read(text: &str, into: &mut Collector) {
    for (line, number) in text.lines().zip(1u32..) {
        let id = bare(line);
        if !id.is_empty() {
            into.take(&RawRow {
                line: number,
                id,
                ..RawRow::default()
            });
        }
    }
}

/// The line without white space, quotation marks, and the comma or semicolon that a copied list often has.
fn bare(line: &str) -> &str {
    let is_wrapping = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\u{feff}');
    line.trim_matches(is_wrapping)
        .trim_end_matches([',', ';'])
        .trim_matches(is_wrapping)
}
