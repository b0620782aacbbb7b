//! An import of tokens in the window: what it would do, how far it is, what it did.
//!
//! Deliberately absent: tokens; a row is told by its line and by the ends of its token.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::RowCount;
use crate::error::CommandError;
use crate::views::number::Seq;
use crate::views::token_tables::TokenTableView;

/// How far work on a table is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TableFar {
    /// The file's name.
    pub file: String,
    /// Rows looked at.
    pub done: Seq,
    /// Of how many lines.
    pub total: Seq,
    /// Rows that cannot be used so far.
    pub bad: Seq,
    /// Whether it waits for a word to go on.
    pub held: bool,
    /// Whether it is being ended.
    pub stopping: bool,
}

/// What would become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FateWord {
    /// Its token would be kept.
    Added,
    /// More would be known of its token.
    Updated,
    /// Nothing is new.
    Known,
    /// An earlier row brings its token.
    Repeated,
    /// It cannot be used.
    Bad,
}

/// How many rows share a fate, and how many of them can be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FateCount {
    /// The fate.
    pub fate: FateWord,
    /// How many.
    pub count: Seq,
    /// How many can be looked at: the first ones.
    pub shown: u32,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPlanView {
    /// The fates, by what they come to; those of no row are left out.
    pub fates: Vec<FateCount>,
    /// Rows where the vault knows something else, which stays as it is.
    pub differing: Seq,
    /// Columns that nobody knows.
    pub ignored: Vec<String>,
    /// Whether it was ended before its end.
    pub stopped: bool,
}

/// What an import of tokens did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokensImported {
    /// The file's name.
    pub file: String,
    /// Tokens that were not kept before.
    pub added: Seq,
    /// Tokens of which more is known now.
    pub updated: Seq,
    /// Tokens of which nothing was new.
    pub unchanged: Seq,
    /// Rows whose token an earlier row brought.
    pub repeated: Seq,
    /// Rows that could not be used.
    pub bad: Seq,
    /// Whether it was ended before its end.
    pub stopped: bool,
}

/// Where importing stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenImportView {
    /// The table that waits.
    pub table: Option<TokenTableView>,
    /// How far looking it over is.
    pub planning: Option<TableFar>,
    /// What an import of it would do.
    pub plan: Option<ImportPlanView>,
    /// How far taking it in is.
    pub far: Option<TableFar>,
    /// What the last import did.
    pub done: Option<TokensImported>,
    /// What kept the last work from its end.
    pub problem: Option<CommandError>,
}

/// Which rows of a plan are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlannedRowsRequest {
    /// Only those of this fate.
    #[serde(default)]
    pub fate: Option<FateWord>,
    /// Position of the first row.
    pub first: u32,
    /// How many rows, 200 at most.
    pub count: RowCount,
}

/// A window of a plan's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlannedRowsPage {
    /// The rows, by line.
    pub rows: Vec<PlannedRowView>,
    /// How many can be looked at.
    pub total: u32,
}

/// A row of a table, and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlannedRowView {
    /// The line, from 1.
    pub line: u32,
    /// What would become of it.
    pub fate: FateWord,
    /// Few characters of both ends of its token.
    pub hint: Option<String>,
    /// The reference that the table gives.
    pub reference: Option<String>,
    /// The merchant's name.
    pub merchant_name: Option<String>,
    /// What is wrong with it, or where the vault knows something else.
    pub what: Option<String>,
}
