//! The two files beside `sandbox.db`: the lock of the running process, and where it listens.
//!
//! `sandbox.json` is written whole and then renamed, readable by its owner only. The lock file stays; the lock does not.

use super::{Address, PaymentsV1};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The content of `sandbox.json`.
#[derive(Serialize, Deserialize)]
pub(crate) struct AddressFile {
    pub(crate) pid: u32,
    pub(crate) instance: String,
    pub(crate) http: String,
    pub(crate) https: String,
    pub(crate) ca_pem: String,
    pub(crate) account: String,
    pub(crate) api_key: String,
    pub(crate) control_token: String,
    pub(crate) merchants_csv_url: String,
    /// Of the first merchant; a file that an older sandbox wrote has none.
    #[serde(default)]
    pub(crate) payments_v1: Option<PaymentsV1>,
}

impl AddressFile {
    pub(crate) fn address(self) -> Address {
        Address {
            http: self.http,
            https: self.https,
            ca_pem: self.ca_pem,
            account: self.account,
            api_key: self.api_key,
            control_token: self.control_token,
            merchants_csv_url: self.merchants_csv_url,
            payments_v1: self.payments_v1,
        }
    }

    pub(crate) fn read(dir: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(path(dir)).ok()?).ok()
    }

    pub(super) fn write(&self, dir: &Path) -> io::Result<()> {
        let draft = dir.join("sandbox.json.new");
        let bytes = serde_json::to_vec_pretty(self)?;
        let mut file = private(OpenOptions::new().create(true).write(true).truncate(true)).open(&draft)?;
        file.write_all(&bytes)?;
        std::fs::rename(draft, path(dir))
    }

    /// Removes the file if it is still this process's.
    pub(super) fn remove(dir: &Path, instance: &str) {
        if Self::read(dir).is_some_and(|file| file.instance == instance)
            && let Err(error) = std::fs::remove_file(path(dir))
        {
            tracing::warn!(%error, "sandbox.json could not be removed");
        }
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join("sandbox.json")
}

/// Takes the lock; nothing when another process has it.
pub(super) fn lock(dir: &Path) -> io::Result<Option<File>> {
    let file = private(OpenOptions::new().create(true).append(true)).open(dir.join("sandbox.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Makes the directory, readable by its owner only if it is new.
pub(super) fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
