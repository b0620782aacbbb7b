//! Days and periods of user access: `expires_at` and `inactivity_grace_period` (portal-access.md 2.1, rows 27 and 28).
//!
//! Days are UTC days. Periods keep their units, since a month from 31 January is not 30 days. Years and times of day are
//! absent: nothing between a day and half a year needs them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

const DAY_S: i64 = 86_400;
/// An average month, as calendars without a date count it (365.2425 days in 12 months).
const MONTH_S: i64 = 2_629_746;
/// `P6M` (DOC [D2]), which also admits `P182D` and `P26W`, and no more.
const LONGEST_S: i64 = 6 * MONTH_S;

/// Reads exactly `YYYY-MM-DD`.
pub(crate) fn read_day(text: &str) -> Option<Date> {
    let form = |(at, byte): (usize, u8)| {
        if matches!(at, 4 | 7) {
            byte == b'-'
        } else {
            byte.is_ascii_digit()
        }
    };
    let whole = text.len() == 10 && text.bytes().enumerate().all(form);
    whole.then(|| text.parse().ok()).flatten()
}

/// The UTC day of a moment.
pub(crate) fn day_of(unix_ms: i64) -> Date {
    let moment = Timestamp::from_millisecond(unix_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(TimeZone::UTC).date()
}

/// When access with this `expires_at` ends: as the day begins, or as it ends.
pub(crate) fn end_ms(day: Date, at_end_of_day: bool) -> Option<i64> {
    let day = if at_end_of_day { day.tomorrow().ok()? } else { day };
    let midnight = day.to_zoned(TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_millisecond())
}

/// An ISO 8601 duration of months, weeks and days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grace {
    months: i64,
    weeks: i64,
    days: i64,
}

impl Grace {
    /// Reads a form such as `P30D`, `P3M` or `P1M2W`; upper case, whole numbers, each unit at most once and in this order.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
        let mut grace = Self::default();
        for (unit, slot) in [
            ('M', &mut grace.months),
            ('W', &mut grace.weeks),
            ('D', &mut grace.days),
        ] {
            if let Some((number, after)) = rest.split_once(unit) {
                *slot = whole(number)?;
                rest = after;
            }
        }
        rest.is_empty().then_some(grace)
    }

    /// Whether it lies between one day and six months, both included.
    pub(crate) const fn fits(&self) -> bool {
        let seconds = self.months * MONTH_S + (self.weeks * 7 + self.days) * DAY_S;
        DAY_S <= seconds && seconds <= LONGEST_S
    }

    /// The words of `access.grace_units` that it uses.
    pub(crate) fn units(&self) -> impl Iterator<Item = &'static str> {
        let units = [(self.months, "months"), (self.weeks, "weeks"), (self.days, "days")];
        units.into_iter().filter(|(count, _)| *count > 0).map(|(_, word)| word)
    }

    /// The moment that lies this much after another, by the UTC calendar.
    pub(crate) fn after_ms(&self, unix_ms: i64) -> Option<i64> {
        let span = Span::new()
            .try_months(self.months)
            .and_then(|span| span.try_weeks(self.weeks))
            .and_then(|span| span.try_days(self.days))
            .ok()?;
        let from = Timestamp::from_millisecond(unix_ms).ok()?.to_zoned(TimeZone::UTC);
        Some(from.checked_add(span).ok()?.timestamp().as_millisecond())
    }
}

/// Up to five digits.
fn whole(text: &str) -> Option<i64> {
    let digits = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_day_of_the_calendar_is_a_day() {
        for good in ["2026-11-22", "2028-02-29", "9999-12-31"] {
            assert!(read_day(good).is_some(), "{good} is a day");
        }
        for bad in [
            "",
            "2027-02-29",
            "2026-13-01",
            "20261122",
            "2026-11-2",
            "26-11-22",
            "2026-11-22T00:00:00Z",
            " 2026-11-2",
        ] {
            assert_eq!(read_day(bad), None, "{bad:?} is no day");
        }
    }

    #[test]
    fn a_day_begins_and_ends_at_midnight_utc() {
        let day = read_day("1970-01-02").unwrap();
        assert_eq!(end_ms(day, false), Some(86_400_000), "it begins");
        assert_eq!(end_ms(day, true), Some(172_800_000), "it ends");
        assert_eq!(
            day_of(86_399_999),
            read_day("1970-01-01").unwrap(),
            "the last millisecond of a day"
        );
        assert_eq!(
            end_ms(read_day("9999-12-31").unwrap(), true),
            None,
            "the last day of the calendar has no morrow"
        );
    }

    #[test]
    fn periods_from_one_day_to_six_months_fit() {
        let fits = |text| Grace::read(text).is_some_and(|grace| grace.fits());
        for good in [
            "P1D", "P30D", "P3M", "P6M", "P180D", "P182D", "P26W", "P1W", "P5M30D", "P1M2W3D",
        ] {
            assert!(fits(good), "{good} lies between a day and half a year");
        }
        for bad in [
            "P0D", "P7M", "P183D", "P200D", "P27W", "P6M1D", "P1Y", "p30d", "P", "", "30D", "P30", "P-1D", "P+1D",
            "P1.5D", "PT24H", "P1DT1H", "P1D1M", "P1D1D", "P999999D", " P1D", "P1D ", "PD",
        ] {
            assert!(!fits(bad), "{bad:?} does not");
        }
    }

    #[test]
    fn months_follow_the_calendar() {
        let january_31 = end_ms(read_day("2026-01-31").unwrap(), false).unwrap();
        let february_28 = end_ms(read_day("2026-02-28").unwrap(), false);
        assert_eq!(
            Grace::read("P1M").unwrap().after_ms(january_31),
            february_28,
            "the last day of a shorter month"
        );
    }
}
