//! Moments as Klarna writes them: ISO 8601 in UTC, whole seconds (portal-access.md 6.3, 10.5).
//!
//! They cross this crate's face as Unix seconds. Deliberately absent: the present moment, which only the caller knows.

use crate::failure::{CallFailure, Effect, FailureKind};

/// Writes a moment without a fraction; nothing when it lies outside the calendar.
pub(crate) fn written(unix_s: i64) -> Option<String> {
    let moment = jiff::Timestamp::from_second(unix_s).ok()?;
    Some(moment.to_string())
}

/// Writes a moment that is to be sent.
pub(crate) fn to_send(unix_s: i64) -> Result<String, CallFailure> {
    written(unix_s).ok_or_else(|| CallFailure::new(FailureKind::Invalid, Effect::NotSent))
}

/// Reads a moment; nothing when it is none.
pub(crate) fn read(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_no_fraction_and_are_read_with_any() {
        assert_eq!(
            written(1_769_860_800).as_deref(),
            Some("2026-01-31T12:00:00Z"),
            "as in Klarna's sample"
        );
        assert_eq!(written(i64::MAX), None, "outside the calendar");
        assert_eq!(
            read("2026-01-31T13:00:00.250+01:00"),
            Some(1_769_860_800),
            "another zone and a fraction"
        );
        assert_eq!(read("tomorrow"), None, "no moment");
    }
}
