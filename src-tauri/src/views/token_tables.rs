//! Tables of tokens in the window: the one that was chosen, and what comparing it found.
//!
//! Deliberately absent: tokens and paths; both stay in Rust.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::RowCount;
use crate::error::CommandError;
use crate::views::number::{Millis, Seq};
use crate::views::tokens::TokenStateView;

/// A table that waits for what is to be done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenTableView {
    /// The file's name.
    pub file: String,
    /// How long it is, in bytes.
    pub size: Seq,
}

/// What differs between a table, the vault and Klarna.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceWord {
    /// The vault does not have it.
    MissingHere,
    /// The vault has it, and the table does not.
    MissingThere,
    /// It stands in the table more than once.
    Doubled,
    /// It is of another environment.
    WrongEnvironment,
    /// The table says another merchant or reference.
    Differs,
    /// It has ended, and the table still bills with it.
    EndedButBilled,
    /// It was charged here after it had ended.
    ChargedAfterEnd,
    /// Klarna could not be asked.
    Unreachable,
    /// The row cannot be used.
    Unusable,
}

/// How a table is to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompareRequest {
    /// Whether Klarna is asked about each token.
    pub ask: bool,
    /// How often a second, 1 to 50.
    pub per_second: u32,
    /// Whether what was asked within a day is asked again.
    pub again: bool,
}

/// What a hand says to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum HandWord {
    /// Wait.
    Hold,
    /// Go on.
    GoOn,
    /// End it.
    Stop,
}

/// How far a comparison is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonFar {
    /// The file's name.
    pub file: String,
    /// Tokens looked at.
    pub done: Seq,
    /// Of how many; 0 while the table is held against the vault.
    pub total: Seq,
    /// Questions to Klarna so far.
    pub asked: Seq,
    /// Whether it waits for a word to go on.
    pub held: bool,
    /// Whether it is being ended.
    pub stopping: bool,
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ComparedView {
    /// The file's name.
    pub file: String,
    /// When it ended.
    pub at: Millis,
    /// Rows of the table.
    pub rows: Seq,
    /// Tokens that both sides have alike.
    pub alike: Seq,
    /// Questions to Klarna.
    pub asked: Seq,
    /// Whether it was ended before its end.
    pub stopped: bool,
    /// How many differences there are of each kind; kinds without any are left out.
    pub kinds: Vec<DifferenceCount>,
}

/// How many differences of a kind there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceCount {
    /// The kind.
    pub kind: DifferenceWord,
    /// How many.
    pub count: u32,
}

/// Where comparing stands: a table that waits, one under way, or what the last one came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonView {
    /// The table that waits.
    pub table: Option<TokenTableView>,
    /// How far the one under way is.
    pub far: Option<ComparisonFar>,
    /// What the last one found.
    pub found: Option<ComparedView>,
    /// What kept the last one from its end.
    pub problem: Option<CommandError>,
}

/// Which differences are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DifferencesRequest {
    /// Only those of this kind.
    #[serde(default)]
    pub kind: Option<DifferenceWord>,
    /// Position of the first row.
    pub first: u32,
    /// How many rows, 200 at most.
    pub count: RowCount,
}

/// A window of differences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DifferencesPage {
    /// The rows.
    pub rows: Vec<DifferenceRow>,
    /// How many there are of the kind.
    pub total: u32,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceRow {
    /// The table's line.
    pub line: Option<u32>,
    /// The token's number here.
    pub token_id: Option<String>,
    /// Its fingerprint.
    pub fingerprint: Option<String>,
    /// Its reference.
    pub reference: Option<String>,
    /// Its merchant's name.
    pub merchant_name: Option<String>,
    /// Where it stands.
    pub state: Option<TokenStateView>,
    /// What differs.
    pub kind: DifferenceWord,
    /// In a sentence.
    pub what: String,
}
