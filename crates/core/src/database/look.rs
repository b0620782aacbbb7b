//! Looking whether `gatehouse.db` is whole, for so long and no longer, on a connection of its own: nobody waits for the look.
//!
//! Deliberately absent: any mending.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode as SqliteCode};

use super::{reader, version};
use crate::problem::Problem;

/// Steps of SQLite's machine between two looks at the clock.
const STEPS: std::ffi::c_int = 10_000;

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// All of it was looked at, and is whole.
    Whole,
    /// The time was over first; what was looked at is whole.
    SoFarWhole,
    /// It is damaged.
    Damaged,
}

/// The file's version, and whether it is whole.
///
/// # Errors
/// As opening for reading.
pub fn look(dir: &Path, at_most: Duration) -> Result<(u32, Verdict), Problem> {
    let connection = reader::open(dir)?;
    Ok((version(&connection)?, verdict(&connection, at_most)?))
}

fn verdict(connection: &Connection, at_most: Duration) -> Result<Verdict, Problem> {
    let begun = Instant::now();
    connection.progress_handler(STEPS, Some(move || begun.elapsed() >= at_most))?;
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    connection.progress_handler(STEPS, None::<fn() -> bool>)?;
    match found {
        Ok(found) if found == "ok" => Ok(Verdict::Whole),
        Ok(_) => Ok(Verdict::Damaged),
        Err(cause) if cause.sqlite_error_code() == Some(SqliteCode::OperationInterrupted) => Ok(Verdict::SoFarWhole),
        Err(cause) => Err(cause.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_ends_when_its_time_is_over() {
        let dir = tempfile::tempdir().unwrap();
        let written = super::super::open(dir.path()).unwrap();
        written
            .execute_batch(
                "CREATE TABLE many (x);
                 WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) INSERT INTO many SELECT x FROM n;",
            )
            .unwrap();
        let verdict = |at_most| look(dir.path(), at_most).unwrap().1;
        assert_eq!(verdict(Duration::from_secs(60)), Verdict::Whole, "with time");
        assert_eq!(verdict(Duration::ZERO), Verdict::SoFarWhole, "without");
    }
}
