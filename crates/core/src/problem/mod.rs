//! What every public function of the core answers when it cannot do its work: a code, what happened, what to do.
//!
//! A code exists only if somebody acts on it (the UI's table, the exit code of the command line, a test). The chain
//! of causes goes to the log under a short reference, never into the message. Deliberately absent: text as protocol.

mod code;
mod from_audit;
mod from_certificates;
mod from_hardware;
mod from_keys;
mod from_klarna;
mod from_network;
mod hint;

pub use code::{ErrorCode, ProblemKind};
pub(crate) use from_network::unusable;
pub use hint::{Hint, ways};

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// A refusal, an outage or a defect, told to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What machines branch on.
    pub code: ErrorCode,
    /// One sentence: what happened.
    pub message: String,
    /// One sentence: what to do, in the words of the command line or of both.
    pub hint: String,
    /// The same in the window's words, where they are others; apart, so that a problem stays small.
    pub in_app: Option<Box<Cow<'static, str>>>,
    /// The mark under which the log holds the causes, to quote to support.
    pub reference: Option<String>,
}

impl Problem {
    /// Makes a problem from its two sentences.
    pub fn new(code: ErrorCode, message: impl Into<String>, hint: impl Into<Hint>) -> Self {
        let hint = hint.into();
        Self {
            code,
            message: message.into(),
            hint: hint.text.into_owned(),
            in_app: hint.in_app.map(Box::new),
            reference: None,
        }
    }

    /// The same problem with something else to do about it.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<Hint>) -> Self {
        let Self { hint, in_app, .. } = Self::new(self.code, "", hint);
        Self { hint, in_app, ..self }
    }

    /// What to do, in both wordings.
    #[must_use]
    pub fn both_hints(&self) -> Hint {
        Hint {
            text: self.hint.clone().into(),
            in_app: self.in_app.as_deref().cloned(),
        }
    }

    /// Writes the chain of causes to the log and keeps the mark under which it stands there.
    #[must_use]
    pub fn because(mut self, cause: &dyn Error) -> Self {
        let reference = uuid::Uuid::new_v4().simple().to_string();
        let reference: String = reference.chars().take(8).collect();
        tracing::error!(code = self.code.as_str(), reference, cause = %chain(cause), "problem");
        self.reference = Some(reference);
        self
    }

    /// A defect of ours, with its cause in the log.
    pub fn internal(what: &str, cause: &dyn Error) -> Self {
        Self::new(
            ErrorCode::Internal,
            format!("Gatehouse could not {what}, which is a defect of ours."),
            "Please report it with the reference; nothing was sent to Klarna by this step.",
        )
        .because(cause)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.message, self.hint)
    }
}

impl Error for Problem {}

/// An error with its causes, on one line.
#[must_use]
pub fn chain(cause: &dyn Error) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(inner) = next {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        next = inner.source();
    }
    text
}

impl From<rusqlite::Error> for Problem {
    fn from(cause: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Sqlite;
        // A full disk is met first where the write-ahead log's index grows.
        let no_room = |code: &rusqlite::ffi::Error| code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
        let full = cause.sqlite_error().is_some_and(no_room);
        let (code, message, hint) = match cause
            .sqlite_error_code()
            .map(|code| if full { Sqlite::DiskFull } else { code })
        {
            Some(Sqlite::DiskFull) => (
                ErrorCode::DiskFull,
                "The disk is full.",
                "Free some space; nothing that was recorded is lost.",
            ),
            Some(Sqlite::ReadOnly | Sqlite::CannotOpen | Sqlite::PermissionDenied) => (
                ErrorCode::DataDirReadOnly,
                "The data directory cannot be written.",
                "Make it writable for you, or choose another with --data-dir.",
            ),
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => (
                ErrorCode::DatabaseBusy,
                "Another Gatehouse process holds the database.",
                "Try again in a moment.",
            ),
            Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => (
                ErrorCode::DatabaseDamaged,
                "The database file is damaged.",
                "Restore it from a backup; the audit log is a file of its own.",
            ),
            _ => (
                ErrorCode::Internal,
                "The database refused a statement.",
                "Please report it with the reference.",
            ),
        };
        Self::new(code, message, hint).because(&cause)
    }
}
