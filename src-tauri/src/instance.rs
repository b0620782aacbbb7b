//! One window for each data directory: a lock file that the window holds while it is open.
//!
//! The single-instance plugin brings a running window to the front, but it knows one app, not one data directory, and needs a session
//! bus; the lock is the part that always holds. A window that is on its way out says so in the file: whoever opens the app again
//! at once is let in after it, not turned away by it. Deliberately absent: a process id in the file, which could be another's by now.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use gatehouse_core::{ErrorCode, Problem, data_dir};

const FILE_NAME: &str = "window.lock";
const CLOSING: &str = "closing";
/// How long a window that closes is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

/// The right to show the window of a data directory; given back when it is dropped or the process ends.
#[derive(Debug)]
pub struct WindowLock(Option<File>);

impl WindowLock {
    /// Says that the window closes: the next one waits for the lock instead of giving way.
    pub fn closing(&self) {
        if let Some(file) = &self.0 {
            // Who does not read it gives way, as while the window is open.
            let _ = (&*file).write_all(CLOSING.as_bytes());
        }
    }
}

/// Takes the lock; `None` when another window has it and means to keep it.
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
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => {
                // An old word would make the next start wait for a window that stays.
                let _ = file.set_len(0);
                return Ok(Some(WindowLock(Some(file))));
            }
            Err(TryLockError::WouldBlock) if closes(&path) && began.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(cause)) => {
                tracing::warn!(%cause, "this file system has no locks");
                return Ok(Some(WindowLock(None)));
            }
        }
    }
}

fn closes(path: &Path) -> bool {
    fs::read(path).is_ok_and(|word| word == CLOSING.as_bytes())
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
    fn a_window_that_closes_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let first = take(dir.path()).unwrap().unwrap();
        first.closing();
        let going = thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            drop(first);
        });
        let second = take(dir.path()).unwrap();
        assert!(second.is_some(), "the next window opens once the first is gone");
        going.join().unwrap();
        assert!(
            take(dir.path()).unwrap().is_none(),
            "the word was the first window's: the second stays"
        );
    }

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
