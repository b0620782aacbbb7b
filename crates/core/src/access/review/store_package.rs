//! What a package needs of a review's rows, beside its lines and decisions.

use rusqlite::Connection;
use uuid::Uuid;

use super::Verdict;
use super::document::{self, text};
use crate::problem::Problem;

/// The sign-off's seal, as it was signed.
pub(super) fn sign_off_seal(connection: &Connection, review: Uuid) -> Result<Option<Vec<u8>>, Problem> {
    Ok(connection.query_row(
        "SELECT sign_off FROM review WHERE id = ?1",
        [review.to_string()],
        |row| row.get(0),
    )?)
}

/// Calls `visit` with each line of the after-list.
pub(super) fn each_after(connection: &Connection, review: Uuid, mut visit: impl FnMut(&[u8])) -> Result<(), Problem> {
    let mut statement = connection
        .prepare_cached("SELECT after FROM review_line WHERE review = ?1 AND after IS NOT NULL ORDER BY line")?;
    let mut rows = statement.query([review.to_string()])?;
    while let Some(row) = rows.next()? {
        visit(row.get_ref(0)?.as_blob().unwrap_or_default());
    }
    Ok(())
}

/// Of what was to be revoked: how many are out or on the way, and how many still have access.
pub(super) fn after_counts(connection: &Connection, review: Uuid) -> Result<(u32, u32), Problem> {
    let (mut ended, mut outstanding) = (0, 0);
    each_after(connection, review, |line| {
        let members = document::read(line).unwrap_or_default();
        let out = matches!(text(&members, "state"), Some("revoked" | "revoking" | "gone"));
        if text(&members, "verdict") == Some(Verdict::Revoke.word()) {
            *(if out { &mut ended } else { &mut outstanding }) += 1;
        }
    })?;
    Ok((ended, outstanding))
}

/// What colleagues handed in, by reviewer, as it came.
pub(super) fn hand_ins(connection: &Connection, review: Uuid) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT reviewer, file FROM review_file WHERE review = ?1 AND kind = 'hand_in' ORDER BY reviewer",
    )?;
    let rows = statement.query_map([review.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Entries of the log that tell of a review: its beginning, what was handed in, sign-off, after-list.
pub(super) fn entries(connection: &Connection, review: Uuid) -> Result<Vec<u64>, Problem> {
    let mut statement = connection.prepare_cached(
        "SELECT start_seq FROM review WHERE id = ?1 UNION SELECT sign_off_seq FROM review WHERE id = ?1
         UNION SELECT conclude_seq FROM review WHERE id = ?1 UNION SELECT seq FROM review_file WHERE review = ?1",
    )?;
    let rows = statement.query_map([review.to_string()], |row| row.get::<_, Option<i64>>(0))?;
    let seqs: Vec<Option<i64>> = rows.collect::<Result<_, _>>()?;
    Ok(seqs.into_iter().flatten().map(i64::unsigned_abs).collect())
}
