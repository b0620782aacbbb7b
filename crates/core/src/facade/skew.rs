//! Klarna's clock against ours, per profile: measured at every answer, corrected for, told and recorded.
//!
//! A token's `iat` and `exp` must fit Klarna's clock; a laptop's may be minutes off (users.md 1, clock skew). What is measured is
//! corrected for, also where it is too small to be told: how much Klarna lets pass is not known. Below two seconds it is noise.

use gatehouse_audit::Phase;
use gatehouse_klarna::CallFailure;
use uuid::Uuid;

use super::connection::Connection;
use super::core::Core;
use crate::acts::{self, Members};
use crate::database;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// Differences up to this many seconds are corrected for, but neither told nor recorded (portal-access.md 15.3 warns from 30 s).
pub(crate) const WARNED_S: i64 = 30;
/// From this many seconds on an act is refused: a clock so wrong makes the log's times wrong, and no correction mends those.
pub(crate) const REFUSED_S: i64 = 300;
/// Smaller differences are network delay and the whole seconds of `Date`.
const NOISE_S: i64 = 2;
/// A measurement older than this is made anew before a token is signed.
const FRESH_S: i64 = 12 * 3600;

/// A difference as it was measured last.
#[derive(Clone, Copy)]
struct Measured {
    skew_s: i64,
    at_s: i64,
}

impl Measured {
    fn parse(text: &str) -> Option<Self> {
        let (skew_s, at_s) = text.split_once(' ')?;
        Some(Self {
            skew_s: skew_s.parse().ok()?,
            at_s: at_s.parse().ok()?,
        })
    }

    fn is_fresh(self, now_s: i64, limit_s: i64) -> bool {
        (now_s - self.at_s).abs() < limit_s
    }
}

/// The part of a difference that people are told of.
fn told(skew_s: i64) -> i64 {
    if skew_s.abs() > WARNED_S { skew_s } else { 0 }
}

impl Core {
    /// Now by Klarna's clock, seconds since 1970.
    pub fn klarna_now_s(&self, profile: &Profile) -> i64 {
        self.now_s() + self.skew_s(profile)
    }

    /// How far Klarna's clock is ahead of ours, 0 when that is noise or was never measured.
    pub fn skew_s(&self, profile: &Profile) -> i64 {
        self.measured(profile).map_or(0, |measured| measured.skew_s)
    }

    fn now_s(&self) -> i64 {
        self.clock().unix_ms().div_euclid(1000)
    }

    fn measured(&self, profile: &Profile) -> Option<Measured> {
        let text = database::setting(&self.database(), &key(profile)).ok().flatten()?;
        Measured::parse(&text)
    }

    /// Compares an answer's `Date` with our clock, keeps the difference, and records one that is large and new.
    pub fn note_server_time(&self, profile: &Profile, server_unix_s: Option<i64>) {
        let Some(server) = server_unix_s else { return };
        let now_s = self.now_s();
        let difference = server - now_s;
        let skew = if difference.abs() < NOISE_S { 0 } else { difference };
        let last = self.measured(profile);
        let known = last.map_or(0, |last| last.skew_s);
        let is_same = (skew - known).abs() < NOISE_S && last.is_some_and(|last| last.is_fresh(now_s, FRESH_S / 2));
        if is_same {
            return;
        }
        let kept = database::set_setting(&self.database(), &key(profile), &format!("{skew} {now_s}"));
        let (new, old) = (told(skew), told(known));
        let is_news = (new - old).abs() > WARNED_S || (new == 0) != (old == 0);
        let recorded = kept.and_then(|()| {
            if is_news {
                self.record_skew(profile, new)
            } else {
                Ok(())
            }
        });
        if let Err(problem) = recorded {
            tracing::warn!(code = problem.code.as_str(), "the clock's difference was not recorded");
        }
    }

    /// The clock's problem where it, and nothing else, explains why Klarna refused a call.
    ///
    /// A refusal names the token's times; or names nothing while the clock is off; or the gateway blocks without a word while the
    /// clock is so far off that no certificate may be valid by it.
    pub(crate) fn clock_explains(&self, profile: &Profile, failure: &CallFailure, code: ErrorCode) -> Option<Problem> {
        let parameters = failure.api.as_ref().map_or(&[][..], |api| &api.parameters);
        let is_time = |name: &str| matches!(name.rsplit('.').next(), Some("iat" | "exp"));
        let names_time = parameters.iter().any(|fault| is_time(&fault.parameter));
        let skew = self.skew_s(profile);
        let dated = failure.meta.as_ref().is_some_and(|meta| meta.server_unix_s.is_some());
        let is_invalid = code == ErrorCode::KlarnaInvalid;
        if is_invalid && names_time {
            return Some(if skew == 0 { times_refused() } else { skewed(skew) });
        }
        let is_unnamed = is_invalid && parameters.is_empty() && told(skew) != 0;
        let is_far_off = code == ErrorCode::KlarnaBlocked && dated && skew.abs() >= REFUSED_S;
        (is_unnamed || is_far_off).then(|| skewed(skew))
    }

    /// Refuses an act while the clock is too far off; measures anew first, so that a mended clock is noticed, and where there is no
    /// fresh measurement, so that the first token fits Klarna's clock already.
    ///
    /// # Errors
    /// `clock_skewed`.
    pub fn refuse_skewed(&self, profile: &Profile, connection: &Connection) -> Result<(), Problem> {
        let now_s = self.now_s();
        let fresh = self.measured(profile).filter(|last| last.is_fresh(now_s, FRESH_S));
        if fresh.is_some_and(|last| last.skew_s.abs() < REFUSED_S) {
            return Ok(());
        }
        let warmed = self.block_on(connection.client.warm());
        self.note_server_time(profile, warmed.ok().and_then(|meta| meta.server_unix_s));
        let skew = self.skew_s(profile);
        if skew.abs() >= REFUSED_S {
            return Err(skewed(skew));
        }
        Ok(())
    }

    fn record_skew(&self, profile: &Profile, skew_s: i64) -> Result<(), Problem> {
        let mut result = Members::new();
        result.insert("skew_s".into(), skew_s.into());
        let mut note = acts::draft("clock.skew", Phase::Note, Uuid::now_v7(), Some(&profile.into()), None);
        note.result = result;
        self.unlock_log()?;
        self.journal().append(note).map(|_| ())
    }
}

fn key(profile: &Profile) -> String {
    format!("clock_skew/{}", profile.id)
}

fn skewed(skew_s: i64) -> Problem {
    let direction = if skew_s > 0 { "behind" } else { "ahead of" };
    let off = skew_s.abs();
    if off >= REFUSED_S {
        return Problem::new(
            ErrorCode::ClockSkewed,
            format!(
                "This computer's clock is {off} s {direction} Klarna's, which is too much to correct for, so nothing was opened."
            ),
            "Set the computer's clock, with its time zone and automatic time; then try again.",
        );
    }
    Problem::new(
        ErrorCode::ClockSkewed,
        format!("This computer's clock is {off} s {direction} Klarna's, so the token was refused."),
        "Gatehouse corrects for it from now on: open again. Set the computer's clock as well.",
    )
}

fn times_refused() -> Problem {
    Problem::new(
        ErrorCode::ClockSkewed,
        "Klarna refused the token's times, although its answer's time agrees with this computer's clock.",
        "Compare the computer's clock with the right time, then open again; if it stays so, report it with the reference.",
    )
}
