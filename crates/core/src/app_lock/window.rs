//! How long the app stays unlocked: a state machine without a clock of its own.
//!
//! Idle and absolute limits are over when either clock says so: the monotonic one stands still while the system sleeps, the wall clock
//! can be set. A sleep shows as the two clocks drifting apart between two looks. Deliberately absent: the key, and who looks when.

use gatehouse_audit::Stamp;

use crate::problem::{ErrorCode, Problem};

/// Clocks that differ by more have not run side by side: the system slept, or the clock was set.
const DRIFT_MS: i64 = 30_000;

/// When the app locks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Seconds without use.
    pub idle_s: u32,
    /// Seconds since it was unlocked.
    pub absolute_s: u32,
}

impl Limits {
    /// Ten minutes and twelve hours (users.md 3).
    pub const STANDARD: Self = Self {
        idle_s: 600,
        absolute_s: 12 * 3600,
    };

    /// Checks limits that a person chose.
    ///
    /// # Errors
    /// `input_invalid` outside of one minute to a day idle, and to seven days in all.
    pub fn checked(self) -> Result<Self, Problem> {
        let fits = (60..=86_400).contains(&self.idle_s) && (self.idle_s..=7 * 86_400).contains(&self.absolute_s);
        if fits {
            return Ok(self);
        }
        Err(Problem::new(
            ErrorCode::InputInvalid,
            "The limits of the app lock cannot be used.",
            "Idle: one minute to a day. In all: at least as long, at most seven days.",
        ))
    }
}

/// Why the app is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// It was not unlocked yet in this run.
    Start,
    /// Nobody used it.
    Idle,
    /// It was unlocked for long enough.
    Absolute,
    /// The system slept.
    Sleep,
    /// The clock was set back.
    Clock,
    /// The person asked for it.
    Asked,
}

impl Cause {
    /// The word in the log and for the window.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Idle => "idle",
            Self::Absolute => "absolute",
            Self::Sleep => "sleep",
            Self::Clock => "clock",
            Self::Asked => "asked",
        }
    }

    /// A sentence about it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Start => "Gatehouse is locked since it was started.",
            Self::Idle => "Gatehouse locked itself because nobody used it.",
            Self::Absolute => "Gatehouse locked itself because it was unlocked for long enough.",
            Self::Sleep => "Gatehouse locked itself because this computer slept.",
            Self::Clock => "Gatehouse locked itself because this computer's clock was set back.",
            Self::Asked => "Gatehouse was locked.",
        }
    }
}

/// The time for which it is unlocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    limits: Limits,
    opened: Stamp,
    used: Stamp,
    seen: Stamp,
}

impl Window {
    /// Unlocked now.
    #[must_use]
    pub fn open(limits: Limits, now: Stamp) -> Self {
        Self {
            limits,
            opened: now,
            used: now,
            seen: now,
        }
    }

    /// Whether it is over, and why; to be asked every few seconds and before each act.
    pub fn look(&mut self, now: Stamp) -> Option<Cause> {
        let drift = elapsed_wall(self.seen, now) - elapsed_mono(self.seen, now);
        self.seen = now;
        if drift > DRIFT_MS {
            return Some(Cause::Sleep);
        }
        if drift < -DRIFT_MS {
            return Some(Cause::Clock);
        }
        if elapsed(self.opened, now) >= i64::from(self.limits.absolute_s) * 1000 {
            return Some(Cause::Absolute);
        }
        (elapsed(self.used, now) >= i64::from(self.limits.idle_s) * 1000).then_some(Cause::Idle)
    }

    /// Somebody used it; the absolute limit stays.
    pub fn touch(&mut self, now: Stamp) {
        self.used = now;
    }

    /// Milliseconds until it locks by itself if nobody uses it.
    #[must_use]
    pub fn left_ms(&self, now: Stamp) -> u64 {
        let idle = i64::from(self.limits.idle_s) * 1000 - elapsed(self.used, now);
        let absolute = i64::from(self.limits.absolute_s) * 1000 - elapsed(self.opened, now);
        u64::try_from(idle.min(absolute)).unwrap_or(0)
    }

    /// The limits it was opened with.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }
}

/// Whichever clock went further.
fn elapsed(since: Stamp, now: Stamp) -> i64 {
    elapsed_mono(since, now).max(elapsed_wall(since, now))
}

fn elapsed_mono(since: Stamp, now: Stamp) -> i64 {
    i64::try_from(now.mono_ms.saturating_sub(since.mono_ms)).unwrap_or(i64::MAX / 4)
}

fn elapsed_wall(since: Stamp, now: Stamp) -> i64 {
    now.unix_ms.saturating_sub(since.unix_ms)
}
