//! What a reconciliation finds, and how it is done.
//!
//! Deliberately absent: finding it, which is [`super::reconcile`].

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
    /// Differences so far.
    pub found: u64,
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
    /// Tokens that were not asked about, because Klarna was asked within a day.
    pub fresh: u64,
    /// Tokens that are still to be asked about, where it was ended before its end; the same table goes on with them.
    pub left: u64,
    /// Whether it was ended before its end.
    pub stopped: bool,
    /// The differences.
    pub differences: Vec<ReconciledRow>,
}
