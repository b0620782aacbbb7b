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
use crate::report::{Report, Verdict};
use crate::store::{connect, rows};
use crate::verify::{self, Outside, Watch};

/// Pages copied between two looks at whether it was called off.
const PAGES: i32 = 2_000;

/// What a backup is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupStep {
    /// Its pages are copied.
    Copying,
    /// The copy's entries are verified.
    Checking,
}

/// Who watches a backup.
#[derive(Clone, Copy)]
pub struct BackupWatch<'a> {
    /// Called now and then with how much is done and how much there is: pages, then entries.
    pub progress: &'a (dyn Fn(BackupStep, u64, u64) + Sync),
    /// Set to true, it ends the work soon with [`LogError::Cancelled`].
    pub stop: &'a AtomicBool,
}

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
    pub fn backup(&self, to: &Path, watch: &BackupWatch<'_>) -> Result<BackedUp, LogError> {
        let partial = Partial::new(to)?;
        let size = self.with_snapshot(|conn| {
            let size = rows::size(conn)?;
            copy(conn, partial.path(), watch)?;
            Ok(size)
        })?;
        failpoint!("backup.copied");
        let copy = connect::unchanging_reader(partial.path())?;
        let report = check(&copy, watch)?;
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

fn check(copy: &Connection, watch: &BackupWatch<'_>) -> Result<Report, LogError> {
    let watch = Watch {
        progress: &|done, of| (watch.progress)(BackupStep::Checking, done, of),
        stop: watch.stop,
        gently: false,
    };
    verify::run_with(copy, &Outside::default(), None, Some(&watch))
}

/// The snapshot that is read stays the same while others append, so the copy ends.
pub(crate) fn copy(log: &Connection, path: &Path, watch: &BackupWatch<'_>) -> Result<(), LogError> {
    let mut file = connect::plain_writer(path)?;
    let backup = Backup::new(log, &mut file)?;
    loop {
        if watch.stop.load(Ordering::Relaxed) {
            return Err(LogError::Cancelled);
        }
        let step = backup.step(PAGES)?;
        let (left, of) = (backup.progress().remaining, backup.progress().pagecount);
        let pages = |count: i32| u64::try_from(count).unwrap_or(0);
        (watch.progress)(BackupStep::Copying, pages(of - left), pages(of));
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
