//! Whether the process that wrote an intent still lives: a lock file per process that acts.
//!
//! The lock is the operating system's and goes with the process, however it ends; so an intent without outcome whose
//! process is gone is open for reconciling, and one of a living process is left alone.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::data_dir;

const FOLDER: &str = "running";

/// This process's lock; ends with it.
#[derive(Debug)]
pub struct Presence {
    _file: File,
    path: PathBuf,
}

impl Presence {
    /// Says that the process `session` lives.
    pub fn declare(dir: &Path, session: &str) -> std::io::Result<Self> {
        let folder = dir.join(FOLDER);
        fs::create_dir_all(&folder)?;
        data_dir::private_dir(&folder)?;
        let path = folder.join(session);
        let file = File::create(&path)?;
        data_dir::private_file(&path)?;
        file.lock()?;
        Ok(Self { _file: file, path })
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the process that called itself `session` still runs; removes the trace of one that does not.
pub fn lives(dir: &Path, session: &str) -> bool {
    let named = !session.is_empty() && session.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if !named {
        return false;
    }
    let path = dir.join(FOLDER).join(session);
    let Ok(file) = File::open(&path) else {
        return false;
    };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(_)) | Ok(()) => {
            let _ = fs::remove_file(&path);
            false
        }
    }
}

/// Whether a process ended without leaving: in the middle of something, or killed. Its trace is removed.
pub fn any_left_behind(dir: &Path) -> bool {
    let Ok(entries) = fs::read_dir(dir.join(FOLDER)) else {
        return false;
    };
    let names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| !lives(dir, name)).count() > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_process_is_told_from_a_dead_one() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let presence = Presence::declare(dir.path(), "aa-11").expect("the lock is free");
        assert!(lives(dir.path(), "aa-11"), "the lock is held");
        drop(presence);
        assert!(!lives(dir.path(), "aa-11"), "the lock went with its holder");
        assert!(
            !lives(dir.path(), "../etc"),
            "a name from outside the log's alphabet is nobody"
        );
    }
}
