//! Reviews in `gatehouse.db`: the campaign's row, its lines and pages of them.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::document::{self, Members, number, text};
use super::line::{GrantFacts, Reviewer};
use super::{Decision, Progress, Review, ReviewLine, ReviewOrigin, ReviewScope, ReviewState, Verdict, decide, refused};
use crate::problem::Problem;

const COLUMNS: &str = "id, name, origin, state, head, snapshot_sha256, lines, decided, revoked, started_ms, due, start_seq, \
     checkpoint, sign_off, plan_sha256, concluded_ms";

/// Which lines are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineFilter {
    /// All.
    #[default]
    All,
    /// Without a decision.
    Undecided,
    /// To be kept.
    Kept,
    /// To be revoked.
    Revoked,
}

impl LineFilter {
    fn number(self) -> Option<i64> {
        match self {
            Self::All => None,
            Self::Undecided => Some(Verdict::number(None)),
            Self::Kept => Some(Verdict::number(Some(Verdict::Keep))),
            Self::Revoked => Some(Verdict::number(Some(Verdict::Revoke))),
        }
    }
}

/// Writes a new review's row.
pub(super) fn insert(connection: &Connection, profile: Uuid, review: &Review, head: &[u8]) -> Result<(), Problem> {
    connection.execute(
        "INSERT INTO review (id, profile, name, origin, state, head, snapshot_sha256, lines, started_ms, due)
         VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
        params![
            review.id.to_string(),
            profile.to_string(),
            review.name,
            review.origin.word(),
            review.state.word(),
            head,
            review.snapshot_sha256,
            review.progress.lines,
            review.started_ms,
            review.due.map(|day| day.to_string()),
        ],
    )?;
    Ok(())
}

/// Writes one line of a new review.
pub(super) fn insert_line(connection: &Connection, review: Uuid, line: u32, body: &[u8]) -> Result<(), Problem> {
    connection
        .prepare_cached("INSERT INTO review_line (review, line, body) VALUES (?1,?2,?3)")?
        .execute(params![review.to_string(), line, body])?;
    Ok(())
}

/// Writes down which entry of the log tells of its beginning, and the checkpoint after it.
pub(super) fn began(connection: &Connection, review: Uuid, seq: u64, checkpoint: &str) -> Result<(), Problem> {
    connection.execute(
        "UPDATE review SET start_seq = ?2, checkpoint = ?3 WHERE id = ?1",
        params![review.to_string(), i64::try_from(seq).unwrap_or(i64::MAX), checkpoint],
    )?;
    Ok(())
}

/// A profile's reviews, newest first.
///
/// # Errors
/// What the database says.
pub fn all(connection: &Connection, profile: Uuid) -> Result<Vec<Review>, Problem> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM review WHERE profile = ?1 ORDER BY started_ms DESC, id LIMIT 1000"
    ))?;
    let rows = statement.query_map([profile.to_string()], read)?;
    rows.map(|row| row?.ok_or_else(crate::access::ledger::damaged))
        .collect()
}

/// A profile's review by its id, the beginning of it (8 digits or more), or its name.
///
/// # Errors
/// `review_missing` when none or more than one is meant.
pub fn find(connection: &Connection, profile: Uuid, needle: &str) -> Result<Review, Problem> {
    let plain = needle.trim().to_ascii_lowercase();
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM review WHERE profile = ?1 AND (name = ?2 OR (length(?3) >= 8 AND substr(id, 1, length(?3)) = ?3)) LIMIT 2"
    ))?;
    let rows = statement.query_map(params![profile.to_string(), needle.trim(), plain], read)?;
    let mut found: Vec<Option<Review>> = rows.collect::<Result<_, _>>()?;
    match (found.pop(), found.pop()) {
        (Some(one), None) => one.ok_or_else(crate::access::ledger::damaged),
        _ => Err(refused::missing(needle)),
    }
}

/// Whether a review is there already, in whatever profile.
pub(super) fn exists(connection: &Connection, review: Uuid) -> Result<bool, Problem> {
    Ok(connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM review WHERE id = ?1)",
        [review.to_string()],
        |row| row.get(0),
    )?)
}

/// The head of a review's snapshot, as it was hashed.
pub(super) fn head(connection: &Connection, review: Uuid) -> Result<Vec<u8>, Problem> {
    Ok(
        connection.query_row("SELECT head FROM review WHERE id = ?1", [review.to_string()], |row| {
            row.get(0)
        })?,
    )
}

