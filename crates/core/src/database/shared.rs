//! The one connection of a running program: for writing where that is possible, for reading where it is not.
//!
//! A program that began on a full disk or a read-only directory goes on as soon as it can: it looks again before each change, and
//! now and then while it reads. Deliberately absent: a change that is kept for later; what cannot be written is refused.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{open, reader};
use crate::problem::{ErrorCode, Problem};

/// How long a reader is content before it looks whether it may write again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A data directory's database, opened once and kept.
pub struct SharedDatabase {
    dir: PathBuf,
    database: Mutex<Lent>,
}

/// The connection, lent; a [`Connection`] to whoever uses it.
pub struct Lent {
    connection: Connection,
    refusal: Option<Refusal>,
    /// Connections that were replaced. One without locks that is closed would take the locks of its successor along, because
    /// POSIX gives locks to process and file.
    retired: Vec<Connection>,
}

/// Why nothing can be written.
struct Refusal {
    problem: Problem,
    looked: Instant,
}

impl Refusal {
    fn now(problem: Problem) -> Self {
        Self {
            problem,
            looked: Instant::now(),
        }
    }
}

impl SharedDatabase {
    /// Opens the database for writing, or for reading where nothing can be written.
    ///
    /// # Errors
    /// As [`open()`]; a read-only directory and a full disk are no errors unless the file has to be brought up to date.
    pub fn open(dir: &Path) -> Result<Self, Problem> {
        let (connection, refusal) = match open(dir) {
            Ok(connection) => (connection, None),
            Err(problem) if cannot_write(&problem) => (reader::open(dir)?, Some(Refusal::now(problem))),
            Err(problem) => return Err(problem),
        };
        Ok(Self {
            dir: dir.to_path_buf(),
            database: Mutex::new(Lent {
                connection,
                refusal,
                retired: Vec::new(),
            }),
        })
    }

    /// Lends the database.
    pub fn lend(&self) -> MutexGuard<'_, Lent> {
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |refusal: &Refusal| refusal.looked.elapsed() >= LOOK_AGAIN;
        if database.refusal.as_ref().is_some_and(waits) {
            database.look_again(&self.dir);
        }
        database
    }

    /// Lends the database for a change.
    ///
    /// # Errors
    /// `data_dir_read_only` or `disk_full`, whichever is in the way now.
    pub fn lend_for_change(&self) -> Result<MutexGuard<'_, Lent>, Problem> {
        let mut database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        if database.refusal.is_some() {
            database.look_again(&self.dir);
        }
        match &database.refusal {
            Some(refusal) => Err(refusal.problem.clone()),
            None => Ok(database),
        }
    }
}

impl Lent {
    /// What keeps the database from being written, if anything did when it was last looked at.
    #[must_use]
    pub fn refusal(&self) -> Option<&Problem> {
        self.refusal.as_ref().map(|refusal| &refusal.problem)
    }

    fn look_again(&mut self, dir: &Path) {
        match open(dir) {
            Ok(connection) => {
                let former = std::mem::replace(&mut self.connection, connection);
                self.retired.push(former);
                self.refusal = None;
            }
            Err(problem) => self.refusal = Some(Refusal::now(problem)),
        }
    }
}

impl Deref for Lent {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

fn cannot_write(problem: &Problem) -> bool {
    matches!(problem.code, ErrorCode::DataDirReadOnly | ErrorCode::DiskFull)
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::database::{FILE, set_setting, setting};

    fn allow(dir: &Path, directory: u32, file: u32) {
        fs::set_permissions(dir.join(FILE), PermissionsExt::from_mode(file)).unwrap();
        fs::set_permissions(dir, PermissionsExt::from_mode(directory)).unwrap();
    }

    #[test]
    fn a_program_that_began_read_only_goes_on_when_it_may_write() {
        let dir = tempfile::tempdir().unwrap();
        set_setting(&open(dir.path()).unwrap(), "a", "kept").unwrap();
        allow(dir.path(), 0o555, 0o444);
        if fs::write(dir.path().join("probe"), "").is_ok() {
            eprintln!("skipped: root may write anywhere; the command line's tests take that right away");
            return;
        }
        let shared = SharedDatabase::open(dir.path()).unwrap();
        let read = setting(&shared.lend(), "a").unwrap();
        assert_eq!(read.as_deref(), Some("kept"), "reading works");
        let refused = shared.lend_for_change().err().map(|problem| problem.code);
        assert_eq!(refused, Some(ErrorCode::DataDirReadOnly), "a change is refused");
        allow(dir.path(), 0o755, 0o644);
        set_setting(&shared.lend_for_change().unwrap(), "a", "changed").unwrap();
        let read = setting(&shared.lend(), "a").unwrap();
        assert_eq!(read.as_deref(), Some("changed"), "the same program goes on");
    }
}
