//! SQLite's own check of the file's pages: for a long log on a core of its own, beside the walk.
//!
//! Deliberately absent: what the pages say.

use std::path::PathBuf;
use std::thread::{Scope, ScopedJoinHandle};

use rusqlite::Connection;

use super::pipeline::SMALL;
use crate::error::LogError;
use crate::report::{Defect, Finding};
use crate::store::connect::{self, number};

/// Above this size only SQLite's quick check runs (audit.md 4.1).
const QUICK_CHECK_FROM: i64 = 200 * 1024 * 1024;

/// Runs it on a connection.
fn check(conn: &Connection) -> Result<Vec<Finding>, LogError> {
    let bytes = number(conn, "page_count")?.saturating_mul(number(conn, "page_size")?);
    let check = if bytes > QUICK_CHECK_FROM {
        "PRAGMA quick_check(3)"
    } else {
        "PRAGMA integrity_check(3)"
    };
    let mut statement = conn.prepare(check)?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let finding = |line: String| Finding::new(Defect::File, None, format!("SQLite's check of the file says: {line}."));
    Ok(lines.into_iter().filter(|line| line != "ok").map(finding).collect())
}

/// The check under way on a connection of its own, or still to be made on the one at hand.
pub enum Checking<'s> {
    /// Under way.
    Beside(ScopedJoinHandle<'s, Result<Vec<Finding>, LogError>>),
    /// To be made.
    Later,
}

impl<'s> Checking<'s> {
    /// Begins it beside the caller's work if that is long.
    pub fn begin<'e>(scope: &'s Scope<'s, 'e>, conn: &Connection, size: u64) -> Self {
        let path = conn
            .path()
            .map(PathBuf::from)
            .filter(|path| size > SMALL && path.is_file());
        path.map_or(Self::Later, |path| {
            Self::Beside(scope.spawn(move || check(&connect::reader_of(&path)?)))
        })
    }

    /// Waits for it. One that could not be made beside is made here.
    pub fn end(self, conn: &Connection) -> Result<Vec<Finding>, LogError> {
        match self {
            Self::Beside(thread) => match thread.join() {
                Ok(Ok(findings)) => Ok(findings),
                Ok(Err(_)) | Err(_) => check(conn),
            },
            Self::Later => check(conn),
        }
    }
}
