//! What can go wrong with the log, and how the faults of SQLite and of the file system fall into these kinds.
//!
//! Deliberately absent: a catch-all. What is none of the named kinds keeps its source.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::anchor::AnchorFailure;
use crate::report::Report;

/// What can go wrong with the log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// There is no log in this directory.
    #[error("there is no audit log in this directory")]
    Absent,
    /// The log is not what was anchored; nothing is written to it any more.
    #[error("the audit log does not pass its check ({}): {}", .0.verdict, .0.reason)]
    Alarm(Box<Report>),
    /// The file was written by a newer version.
    #[error("the audit log has schema version {found}, and this program knows versions up to {known}")]
    Newer {
        /// The file's version.
        found: i64,
        /// The newest known one.
        known: i64,
    },
    /// No space is left. Nothing was written, and everything acknowledged before is there.
    #[error("the disk is full, so nothing was written to the audit log")]
    DiskFull,
    /// The file or its directory cannot be written.
    #[error("the audit log is read-only here")]
    ReadOnly,
    /// Another process held the log for too long.
    #[error("another process holds the audit log")]
    Busy,
    /// The anchor or the checkpoint key cannot be reached. An entry may be durable without being anchored yet; the next
    /// append or the next opening anchors it.
    #[error("the audit log's anchor cannot be reached")]
    Anchor(#[source] AnchorFailure),
    /// The entry does not fit the format. Nothing was written.
    #[error("the audit entry is refused: {0}")]
    Refused(String),
    /// The file is damaged in a way that no verdict covers.
    #[error("the audit log is damaged: {0}")]
    Damaged(String),
    /// The SQLite in this program is older than 3.51.3, and may damage a write-ahead log.
    #[error("the SQLite in this program has the version number {0}, and the audit log needs 3051003 or later")]
    OldSqlite(i32),
    /// Whoever asked for it called it off.
    #[error("the work on the audit log was called off")]
    Cancelled,
    /// A file of that name is there already.
    #[error("a file of that name is there already")]
    Exists,
    /// Any other fault of the file system.
    #[error("the audit log's files cannot be reached")]
    Io(#[source] std::io::Error),
    /// Any other fault of SQLite.
    #[error("the audit log's database failed")]
    Sqlite(#[source] rusqlite::Error),
}

impl From<AnchorFailure> for LogError {
    fn from(failure: AnchorFailure) -> Self {
        Self::Anchor(failure)
    }
}

impl From<std::io::Error> for LogError {
    fn from(fault: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let kind = fault.kind();
        if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
            Self::DiskFull
        } else if matches!(kind, ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) {
            Self::ReadOnly
        } else {
            Self::Io(fault)
        }
    }
}

impl From<rusqlite::Error> for LogError {
    fn from(fault: rusqlite::Error) -> Self {
        let Some(code) = fault.sqlite_error() else {
            return Self::Sqlite(fault);
        };
        if code.code == ErrorCode::DiskFull || code.extended_code == ffi::SQLITE_IOERR_SHMSIZE {
            Self::DiskFull
        } else if matches!(code.code, ErrorCode::ReadOnly | ErrorCode::PermissionDenied) {
            Self::ReadOnly
        } else if matches!(code.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) {
            Self::Busy
        } else if matches!(
            code.code,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TooBig
        ) {
            Self::Damaged(fault.to_string())
        } else {
            Self::Sqlite(fault)
        }
    }
}
