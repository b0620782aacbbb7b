//! One grant as the index holds it: numbers alone, so that two hundred thousand are looked through in a millisecond or two.

use jiff::civil::Date;
use uuid::Uuid;

use super::query::{View, ViewCounts};
use crate::access::grant::EXPIRING_DAYS;

/// A day that never comes.
pub(super) const NEVER: i32 = i32::MAX;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// What filters and orders need of a grant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) person: u32,
    pub(super) site: u32,
    pub(super) roles: u16,
    pub(super) admin: bool,
    pub(super) accepted: bool,
    /// Days since 1970, or [`NEVER`].
    pub(super) ends: i32,
    pub(super) lapses: i32,
    pub(super) changed_ms: i64,
    pub(super) out_by_ms: i64,
    pub(super) seen_ms: Option<i64>,
}

/// The moment at which views are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) now_ms: i64,
    pub(super) today: i32,
}

impl Moment {
    pub(super) fn at(now_ms: i64) -> Self {
        let today = now_ms.div_euclid(86_400_000);
        Self {
            now_ms,
            today: i32::try_from(today).unwrap_or(NEVER - 1),
        }
    }
}

impl Row {
    /// Whether it belongs to a view; whether the person is a leaver is said by whoever knows the list.
    pub(super) fn is_in(&self, view: View, leaves: bool, at: Moment) -> bool {
        let over_by_day = self.ends <= at.today;
        let stands = !self.accepted && !over_by_day;
        match view {
            View::Every => true,
            View::Living => stands || (!over_by_day && at.now_ms < self.out_by_ms),
            View::Expiring => stands && self.ends <= at.today.saturating_add(EXPIRING_DAYS),
            View::Dormant => stands && self.lapses <= at.today,
            View::Leavers => stands && leaves,
            View::Admins => stands && self.admin,
            View::Ended => !stands,
        }
    }

    /// Counts it for every view that it belongs to.
    pub(super) fn count(&self, counts: &mut ViewCounts, leaves: bool, at: Moment) {
        let is_in = |view| u32::from(self.is_in(view, leaves, at));
        counts.every += 1;
        counts.living += is_in(View::Living);
        counts.expiring += is_in(View::Expiring);
        counts.dormant += is_in(View::Dormant);
        counts.leavers += is_in(View::Leavers);
        counts.admins += is_in(View::Admins);
        counts.ended += is_in(View::Ended);
    }
}

/// A day as the index holds it.
pub(super) fn day_number(day: Date) -> i32 {
    (day - EPOCH).get_days()
}

/// The day of a number; none for [`NEVER`].
pub(super) fn day_of_number(number: i32) -> Option<Date> {
    (number != NEVER)
        .then(|| EPOCH.checked_add(jiff::Span::new().days(number)).ok())
        .flatten()
}
