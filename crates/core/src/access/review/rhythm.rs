//! The rhythm of reviews: everybody's access is reviewed every six months, and a review that was given a day is due by then.
//!
//! A review that nobody goes on with silences nothing, and one of a single merchant is none of the others.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use rusqlite::Connection;
use uuid::Uuid;

use super::{Review, ReviewOrigin, ReviewScope, ReviewState, store};
use crate::access::ledger;
use crate::problem::Problem;
use crate::profile::expiry::{Deadline, REVIEW_SUBJECT};

/// Days before the day at which it is told.
const THRESHOLDS: &[i64] = &[14];

/// Everybody's access is reviewed anew after so many months.
const MONTHS: i64 = 6;

/// When a review of a profile is due next, by what its database holds.
///
/// # Errors
/// What the database says.
pub(crate) fn next_due_of(connection: &Connection, profile: Uuid) -> Result<Option<Date>, Problem> {
    let reviews = store::all(connection, profile)?;
    let oldest = match reviewed(&reviews) {
        Some(_) => None,
        None => ledger::oldest_living_ms(connection, profile)?,
    };
    Ok(next_due(&reviews, oldest))
}

/// When a review is due next: the nearest day that an open one was given, or six months after everybody was last reviewed, whichever comes
/// first. Where everybody never was, the six months begin with the oldest grant that lives.
#[must_use]
pub fn next_due(reviews: &[Review], oldest_grant_ms: Option<i64>) -> Option<Date> {
    let open = own(reviews).filter(|review| review.state == ReviewState::Open);
    let given = open.filter_map(|review| review.due).min();
    let since = reviewed(reviews).or(oldest_grant_ms);
    let rhythm = since
        .and_then(crate::access::day_of)
        .and_then(|day| day.checked_add(Span::new().months(MONTHS)).ok());
    given.into_iter().chain(rhythm).min()
}

fn own(reviews: &[Review]) -> impl Iterator<Item = &Review> {
    reviews.iter().filter(|review| review.origin == ReviewOrigin::Own)
}

/// When a review of everybody was concluded last; one of a part says nothing of the others.
fn reviewed(reviews: &[Review]) -> Option<i64> {
    let all = own(reviews).filter(|review| review.scope == ReviewScope::All);
    all.filter_map(|review| review.concluded_ms).max()
}

/// A day on which a review is due, as a deadline that can be told.
#[must_use]
pub fn deadline(due: Date) -> Option<Deadline> {
    let end = due.tomorrow().ok()?;
    let at: Timestamp = end.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Deadline {
        subject: REVIEW_SUBJECT.into(),
        name: "The access review".into(),
        ends_at_ms: at.as_millisecond(),
        thresholds: THRESHOLDS,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Progress;
    use super::*;

    fn ms(day: &str) -> i64 {
        let day: Date = day.parse().unwrap();
        day.to_zoned(jiff::tz::TimeZone::UTC)
            .unwrap()
            .timestamp()
            .as_millisecond()
    }

    fn review(scope: ReviewScope, due: Option<&str>, concluded: Option<&str>) -> Review {
        Review {
            id: Uuid::nil(),
            name: "Autumn".into(),
            origin: ReviewOrigin::Own,
            state: concluded.map_or(ReviewState::Open, |_| ReviewState::Concluded),
            scope,
            snapshot_sha256: String::new(),
            progress: Progress {
                lines: 1,
                decided: 0,
                revoked: 0,
            },
            started_ms: 0,
            due: due.map(|day| day.parse().unwrap()),
            starter: String::new(),
            start_seq: 1,
            checkpoint: String::new(),
            signed_off_ms: None,
            plan_sha256: None,
            concluded_ms: concluded.map(ms),
        }
    }

    fn due(reviews: &[Review], oldest: Option<&str>) -> Option<String> {
        next_due(reviews, oldest.map(ms)).map(|day| day.to_string())
    }

    #[test]
    fn an_open_review_without_a_day_silences_nothing() {
        let reviews = [
            review(ReviewScope::All, None, None),
            review(ReviewScope::All, None, Some("2026-01-31")),
        ];
        let told = due(&reviews, None);
        assert_eq!(
            told.as_deref(),
            Some("2026-07-31"),
            "six months after the last conclusion"
        );
    }

    #[test]
    fn what_comes_first_is_due() {
        let last = review(ReviewScope::All, None, Some("2026-01-10"));
        let early = [review(ReviewScope::All, Some("2026-05-01"), None), last.clone()];
        assert_eq!(
            due(&early, None).as_deref(),
            Some("2026-05-01"),
            "the day that was given"
        );
        let late = [review(ReviewScope::All, Some("2026-12-01"), None), last];
        assert_eq!(
            due(&late, None).as_deref(),
            Some("2026-07-10"),
            "a late day moves no rhythm"
        );
    }

    #[test]
    fn grants_that_were_never_reviewed_are_due_six_months_after_the_oldest() {
        assert_eq!(
            due(&[], Some("2026-02-01")).as_deref(),
            Some("2026-08-01"),
            "never reviewed"
        );
        assert_eq!(due(&[], None), None, "nobody has access, so nothing is due");
    }

    #[test]
    fn a_review_of_one_merchant_is_none_of_the_others() {
        let one = review(ReviewScope::Merchant("krn:one".into()), None, Some("2026-06-01"));
        let admins = review(ReviewScope::Admins, None, Some("2026-06-01"));
        let told = due(&[one, admins], Some("2026-01-01"));
        assert_eq!(told.as_deref(), Some("2026-07-01"), "counted from the oldest grant");
    }

    #[test]
    fn a_colleagues_review_is_theirs() {
        let task = Review {
            origin: ReviewOrigin::Task,
            ..review(ReviewScope::All, Some("2026-03-01"), None)
        };
        assert_eq!(due(&[task], None), None, "its day is whoever started it's");
    }
}
