//! The list's row in `gatehouse.db`: its text, and the entry of the log that tells of it.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::problem::Problem;

/// A list as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    /// The entry that tells of it.
    pub seq: u64,
    /// Its exact text.
    pub text: String,
}

/// The stored list of a profile, if anybody was ever listed.
pub(super) fn load(connection: &Connection, profile: Uuid) -> Result<Option<Stored>, Problem> {
    Ok(connection
        .prepare_cached("SELECT seq, list FROM person_list WHERE profile = ?1")?
        .query_row([profile.to_string()], |row| {
            Ok(Stored {
                seq: row.get::<_, i64>(0)?.unsigned_abs(),
                text: row.get(1)?,
            })
        })
        .optional()?)
}

/// Puts a list in the place of the one before.
pub(super) fn save(connection: &Connection, profile: Uuid, stored: &Stored) -> Result<(), Problem> {
    connection
        .prepare_cached(
            "INSERT INTO person_list (profile, seq, list) VALUES (?1, ?2, ?3)
             ON CONFLICT (profile) DO UPDATE SET seq = excluded.seq, list = excluded.list",
        )?
        .execute(params![
            profile.to_string(),
            i64::try_from(stored.seq).unwrap_or(i64::MAX),
            stored.text
        ])?;
    Ok(())
}
