//! Keeping the log: personal data erased, old entries archived, backups made. Each is an act that stands in the log.
//!
//! What happens to the files is `gatehouse_audit`'s; here is who asked, why, and what is refused. Deliberately absent: reading.

mod archive;
mod backup;
mod erase;

pub(crate) use archive::archive;
pub use archive::entry_missing;
pub(crate) use backup::backup;
pub(crate) use erase::erase;

use std::path::Path;

use gatehouse_audit::{Draft, Phase};
use uuid::Uuid;

use crate::acts::{self, Members};
use crate::problem::{ErrorCode, Problem};

/// Whose private details are erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// Those of these entries.
    Entries(Vec<u64>),
    /// Those of every entry that names this e-mail address.
    Person(String),
}

/// What erasing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedParts {
    /// The entries whose private details are gone.
    pub entries: Vec<u64>,
    /// The entries that say so, in the same order.
    pub announced: Vec<u64>,
    /// Whether nothing is left in the log's files; if not, another process was reading, and its end does the rest.
    pub settled: bool,
}

/// What archiving came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedPart {
    /// The first entry in the file.
    pub first: u64,
    /// The last entry in the file.
    pub size: u64,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// The entry that tells of it.
    pub seq: u64,
    /// Whether an archive that was broken off was ended.
    pub resumed: bool,
}

/// A backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackUp {
    /// Number of entries.
    pub size: u64,
    /// Root over them, hex.
    pub root: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// The entry that tells of it.
    pub seq: u64,
}

fn note(kind: &str) -> Draft {
    acts::draft(kind, Phase::Note, Uuid::now_v7(), None, None)
}

fn reason_of(reason: &str) -> Result<Members, Problem> {
    if reason.trim().is_empty() {
        return Err(Problem::new(
            ErrorCode::ReasonRequired,
            "This needs a reason.",
            "Say why; it stands in the log.",
        ));
    }
    Ok([("reason".to_owned(), reason.trim().into())].into_iter().collect())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn invalid(message: impl Into<String>, hint: &'static str) -> Problem {
    Problem::new(ErrorCode::InputInvalid, message, hint)
}
