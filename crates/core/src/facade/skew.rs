//! Klarna's clock against ours, per profile: measured at every answer, corrected for, told and recorded.
//!
//! A token's `iat` and `exp` must fit Klarna's clock; a laptop's may be minutes off (users.md 1, clock skew). Small
//! differences are network delay and are ignored.

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::core::Core;
use crate::acts::{self, Members};
use crate::database;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// Differences up to this many seconds are not corrected (portal-access.md 15.3 warns from 30 s).
pub(crate) const WARNED_S: i64 = 30;
/// From this many seconds on an act is refused: a clock so wrong makes the log's times wrong, and no correction mends those.
pub(crate) const REFUSED_S: i64 = 300;

impl Core {
    /// Now by Klarna's clock, seconds since 1970.
    pub fn klarna_now_s(&self, profile: &Profile) -> i64 {
        self.clock().unix_ms().div_euclid(1000) + self.skew_s(profile)
    }

    /// How far Klarna's clock is ahead of ours, 0 when within the tolerance.
    pub fn skew_s(&self, profile: &Profile) -> i64 {
        database::setting(&self.database(), &key(profile))
            .ok()
            .flatten()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    }

    /// Compares an answer's `Date` with our clock, and keeps and records a difference that is new.
    pub fn note_server_time(&self, profile: &Profile, server_unix_s: Option<i64>) {
        let Some(server) = server_unix_s else { return };
        let measured = server - self.clock().unix_ms().div_euclid(1000);
        let skew = if measured.abs() > WARNED_S { measured } else { 0 };
        let known = self.skew_s(profile);
        if (skew - known).abs() <= WARNED_S && (skew == 0) == (known == 0) {
            return;
        }
        let kept = database::set_setting(&self.database(), &key(profile), &skew.to_string());
        if let Err(problem) = kept.and_then(|()| self.record_skew(profile, skew)) {
            tracing::warn!(code = problem.code.as_str(), "the clock's difference was not recorded");
        }
    }

    /// The problem that a skewed clock causes, if it is skewed.
    pub fn skew_problem(&self, profile: &Profile) -> Option<Problem> {
        let skew = self.skew_s(profile);
        (skew != 0).then(|| {
            let direction = if skew > 0 { "behind" } else { "ahead of" };
            if skew.abs() >= REFUSED_S {
                return Problem::new(
                    ErrorCode::ClockSkewed,
                    format!(
                        "This computer's clock is {} s {direction} Klarna's, which is too much to correct for, so nothing was opened.",
                        skew.abs()
                    ),
                    "Set the computer's clock, with its time zone and automatic time; then try again.",
                );
            }
            Problem::new(
                ErrorCode::ClockSkewed,
                format!(
                    "This computer's clock is {} s {direction} Klarna's, so the token was refused.",
                    skew.abs()
                ),
                "Gatehouse corrects for it from now on: open again. Set the computer's clock as well.",
            )
        })
    }

    /// Refuses an act while the clock is too far off; measures anew first, so that a mended clock is noticed.
    ///
    /// # Errors
    /// `clock_skewed`.
    pub fn refuse_skewed(&self, profile: &Profile, measure: impl FnOnce() -> Option<i64>) -> Result<(), Problem> {
        if self.skew_s(profile).abs() < REFUSED_S {
            return Ok(());
        }
        self.note_server_time(profile, measure());
        match self.skew_problem(profile) {
            Some(problem) if self.skew_s(profile).abs() >= REFUSED_S => Err(problem),
            Some(_) | None => Ok(()),
        }
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
