//! Writing merchants as CSV, in the columns that the import reads.
//!
//! A value that a spreadsheet would run as a formula gets an apostrophe before it; the import takes it away again, so
//! what is exported comes back the same. Deliberately absent: state, pins and times, which no file may set.

use super::merchant::Merchant;
use super::tags::join_tags;

/// The header line, which is also what the import asks for.
pub(super) const HEADER: [&str; 5] = [
    "partner_account_id",
    "partner_account_reference",
    "name",
    "country",
    "tags",
];

/// Writes rows as CSV: UTF-8 without a mark, commas, CRLF (RFC 4180).
pub fn to_csv(rows: &[Merchant]) -> String {
    let mut csv = String::new();
    line(&mut csv, &HEADER);
    for row in rows {
        line(
            &mut csv,
            &[&row.id, &row.reference, &row.name, &row.country, &join_tags(&row.tags)],
        );
    }
    csv
}

fn line(csv: &mut String, values: &[&str]) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            csv.push(',');
        }
        quote(csv, value);
    }
    csv.push_str("\r\n");
}

fn quote(csv: &mut String, value: &str) {
    let guard = if would_run(value) { "'" } else { "" };
    if value.contains([',', ';', '"', '\n', '\r', '\t']) {
        csv.push('"');
        csv.push_str(guard);
        csv.push_str(&value.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(guard);
        csv.push_str(value);
    }
}

/// Tells whether a spreadsheet would take the value for a formula; apostrophes before it do not count, so that the
/// guard can be taken away without doubt.
fn would_run(value: &str) -> bool {
    value.trim_start_matches('\'').starts_with(['=', '+', '-', '@'])
}

/// Takes the guard away that [`to_csv`] or another careful program put there.
pub(crate) fn unguarded(value: &str) -> &str {
    match value.strip_prefix('\'') {
        Some(rest) if would_run(rest) => rest,
        _ => value,
    }
}
