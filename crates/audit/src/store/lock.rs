//! The one lock that covers an append together with its anchor, across processes and across `Log` values in one process.
//!
//! The file is opened for each use, so that two holders in one process exclude each other, and a removed file heals itself.
//! Deliberately absent: waiting for ever. A stopped process must not stop the others without a word.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::connect::private_file;
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::store::LOCK_FILE_NAME;

/// Pauses between two tries: short at first, since an append takes a few milliseconds.
const PAUSES_MS: [u64; 6] = [1, 1, 2, 5, 10, 20];
/// The most tries: about ten seconds.
const TRIES: usize = 500;

/// Holds the lock until it is dropped.
#[derive(Debug)]
pub struct WriteLock {
    _file: File,
}

impl WriteLock {
    /// Takes the lock of this directory.
    ///
    /// # Errors
    /// [`LogError::Busy`] after about ten seconds; a directory that cannot be written.
    pub fn acquire(dir: &Path) -> Result<Self, LogError> {
        let file = private_file(&dir.join(LOCK_FILE_NAME))?;
        for attempt in 0..TRIES {
            match file.try_lock() {
                Ok(()) => {
                    failpoint!("lock.held");
                    return Ok(Self { _file: file });
                }
                Err(TryLockError::WouldBlock) => thread::sleep(pause(attempt)),
                Err(TryLockError::Error(fault)) => return Err(fault.into()),
            }
        }
        Err(LogError::Busy)
    }
}

fn pause(attempt: usize) -> Duration {
    let last = PAUSES_MS.len() - 1;
    Duration::from_millis(PAUSES_MS[attempt.min(last)])
}
