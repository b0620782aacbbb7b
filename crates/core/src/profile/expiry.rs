//! What ends soon: certificates, the API key that Klarna disables after two months without use (portal-access.md 7), and the time
//! until the next access review.
//!
//! Pure: deadlines and a time go in, warnings come out. Each threshold is told once; that memory is a row in the database.

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::key_rows::{KeyRow, KeyState};
use crate::problem::{Hint, Problem, ways};

const DAY_MS: i64 = 86_400_000;
/// Two months in days, counted short.
const IDLE_DAYS: i64 = 59;
/// Days before the end at which a certificate is warned of.
const CERTIFICATE: [i64; 5] = [60, 30, 14, 7, 1];
/// The same for an idle API key, whose whole span is two months.
const API_KEY: [i64; 4] = [30, 14, 7, 1];

/// Something that ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// What it is, and what the memory of telling hangs on: `certificate/<key id>` or `api_key`.
    pub subject: String,
    /// Its name for people.
    pub name: String,
    /// When it ends.
    pub ends_at_ms: i64,
    /// Days before the end at which it is told, the longest first.
    pub thresholds: &'static [i64],
}

/// What the access review's deadline is called.
pub const REVIEW_SUBJECT: &str = "access_review";
/// What the API key's own deadline is called.
pub const API_KEY_SUBJECT: &str = "api_key";

/// A deadline that has come near.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiryWarning {
    /// What ends.
    pub subject: String,
    /// When.
    pub ends_at_ms: i64,
    /// Whole days left; negative when it has ended.
    pub days_left: i64,
    /// The threshold that was crossed last; 0 when it has ended.
    pub threshold: i64,
    /// What to say.
    pub message: String,
    /// What to do.
    pub hint: Hint,
}

/// A profile's deadlines: each certificate in use or on its way, and the API key's idle limit.
#[must_use]
pub fn deadlines(keys: &[KeyRow], api_key_used_ms: Option<i64>) -> Vec<Deadline> {
    let living = keys
        .iter()
        .filter(|row| row.state == KeyState::Active || row.state.is_next());
    let certificates = living.filter_map(|row| {
        let certificate = row.certificate().ok().flatten()?;
        Some(Deadline {
            subject: format!("certificate/{}", row.key_id),
            name: format!("The {} certificate", row.usage.as_str()),
            ends_at_ms: certificate.facts().not_after_unix_s.saturating_mul(1000),
            thresholds: &CERTIFICATE,
        })
    });
    let api_key = api_key_used_ms.map(|used| Deadline {
        subject: API_KEY_SUBJECT.into(),
        name: "The API key".into(),
        ends_at_ms: idle_at_ms(used),
        thresholds: &API_KEY,
    });
    certificates.chain(api_key).collect()
}

/// When Klarna disables an API key that was last used then.
#[must_use]
pub fn idle_at_ms(used_ms: i64) -> i64 {
    used_ms.saturating_add(IDLE_DAYS * DAY_MS)
}

/// What of the deadlines is near at a time, the nearest first.
#[must_use]
pub fn expiry_warnings(deadlines: &[Deadline], now_ms: i64) -> Vec<ExpiryWarning> {
    let mut near: Vec<ExpiryWarning> = deadlines
        .iter()
        .filter_map(|deadline| warning(deadline, now_ms))
        .collect();
    near.sort_by_key(|warning| warning.ends_at_ms);
    near
}

fn warning(deadline: &Deadline, now_ms: i64) -> Option<ExpiryWarning> {
    let left_ms = deadline.ends_at_ms - now_ms;
    let ended = left_ms < 0;
    let crossed = deadline
        .thresholds
        .iter()
        .copied()
        .filter(|days| left_ms <= days * DAY_MS)
        .min();
    let threshold = if ended { 0 } else { crossed? };
    let days_left = left_ms.div_euclid(DAY_MS);
    let (message, hint) = said(deadline, ended, days_left);
    Some(ExpiryWarning {
        subject: deadline.subject.clone(),
        ends_at_ms: deadline.ends_at_ms,
        days_left,
        threshold,
        message,
        hint,
    })
}

fn said(deadline: &Deadline, ended: bool, days_left: i64) -> (String, Hint) {
    if deadline.subject == REVIEW_SUBJECT {
        return review_said(ended, days_left);
    }
    let idle = deadline.subject == API_KEY_SUBJECT;
    match (idle, ended) {
        (false, true) => (
            format!("{} has expired.", deadline.name),
            ways(
                "Nothing can be opened until it is replaced: `gatehouse key rotate`.",
                "Nothing can be opened until it is replaced: press Rotate in the Keys screen.",
            ),
        ),
        (false, false) => (
            format!("{} ends in {}.", deadline.name, days(days_left)),
            ways(
                "Rotate it in time: `gatehouse key rotate`, or Keys in the app.",
                "Rotate it in time: press Rotate in the Keys screen.",
            ),
        ),
        (true, true) => (
            "The API key was not used for two months, so Klarna has probably disabled it.".into(),
            ways(
                "Try it: `gatehouse profile first-call`. If Klarna says no, ask for a new one.",
                "Try it: press Look at set-up in the settings, then Make a first call. If Klarna says no, ask for a new one.",
            ),
        ),
        (true, false) => (
            format!(
                "The API key is idle; Klarna disables it in {} unless it is used.",
                days(days_left)
            ),
            ways(
                "Any call keeps it alive: `gatehouse profile first-call`.",
                "Any call keeps it alive: opening a portal does, or the first call of set-up.",
            ),
        ),
    }
}

fn review_said(ended: bool, days_left: i64) -> (String, Hint) {
    let message = if ended {
        "The access review is overdue.".into()
    } else {
        format!("The access review is due in {}.", days(days_left))
    };
    let hint = ways(
        "Go on with it, or start one: `gatehouse access review list`.",
        "Go on with it, or start one: Reviews, under People.",
    );
    (message, hint)
}

fn days(count: i64) -> String {
    match count {
        0 => "less than a day".into(),
        1 => "1 day".into(),
        more => format!("{more} days"),
    }
}

/// Who tells: what a script's terminal showed, nobody at the window has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Teller {
    /// The app.
    Window,
    /// The command line.
    Terminal,
}

impl Teller {
    fn prefix(self) -> &'static str {
        match self {
            Self::Window => "",
            Self::Terminal => "terminal/",
        }
    }
}

/// Marks a warning as told; answers whether it was not told before.
///
/// # Errors
/// What the database says.
pub fn tell_once(
    connection: &Connection,
    profile: Uuid,
    warning: &ExpiryWarning,
    teller: Teller,
    now_ms: i64,
) -> Result<bool, Problem> {
    let written = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO expiry_told (profile, subject, ends_at_ms, threshold, told_at_ms) VALUES (?1,?2,?3,?4,?5)",
        )?
        .execute(params![
            profile.to_string(),
            format!("{}{}", teller.prefix(), warning.subject),
            // The API key's end moves with every use; its threshold is told once a day at most.
            warning.ends_at_ms - warning.ends_at_ms.rem_euclid(DAY_MS),
            warning.threshold,
            now_ms
        ])?;
    Ok(written > 0)
}
