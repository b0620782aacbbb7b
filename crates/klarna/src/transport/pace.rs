//! The pause that Klarna asked for: shared by all calls of a client.
//!
//! When an answer says that nothing remains of the quota, the next call waits until it is whole again instead of collecting a
//! 429 (portal-access.md 10.4: read the headers, the numbers may change). Deliberately absent: a rate of our own.

use crate::answer::RateLimit;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// No pause is longer; Klarna's quotas are counted by the second, so a larger number is not seconds.
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(crate) struct Pace {
    until: Mutex<Option<Instant>>,
}

impl Pace {
    /// Takes note of what an answer said.
    pub(crate) fn note(&self, rate: Option<RateLimit>) {
        if let Some(RateLimit {
            remaining: Some(0),
            reset_s,
            ..
        }) = rate
        {
            let pause = reset(reset_s).unwrap_or(Duration::from_secs(1));
            let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
            *until = (*until).max(Some(Instant::now() + pause));
        }
    }

    /// How long to wait before the next call.
    pub(crate) fn pause(&self) -> Duration {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }
}

/// The pause that `X-Ratelimit-Reset` asks for.
pub(crate) fn reset(reset_s: Option<u64>) -> Option<Duration> {
    let pause = Duration::from_secs(reset_s?);
    (pause <= LONGEST).then_some(pause)
}
