//! What a reconciliation finds, how it is done, and how it is held.
//!
//! Deliberately absent: finding it, which is [`super::reconcile`].

use std::sync::atomic::{AtomicU8, Ordering};

use serde::Serialize;

use crate::tokens::token::TokenState;

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The vault does not have it.
    MissingHere,
    /// The vault has it, and the table does not.
    MissingThere,
    /// It stands in the table more than once, or one reference names several tokens.
    Doubled,
    /// It is of another environment.
    WrongEnvironment,
    /// The table says another merchant or reference than the vault.
    Differs,
    /// It has ended, and the table still bills with it.
    EndedButBilled,
    /// It was charged here after it had ended.
    ChargedAfterEnd,
    /// Klarna could not be asked, or refused to say.
    Unreachable,
    /// The row cannot be used.
    Unusable,
}

impl Difference {
    /// The word for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::Doubled => "doubled",
            Self::WrongEnvironment => "wrong_environment",
            Self::Differs => "differs",
            Self::EndedButBilled => "ended_but_billed",
            Self::ChargedAfterEnd => "charged_after_end",
            Self::Unreachable => "unreachable",
            Self::Unusable => "unusable",
        }
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReconciledRow {
    /// The table's line.
    pub line: Option<u32>,
    /// The token's number here.
    pub token: Option<i64>,
    /// Its fingerprint.
    pub fingerprint: Option<String>,
    /// Its reference.
    pub reference: Option<String>,
    /// Its merchant.
    pub merchant: Option<String>,
    /// Where it stands.
    pub state: Option<TokenState>,
    /// What differs.
    pub difference: Difference,
    /// In a sentence.
    pub what: String,
}

/// How it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReconcileOptions {
    /// Whether Klarna is asked about each token.
    pub ask: bool,
    /// How often a second; 2 unless told otherwise.
    pub per_second: u32,
    /// Whether what was asked within a day is asked again.
    pub ask_again: bool,
}

impl Default for ReconcileOptions {
    fn default() -> Self {
        Self {
            ask: true,
            per_second: 2,
            ask_again: false,
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ReconcileProgress {
    /// Rows and tokens looked at.
    pub done: u64,
    /// How many there are.
    pub total: u64,
    /// Questions to Klarna so far.
    pub asked: u64,
}

/// Holds or ends it from another thread.
#[derive(Debug, Default)]
pub struct ReconcileControl(AtomicU8);

impl ReconcileControl {
    /// Holds it until [`ReconcileControl::go_on`].
    pub fn hold(&self) {
        self.0.store(1, Ordering::Release);
    }

    /// Goes on.
    pub fn go_on(&self) {
        self.0.store(0, Ordering::Release);
    }

    /// Ends it; what was found so far is answered.
    pub fn stop(&self) {
        self.0.store(2, Ordering::Release);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire) == 2
    }

    pub(super) fn wait_while_held(&self) {
        while self.0.load(Ordering::Acquire) == 1 {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Rows of the table.
    pub rows: u64,
    /// Tokens that both sides have alike.
    pub alike: u64,
    /// Questions to Klarna.
    pub asked: u64,
    /// Whether it was ended before its end.
    pub stopped: bool,
    /// The differences.
    pub differences: Vec<ReconciledRow>,
}
