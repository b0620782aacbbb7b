//! Access reviews as the window shows them, and what it asks of them.
//!
//! Deliberately absent: sentences; the window says what the facts mean.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::{Id, Reason, RowCount, Text, Word};
use crate::views::number::Millis;

/// What is decided of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum VerdictWord {
    /// The access stays.
    Keep,
    /// The access goes.
    Revoke,
}

/// How far a review has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReviewStateView {
    /// Lines are decided.
    Open,
    /// A colleague's review whose decisions were handed in.
    HandedIn,
    /// Decided and signed.
    SignedOff,
    /// The after-list was taken.
    Concluded,
}

/// What a review looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ScopeWord {
    /// Every grant that is not revoked.
    All,
    /// Those of one merchant.
    Merchant,
    /// Those with the role merchant:admin.
    Admins,
}

/// How many lines are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewProgress {
    /// In the snapshot.
    pub lines: u32,
    /// With a decision.
    pub decided: u32,
    /// Of these, to be revoked.
    pub revoked: u32,
}

/// One review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewView {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Whether it was started here, and not by a colleague.
    pub own: bool,
    /// How far it has come.
    pub state: ReviewStateView,
    /// What it looks at.
    pub scope: ScopeWord,
    /// The merchant's account KRN, where it looks at one.
    pub merchant_id: Option<String>,
    /// How many lines are decided.
    pub progress: ReviewProgress,
    /// When the snapshot was taken.
    pub started_at: Millis,
    /// The day by which it is to be signed off.
    pub due: Option<String>,
    /// The snapshot's hash.
    pub snapshot_sha256: String,
    /// When it was signed off.
    pub signed_off_at: Option<Millis>,
    /// Hash of the plan that revokes.
    pub plan_sha256: Option<String>,
    /// When the after-list was taken.
    pub concluded_at: Option<Millis>,
}

/// The reviews of the active profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewsView {
    /// Newest first.
    pub reviews: Vec<ReviewView>,
    /// The day by which the next one is due.
    pub next_due: Option<String>,
}

/// One reviewer's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewDecision {
    /// Their name, or their key's id.
    pub reviewer: String,
    /// Whether it is the own decision.
    pub own: bool,
    /// Keep or revoke.
    pub verdict: VerdictWord,
    /// Why.
    pub note: Option<String>,
    /// Whether they reviewed their own.
    pub self_review: bool,
}

/// One line of a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewLineView {
    /// Its number, from 1.
    pub line: u32,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// The merchant's name, or empty.
    pub merchant_name: String,
    /// The acquirer's reference, or empty.
    pub reference: String,
    /// The person's address.
    pub principal: String,
    /// Whether they act on behalf of the acquirer.
    pub staff: bool,
    /// Their roles.
    pub roles: Vec<String>,
    /// Where the grant stood.
    pub state: String,
    /// Whether somebody declared it, rather than us granting it.
    pub declared: bool,
    /// Why it was granted.
    pub reason: Option<String>,
    /// Who granted it.
    pub granted_by: String,
    /// When.
    pub granted_at: Millis,
    /// When it was changed last.
    pub changed_at: Millis,
    /// When the person was last seen to enter through us.
    pub seen_at: Option<Millis>,
    /// The day on which it ends.
    pub expires_at: Option<String>,
    /// After how much inactivity it lapses.
    pub inactivity: Option<String>,
    /// Whether whoever reviews here would review their own.
    pub self_review: bool,
    /// What all decisions come to.
    pub verdict: Option<VerdictWord>,
    /// Each decision.
    pub decisions: Vec<ReviewDecision>,
}

/// A window of lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReviewWindow {
    /// The review as it stands.
    pub review: ReviewView,
    /// How many lines the filter finds.
    pub total: u32,
    /// Position of the first row given.
    pub first: u32,
    /// The rows.
    pub rows: Vec<ReviewLineView>,
}

/// Which lines are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum LinesWord {
    /// All.
    All,
    /// Without a decision.
    Undecided,
    /// To be kept.
    Kept,
    /// To be revoked.
    Revoked,
}

/// Which window of a review's lines is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewLinesRequest {
    /// The review.
    pub id: Id,
    /// Which lines.
    pub filter: LinesWord,
    /// Position of the first row.
    pub first: u32,
    /// How many rows, 200 at most.
    pub count: RowCount,
}

/// A review to be started.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewWish {
    /// What people call it.
    pub name: Word,
    /// What is looked at.
    pub scope: ScopeWord,
    /// The merchant, where one is looked at.
    #[serde(default)]
    pub merchant_id: Option<Id>,
    /// The day by which it is to be signed off.
    #[serde(default)]
    pub due: Option<Text<10>>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionWish {
    /// The review.
    pub id: Id,
    /// The line.
    pub line: u32,
    /// Keep or revoke; null takes the own decision back.
    #[serde(default)]
    pub verdict: Option<VerdictWord>,
    /// Why.
    #[serde(default)]
    pub note: Option<Reason>,
}

/// How a review is signed off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignOffWish {
    /// The review.
    pub id: Id,
    /// The review's name as the person typed it.
    pub typed: Word,
    /// Whether what nobody decided is revoked.
    pub undecided_revoke: bool,
    /// What was looked at.
    #[serde(default)]
    pub reason: Option<Reason>,
}
