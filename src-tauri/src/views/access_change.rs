//! Changes of people's access as the window shows them: foreseen, held back, and lists of people who left.
//!
//! Deliberately absent: sentences; the window says what the facts mean.

use serde::Serialize;
use specta::Type;

use crate::error::CommandError;

/// What a grant would do to what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ChangeView {
    /// There is none that we know of.
    New,
    /// It changes one.
    Update,
    /// It is so already.
    AlreadySo,
}

/// What a grant says: before, or afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TermsView {
    /// The roles.
    pub roles: Vec<String>,
    /// The day on which it ends.
    pub expires_at: Option<String>,
    /// After how much inactivity it lapses.
    pub inactivity: Option<String>,
}

/// What a grant would do, told before anything is recorded or sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ForeseenGrant {
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// Its name.
    pub merchant_name: String,
    /// The person's address.
    pub principal: String,
    /// What it would change.
    pub change: ChangeView,
    /// What there is, where it changes something.
    pub before: Option<TermsView>,
    /// What there would be.
    pub after: TermsView,
    /// Whether Klarna will most likely send an invitation.
    pub invitation: bool,
}

/// What a held act does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum HeldDeed {
    /// It gives access.
    Grant,
    /// It takes access away.
    Revoke,
}

/// How far a held act has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum HeldStage {
    /// It can be taken back.
    Held,
    /// It is being done.
    Running,
    /// It was done.
    Done,
    /// It failed.
    Failed,
    /// It was taken back; nothing was recorded or sent.
    Undone,
}

/// An act that is or was held back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeldView {
    /// What to give to take it back.
    pub id: String,
    /// What it does.
    pub deed: HeldDeed,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// Its name.
    pub merchant_name: String,
    /// Whose access.
    pub principal: String,
    /// How far it has come.
    pub stage: HeldStage,
    /// Milliseconds until it is done.
    pub left_ms: u32,
    /// What went wrong.
    pub problem: Option<CommandError>,
}

/// A text that should have been an address and is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnreadableLine {
    /// Its line, from 1.
    pub line: u32,
    /// The text, cut.
    pub text: String,
    /// What is wrong with it.
    pub why: String,
}

/// A list of leavers, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LeaversView {
    /// How many addresses it has.
    pub addresses: u32,
    /// How many of them came again.
    pub repeated: u32,
    /// Those who have nothing here; 200 at most are given.
    pub without_access: Vec<String>,
    /// How many have nothing here.
    pub without_count: u32,
    /// What could not be read; 200 at most are given.
    pub unreadable: Vec<UnreadableLine>,
    /// How much could not be read.
    pub unreadable_count: u32,
}
