//! How long an access may lie unused before it lapses: an ISO 8601 duration of whole days, weeks or months.
//!
//! Klarna allows one day to six months (portal-access.md 2.1, DOC) and does not say how it measures one unit against another;
//! days and weeks are measured here against half a year of average months. Deliberately absent: years, mixed units and times of
//! day (nothing between one day and six months needs them), and when an access lapses, which only Klarna knows.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Six average months have 182.6 days: `P180D` and `P26W` (182 days) are in, `P183D` and `P27W` are out.
const MOST_DAYS: u16 = 182;
const MOST_WEEKS: u16 = 26;
const MOST_MONTHS: u16 = 6;

/// Says why a text is no inactivity period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodRefusal {
    /// Nothing was given.
    #[error("The inactivity period is empty. Write it like P30D or P3M, or leave it out.")]
    Empty,
    /// There is white space before, after or in it.
    #[error("The inactivity period has a space in it. Write it without, like P30D.")]
    Space,
    /// It has small letters.
    #[error("The inactivity period has small letters. Write it in capitals, like P30D.")]
    LowerCase,
    /// It has a plus or minus sign.
    #[error("The inactivity period has a plus or minus sign. Write it without, like P30D.")]
    Sign,
    /// It has a part of a unit.
    #[error("The inactivity period has a fraction. Give whole days, weeks or months, like P45D.")]
    Fraction,
    /// It has hours, minutes or seconds.
    #[error("The inactivity period has hours, minutes or seconds. Give whole days, weeks or months, like P1D.")]
    TimeOfDay,
    /// It counts years.
    #[error("The inactivity period counts years, but six months are the most. Give at most P6M.")]
    Years,
    /// It mixes units.
    #[error("The inactivity period mixes units. Give one of days, weeks or months, like P45D.")]
    Mixed,
    /// It is no duration at all.
    #[error("This is not an inactivity period. Write P, a number and D, W or M: P30D is 30 days, P3M is 3 months.")]
    Malformed,
    /// It is zero.
    #[error("The inactivity period is zero, but one day is the least. Give P1D or more, or leave it out.")]
    Zero,
    /// It is longer than six months.
    #[error("The inactivity period is longer than six months. Give at most P6M, P26W or P182D.")]
    TooLong,
}

/// What an inactivity period counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodUnit {
    /// Days, `D`.
    Days,
    /// Weeks, `W`.
    Weeks,
    /// Months, `M`.
    Months,
}

impl PeriodUnit {
    const fn most(self) -> u16 {
        match self {
            Self::Days => MOST_DAYS,
            Self::Weeks => MOST_WEEKS,
            Self::Months => MOST_MONTHS,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::Days => 'D',
            Self::Weeks => 'W',
            Self::Months => 'M',
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Days => "day",
            Self::Weeks => "week",
            Self::Months => "month",
        }
    }
}

/// A period of one day to six months, in the unit it was given in; a month stays a month.
///
/// Written as `P`, the number without leading zeros, and `D`, `W` or `M` (ISO 8601-1:2019 5.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InactivityPeriod {
    count: u16,
    unit: PeriodUnit,
}

impl InactivityPeriod {
    /// Takes a number of units.
    ///
    /// # Errors
    /// [`PeriodRefusal::Zero`] and [`PeriodRefusal::TooLong`].
    pub const fn new(count: u16, unit: PeriodUnit) -> Result<Self, PeriodRefusal> {
        if count == 0 {
            Err(PeriodRefusal::Zero)
        } else if count > unit.most() {
            Err(PeriodRefusal::TooLong)
        } else {
            Ok(Self { count, unit })
        }
    }

    /// Reads a duration such as `P30D`, `P4W` or `P3M`.
    ///
    /// # Errors
    /// [`PeriodRefusal`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, PeriodRefusal> {
        check_characters(text)?;
        let rest = text.strip_prefix('P').ok_or(PeriodRefusal::Malformed)?;
        if rest.contains('T') {
            return Err(PeriodRefusal::TimeOfDay);
        }
        let unit = unit_of(rest)?;
        let digits = rest.trim_end_matches(unit.letter());
        if digits.is_empty() || rest.len() != digits.len() + 1 {
            return Err(PeriodRefusal::Malformed);
        }
        // Only digits are left, so what does not fit is too large.
        let count = digits.parse().map_err(|_| PeriodRefusal::TooLong)?;
        Self::new(count, unit)
    }

    /// Returns the number of units.
    #[must_use]
    pub const fn count(self) -> u16 {
        self.count
    }

    /// Returns what is counted.
    #[must_use]
    pub const fn unit(self) -> PeriodUnit {
        self.unit
    }

    /// Says it for people: "1 day", "30 days", "3 months".
    #[must_use]
    pub fn words(self) -> String {
        let ending = if self.count == 1 { "" } else { "s" };
        format!("{} {}{ending}", self.count, self.unit.word())
    }
}

/// Names what no well-formed period has, the likeliest slip first.
fn check_characters(text: &str) -> Result<(), PeriodRefusal> {
    if text.is_empty() {
        Err(PeriodRefusal::Empty)
    } else if text.contains(char::is_whitespace) {
        Err(PeriodRefusal::Space)
    } else if text.contains(char::is_lowercase) {
        Err(PeriodRefusal::LowerCase)
    } else if text.contains(['+', '-', '\u{2212}']) {
        Err(PeriodRefusal::Sign)
    } else if text.contains(['.', ',']) {
        Err(PeriodRefusal::Fraction)
    } else {
        Ok(())
    }
}

/// Finds the one unit in digits and units.
fn unit_of(rest: &str) -> Result<PeriodUnit, PeriodRefusal> {
    let mut units = rest.chars().filter(|c| !c.is_ascii_digit());
    let unit = match (units.next(), units.next()) {
        (Some('Y'), _) => return Err(PeriodRefusal::Years),
        (Some('D' | 'W' | 'M'), Some('D' | 'W' | 'M')) => return Err(PeriodRefusal::Mixed),
        (Some('D'), None) => PeriodUnit::Days,
        (Some('W'), None) => PeriodUnit::Weeks,
        (Some('M'), None) => PeriodUnit::Months,
        _ => return Err(PeriodRefusal::Malformed),
    };
    Ok(unit)
}

impl fmt::Display for InactivityPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "P{}{}", self.count, self.unit.letter())
    }
}

impl FromStr for InactivityPeriod {
    type Err = PeriodRefusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for InactivityPeriod {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
