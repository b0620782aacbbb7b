//! Rate limits of the category "Partner Management" (portal-access.md 10.4, row 35).
//!
//! Two fixed windows of one second count at once: the merchant in the path and the acquirer as a whole. They follow the
//! machine's time, since a frozen sandbox clock would never open the next window.

use super::answer::{ApiError, Refusal};
use crate::settings::{Key, Settings};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const WINDOW_MS: i64 = 1_000;
/// Beyond this many merchants the windows that are over are forgotten.
const REMEMBERED: usize = 1_024;

/// The windows of this process; a restart begins anew.
#[derive(Default)]
pub(crate) struct Rates {
    windows: Mutex<HashMap<String, Window>>,
}

#[derive(Clone, Copy, Default)]
struct Window {
    began_ms: i64,
    taken: i64,
}

/// What is left of one limit after a call.
#[derive(Clone, Copy)]
struct Level {
    limit: i64,
    left: i64,
    reset_ms: i64,
}

impl Rates {
    /// Counts one call, adds the headers, and refuses when a limit is passed.
    pub(super) fn take(
        &self,
        settings: &Settings,
        merchant: Option<&str>,
        now_ms: i64,
        headers: &mut Vec<(&'static str, String)>,
    ) -> Result<(), Refusal> {
        if !settings.on(Key::RateEnabled) {
            return Ok(());
        }
        let (partner, acquirer) = (
            settings.count(Key::RatePartnerPerS),
            settings.count(Key::RateAcquirerPerS),
        );
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() > REMEMBERED {
            windows.retain(|_, window| now_ms - window.began_ms < WINDOW_MS);
        }
        let whole = count(&mut windows, "", acquirer, now_ms);
        let one = merchant.map(|merchant| count(&mut windows, merchant, partner, now_ms));
        let tightest = one.filter(|one| one.left <= whole.left).unwrap_or(whole);
        headers.extend(written(tightest, partner, acquirer));
        if tightest.left >= 0 {
            return Ok(());
        }
        if settings.on(Key::RateRetryAfter) {
            headers.push(("retry-after", "1".to_owned()));
        }
        Err(Refusal::Api(ApiError::of(429, "Too many calls.")))
    }
}

fn count(windows: &mut HashMap<String, Window>, name: &str, limit: i64, now_ms: i64) -> Level {
    let window = windows.entry(name.to_owned()).or_default();
    if !(0..WINDOW_MS).contains(&(now_ms - window.began_ms)) {
        *window = Window {
            began_ms: now_ms,
            taken: 0,
        };
    }
    window.taken += 1;
    Level {
        limit,
        left: limit - window.taken,
        reset_ms: window.began_ms + WINDOW_MS - now_ms,
    }
}

/// The syntax of 10.4: the tightest quota first, then each level with its window.
fn written(tightest: Level, partner: i64, acquirer: i64) -> [(&'static str, String); 3] {
    let limit = format!(
        "{}, {partner};w=1;name=\"partner\",{acquirer};w=1;name=\"acquiring-partner\"",
        tightest.limit
    );
    [
        ("x-ratelimit-limit", limit),
        ("x-ratelimit-remaining", tightest.left.max(0).to_string()),
        ("x-ratelimit-reset", ((tightest.reset_ms + 999) / 1_000).to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_levels_count_and_the_next_second_is_free() {
        let (rates, settings) = (Rates::default(), Settings::default());
        let take = |merchant, now_ms| rates.take(&settings, merchant, now_ms, &mut Vec::new()).is_ok();
        assert!((0..5).all(|_| take(Some("a"), 0)), "five calls for one merchant pass");
        assert!(!take(Some("a"), 999), "the sixth is refused");
        assert!(
            (0..5).all(|_| take(Some("b"), 999)),
            "another merchant has its own window"
        );
        assert!(take(None, 999), "the twelfth call as a whole passes");
        assert!(!take(None, 999), "the thirteenth is refused");
        assert!(take(Some("a"), 1_000), "a second later all is free");
    }
}
