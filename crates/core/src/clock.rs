//! The clock as a parameter: wall time for what people read, monotonic time for what must not jump.
//!
//! The core never asks the system; a shell hands in [`SystemClock`], a test [`FixedClock`].

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use gatehouse_audit::Stamp;
use jiff::tz::TimeZone;

/// Where the core reads the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn unix_ms(&self) -> i64;

    /// Milliseconds since the process's clock was made; never goes back.
    fn mono_ms(&self) -> u64;

    /// The time zone of the clock on the wall, for what a person calls night. UTC unless a shell knows better.
    fn zone(&self) -> TimeZone {
        TimeZone::UTC
    }

    /// Both at once, for an audit entry.
    fn stamp(&self) -> Stamp {
        Stamp {
            unix_ms: self.unix_ms(),
            mono_ms: self.mono_ms(),
        }
    }
}

/// The operating system's clocks.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// Starts the monotonic count at zero.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "reading the clock is not a default value")]
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clocks")]
    fn unix_ms(&self) -> i64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn mono_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn zone(&self) -> TimeZone {
        TimeZone::system()
    }
}

/// A clock that stands still until it is moved; for tests and for replaying a day.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stops the clock at `unix_ms`.
    #[must_use]
    pub fn at(unix_ms: i64) -> Self {
        Self(AtomicI64::new(unix_ms))
    }

    /// Moves it by `ms`, which may be negative.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn unix_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn mono_ms(&self) -> u64 {
        u64::try_from(self.unix_ms()).unwrap_or(0)
    }
}
