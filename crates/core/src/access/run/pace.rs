//! The pace of a run: evenly under the permitted rate, slower after Klarna said that it was too much.

use std::num::NonZeroU32;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::access::plan::paced_per_1000_s;
use crate::facade::lock;

/// Nobody sleeps longer before looking whether the run was held.
const LOOK: Duration = Duration::from_millis(100);

/// Hands out the moments at which calls may be made.
pub(crate) struct Pace {
    limiter: DefaultDirectRateLimiter,
    clock: DefaultClock,
    rest: Mutex<Option<std::time::Instant>>,
}

impl Pace {
    /// So many calls a second, and no two at once.
    pub fn new(rate: u32) -> Self {
        let per_1000_s = u64::from(paced_per_1000_s(rate).max(1));
        let apart = Duration::from_nanos(1_000_000_000_000 / per_1000_s);
        let quota = Quota::with_period(apart)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(NonZeroU32::MIN);
        Self {
            limiter: RateLimiter::direct(quota),
            clock: DefaultClock::default(),
            rest: Mutex::new(None),
        }
    }

    /// Waits for the next moment; false when the run was held meanwhile.
    pub fn wait(&self, held: impl Fn() -> bool) -> bool {
        loop {
            if held() {
                return false;
            }
            let rest = lock(&self.rest).map(|until| until.saturating_duration_since(std::time::Instant::now()));
            if let Some(rest) = rest.filter(|rest| !rest.is_zero()) {
                thread::sleep(rest.min(LOOK));
                continue;
            }
            match self.limiter.check() {
                Ok(()) => return true,
                Err(early) => thread::sleep(early.wait_time_from(self.clock.now()).min(LOOK)),
            }
        }
    }

    /// Everybody rests for a second: Klarna said that it was too much.
    pub fn rest(&self) {
        *lock(&self.rest) = Some(std::time::Instant::now() + Duration::from_secs(1));
    }
}
