//! Reading the file, and replacing it in one step under a lock that other processes honour.
//!
//! The new bytes go into `<file>.new`, are synced, take the file's place by rename, and then the folder is synced: a process that is killed
//! leaves either the old or the new file, and at most a stale `.new` that the next write removes. The lock is a file of its own,
//! since the sealed file itself is replaced.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::key_store::{KeyStoreError, SOFT_LIMIT};

/// Far above what a few dozen items need; a larger file is not ours.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Reads the whole file; `Absent` when there is none.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, KeyStoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => {
            return Err(KeyStoreError::Absent);
        }
        Err(failure) => return Err(failure.into()),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(KeyStoreError::Damaged(
            "the key file is far larger than it can be".to_owned(),
        ));
    }
    Ok(bytes)
}

/// Puts `bytes` into the file's place. The caller holds the lock.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeyStoreError> {
    let fresh = beside(path, ".new");
    match fs::remove_file(&fresh) {
        Ok(()) => {}
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => {}
        Err(failure) => return Err(failure.into()),
    }
    let mut file = private().write(true).create_new(true).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&fresh, path)?;
    sync_folder(path)
}

/// Takes the cross-process lock, which ends when the returned file is dropped; `Slow` when another process keeps it.
pub(super) fn lock(path: &Path) -> Result<File, KeyStoreError> {
    let file = private()
        .write(true)
        .create(true)
        .truncate(false)
        .open(beside(path, ".lock"))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if started.elapsed() < SOFT_LIMIT => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => return Err(KeyStoreError::Slow),
            Err(TryLockError::Error(failure)) => return Err(failure.into()),
        }
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(unix)]
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

#[cfg(not(unix))]
fn private() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> Result<(), KeyStoreError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    Ok(File::open(folder)?.sync_all()?)
}

/// Windows has no such call; its file system journals the rename.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> Result<(), KeyStoreError> {
    Ok(())
}
