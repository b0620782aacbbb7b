//! Moments as people write them: RFC 3339, a date, `30m`, `12h`, `7d`, `2w` ago, `today`, `yesterday`. Days are UTC, as in the log.
//!
//! Deliberately absent: a clock; what `7d` means is asked with a now.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::time;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// Ten years and more: nothing is asked from before the program was.
const MOST_AGO: i64 = 9_999;
const FORMS: &str = "Write a time with its zone (2026-07-01T09:30:00Z), a date (2026-07-01), `today`, `yesterday`, or how long ago: 30m, 12h, 7d, 2w.";

/// A moment, or a day, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Milliseconds since 1970.
    At(i64),
    /// A whole day.
    Day(Date),
    /// So many minutes, hours, days or weeks ago.
    Ago(i64, Unit),
    /// The day of now.
    Today,
    /// The day before.
    Yesterday,
}

/// What is counted back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `m`
    Minutes,
    /// `h`
    Hours,
    /// `d`
    Days,
    /// `w`
    Weeks,
}

impl Unit {
    const ALL: [(char, Self, i64); 4] = [
        ('m', Self::Minutes, MINUTE_MS),
        ('h', Self::Hours, 60 * MINUTE_MS),
        ('d', Self::Days, DAY_MS),
        ('w', Self::Weeks, 7 * DAY_MS),
    ];

    fn of(letter: char) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(own, ..)| *own == letter)
            .map(|(_, unit, _)| unit)
    }

    fn letter(self) -> char {
        Self::ALL
            .into_iter()
            .find(|(_, unit, _)| *unit == self)
            .map_or('m', |(letter, ..)| letter)
    }

    fn ms(self) -> i64 {
        Self::ALL
            .into_iter()
            .find(|(_, unit, _)| *unit == self)
            .map_or(MINUTE_MS, |(.., ms)| ms)
    }
}

impl Moment {
    /// Reads a moment; what to write instead, if it is none.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "today" => return Ok(Self::Today),
            "yesterday" => return Ok(Self::Yesterday),
            _ => {}
        }
        if let Some(ago) = ago(text) {
            return ago;
        }
        if let Ok(at) = text.parse::<Timestamp>() {
            let ms = at.as_millisecond();
            return if time::write(ms).is_some() {
                Ok(Self::At(ms))
            } else {
                Err("The log has no times before 1970 and after 9999. Write a later date.".to_owned())
            };
        }
        match date(text) {
            Some(day) if day.year() >= 1970 && day.year() < 9999 => Ok(Self::Day(day)),
            Some(_) => Err("The log has no times before 1970 and after 9998. Write a later date.".to_owned()),
            None => Err(format!("That is no time. {FORMS}")),
        }
    }

    /// The first millisecond that is meant.
    pub(super) fn first_ms(self, now_ms: i64) -> i64 {
        match self {
            Self::At(ms) => ms,
            Self::Day(day) => midnight_ms(day),
            Self::Ago(count, unit) => now_ms.saturating_sub(count.saturating_mul(unit.ms())),
            Self::Today => day_start(now_ms),
            Self::Yesterday => day_start(now_ms).saturating_sub(DAY_MS),
        }
    }

    /// The first millisecond after what is meant.
    pub(super) fn end_ms(self, now_ms: i64) -> i64 {
        let first = self.first_ms(now_ms);
        match self {
            Self::At(_) | Self::Ago(..) => first.saturating_add(1),
            Self::Day(_) | Self::Today | Self::Yesterday => first.saturating_add(DAY_MS),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(ms) => f.write_str(&time::write(*ms).unwrap_or_default()),
            Self::Day(day) => write!(f, "{day}"),
            Self::Ago(count, unit) => write!(f, "{count}{}", unit.letter()),
            Self::Today => f.write_str("today"),
            Self::Yesterday => f.write_str("yesterday"),
        }
    }
}

/// Digits and a unit; a fault if the number is out of all reason.
fn ago(text: &str) -> Option<Result<Moment, String>> {
    let letter = text.chars().last()?;
    let digits = text.strip_suffix(letter)?;
    let unit = Unit::of(letter.to_ascii_lowercase())?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(match digits.parse::<i64>() {
        Ok(count @ 0..=MOST_AGO) => Ok(Moment::Ago(count, unit)),
        Ok(_) | Err(_) => Err(format!(
            "That is longer ago than any log is old. Write at most {MOST_AGO}{}, or a date.",
            unit.letter()
        )),
    })
}

/// Exactly `YYYY-MM-DD`: what is longer would be cut to its date in silence.
fn date(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    (text.len() == 10).then_some(day)
}

/// The start of a day in UTC.
fn midnight_ms(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC)
        .map_or(0, |start| start.timestamp().as_millisecond())
}

fn day_start(now_ms: i64) -> i64 {
    now_ms.div_euclid(DAY_MS).saturating_mul(DAY_MS)
}
