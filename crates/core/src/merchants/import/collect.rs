//! Where every reader puts its rows: good ones once, bad ones with the reason.
//!
//! The first good row of an account wins, later ones are reported; so good and bad rows together are all rows.
//! Deliberately absent: any knowledge of the file's form.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use gatehouse_klarna::Environment;

use super::decode::Encoding;
use super::header::Column;
use super::row::RawRow;
use super::{BAD_ROWS_KEPT, Reading};
use crate::merchants::clean::shown;
use crate::merchants::merchant::NewMerchant;

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The line it begins on, from 1.
    pub line: u32,
    /// The column or member, by its documented name; empty when the whole row is meant.
    pub column: &'static str,
    /// The value: shortened, control characters made visible.
    pub value: String,
    /// What is wrong and what to do, in full sentences.
    pub message: String,
}

impl BadRow {
    pub(super) fn of(line: u32, column: Option<Column>, value: &str, message: impl Into<String>) -> Self {
        Self {
            line,
            column: column.map_or("", Column::as_str),
            value: shown(value),
            message: message.into(),
        }
    }
}

/// Gathers the rows of one file.
pub(super) struct Collector {
    environment: Environment,
    first_lines: HashMap<String, u32>,
    rows: Vec<NewMerchant>,
    bad: Vec<BadRow>,
    bad_total: u32,
}

impl Collector {
    pub(super) fn new(environment: Environment) -> Self {
        Self {
            environment,
            first_lines: HashMap::new(),
            rows: Vec::new(),
            bad: Vec::new(),
            bad_total: 0,
        }
    }

    /// Checks a row and keeps or reports it.
    pub(super) fn take(&mut self, row: &RawRow<'_>) {
        match row
            .checked(self.environment)
            .and_then(|good| self.first_of_its_kind(row.line, good))
        {
            Ok(good) => self.rows.push(good),
            Err(bad) => self.refuse(bad),
        }
    }

    /// Reports a row that a reader could not even take apart.
    pub(super) fn refuse(&mut self, bad: BadRow) {
        self.bad_total = self.bad_total.saturating_add(1);
        if self.bad.len() < BAD_ROWS_KEPT {
            self.bad.push(bad);
        }
    }

    pub(super) fn has_good_rows(&self) -> bool {
        !self.rows.is_empty()
    }

    pub(super) fn finish(self, encoding: Encoding) -> Reading {
        Reading {
            rows: self.rows,
            bad: self.bad,
            bad_total: self.bad_total,
            encoding,
        }
    }

    fn first_of_its_kind(&mut self, line: u32, good: NewMerchant) -> Result<NewMerchant, BadRow> {
        match self.first_lines.entry(good.id.as_str().to_owned()) {
            Entry::Vacant(place) => {
                place.insert(line);
                Ok(good)
            }
            Entry::Occupied(first) => {
                let message = format!(
                    "Line {} already has this account and was taken. Delete one of the two lines.",
                    first.get()
                );
                Err(BadRow::of(line, Some(Column::Id), good.id.as_str(), message))
            }
        }
    }
}
