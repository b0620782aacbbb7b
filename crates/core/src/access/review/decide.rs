//! Keep or revoke: one decision a line and reviewer, durable when it returns, changeable until sign-off.
//!
//! The row counts what is decided as decisions come, so that a key press costs the same in a review of ten lines and of 200,000.
//! Deliberately absent: an entry of the log per key press; sign-off and hand-over have theirs, which carry the decisions' hash.

use rusqlite::{Connection, Row, TransactionBehavior, params};
use uuid::Uuid;

use super::line::Reviewer;
use super::{Progress, Review, ReviewState, Verdict, refused, store};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// The longest note of a decision, in characters.
const LONGEST_NOTE: usize = 500;

/// One reviewer's decision on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The line.
    pub line: u32,
    /// The reviewer's key id.
    pub reviewer: String,
    /// Keep or revoke.
    pub verdict: Verdict,
    /// Why.
    pub note: Option<String>,
    /// Whether they reviewed their own: what they granted, or their own access.
    pub self_review: bool,
    /// When.
    pub decided_ms: i64,
}

/// Decides a line, or takes the own decision back; answers how far the review is.
///
/// # Errors
/// `review_missing`, `review_closed`, `input_invalid` for a line that is not there or a note that is too long.
pub(crate) fn decide(
    core: &Core,
    profile: &Profile,
    needle: &str,
    (line, verdict): (u32, Option<Verdict>),
    note: Option<&str>,
) -> Result<Progress, Problem> {
    let note = checked(note)?;
    let reviewer = Reviewer::here(core, profile)?;
    let mut database = core.database_for_change()?;
    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let review = store::find(&transaction, profile.id, needle)?;
    refused::demand(&review, None, ReviewState::Open)?;
    let facts = store::line(&transaction, review.id, line)?.ok_or_else(|| no_line(&review, line))?;
    match verdict {
        None => take_back(&transaction, review.id, line, &reviewer.key_id)?,
        Some(verdict) => {
            let decision = Decision {
                line,
                verdict,
                note,
                self_review: facts.concerns(&reviewer),
                reviewer: reviewer.key_id,
                decided_ms: core.clock().unix_ms(),
            };
            save(&transaction, review.id, &decision)?;
        }
    }
    let progress = settle(&transaction, review.id, line)?;
    transaction.commit()?;
    Ok(progress)
}

/// Writes a decision; the same reviewer's earlier one on the line gives way.
pub(super) fn save(connection: &Connection, review: Uuid, decision: &Decision) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "INSERT INTO review_decision (review, line, reviewer, verdict, note, self_review, decided_ms)
             VALUES (?1,?2,?3,?4,?5,?6,?7) ON CONFLICT (review, line, reviewer) DO UPDATE SET
             verdict = excluded.verdict, note = excluded.note, self_review = excluded.self_review,
             decided_ms = excluded.decided_ms",
        )?
        .execute(params![
            review.to_string(),
            decision.line,
            decision.reviewer,
            Verdict::number(Some(decision.verdict)),
            decision.note,
            decision.self_review,
            decision.decided_ms,
        ])?;
    Ok(())
}

fn take_back(connection: &Connection, review: Uuid, line: u32, reviewer: &str) -> Result<(), Problem> {
    connection
        .prepare_cached("DELETE FROM review_decision WHERE review = ?1 AND line = ?2 AND reviewer = ?3")?
        .execute(params![review.to_string(), line, reviewer])?;
    Ok(())
}

/// Brings a line's verdict and the review's counts up to its decisions.
pub(super) fn settle(connection: &Connection, review: Uuid, line: u32) -> Result<Progress, Problem> {
    let id = review.to_string();
    let before: i64 = connection
        .prepare_cached("SELECT verdict FROM review_line WHERE review = ?1 AND line = ?2")?
        .query_row(params![id, line], |row| row.get(0))?;
    let verdict = Verdict::of(
        of_line(connection, review, line)?
            .iter()
            .map(|decision| decision.verdict),
    );
    let after = Verdict::number(verdict);
    connection
        .prepare_cached("UPDATE review_line SET verdict = ?3 WHERE review = ?1 AND line = ?2")?
        .execute(params![id, line, after])?;
    connection
        .prepare_cached("UPDATE review SET decided = decided + ?2, revoked = revoked + ?3 WHERE id = ?1")?
        .execute(params![
            id,
            i64::from(after > 0) - i64::from(before > 0),
            i64::from(after == 2) - i64::from(before == 2)
        ])?;
    progress(connection, review)
}

fn progress(connection: &Connection, review: Uuid) -> Result<Progress, Problem> {
    Ok(connection
        .prepare_cached("SELECT lines, decided, revoked FROM review WHERE id = ?1")?
        .query_row([review.to_string()], |row| {
            Ok(Progress {
                lines: row.get(0)?,
                decided: row.get(1)?,
                revoked: row.get(2)?,
            })
        })?)
}

/// The decisions on one line, by reviewer.
pub(super) fn of_line(connection: &Connection, review: Uuid, line: u32) -> Result<Vec<Decision>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT line, reviewer, verdict, note, self_review, decided_ms FROM review_decision
         WHERE review = ?1 AND line = ?2 ORDER BY reviewer",
    )?;
    let rows = statement.query_map(params![review.to_string(), line], read)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Option<Decision>> {
    let Some(verdict) = Verdict::from_number(row.get(2)?) else {
        return Ok(None);
    };
    Ok(Some(Decision {
        line: row.get(0)?,
        reviewer: row.get(1)?,
        verdict,
        note: row.get(3)?,
        self_review: row.get(4)?,
        decided_ms: row.get(5)?,
    }))
}

fn checked(note: Option<&str>) -> Result<Option<String>, Problem> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "A note has 500 characters at most.",
            "Say it in fewer words.",
        ));
    }
    Ok(note.map(str::to_owned))
}

fn no_line(review: &Review, line: u32) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!(
            "{:?} has no line {line}: its lines are 1 to {}.",
            review.name, review.progress.lines
        ),
        "Name a line of the review.",
    )
}
