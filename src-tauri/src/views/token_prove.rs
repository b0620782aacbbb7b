//! A proof of an integration in the window: its steps as they end, and what is to be saved.
//!
//! Deliberately absent: the token and the page's address.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::Id;
use crate::error::CommandError;
use crate::views::number::Seq;
use crate::views::tokens_course::PresenceWord;

/// What is to be proven.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrialWish {
    /// The merchant's account KRN.
    pub merchant_id: Id,
    /// Where the customer comes back to.
    pub return_url: Id,
}

/// One step, to come or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProofStepView {
    /// What is done.
    pub step: String,
    /// What must come of it.
    pub expected: String,
    /// What came of it; nothing while it did not end.
    pub found: Option<String>,
    /// Whether it is as it must be.
    pub good: bool,
    /// The audit entry.
    pub seq: Option<Seq>,
}

/// Where a proof stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProofView {
    /// The steps in their order.
    pub steps: Vec<ProofStepView>,
    /// Whether it is under way.
    pub running: bool,
    /// Whether it is being ended.
    pub stopping: bool,
    /// The request that the customer has to answer now.
    pub consent: Option<String>,
    /// What the proof is of, once it has ended.
    pub proof: Option<ProofFacts>,
    /// What kept it from its end.
    pub problem: Option<CommandError>,
}

/// What an ended proof is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProofFacts {
    /// Whether all steps are as they must be.
    pub passed: bool,
    /// The merchant's account KRN.
    pub merchant: String,
    /// When it was begun, RFC 3339.
    pub begun_at: String,
    /// The token's fingerprint.
    pub fingerprint: Option<String>,
}

/// In which form a proof is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ProofForm {
    /// JSON, for programs.
    Json,
    /// A page that opens in any browser.
    Page,
    /// A PDF.
    Pdf,
}

/// Which scope fits, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ScopeAdviceView {
    /// Who has to be there.
    pub presence: PresenceWord,
    /// Why, in a sentence.
    pub why: String,
}
