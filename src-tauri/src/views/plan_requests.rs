//! What the window asks about plans.
//!
//! Deliberately absent: paths; files are chosen in dialogs that Rust shows.

use serde::Deserialize;
use specta::Type;

use crate::argument::{Id, Reason, RowCount};

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum WhichRowsWord {
    /// All of them.
    All,
    /// Those for which a call is made.
    Called,
    /// Those that are refused, in conflict, or failed.
    Bad,
}

/// Which window of a plan's rows is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanRowsRequest {
    /// The plan's hash.
    pub plan: Id,
    /// Which rows.
    pub which: WhichRowsWord,
    /// Position of the first row.
    pub first: u32,
    /// How many rows, 200 at most.
    pub count: RowCount,
}

/// Which file of a plan is meant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanFileRequest {
    /// The plan's hash.
    pub plan: Id,
    /// The own approval of it, not the plan itself.
    pub approval: bool,
}

/// How a plan is to be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanApplyRequest {
    /// The plan's hash.
    pub plan: Id,
    /// Rows that failed are done once more.
    pub retry: bool,
    /// Somebody else's plan is carried out in their place.
    pub take_over: bool,
    /// The name that was typed.
    #[serde(default)]
    pub typed: Option<Id>,
    /// Why.
    #[serde(default)]
    pub reason: Option<Reason>,
}

/// Which run is to be held.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanHoldRequest {
    /// The plan's hash.
    pub plan: Id,
    /// What is left is not done any more.
    pub cancel: bool,
}

/// Which grants a plan is to end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevocationsRequest {
    /// Their ids in the ledger.
    pub grants: Vec<Id>,
    /// Why.
    #[serde(default)]
    pub reason: Option<Reason>,
}
