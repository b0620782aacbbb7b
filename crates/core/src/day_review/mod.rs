//! The daily review of the log: what of a day is new or odd, by rules that each can be explained in a sentence.
//!
//! A rule is a pure function over the entries of a UTC day and what the read model knows of the time before. Deliberately absent: a
//! score, and any say over what is allowed; a reviewer looks, and signs the day off.

mod rules;
mod rules_log;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use gatehouse_audit::{Entry, Novelty};
use jiff::tz::TimeZone;

/// A day, as the rules see it.
#[derive(Debug, Default)]
pub struct Day<'d> {
    /// Its entries, oldest first.
    pub entries: &'d [Entry],
    /// What they were the first to show.
    pub novelties: &'d [Novelty],
    /// The most acts within five minutes that each person began on the days before.
    pub paces: HashMap<String, u64>,
    /// Runs of numbers that the log does not hold between the day's entries.
    pub gaps: &'d [(u64, u64)],
    /// The first entry of the log itself is nothing new.
    pub is_first_day: bool,
    /// The reviewer's time zone, by which hours of work are told; UTC where none is known.
    pub zone: Option<TimeZone>,
}

/// Something of a day that a reviewer should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// Which rule says so.
    pub rule: &'static str,
    /// The first entry that it is about.
    pub seq: u64,
    /// How many entries it is about.
    pub count: u64,
    /// What is odd, in a sentence.
    pub text: String,
}

/// What a time zone is called.
#[must_use]
pub fn zone_name(zone: &TimeZone) -> String {
    match (zone.iana_name(), zone.to_fixed_offset()) {
        (Some("Etc/Unknown" | "Etc/UTC"), _) => "UTC".to_owned(),
        (Some(name), _) => name.to_owned(),
        (None, Ok(offset)) => format!("UTC{offset}"),
        (None, Err(_)) => "this computer's clock".to_owned(),
    }
}

/// All that is odd of a day, by entry.
#[must_use]
pub fn odd(day: &Day<'_>) -> Vec<Odd> {
    let mut all: Vec<Odd> = rules::ALL.iter().flat_map(|rule| rule(day)).collect();
    all.sort_by_key(|odd| odd.seq);
    all
}
