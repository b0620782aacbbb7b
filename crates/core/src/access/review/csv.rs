//! The lines of a review as CSV, for whoever opens them in a spreadsheet; the documents beside it are what is signed.
//!
//! Its cells are [`crate::spreadsheet`]'s.

use super::{GrantFacts, Verdict};
use crate::spreadsheet;

const HEADER: [&str; 13] = [
    "line",
    "verdict",
    "merchant",
    "reference",
    "merchant_id",
    "person",
    "roles",
    "state",
    "granted_by",
    "reason",
    "last_seen",
    "ends",
    "notes",
];

/// One line of a review with what it came to.
pub struct Row<'a> {
    /// The grant.
    pub facts: &'a GrantFacts,
    /// What was decided; revoked where nobody decided.
    pub verdict: Verdict,
    /// Notes of reviewers.
    pub notes: String,
}

/// A CSV that grows row by row: UTF-8, commas, CRLF (RFC 4180).
pub struct Csv(String);

impl Csv {
    /// One with its header.
    #[must_use]
    pub fn new() -> Self {
        let mut csv = Self(String::new());
        csv.line(&HEADER);
        csv
    }

    /// Adds a row.
    pub fn row(&mut self, row: &Row<'_>) {
        let facts = row.facts;
        let or = |text: &Option<String>| text.clone().unwrap_or_default();
        self.line(&[
            &facts.line.to_string(),
            row.verdict.word(),
            &facts.merchant_name,
            &facts.reference,
            &facts.merchant_id,
            &facts.principal,
            &facts.roles.join(" "),
            &facts.state,
            facts.granted_by_name.as_deref().unwrap_or(&facts.granted_by),
            &or(&facts.reason),
            &facts.seen_ms.map(super::document::time).unwrap_or_default(),
            &or(&facts.expires_on),
            &row.notes,
        ]);
    }

    /// Its bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0.into_bytes()
    }

    fn line(&mut self, cells: &[&str]) {
        for cell in cells {
            spreadsheet::cell(&mut self.0, cell);
        }
        spreadsheet::end(&mut self.0);
    }
}
