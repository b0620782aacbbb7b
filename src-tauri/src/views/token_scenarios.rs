//! The scripted scenarios in the window: each as it ends, and what is to be saved.
//!
//! A scenario is shown as a step of a proof is; it has no entry of its own in the log. Deliberately absent: tokens.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::CommandError;
use crate::views::token_prove::ProofStepView;

/// Where the scenarios stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ScenariosView {
    /// All of them in their order, those to come without what came of them.
    pub steps: Vec<ProofStepView>,
    /// Whether they are under way.
    pub running: bool,
    /// Whether they end after the one under way.
    pub stopping: bool,
    /// What they were run for, once they have ended.
    pub done: Option<ScenariosFacts>,
    /// What kept them from their end.
    pub problem: Option<CommandError>,
}

/// What ended scenarios were run for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ScenariosFacts {
    /// Whether all were tried and are as they must be.
    pub passed: bool,
    /// Whether they were ended before their end.
    pub stopped: bool,
    /// The merchant's account KRN.
    pub merchant: String,
    /// When they were begun, RFC 3339.
    pub begun_at: String,
}

/// In which form the outcomes are saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ScenariosForm {
    /// JSON, for programs.
    Json,
    /// A table for a spreadsheet.
    Csv,
}
