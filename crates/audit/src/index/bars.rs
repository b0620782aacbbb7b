//! Bars over time: what they hold, how long they last, and in which part of a bar an act counts.
//!
//! Deliberately absent: the counting.

use super::sieve::Sieve;

/// One bar: acts by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bar {
    /// Succeeded.
    pub succeeded: u64,
    /// Certainly not done.
    pub refused: u64,
    /// Unknown, or without outcome yet.
    pub unknown: u64,
    /// Notes without outcome.
    pub notes: u64,
}

/// Acts over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Where the first bar begins, in milliseconds since 1970.
    pub from_ms: i64,
    /// How long each bar lasts.
    pub step_ms: i64,
    /// The bars, without gap.
    pub bars: Vec<Bar>,
    /// Whether the oldest acts were not counted.
    pub more: bool,
}

/// A minute in milliseconds.
pub const MINUTE: i64 = 60_000;
/// Lengths of bars that people read easily.
pub const STEPS: [i64; 16] = [
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    60 * MINUTE,
    180 * MINUTE,
    360 * MINUTE,
    720 * MINUTE,
    1_440 * MINUTE,
    2_880 * MINUTE,
    7 * 1_440 * MINUTE,
    14 * 1_440 * MINUTE,
    28 * 1_440 * MINUTE,
    91 * 1_440 * MINUTE,
    182 * 1_440 * MINUTE,
    364 * 1_440 * MINUTE,
];

/// How an act ended.
#[derive(Debug, Clone, Copy)]
pub enum Ended {
    Succeeded,
    Refused,
    Unknown,
    Note,
}

/// How the acts of each combination ended, by its number.
pub fn ended(sieve: &Sieve) -> Vec<Ended> {
    let mut all = vec![Ended::Note; sieve.combos.len()];
    for known in &sieve.known {
        if let Some(cell) = all.get_mut(known.id as usize) {
            *cell = match known.outcome.as_deref() {
                Some("succeeded") => Ended::Succeeded,
                Some("refused") => Ended::Refused,
                Some(_) => Ended::Unknown,
                None => Ended::Note,
            };
        }
    }
    all
}
