//! How one row of a plan ended.

use crate::problem::{ErrorCode, Problem};

/// How a row ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RowOutcome {
    /// Klarna did it.
    Succeeded,
    /// Klarna refused it, or it was not sent.
    Refused,
    /// It is not known; it is settled before the run goes on.
    Unknown,
    /// It had come to be so meanwhile; nothing was sent.
    AlreadySo,
    /// What it would change had changed since the plan was made; nothing was sent.
    Stale,
}

impl RowOutcome {
    /// All of them, as they are counted.
    pub const ALL: [Self; 5] = [
        Self::Succeeded,
        Self::Refused,
        Self::Unknown,
        Self::AlreadySo,
        Self::Stale,
    ];

    /// The word in the database and for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
            Self::AlreadySo => "already_so",
            Self::Stale => "stale",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// A row's end, with what is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowEnd {
    /// The row's number in the plan, from 0.
    pub row: u32,
    /// How it ended.
    pub outcome: RowOutcome,
    /// The problem's code.
    pub code: Option<String>,
    /// What happened and what to do.
    pub message: Option<String>,
    /// When.
    pub at_ms: i64,
}

impl RowEnd {
    pub(crate) fn good(row: u32, outcome: RowOutcome, at_ms: i64) -> Self {
        Self {
            row,
            outcome,
            code: None,
            message: None,
            at_ms,
        }
    }

    pub(crate) fn bad(row: u32, problem: &Problem, at_ms: i64) -> Self {
        Self {
            row,
            outcome: outcome_of(problem),
            code: Some(problem.code.as_str().to_owned()),
            message: Some(format!("{} {}", problem.message, problem.hint)),
            at_ms,
        }
    }
}

/// Whether a problem leaves it open what Klarna did (exit code 8, design section 7).
pub(crate) fn outcome_of(problem: &Problem) -> RowOutcome {
    if problem.code == ErrorCode::PlanStale {
        RowOutcome::Stale
    } else if problem.code.exit_code() == 8 {
        RowOutcome::Unknown
    } else {
        RowOutcome::Refused
    }
}
