//! Backups by SQLite's own backup, while the log is open and appended to; the copy is verified whole before it has its name.
//!
//! Deliberately absent: copying the file, which misses what its write-ahead log holds.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::partial::{Partial, sha256_of};
use crate::reader::Reader;
use crate::report::Verdict;
use crate::store::{connect, rows};
use crate::verify;

/// Pages copied between two looks at whether it was called off.
const PAGES: i32 = 2_000;

/// A backup that was made and verified, not yet under its name.
#[derive(Debug)]
pub struct BackedUp {
    /// Number of entries.
    pub size: u64,
    /// Root over them, hex.
    pub root: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    partial: Partial,
}

impl BackedUp {
    /// Gives the file its name.
    ///
    /// # Errors
    /// [`LogError::Exists`] when somebody took the name meanwhile; faults of the disk.
    pub fn keep(self) -> Result<(), LogError> {
        self.partial.keep()
    }
}

impl Reader {
    /// Makes a backup of the log as it is now and verifies it whole. It has its name only after [`BackedUp::keep`].
    ///
    /// # Errors
    /// [`LogError::Exists`] for a name that is taken; [`LogError::Cancelled`]; [`LogError::Damaged`] when the copy does not hold; faults of
    /// the disk. Nothing stays then.
    pub fn backup(&self, to: &Path, stop: &AtomicBool) -> Result<BackedUp, LogError> {
        let partial = Partial::new(to)?;
        let size = self.with_snapshot(|conn| {
            let size = rows::size(conn)?;
            copy(conn, partial.path(), stop)?;
            Ok(size)
        })?;
        failpoint!("backup.copied");
        let copy = connect::unchanging_reader(partial.path())?;
        let report = verify::run(&copy, None, None)?;
        drop(copy);
        let root = report
            .root
            .filter(|_| report.verdict == Verdict::Unanchored && report.size == size);
        let root = root.ok_or_else(|| LogError::Damaged(format!("the copy does not hold: {}", report.reason)))?;
        Ok(BackedUp {
            size,
            root,
            sha256: sha256_of(partial.path())?,
            partial,
        })
    }
}

/// The snapshot that is read stays the same while others append, so the copy ends.
fn copy(log: &Connection, path: &Path, stop: &AtomicBool) -> Result<(), LogError> {
    let mut file = connect::plain_writer(path)?;
    let backup = Backup::new(log, &mut file)?;
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(LogError::Cancelled);
        }
        let step = backup.step(PAGES)?;
        if step == StepResult::Done {
            break;
        }
        if step != StepResult::More {
            return Err(LogError::Busy);
        }
    }
    drop(backup);
    // A file that stands alone: the log's own mode would want others beside it.
    file.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    Ok(())
}
