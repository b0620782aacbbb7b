//! The sandbox's own clock: the machine's time moved by an offset, or standing still.
//!
//! Everything that Klarna would time (tokens, links, sessions, certificates, the `Date` header) follows it, so that a test
//! passes eight hours in one call. Rate limits and idle exit follow the machine's time instead: they guard the process.

use std::sync::{Arc, PoisonError, RwLock};

/// Where the machine's time comes from: milliseconds since 1970 UTC.
pub type TimeSource = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How the sandbox's time differs from the machine's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockSetting {
    /// Added to the machine's time.
    pub offset_ms: i64,
    /// The moment at which the clock stands still; the offset does not apply to it.
    pub frozen_at_ms: Option<i64>,
}

impl ClockSetting {
    /// The sandbox's time at a moment of the machine's.
    pub(crate) fn moment_ms(&self, machine_ms: i64) -> i64 {
        self.frozen_at_ms
            .unwrap_or_else(|| machine_ms.saturating_add(self.offset_ms))
    }
}

/// The clock that every handler reads.
pub(crate) struct Clock {
    source: TimeSource,
    setting: RwLock<ClockSetting>,
}

/// Gives the machine's time.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the sandbox, a program of its own, asks the system"
)]
pub fn system_time() -> TimeSource {
    Arc::new(|| jiff::Timestamp::now().as_millisecond())
}

impl Clock {
    pub(crate) fn new(source: TimeSource, setting: ClockSetting) -> Self {
        Self {
            source,
            setting: RwLock::new(setting),
        }
    }

    /// The sandbox's time.
    pub(crate) fn now_ms(&self) -> i64 {
        self.setting().moment_ms(self.machine_ms())
    }

    /// The machine's time, which nothing moves.
    pub(crate) fn machine_ms(&self) -> i64 {
        (self.source)()
    }

    pub(crate) fn setting(&self) -> ClockSetting {
        *self.setting.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, setting: ClockSetting) {
        *self.setting.write().unwrap_or_else(PoisonError::into_inner) = setting;
    }
}

/// Writes a moment as RFC 3339 in UTC without fractions, as Klarna does (portal-access.md 10.5).
pub(crate) fn rfc3339(unix_ms: i64) -> String {
    jiff::Timestamp::from_second(unix_ms.div_euclid(1000))
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_string()
}

/// Writes a moment as the `Date` header has it (RFC 9110 5.6.7).
pub(crate) fn http_date(unix_ms: i64) -> String {
    let moment = jiff::Timestamp::from_second(unix_ms.div_euclid(1000)).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads an RFC 3339 moment.
pub(crate) fn read_rfc3339(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_stands_and_an_offset_moves() {
        let clock = Clock::new(Arc::new(|| 1_000_000), ClockSetting::default());
        assert_eq!(clock.now_ms(), 1_000_000, "without a setting it is the machine's time");
        clock.set(ClockSetting {
            offset_ms: -500,
            frozen_at_ms: None,
        });
        assert_eq!(clock.now_ms(), 999_500, "the offset is added");
        clock.set(ClockSetting {
            offset_ms: 5,
            frozen_at_ms: Some(7),
        });
        assert_eq!(clock.now_ms(), 7, "a frozen clock ignores the offset");
    }

    #[test]
    fn moments_are_written_as_klarna_and_http_write_them() {
        assert_eq!(rfc3339(1_700_000_000_123), "2023-11-14T22:13:20Z", "no fractions");
        assert_eq!(
            http_date(1_700_000_000_123),
            "Tue, 14 Nov 2023 22:13:20 GMT",
            "an HTTP date"
        );
    }
}
