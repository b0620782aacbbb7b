//! The clock between neighbours: back, or unlike the one that never goes back. Flagged, never judged.
//!
//! Deliberately absent: what the clock should have said.

use super::standing::Ticked;
use crate::report::{Defect, Finding};

/// The most that a clock may go back, or differ from the monotonic one, before it is flagged.
const TOLERANCE_MS: i64 = 2_000;
/// The most clock notices that are kept.
const MAX_NOTICES: usize = 100;

/// Compares an entry's time with that of the one before it.
pub fn compare(last: &Ticked, now: &Ticked, seq: u64, notices: &mut Vec<Finding>) {
    let passed = now.unix_ms - last.unix_ms;
    let together = now.session.is_some() && now.session == last.session;
    let ticked = i64::try_from(now.mono).unwrap_or(0) - i64::try_from(last.mono).unwrap_or(0);
    let odd = passed < -TOLERANCE_MS || (together && (passed - ticked).abs() > TOLERANCE_MS);
    if odd && notices.len() < MAX_NOTICES {
        let detail = format!("Between entries {} and {seq} the clock moved by {passed} ms.", seq - 1);
        notices.push(Finding::new(Defect::Clock, Some(seq), detail));
    }
}
