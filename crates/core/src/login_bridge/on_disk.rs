//! A file of the bridge as it was read: replaced in one step, and only if nobody changed it meanwhile.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::audit_export::landing::{Landing, Onto, left_behind};
use crate::problem::{ErrorCode, Problem};

/// A file, and what stood in it when it was read; nothing where it was not there.
#[derive(Debug, Clone)]
pub(super) struct OnDisk {
    path: PathBuf,
    read: Option<[u8; 32]>,
    cut_off: bool,
}

/// A new content beside its place; it goes away again unless it lands.
pub(super) struct Prepared {
    landing: Landing,
    /// SHA-256 of the new content, hex.
    pub sha256: String,
}

impl OnDisk {
    /// Reads a file of at most so many bytes; links are followed once, so that a link stays one.
    ///
    /// # Errors
    /// `bridge_file_unreadable`.
    pub fn read(path: &Path, most: u64) -> Result<(Self, Vec<u8>), Problem> {
        let place = fs::canonicalize(path).map_err(|cause| unreadable(path, &cause))?;
        let bytes = bytes_of(&place, most)?;
        let read = Some(Sha256::digest(&bytes).into());
        let cut_off = !left_behind(&place).is_empty();
        let path = place;
        Ok((Self { path, read, cut_off }, bytes))
    }

    /// A file that is to be made.
    pub fn to_be_made(path: PathBuf) -> Self {
        Self {
            cut_off: !left_behind(&path).is_empty(),
            path,
            read: None,
        }
    }

    /// Whether a process that was saving the file died before it had.
    pub const fn cut_off(&self) -> bool {
        self.cut_off
    }

    /// Takes away what such processes left; what somebody is at work on stays.
    pub fn clear_away(&self) {
        for part in left_behind(&self.path) {
            let _ = fs::remove_file(part);
        }
    }

    /// SHA-256 of what was read, hex.
    pub fn sha256(&self) -> Option<String> {
        self.read.map(hex::encode)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses when the file is no longer what was read.
    ///
    /// # Errors
    /// `bridge_file_changed`.
    pub fn unchanged(&self) -> Result<(), Problem> {
        let now: Option<[u8; 32]> = match fs::read(&self.path) {
            Ok(bytes) => Some(Sha256::digest(&bytes).into()),
            Err(cause) if cause.kind() == ErrorKind::NotFound => None,
            Err(cause) => return Err(unreadable(&self.path, &cause)),
        };
        if now == self.read {
            return Ok(());
        }
        Err(Problem::new(
            ErrorCode::BridgeFileChanged,
            format!(
                "{} was changed by somebody else since it was read here.",
                self.path.display()
            ),
            "Read it again and make your changes anew; nothing was overwritten.",
        ))
    }

    /// Writes a new content beside the file.
    ///
    /// # Errors
    /// `disk_full`, `input_invalid` where nothing can be written, or where the file would change hands.
    pub fn prepare(&self, bytes: &[u8]) -> Result<Prepared, Problem> {
        let onto = if self.read.is_some() {
            Onto::Whatever
        } else {
            Onto::Nothing
        };
        let mut landing = Landing::beside(&self.path, onto)?;
        landing.hold();
        let written = landing.write_all(bytes);
        written.map_err(|cause| landing.refused(&cause))?;
        if let Ok(former) = fs::metadata(&self.path) {
            landing.dressed_as(&former).map_err(|cause| self.not_ours(&cause))?;
        }
        let (_, sha256) = landing.settle()?;
        Ok(Prepared { landing, sha256 })
    }

    fn not_ours(&self, cause: &std::io::Error) -> Problem {
        Problem::new(
            ErrorCode::InputInvalid,
            format!(
                "{} belongs to another user or group, and saving would take it from them.",
                self.path.display()
            ),
            "Save as the user whom the file belongs to, or have it given to you.",
        )
        .because(cause)
    }
}

impl Prepared {
    /// Gives the new content its place.
    ///
    /// # Errors
    /// As the system says.
    pub fn land(mut self) -> Result<(), Problem> {
        self.landing.land()
    }
}

fn bytes_of(path: &Path, most: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|cause| unreadable(path, &cause))?;
    if bytes.len() as u64 > most {
        return Err(Problem::new(
            ErrorCode::BridgeFileUnreadable,
            format!("{} is longer than {} MB.", path.display(), most / (1024 * 1024)),
            "Choose the bridge's own file.",
        ));
    }
    Ok(bytes)
}

fn unreadable(path: &Path, cause: &std::io::Error) -> Problem {
    let kind = cause.kind();
    let why = if kind == ErrorKind::NotFound {
        "is not there"
    } else if kind == ErrorKind::PermissionDenied {
        "may not be read by you"
    } else {
        "cannot be read"
    };
    Problem::new(
        ErrorCode::BridgeFileUnreadable,
        format!("{} {why}.", path.display()),
        "Check the path and its rights, or choose the file where it is now.",
    )
    .because(cause)
}
