//! Plans as the window shows them: a list, one plan in numbers, windows of its rows.
//!
//! Deliberately absent: a whole plan; a window holds 200 rows at most, and the file's bytes never come here.

use serde::Serialize;
use specta::Type;

use crate::views::number::Millis;

/// How a plan's run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunStateView {
    /// Never begun.
    Waiting,
    /// Under way, or broken off.
    Running,
    /// Held; it can go on.
    Paused,
    /// Ended by somebody; what was left is not done.
    Cancelled,
    /// Every row has an outcome.
    Done,
}

/// One plan of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlanItem {
    /// Its hash.
    pub plan: String,
    /// What it was made of.
    pub source: String,
    /// Who made it: a name, or a key's id.
    pub made_by: String,
    /// When.
    pub made_at: Millis,
    /// How its run stands.
    pub state: RunStateView,
    /// Rows in all.
    pub rows: u32,
    /// Rows for which a call is made.
    pub calls: u32,
    /// People whom it touches.
    pub people: u32,
    /// Rows with an outcome.
    pub ended: u32,
}

/// How often something is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// The word.
    pub word: String,
    /// How often.
    pub count: u32,
}

/// A rule that a plan falls under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DemandView {
    /// The rule's name.
    pub rule: String,
    /// How many other persons must approve.
    pub approvers: u32,
    /// Which roles they may have.
    pub roles: Vec<String>,
}

/// An approval that is kept with a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalView {
    /// Who gave it.
    pub by: String,
    /// Until when it holds.
    pub until: Millis,
    /// Why it does not count, if it does not.
    pub refused: Option<String>,
}

/// What is typed before the plan is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmationView {
    /// The name to type.
    pub name: Option<String>,
    /// Whether a reason is needed.
    pub reason: bool,
    /// Whether it is demanded here, or only shown.
    pub demanded: bool,
}

/// One plan in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// The plan, as in the list.
    pub item: PlanItem,
    /// Whether it is one's own.
    pub own: bool,
    /// From when on it is not carried out any more.
    pub expires_at: Millis,
    /// Rows of each verdict.
    pub verdicts: Vec<Tally>,
    /// Invitations that Klarna will most likely send.
    pub invitations: u32,
    /// People who lose access.
    pub losing: u32,
    /// How many times each role is gained.
    pub gains: Vec<Tally>,
    /// Seconds that the calls need.
    pub seconds: u32,
    /// The rules it falls under.
    pub demands: Vec<DemandView>,
    /// The approvals so far.
    pub approvals: Vec<ApprovalView>,
    /// Whether it was approved here.
    pub approved_here: bool,
    /// What is typed before it is carried out.
    pub confirmation: ConfirmationView,
    /// Rows of each outcome.
    pub ended: Vec<Tally>,
    /// Why the run holds, if it holds itself.
    pub held_by: Option<String>,
}

/// One row of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlanRowView {
    /// The line it was read from.
    pub line: u32,
    /// `grant` or `revoke`.
    pub action: String,
    /// What it would do.
    pub verdict: String,
    /// The merchant's name, as this computer's directory has it.
    pub merchant_name: String,
    /// The name in the plan, where this directory has another one or none.
    pub named_otherwise: Option<String>,
    /// The person stands for the acquirer.
    pub staff: bool,
    /// The merchant's account KRN, or what was written.
    pub merchant: String,
    /// The person.
    pub principal: String,
    /// Roles of a grant.
    pub roles: Vec<String>,
    /// What changes.
    pub differences: Vec<String>,
    /// When a grant ends.
    pub expires_at: Option<String>,
    /// After how much inactivity it lapses.
    pub inactivity: Option<String>,
    /// Why, in the maker's words.
    pub reason: Option<String>,
    /// Whether an invitation is to be expected.
    pub invitation: bool,
    /// Why it is not done.
    pub why: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// What went wrong.
    pub problem: Option<String>,
}

/// A window of a plan's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlanRowsWindow {
    /// How many there are of the kind that was asked for.
    pub total: u32,
    /// Position of the first.
    pub first: u32,
    /// The rows.
    pub rows: Vec<PlanRowView>,
}

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum TakenKind {
    /// A table became a plan.
    Table,
    /// A plan is kept.
    Plan,
    /// An approval is kept with its plan.
    Approval,
}

/// What came in, and the plan that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PlanTaken {
    /// The plan's hash.
    pub plan: String,
    /// What it was.
    pub kind: TakenKind,
    /// Columns of a table that nobody knows.
    pub ignored: Vec<String>,
}

/// How far a plan is that is being carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// The plan's hash.
    pub plan: String,
    /// Rows for which a call is made.
    pub total: u32,
    /// Rows with an outcome.
    pub done: u32,
    /// Of these, refused or not sent.
    pub failed: u32,
    /// Of these, nobody knows yet.
    pub unknown: u32,
    /// Seconds that the rest needs.
    pub left_s: u32,
}

/// What came of a declaration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeclaredView {
    /// The file.
    pub file: String,
    /// Grants taken in.
    pub added: u32,
    /// Grants that were known.
    pub known: u32,
    /// Lines that were not taken, each with what is wrong; the first of them.
    pub bad: Vec<String>,
    /// How many were not taken.
    pub bad_total: u32,
}
