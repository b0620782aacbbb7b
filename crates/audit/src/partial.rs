//! A file that has its name only once it is whole: written beside it, synced, renamed; what fails or is called off leaves nothing.
//!
//! Deliberately absent: writing over what is there.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::LogError;
use crate::store::connect::{beside, private_file};

/// What stands behind the name until the file is whole.
const SUFFIX: &str = ".gatehouse-part";
/// How much is hashed at once.
const CHUNK: usize = 256 * 1024;

/// A file in the making.
#[derive(Debug)]
pub struct Partial {
    to: PathBuf,
    path: PathBuf,
}

impl Partial {
    /// Begins a file; what a killed process left of the same one is removed.
    ///
    /// # Errors
    /// [`LogError::Exists`] for a name that is taken; faults of the disk.
    pub fn new(to: &Path) -> Result<Self, LogError> {
        if fs::symlink_metadata(to).is_ok() {
            return Err(LogError::Exists);
        }
        let partial = Self {
            to: to.to_owned(),
            path: beside(to, SUFFIX),
        };
        partial.remove();
        drop(private_file(&partial.path)?);
        Ok(partial)
    }

    /// Where it is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Syncs it and gives it its name.
    ///
    /// # Errors
    /// [`LogError::Exists`] when somebody took the name meanwhile; faults of the disk.
    pub fn keep(self) -> Result<(), LogError> {
        File::open(&self.path)?.sync_all()?;
        match fs::hard_link(&self.path, &self.to) {
            Ok(()) => {}
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => return Err(LogError::Exists),
            // Some file systems have no hard links; then there is a moment in which the name could be taken.
            Err(_) if fs::symlink_metadata(&self.to).is_ok() => return Err(LogError::Exists),
            Err(_) => fs::rename(&self.path, &self.to)?,
        }
        sync_folder(&self.to)
    }

    fn remove(&self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            // What is not there need not go; what cannot go is met again when it is written.
            fs::remove_file(beside(&self.path, suffix)).ok();
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        self.remove();
    }
}

/// A name is durable when its folder is.
#[cfg(unix)]
fn sync_folder(file: &Path) -> Result<(), LogError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

#[cfg(not(unix))]
fn sync_folder(_file: &Path) -> Result<(), LogError> {
    Ok(())
}

/// SHA-256 of a file, hex.
pub fn sha256_of(path: &Path) -> Result<String, LogError> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk)? {
            0 => return Ok(hex::encode(hash.finalize())),
            read => hash.update(chunk.get(..read).unwrap_or_default()),
        }
    }
}
