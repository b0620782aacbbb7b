//! What a reconciliation found, as a table for a spreadsheet; no token in it.

use super::reconcile::ReconciledRow;
use crate::spreadsheet;

/// Writes the rows.
#[must_use]
pub fn reconcile_csv(rows: &[ReconciledRow]) -> String {
    let mut text = String::from("\u{feff}");
    for cell in [
        "line",
        "token",
        "fingerprint",
        "reference",
        "merchant",
        "state",
        "difference",
        "what",
    ] {
        spreadsheet::cell(&mut text, cell);
    }
    spreadsheet::end(&mut text);
    for row in rows {
        let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
        let cells = [
            row.line.map_or_else(String::new, |line| line.to_string()),
            number(row.token),
            row.fingerprint.clone().unwrap_or_default(),
            row.reference.clone().unwrap_or_default(),
            row.merchant.clone().unwrap_or_default(),
            row.state.map(|state| state.word().to_owned()).unwrap_or_default(),
            row.difference.word().to_owned(),
            row.what.clone(),
        ];
        for cell in cells {
            spreadsheet::cell(&mut text, &cell);
        }
        spreadsheet::end(&mut text);
    }
    text
}
