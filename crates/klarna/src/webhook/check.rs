//! The whole examination of a delivery: signature, age, repetition, content.
//!
//! Each finding stands for itself, so that a delivery with a wrong signature can still be read by the person who looks for the
//! fault. Deliberately absent: acting on what it tells; only a good signature allows that.

use super::delivery::Delivery;
use super::key::WebhookKey;
use super::notice::{NoticeRefusal, WebhookNotice};
use super::signature::{self, SignatureFinding};

/// Klarna's last repetition: 10 s, 2 min, 15 min, 3 h, 6 h and 12 h after one another (tokens.md 7.5, DOC).
const LAST_REPETITION_S: i64 = 10 + 120 + 900 + 3 * 3600 + 6 * 3600 + 12 * 3600;
/// How far clocks may differ.
const CLOCKS_S: i64 = 300;

/// How old a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryAge {
    /// Within the first minutes.
    Fresh {
        /// Seconds since it happened.
        seconds: i64,
    },
    /// Within the time in which Klarna repeats a delivery.
    Late {
        /// Seconds since it happened.
        seconds: i64,
    },
    /// Later than Klarna repeats anything: an old capture, or somebody sends it again.
    TooOld {
        /// Seconds since it happened.
        seconds: i64,
    },
    /// It lies ahead: a clock is wrong.
    Ahead {
        /// Seconds until it happens.
        seconds: i64,
    },
    /// It does not say when it happened.
    Unknown,
}

impl DeliveryAge {
    fn of(occurred_unix_s: Option<i64>, now_unix_s: i64) -> Self {
        let Some(seconds) = occurred_unix_s.and_then(|occurred| now_unix_s.checked_sub(occurred)) else {
            return Self::Unknown;
        };
        match seconds {
            _ if seconds < -CLOCKS_S => Self::Ahead {
                seconds: seconds.saturating_neg(),
            },
            _ if seconds <= CLOCKS_S => Self::Fresh { seconds },
            _ if seconds <= LAST_REPETITION_S + CLOCKS_S => Self::Late { seconds },
            _ => Self::TooOld { seconds },
        }
    }
}

/// Everything that was found.
#[derive(Debug)]
pub struct DeliveryReport {
    /// Whether it is Klarna's.
    pub signature: SignatureFinding,
    /// How old it is.
    pub age: DeliveryAge,
    /// Whether it was seen before.
    pub is_repeated: bool,
    /// What it tells, when it can be read.
    pub notice: Result<WebhookNotice, NoticeRefusal>,
}

/// Examines a delivery; `seen` says whether an event id was met before.
#[must_use]
pub fn check_delivery(
    delivery: &Delivery,
    keys: &[WebhookKey],
    now_unix_s: i64,
    seen: impl FnOnce(&str) -> bool,
) -> DeliveryReport {
    let notice = WebhookNotice::read(delivery.body());
    let known = notice.as_ref().ok();
    DeliveryReport {
        signature: signature::check(delivery, keys),
        age: DeliveryAge::of(known.and_then(|notice| notice.occurred_unix_s), now_unix_s),
        is_repeated: known.is_some_and(|notice| seen(&notice.event_id)),
        notice,
    }
}
