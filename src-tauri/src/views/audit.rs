//! The audit log as the window shows it: acts folded into rows, one entry's exact bytes, the verdict.
//!
//! Deliberately absent: the whole log; a page holds 200 rows at most.

use serde::Serialize;
use specta::Type;

use crate::views::number::{Millis, Seq};

/// Whether a row is an act (intent and outcome folded) or a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum PhaseView {
    /// An act with an effect outside this machine, or on keys.
    Act,
    /// Something worth recording that changed nothing outside.
    Note,
}

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum OutcomeView {
    /// It was done.
    Succeeded,
    /// It was not done.
    Refused,
    /// It may have been done.
    Unknown,
    /// No outcome is recorded yet.
    Open,
}

/// Sequence numbers that are missing from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Missing {
    /// The first one.
    pub from: Seq,
    /// The last one.
    pub to: Seq,
}

/// One act or note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActRow {
    /// The intent's or the note's place in the log.
    pub seq: Seq,
    /// The outcome's place in the log.
    pub outcome_seq: Option<Seq>,
    /// The act's id.
    pub act_id: String,
    /// Its kind, such as `portal.open`.
    pub kind: String,
    /// Act or note.
    pub phase: PhaseView,
    /// When it began.
    pub time: Millis,
    /// How it ended; null for a note.
    pub outcome: Option<OutcomeView>,
    /// The environment it touched, or empty.
    pub environment: String,
    /// The profile it belongs to, or empty.
    pub profile: String,
    /// The merchant's account KRN.
    pub merchant_id: Option<String>,
    /// The merchant's name, when the directory knows it.
    pub merchant_name: Option<String>,
    /// Who did it, by the person key's id.
    pub actor: String,
    /// What that person is called, where it is known here.
    pub actor_name: Option<String>,
    /// The e-mail address of the person whom it was about, unless it was erased.
    pub person: Option<String>,
    /// The hash of the plan that it belongs to.
    pub plan: Option<String>,
    /// One line about it.
    pub summary: String,
    /// The error code of a refusal.
    pub code: Option<String>,
    /// The HTTP status of the answer.
    pub http: Option<u16>,
    /// A gap right before this row.
    pub missing: Option<Missing>,
}

/// A page of acts, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ActsPage {
    /// The rows.
    pub rows: Vec<ActRow>,
    /// What to give as `before` for the next page; null at the end.
    pub next: Option<Seq>,
    /// How many entries the log has.
    pub size: Seq,
    /// How many of them the lists know.
    pub indexed: Seq,
    /// The first entry that no archive took.
    pub first: Seq,
}

/// One entry, as it lies in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntryView {
    /// Its place in the log.
    pub seq: Seq,
    /// Its leaf hash, hexadecimal.
    pub leaf: String,
    /// The previous entry's leaf hash, hexadecimal.
    pub prev: String,
    /// The exact text whose bytes are hashed.
    pub bytes: String,
    /// The private side row's JSON, unless it was erased or never was.
    pub private: Option<String>,
    /// When it was made.
    pub time: Millis,
}

/// What a verification says of the log (design section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum VerdictView {
    /// Every entry is what was written, and nothing is missing.
    Intact,
    /// An entry is not what was written.
    Broken,
    /// The anchor or a stored checkpoint is ahead of the log.
    Truncated,
    /// A whole older state, consistent in itself.
    RolledBack,
    /// Another log.
    Replaced,
    /// Entries, but no anchor.
    Unanchored,
}

/// To where somebody vouched for the log by a co-signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WitnessedView {
    /// How many entries.
    pub size: Seq,
    /// When.
    pub time: Millis,
    /// By the key of whom, hexadecimal.
    pub by: String,
}

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VerifyView {
    /// The verdict.
    pub verdict: VerdictView,
    /// How many entries were verified.
    pub size: Seq,
    /// The tree's root, hexadecimal; empty when there is no log.
    pub root: String,
    /// The first entry at fault.
    pub first_bad_seq: Option<Seq>,
    /// A sentence about it.
    pub reason: String,
    /// When it was verified.
    pub checked_at: Millis,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// To where somebody elsewhere has witnessed it.
    pub witnessed: Option<WitnessedView>,
    /// To where a daily review signed it off.
    pub reviewed: Option<WitnessedView>,
    /// What is odd and proves nothing.
    pub notices: Vec<String>,
}
