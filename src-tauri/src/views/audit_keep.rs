//! What is done with the log, as the window shows it: saved views, exports, witnesses, how far a long work is.
//!
//! Deliberately absent: the files' contents; Rust reads and writes them where the person says.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::{Id, Text, Word};
use crate::views::audit::VerifyView;
use crate::views::number::{Millis, Seq};

/// A question to the log, as long as the window lets one be typed.
pub type LogQuery = Text<1000>;

/// A question that was given a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedViewView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The question.
    pub query: String,
    /// Whether it stands over the log.
    pub pinned: bool,
}

/// A view to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SavedViewWish {
    /// The view that is changed; null for a new one.
    #[serde(default)]
    pub id: Option<Id>,
    /// What it is called.
    pub name: Word,
    /// The question.
    pub query: LogQuery,
    /// Whether it stands over the log.
    pub pinned: bool,
}

/// What a work is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum WorkStep {
    /// Entries are verified.
    Verifying,
    /// Pages of the log's file are copied.
    Copying,
    /// Entries are written.
    Writing,
}

/// How far a work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorkView {
    /// What is being done; null while a place to write to is waited for.
    pub step: Option<WorkStep>,
    /// Entries, or pages, that are done.
    pub done: Seq,
    /// Entries, or pages, that there are.
    pub of: Seq,
}

/// How far the long works are, null where none is under way; and what is known of the log without another look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AuditWork {
    /// Verifying.
    pub verify: Option<WorkView>,
    /// Exporting, or backing up.
    pub export: Option<WorkView>,
    /// What the last verification found, whoever asked for it; null before the first.
    pub verdict: Option<VerifyView>,
    /// How many looks at the log could not be written into it yet.
    pub views_waiting: u32,
}

/// What is to be exported, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportRequest {
    /// The form's word.
    pub format: ExportFormatView,
    /// The question whose answer is exported.
    pub query: LogQuery,
    /// Whether private details are left out.
    pub redact: bool,
}

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormatView {
    /// A table.
    Csv,
    /// The exact entries, one a line.
    Jsonl,
    /// OCSF events.
    Ocsf,
    /// Evidence for somebody without Gatehouse.
    Bundle,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportedView {
    /// The file's name.
    pub file: String,
    /// Where it lies, to be read by the person who chose it.
    pub place: String,
    /// How many entries it holds.
    pub entries: Seq,
    /// How long it is.
    pub bytes: Seq,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
}

/// A backup that was made and verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackedUpView {
    /// The file's name.
    pub file: String,
    /// How many entries it holds.
    pub size: Seq,
}

/// A colleague's computer that has seen this log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WitnessRow {
    /// What the person is called.
    pub name: String,
    /// The person's public key, hexadecimal.
    pub key: String,
    /// How many entries were seen.
    pub size: Seq,
    /// When that was written into the log.
    pub time: Millis,
}

/// A colleague's log that is witnessed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct KeptLogRow {
    /// The log's id.
    pub log: String,
    /// How many entries were seen.
    pub size: Seq,
    /// When.
    pub time: Millis,
}

/// Who witnesses this log, and which logs are witnessed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WitnessesView {
    /// How many entries this log has.
    pub size: Seq,
    /// SHA-256 of this log's key, hexadecimal, to be compared with what a witness is shown; empty without a log.
    pub fingerprint: String,
    /// The newest word of each witness, the largest size first.
    pub witnesses: Vec<WitnessRow>,
    /// Logs that are witnessed here.
    pub kept: Vec<KeptLogRow>,
    /// Logs of others that were shown with two histories.
    pub alarms: Vec<KeptLogRow>,
}

/// What became of a colleague's question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WitnessSigned {
    /// The log's id.
    pub log: String,
    /// How many entries are signed for.
    pub size: Seq,
    /// The key of a log that was never seen here, as SHA-256: a person says whose it is before it is signed.
    pub first: Option<FirstKey>,
    /// The answer's file; null while none is written.
    pub file: Option<String>,
}

/// A key that is new here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FirstKey {
    /// SHA-256 of the key, hexadecimal.
    pub key: String,
}

/// A witness's word that was taken into the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WitnessTaken {
    /// What the witness is called.
    pub by: String,
    /// How many entries were seen.
    pub size: Seq,
}
