//! Times in entries: RFC 3339, UTC, exactly three decimals (`2026-07-01T09:30:00.125Z`), and back to milliseconds.
//!
//! Deliberately absent: a clock.

use jiff::Timestamp;

/// 9999-12-30T22:00:00Z, the calendar's last moment.
const LATEST: i64 = 253_402_207_200_000;

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
    let unix_ms = text.parse::<Timestamp>().ok()?.as_millisecond();
    (write(unix_ms).as_deref() == Some(text)).then_some(unix_ms)
}
