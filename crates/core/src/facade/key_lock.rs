//! One process at a time changes keys: a profile's secrets are one item that is read, changed and written whole.
//!
//! Two writers at once would each keep only its own change, and a lost key is lost for good. The lock is the system's, so a
//! process that dies gives it up.

use std::fs::{File, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

use super::Core;
use crate::data_dir;
use crate::problem::{ErrorCode, Problem};

const FILE: &str = "keys.lock";
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// The right to change keys, until it is dropped.
pub(crate) struct KeyLock(#[expect(dead_code, reason = "held, not read: closing it gives the lock up")] File);

impl Core {
    /// Waits a moment for the right to change keys.
    ///
    /// # Errors
    /// `act_in_flight` while another process goes on changing them; `data_dir_read_only`.
    pub fn hold_keys(&self) -> Result<KeyLock, Problem> {
        let path = self.dir().join(FILE);
        let open = File::options().create(true).append(true).open(&path);
        let file = open
            .and_then(|file| data_dir::private_file(&path).map(|()| file))
            .map_err(|cause| unwritable().because(&cause))?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(KeyLock(file)),
                Err(TryLockError::Error(cause)) => return Err(unwritable().because(&cause)),
                Err(TryLockError::WouldBlock) if began.elapsed() > PATIENCE => return Err(busy()),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            }
        }
    }
}

fn busy() -> Problem {
    Problem::new(
        ErrorCode::ActInFlight,
        "Another Gatehouse process is changing keys in this data directory.",
        "Wait until it is done, then try again.",
    )
}

fn unwritable() -> Problem {
    Problem::new(
        ErrorCode::DataDirReadOnly,
        "The data directory cannot be written.",
        "Make it writable for you, or choose another with --data-dir.",
    )
}
