//! One window for each data directory: a lock file that the window holds while it is open.
//!
//! The single-instance plugin brings a running window to the front, but it knows one app, not one data directory, and needs a session
//! bus; the lock is the part that always holds. Deliberately absent: a process id in the file, which could be another's by now.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use gatehouse_core::{ErrorCode, Problem, data_dir};

const FILE_NAME: &str = "window.lock";

/// The right to show the window of a data directory; given back when it is dropped or the process ends.
#[derive(Debug)]
pub struct WindowLock(#[expect(dead_code, reason = "held for its lock")] Option<File>);

/// Takes the lock; `None` when another window has it.
///
/// A directory in which no file can be made gets no lock: reading goes on there.
///
/// # Errors
/// `data_dir_unusable` and its kin when the directory cannot be made.
pub fn take(dir: &Path) -> Result<Option<WindowLock>, Problem> {
    data_dir::prepare(dir)?;
    let path = dir.join(FILE_NAME);
    let Ok(file) = OpenOptions::new().create(true).truncate(false).write(true).open(&path) else {
        return Ok(Some(WindowLock(None)));
    };
    // The lock holds whatever the file's mode is.
    let _ = data_dir::private_file(&path);
    match file.try_lock() {
        Ok(()) => Ok(Some(WindowLock(Some(file)))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(cause)) => {
            tracing::warn!(%cause, "this file system has no locks");
            Ok(Some(WindowLock(None)))
        }
    }
}

/// Says that the app is open already.
pub fn taken(dir: &Path) -> Problem {
    Problem::new(
        ErrorCode::DatabaseBusy,
        format!("Gatehouse is open already on {}.", dir.display()),
        "Use the window that is open, or name another directory with --data-dir.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_window_is_refused_until_the_first_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let first = take(dir.path()).unwrap();
        assert!(first.is_some(), "the first window gets the lock");
        assert!(take(dir.path()).unwrap().is_none(), "the second does not");
        drop(first);
        assert!(
            take(dir.path()).unwrap().is_some(),
            "once the first is gone, the next may open"
        );
    }
}
