//! What steers a run from outside, and what it tells.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunState {
    /// It was never begun.
    Waiting,
    /// It is under way, or broke off.
    Running,
    /// Somebody held it, or Klarna could not be reached; it can go on.
    Paused,
    /// Somebody ended it; what was left is not done.
    Cancelled,
    /// Every row has an outcome.
    Done,
}

impl RunState {
    const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Paused, Self::Cancelled, Self::Done];

    /// The word in the database and for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Done => "done",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunProgress {
    /// The plan's hash.
    pub plan_sha256: String,
    /// How it stands.
    pub state: RunState,
    /// Rows for which a call is made.
    pub total: u32,
    /// Rows with an outcome.
    pub done: u32,
    /// Of these, done by Klarna.
    pub succeeded: u32,
    /// Of these, refused or not sent.
    pub failed: u32,
    /// Of these, nobody knows yet.
    pub unknown: u32,
    /// Seconds that the rest needs.
    pub left_s: u32,
}

/// The hand on a run: any clone pauses or cancels it after the calls that are under way.
#[derive(Debug, Clone, Default)]
pub struct RunControl(Arc<AtomicU8>);

const GO_ON: u8 = 0;
const PAUSE: u8 = 1;
const CANCEL: u8 = 2;

impl RunControl {
    /// Holds the run; it can be gone on with.
    pub fn pause(&self) {
        let _ = self
            .0
            .compare_exchange(GO_ON, PAUSE, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Ends the run; what is left is not done.
    pub fn cancel(&self) {
        self.0.store(CANCEL, Ordering::SeqCst);
    }

    /// What somebody asked for.
    #[must_use]
    pub fn asked(&self) -> Option<RunState> {
        match self.0.load(Ordering::SeqCst) {
            PAUSE => Some(RunState::Paused),
            CANCEL => Some(RunState::Cancelled),
            _ => None,
        }
    }
}
