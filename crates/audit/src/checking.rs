//! The ways to a verification: of an open log, of a data directory, and of any file that is said to be a log or an archive.
//!
//! Deliberately absent: the verification itself (`verify`), and where anchor and keys come from.

use std::path::Path;

use crate::anchor::Anchor;
use crate::error::LogError;
use crate::reader::Reader;
use crate::report::{Finding, Report};
use crate::store::connect;
use crate::verify::{self, Former, Outside, Verified, Watch, again};

impl Reader {
    /// Verifies the whole log against an anchor and a checkpoint key that the caller read outside its file.
    ///
    /// Read the anchor before calling: a log that has grown since is fine, an anchor that has is not.
    ///
    /// # Errors
    /// The log cannot be read at all. Whatever is wrong with it is a verdict, not an error.
    pub fn verify(&self, anchor: Option<&Anchor>, key: Option<[u8; 32]>) -> Result<Report, LogError> {
        let outside = Outside {
            anchor,
            key,
            ..Outside::default()
        };
        self.verify_with(&outside, None)
    }

    /// As [`Reader::verify`], with all that is known outside the file, and somebody who watches and may call it off.
    ///
    /// # Errors
    /// As [`Reader::verify`]; [`LogError::Cancelled`]; [`LogError::Refused`] when a kept checkpoint is none.
    pub fn verify_with(&self, outside: &Outside<'_>, watch: Option<&Watch<'_>>) -> Result<Report, LogError> {
        self.with_snapshot(|conn| verify::run_with(conn, outside, None, watch))
    }

    /// Looks again at some entries that an earlier verification of this process found good, both numbers included: each with its side row,
    /// its place in the chain, its subtrees and its checkpoint, and that they lead to the very root that was verified.
    ///
    /// Answers the first thing that is not so; then only a verification from the beginning tells what the log is.
    ///
    /// # Errors
    /// The log cannot be read; [`LogError::Cancelled`].
    pub fn look_again(
        &self,
        verified: &Verified,
        entries: (u64, u64),
        watch: Option<&Watch<'_>>,
    ) -> Result<Option<Finding>, LogError> {
        self.with_snapshot(|conn| again::run(conn, verified, entries, watch))
    }
}

/// Verifies a data directory: as [`Reader::verify`], and a missing log under an anchor is a report too.
///
/// # Errors
/// [`LogError::Absent`] when there is neither log nor anchor; otherwise as [`Reader::verify`].
pub fn verify_directory(dir: &Path, anchor: Option<&Anchor>, key: Option<[u8; 32]>) -> Result<Report, LogError> {
    let outside = Outside {
        anchor,
        key,
        ..Outside::default()
    };
    verify_directory_with(dir, &outside, None)
}

/// As [`verify_directory`], with all that is known outside the file, and somebody who watches and may call it off.
///
/// # Errors
/// As [`verify_directory`] and [`Reader::verify_with`].
pub fn verify_directory_with(dir: &Path, outside: &Outside<'_>, watch: Option<&Watch<'_>>) -> Result<Report, LogError> {
    match (Reader::open(dir), outside.anchor) {
        (Ok(reader), _) => reader.verify_with(outside, watch),
        (Err(LogError::Absent), Some(anchor)) if anchor.size > 0 => Ok(verify::missing_log(anchor)),
        (Err(LogError::Damaged(why)), anchor) => Ok(verify::unreadable_file(&why, anchor)),
        (Err(fault), _) => Err(fault),
    }
}

/// Verifies a file by its path: a log, or an archive when what is known of the one before it is given.
///
/// A file that is no database, or a damaged one, is a report. Nothing is written, not even beside it where that is possible.
///
/// # Errors
/// [`LogError::Absent`] when there is no such file, or an empty one; otherwise as [`Reader::verify_with`].
pub fn verify_file(
    path: &Path,
    outside: &Outside<'_>,
    archive: Option<Former>,
    watch: Option<&Watch<'_>>,
) -> Result<Report, LogError> {
    match connect::reader_of(path) {
        Ok(conn) => {
            let snapshot = conn.unchecked_transaction()?;
            verify::run_with(&snapshot, outside, archive, watch)
        }
        Err(LogError::Damaged(why)) => Ok(verify::unreadable_file(&why, outside.anchor)),
        Err(fault) => Err(fault),
    }
}
