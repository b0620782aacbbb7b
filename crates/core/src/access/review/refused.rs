//! What is said when a step of a review is not possible.

use rusqlite::Connection;
use uuid::Uuid;

use super::{Review, ReviewOrigin, ReviewState, store};
use crate::problem::{ErrorCode, Problem, ways};

pub(super) fn missing(needle: &str) -> Problem {
    Problem::new(
        ErrorCode::ReviewMissing,
        format!("No single review of this profile is meant by {needle:?}."),
        ways(
            "`gatehouse access review list` shows names and ids.",
            "Look at the list of reviews under People.",
        ),
    )
}

/// A step that the review's state does not allow any more, or not yet.
pub(super) fn closed(review: &Review) -> Problem {
    let (what, hint) = match review.state {
        ReviewState::Open => (
            "is not signed off yet",
            ways(
                "Decide every line, then `gatehouse access review sign-off`.",
                "Decide every line, then press Sign off.",
            ),
        ),
        ReviewState::HandedIn => (
            "was handed in from here",
            "What was handed in stands; tell whoever started it if a line must change: a revoke always wins.".into(),
        ),
        ReviewState::SignedOff => (
            "is signed off",
            "Start another review if a decision must change.".into(),
        ),
        ReviewState::Concluded => ("is concluded", "Start another review if a decision must change.".into()),
    };
    Problem::new(ErrorCode::ReviewClosed, format!("{:?} {what}.", review.name), hint)
}

/// A step that belongs to whoever started the review.
pub(super) fn not_own(review: &Review) -> Problem {
    Problem::new(
        ErrorCode::ReviewClosed,
        format!("{:?} was started by a colleague, who signs it off.", review.name),
        ways(
            "Decide the lines, then `gatehouse access review hand-in`.",
            "Decide the lines, then press Hand in.",
        ),
    )
}

/// Asks that a review is open, and started here or not.
pub(super) fn demand(review: &Review, origin: Option<ReviewOrigin>, state: ReviewState) -> Result<(), Problem> {
    if origin.is_some_and(|origin| origin != review.origin) {
        return Err(match review.origin {
            ReviewOrigin::Task => not_own(review),
            ReviewOrigin::Own => own(review),
        });
    }
    if review.state == state {
        Ok(())
    } else {
        Err(closed(review))
    }
}

/// Asks inside a transaction that a review still is in a state: another process may have gone on with it.
pub(super) fn demand_still(
    connection: &Connection,
    profile: Uuid,
    review: &Review,
    state: ReviewState,
) -> Result<(), Problem> {
    demand(&store::find(connection, profile, &review.id.to_string())?, None, state)
}

pub(super) fn own(review: &Review) -> Problem {
    Problem::new(
        ErrorCode::ReviewClosed,
        format!(
            "{:?} was started here, so there is nobody to hand it in to.",
            review.name
        ),
        ways(
            "Decide the lines, then `gatehouse access review sign-off`.",
            "Decide the lines, then press Sign off.",
        ),
    )
}

pub(super) fn undecided(review: &Review) -> Problem {
    let left = review.progress.undecided();
    let lines = if left == 1 {
        "1 line is".to_owned()
    } else {
        format!("{left} lines are")
    };
    Problem::new(
        ErrorCode::ReviewUndecided,
        format!("{lines} undecided of {}.", review.progress.lines),
        ways(
            "Decide them, or sign off with --undecided-revoke, which revokes what nobody decided.",
            "Decide them, or choose that what nobody decided is revoked.",
        ),
    )
}

pub(super) fn mismatch(what: &str) -> Problem {
    Problem::new(
        ErrorCode::ReviewMismatch,
        format!("The review file is whole, but it belongs to {what}."),
        "Use it in the profile and for the review that it was made for, or ask for the file of this one.",
    )
}

pub(super) fn handed_in(name: &str, same: bool) -> Problem {
    let what = if same { "this very file" } else { "another file" };
    Problem::new(
        ErrorCode::ReviewHandedIn,
        format!("{name} has handed in for this review already: {what} was taken."),
        "What was taken stands. If a line must change, decide it here: a revoke always wins.",
    )
}

pub(super) fn expired(day: &str) -> Problem {
    Problem::new(
        ErrorCode::ReviewFileExpired,
        format!("The review file could be used until {day}."),
        ways(
            "Ask for a new one: `gatehouse access review export-task`, or hand-in.",
            "Ask whoever sent it to write the file anew.",
        ),
    )
}

/// The stored review is not what was hashed and recorded.
pub(super) fn damaged(review: &Review) -> Problem {
    Problem::new(
        ErrorCode::DatabaseDamaged,
        format!(
            "{:?} is not as it was recorded: its lines or decisions were changed behind Gatehouse.",
            review.name
        ),
        "Restore gatehouse.db from a backup of after the review was started, or start another review.",
    )
}