/// Calls `visit` with each line's number, bytes and verdict, in order.
pub(super) fn each_line(
    connection: &Connection,
    review: Uuid,
    mut visit: impl FnMut(u32, &[u8], Option<Verdict>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut statement =
        connection.prepare_cached("SELECT line, body, verdict FROM review_line WHERE review = ?1 ORDER BY line")?;
    let mut rows = statement.query([review.to_string()])?;
    while let Some(row) = rows.next()? {
        let body = row.get_ref(1)?.as_blob().unwrap_or_default();
        visit(row.get(0)?, body, Verdict::from_number(row.get(2)?))?;
    }
    Ok(())
}

/// A page of lines, in order.
///
/// # Errors
/// What the database says; `review_file_damaged` for a line that was tampered with.
pub(crate) fn page(
    connection: &Connection,
    review: &Review,
    reviewer: (&str, String),
    filter: LineFilter,
    (first, count): (u32, u32),
) -> Result<Vec<ReviewLine>, Problem> {
    let reviewer = Reviewer {
        key_id: reviewer.0.to_owned(),
        person: Some(reviewer.1),
    };
    let id = review.id.to_string();
    let sql = match filter {
        // Lines are numbered without gaps, so the first of a page is found by its number.
        LineFilter::All => {
            "SELECT line, body, verdict FROM review_line WHERE review = ?1 AND line > ?2 AND ?4 IS NULL ORDER BY line LIMIT ?3"
        }
        LineFilter::Undecided | LineFilter::Kept | LineFilter::Revoked => {
            "SELECT line, body, verdict FROM review_line WHERE review = ?1 AND verdict = ?4 ORDER BY line LIMIT ?3 OFFSET ?2"
        }
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![id, first, count, filter.number()], |row| {
        Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, i64>(2)?))
    })?;
    let rows: Vec<(u32, Vec<u8>, i64)> = rows.collect::<Result<_, _>>()?;
    rows.into_iter()
        .map(|(line, body, verdict)| {
            let facts = GrantFacts::read(&body)?;
            Ok(ReviewLine {
                verdict: Verdict::from_number(verdict),
                decisions: decide::of_line(connection, review.id, line)?,
                self_review: facts.concerns(&reviewer),
                facts,
            })
        })
        .collect()
}

/// One line's facts.
pub(super) fn line(connection: &Connection, review: Uuid, line: u32) -> Result<Option<GrantFacts>, Problem> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM review_line WHERE review = ?1 AND line = ?2")?
        .query_row(params![review.to_string(), line], |row| row.get(0))
        .optional()?;
    body.map(|body| GrantFacts::read(&body)).transpose()
}

/// Every decision of a review, by line and reviewer; that is the order in which documents tell them.
pub(super) fn decisions(connection: &Connection, review: Uuid) -> Result<Vec<Decision>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT line, reviewer, verdict, note, self_review, decided_ms FROM review_decision WHERE review = ?1 ORDER BY line, reviewer",
    )?;
    let rows = statement.query_map([review.to_string()], decide::read)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Writes down which plan revokes what the review revokes.
///
/// # Errors
/// What the database says.
pub fn name_plan(core: &crate::facade::Core, review: &Review, sha256: &str) -> Result<(), Problem> {
    core.database_for_change()?.execute(
        "UPDATE review SET plan_sha256 = ?2 WHERE id = ?1",
        params![review.id.to_string(), sha256],
    )?;
    Ok(())
}

/// Moves a review on.
pub(super) fn set_state(connection: &Connection, review: Uuid, state: ReviewState) -> Result<(), Problem> {
    connection.execute(
        "UPDATE review SET state = ?2 WHERE id = ?1",
        params![review.to_string(), state.word()],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Option<Review>> {
    let (id, origin, state): (String, String, String) = (row.get(0)?, row.get(2)?, row.get(3)?);
    let head: Option<Members> = document::read(&row.get::<_, Vec<u8>>(4)?).ok();
    let sign_off: Option<Vec<u8>> = row.get(13)?;
    let (Ok(id), Some(origin), Some(state), Some(head)) = (
        id.parse(),
        ReviewOrigin::from_word(&origin),
        ReviewState::from_word(&state),
        head,
    ) else {
        return Ok(None);
    };
    let Some(scope) = scope_of(&head) else { return Ok(None) };
    let due: Option<String> = row.get(10)?;
    let signed = sign_off.and_then(|bytes| document::read(&bytes).ok());
    Ok(Some(Review {
        id,
        name: row.get(1)?,
        origin,
        state,
        scope,
        snapshot_sha256: row.get(5)?,
        progress: Progress {
            lines: row.get(6)?,
            decided: row.get(7)?,
            revoked: row.get(8)?,
        },
        started_ms: row.get(9)?,
        due: due.and_then(|text| text.parse().ok()),
        starter: text(&head, "starter").unwrap_or_default().to_owned(),
        start_seq: row.get::<_, i64>(11)?.unsigned_abs(),
        checkpoint: row.get(12)?,
        signed_off_ms: signed.and_then(|seal| text(&seal, "signed_at").and_then(document::unix_ms)),
        plan_sha256: row.get(14)?,
        concluded_ms: row.get(15)?,
    }))
}

/// The scope that a snapshot's head names.
pub(super) fn scope_of(head: &Members) -> Option<ReviewScope> {
    number(head, "lines")?;
    match text(head, "scope")? {
        "all" => Some(ReviewScope::All),
        "admins" => Some(ReviewScope::Admins),
        "merchant" => text(head, "merchant_id").map(|id| ReviewScope::Merchant(id.to_owned())),
        _ => None,
    }
}
