//! The course of one call over its attempts: what may be repeated, when, and what the call may have done by then.
//!
//! Repeated are only transport failures and 5xx, at most twice, and 429 while the deadline allows; never another 4xx
//! (portal-access.md 10.4). What may move money is not repeated at all. The effect of a call is the worst of its attempts: once it may have happened, a later "no" does not
//! take that back. Deliberately absent: any change to what is sent.

use super::outgoing::Outgoing;
use super::pace::{Pace, reset};
use crate::failure::{CallFailure, Effect, FailureKind};
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::time::Duration;
use tokio::time::Instant;

pub(crate) struct Course {
    deadline: Instant,
    attempts: u32,
    effect: Effect,
    /// Whether a repetition is recognised as one: everything but a POST or PATCH without idempotency key.
    repeatable: bool,
    /// Whether it may move money: then there is one attempt and no other.
    single: bool,
    after_fault: ExponentialBackoff,
    after_limit: ExponentialBackoff,
}

impl Course {
    pub(crate) fn start(out: &Outgoing, has_key: bool, deadline: Duration) -> Self {
        Self {
            deadline: Instant::now() + deadline,
            attempts: 0,
            effect: Effect::NotSent,
            repeatable: has_key || !out.takes_key(),
            single: out.single,
            after_fault: steps(150, 2_000, 2),
            after_limit: steps(500, 8_000, 6),
        }
    }

    pub(crate) const fn deadline(&self) -> Instant {
        self.deadline
    }

    pub(crate) const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Starts an attempt: gives the pause before it, or the failure when that pause does not fit.
    pub(crate) fn begin(&mut self, pace: &Pace) -> Result<Duration, CallFailure> {
        let pause = pace.pause();
        if !self.fits(pause) {
            let kind = if pause.is_zero() {
                FailureKind::DeadlinePassed
            } else {
                FailureKind::RateLimited
            };
            return Err(CallFailure::new(kind, Effect::NotSent));
        }
        self.attempts += 1;
        Ok(pause)
    }

    /// Judges a failed attempt: completes the failure, and gives the pause before a repetition if there may be one.
    pub(crate) fn judge(&mut self, mut failure: CallFailure) -> (CallFailure, Option<Duration>) {
        self.effect = self.effect.max(failure.effect);
        failure.effect = self.effect;
        failure.attempts = self.attempts;
        let pause = self.pause_after(&failure).filter(|pause| self.fits(*pause));
        (failure, pause)
    }

    fn fits(&self, pause: Duration) -> bool {
        Instant::now() + pause < self.deadline
    }

    fn pause_after(&mut self, failure: &CallFailure) -> Option<Duration> {
        if self.single {
            return None;
        }
        if failure.kind == FailureKind::RateLimited {
            // Without an answer it was our own pause that did not fit, and there is nothing to repeat.
            let rate = failure.meta.as_ref()?.rate;
            let asked = rate.and_then(|rate| reset(rate.reset_s));
            let step = self.after_limit.next()?;
            return Some(asked.map_or(step, |asked| asked.max(step)));
        }
        let allowed = is_fault(&failure.kind) && (self.repeatable || self.effect < Effect::Unknown);
        self.after_fault.next().filter(|_| allowed)
    }
}

/// Tells a fault that may be gone in a moment; everything else would only fail again.
const fn is_fault(kind: &FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Connect
            | FailureKind::Dns
            | FailureKind::Proxy
            | FailureKind::Timeout
            | FailureKind::CutOff
            | FailureKind::ServerFault(_)
            | FailureKind::Unavailable
    )
}

/// Doubling pauses with jitter.
fn steps(first_ms: u64, longest_ms: u64, times: usize) -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(first_ms))
        .with_max_delay(Duration::from_millis(longest_ms))
        .with_max_times(times)
        .with_jitter()
        .build()
}
