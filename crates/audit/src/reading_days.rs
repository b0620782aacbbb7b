//! What the daily review asks of the read model: days, their entries, what was new in them, and what is usual.
//!
//! Deliberately absent: what of it is odd.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use crate::entry::Entry;
use crate::error::LogError;
use crate::index::{self, Novelty};
use crate::reader::Reader;
use crate::reading::Wait;
use crate::store::ranges;

impl Reader {
    /// How many entries each of some days has (days since 1970, UTC), as far as the read model is; empty days are left out.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn days(&self, days: RangeInclusive<i64>) -> Result<Vec<(i64, u64)>, LogError> {
        self.with_index(Wait::Little, |_, index| index.days(days.clone()))
    }

    /// The entries of a day, oldest first; all of the log is read first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of_day(&self, day: i64) -> Result<Vec<Entry>, LogError> {
        self.with_index(Wait::Whole, |log, index| {
            let found = index.of_day(day)?.into_iter().map(|seq| index::entry(log, seq));
            Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// What entries between two numbers, both included, were the first to show: persons, devices, and what is new for a person.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn novelties(&self, from: u64, to: u64) -> Result<Vec<Novelty>, LogError> {
        self.with_index(Wait::Whole, |_, index| index.novelties(from, to))
    }

    /// The most acts within five minutes that each person began on any of some days.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn paces(&self, days: RangeInclusive<i64>) -> Result<HashMap<String, u64>, LogError> {
        self.with_index(Wait::Whole, |_, index| index.paces(days.clone()))
    }

    /// The runs of sequence numbers between two, both included, that the log does not hold; newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn gaps(&self, from: u64, to: u64) -> Result<Vec<(u64, u64)>, LogError> {
        ranges::missing(&self.lock().conn, from, to)
    }
}
