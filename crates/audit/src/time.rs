//! Times in entries: RFC 3339, UTC, exactly three decimals (`2026-07-01T09:30:00.125Z`), and back to milliseconds.
//!
//! Deliberately absent: a clock.

use jiff::Timestamp;

/// 9999-12-30T22:00:00Z, the calendar's last moment.
const LATEST: i64 = 253_402_207_200_000;
/// Days before each month of a year that is no leap year.
const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Writes a time; `None` for one before 1970 or beyond the year 9999.
pub fn write(unix_ms: i64) -> Option<String> {
    if !(0..=LATEST).contains(&unix_ms) {
        return None;
    }
    let time = Timestamp::from_millisecond(unix_ms).ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
}

/// Reads a time in exactly the form that [`write`] gives.
pub fn read(text: &str) -> Option<i64> {
    read_bytes(text.as_bytes())
}

/// As [`read`]. Every entry of a verification comes by here, so it is done by hand.
pub fn read_bytes(text: &[u8]) -> Option<i64> {
    const FORM: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    let fits = |(byte, form): (&u8, &u8)| {
        if *form == b'0' {
            byte.is_ascii_digit()
        } else {
            byte == form
        }
    };
    if text.len() != FORM.len() || !text.iter().zip(FORM).all(fits) {
        return None;
    }
    let part = |from: usize, to: usize| {
        let digits = text.get(from..to).unwrap_or_default();
        digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
    };
    let days = days(part(0, 4), part(5, 7), part(8, 10))?;
    let (hour, minute, second) = (part(11, 13), part(14, 16), part(17, 19));
    let in_day = hour <= 23 && minute <= 59 && second <= 59;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    let unix_ms = seconds * 1000 + part(20, 23);
    (in_day && unix_ms <= LATEST).then_some(unix_ms)
}

/// Days from 1970-01-01 to a day of the Gregorian calendar; nothing for one that is none, or lies before.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let at = usize::try_from(month).ok()?.checked_sub(1)?;
    let before = *BEFORE.get(at)? + i64::from(leap && month > 2);
    let next = BEFORE.get(at + 1).copied().unwrap_or(365) + i64::from(leap && month >= 2);
    if year < 1970 || day < 1 || before + day > next {
        return None;
    }
    let past = year - 1;
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    Some((year - 1970) * 365 + leaps(past) - leaps(1969) + before + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the calendar's own library reads.
    fn slowly(text: &str) -> Option<i64> {
        let unix_ms = text.parse::<Timestamp>().ok()?.as_millisecond();
        (write(unix_ms).as_deref() == Some(text)).then_some(unix_ms)
    }

    proptest! {
        #[test]
        fn every_moment_is_read_as_it_was_written(unix_ms in 0..=LATEST) {
            let text = write(unix_ms).unwrap();
            prop_assert_eq!(read(&text), Some(unix_ms));
        }

        #[test]
        fn whatever_looks_like_a_time_is_read_as_by_the_library(
            year in 1960..=9999, month in 0..=13, day in 0..=32, hour in 0..=24, minute in 0..=60, second in 0..=61, ms in 0..1000,
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z");
            prop_assert_eq!(read(&text), slowly(&text), "{}", text);
        }
    }

    #[test]
    fn the_calendar_ends_where_the_library_does() {
        for text in [
            "9999-12-30T22:00:00.000Z",
            "9999-12-30T22:00:00.001Z",
            "1969-12-31T23:59:59.999Z",
            "2000-02-29T00:00:00.000Z",
            "1900-02-29T00:00:00.000Z",
        ] {
            assert_eq!(read(text), slowly(text), "{text}");
        }
        assert_eq!(read("2026-07-01T09:30:00.12Z"), None, "two decimals are another form");
    }
}
