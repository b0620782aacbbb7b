//! The day on which an access ends: a date of the calendar, in UTC, that lies ahead.
//!
//! Klarna asks for a day in the future and does not say whose midnight counts (portal-access.md 2.1), so the least day here is
//! tomorrow in UTC. Deliberately absent: the present moment, which the caller gives; a policy of how long access may last; and
//! the time of day at which Klarna ends it.

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use std::fmt;

const DAY_S: i64 = 86_400;
/// A hundred years of 365.25 days: beyond lie slips of the finger (2206 for 2026) and the "9999-12-31" that means *no end*, which is said by
/// leaving the date out. How long an access should last is the app's policy, far below this.
const MOST_DAYS: i64 = 36_525;

/// Says why a text is no day for an access to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessEndRefusal {
    /// Nothing was given.
    #[error("The end date is empty. Write it like 2027-01-31, or leave it out.")]
    Empty,
    /// It is not four digits, two digits and two digits with hyphens between.
    #[error("This is not an end date. Write year, month and day as YYYY-MM-DD, like 2027-01-31.")]
    Malformed,
    /// It is 29 February of a year that has none.
    #[error("The end date is 29 February of a year that has none. Give 28 February or 1 March.")]
    NoLeapDay,
    /// The calendar has no such day.
    #[error("The calendar has no such end date. Check month and day.")]
    NoSuchDay,
    /// It lies in the past.
    #[error("The end date lies in the past. Give tomorrow (in UTC) or later; to end an access now, revoke it.")]
    Past,
    /// It is today.
    #[error("The end date is today (in UTC). Give tomorrow or later; to end an access now, revoke it.")]
    Today,
    /// It lies more than a hundred years ahead.
    #[error("The end date lies more than a hundred years ahead. Check the year, or leave the date out for no end.")]
    TooFar,
}

/// A day that lay ahead, in UTC, when it was read; written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccessEnd {
    day: Date,
}

impl AccessEnd {
    /// Reads a date that must lie after the day of `now_unix_s` in UTC. To read a recorded one back, give the moment it was
    /// recorded.
    ///
    /// # Errors
    /// [`AccessEndRefusal`] says what is wrong with it.
    pub fn parse(text: &str, now_unix_s: i64) -> Result<Self, AccessEndRefusal> {
        let day = day_of(text)?;
        let ahead = day_number(day) - now_unix_s.div_euclid(DAY_S);
        match ahead {
            ..=-1 => Err(AccessEndRefusal::Past),
            0 => Err(AccessEndRefusal::Today),
            1..=MOST_DAYS => Ok(Self { day }),
            _ => Err(AccessEndRefusal::TooFar),
        }
    }

    /// Returns the first second of the day in UTC, in Unix seconds.
    #[must_use]
    pub fn starts_unix_s(self) -> i64 {
        day_number(self.day) * DAY_S
    }
}

fn day_of(text: &str) -> Result<Date, AccessEndRefusal> {
    if text.is_empty() {
        return Err(AccessEndRefusal::Empty);
    }
    let mut parts = text.split('-');
    let mut next = |digits| parts.next().and_then(|part| number(part, digits));
    let found = (next(4), next(2), next(2));
    let (Some(year), Some(month), Some(day)) = found else {
        return Err(AccessEndRefusal::Malformed);
    };
    if parts.next().is_some() {
        return Err(AccessEndRefusal::Malformed);
    }
    date(year, month, day).ok_or(match (month, day) {
        (2, 29) => AccessEndRefusal::NoLeapDay,
        _ => AccessEndRefusal::NoSuchDay,
    })
}

/// Reads exactly so many ASCII digits.
fn number(text: &str, digits: usize) -> Option<i16> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Days since 1970-01-01.
fn day_number(day: Date) -> i64 {
    let since = day.duration_since(Date::constant(1970, 1, 1));
    since.as_secs().div_euclid(DAY_S)
}

impl fmt::Display for AccessEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.day.year(), self.day.month(), self.day.day());
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for AccessEnd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
