//! Witnesses by file: a colleague's computer keeps a checkpoint of this log, and this computer keeps theirs (docs/audit-format.md 9).
//!
//! What a question looks like and how it is judged stands in `gatehouse_audit::witness`; here is what is remembered, who is trusted, and
//! what the log says of it. Deliberately absent: a network.

mod ask;
mod sign;
mod store;
mod take;

pub(crate) use ask::{Asked, ask};
pub(crate) use sign::{look, sign};
pub(crate) use store::{alarms, known_logs};
pub(crate) use take::{take, told};

use crate::problem::{ErrorCode, Problem, ways};

/// A person's consent to a log that was never witnessed here: the fingerprint of its checkpoint key, as its owner told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstSeen {
    /// The first 16 hex digits of the fingerprint, or more of them.
    pub fingerprint: String,
}

/// What a question says of itself, before anybody consents to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionSeen {
    /// The log's id.
    pub log_id: String,
    /// The size of the checkpoint that is to be co-signed.
    pub size: u64,
    /// The size from which it is proved.
    pub from: u64,
    /// SHA-256 of the checkpoint key that the question brings along and that signed it, hex; none without one.
    pub fingerprint: Option<String>,
    /// The size that was co-signed here last; none for a log that was never seen.
    pub kept: Option<u64>,
    /// Whether the key is the kept one.
    pub known_key: bool,
}

/// A co-signature that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// The log's id.
    pub log_id: String,
    /// Number of entries that it covers.
    pub size: u64,
    /// Root over them, hex.
    pub root: String,
    /// The size that was kept before; 0 at the first time.
    pub from: u64,
    /// The answer's file: the co-signature's line with a newline.
    pub answer: String,
    /// The entry of the own log that tells of it.
    pub seq: u64,
}

/// A log that is witnessed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessedLog {
    /// The log's id.
    pub log_id: String,
    /// SHA-256 of its checkpoint key, hex.
    pub fingerprint: String,
    /// Number of entries that were co-signed last.
    pub size: u64,
    /// Root over them, hex.
    pub root: String,
    /// The checkpoint as it was shown.
    pub note: String,
    /// When, milliseconds since 1970 UTC.
    pub signed_ms: i64,
}

/// Two histories of one log that were shown here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessAlarm {
    /// The log's id.
    pub log_id: String,
    /// The checkpoint that was kept.
    pub kept_note: String,
    /// The checkpoint that does not go on from it.
    pub shown_note: String,
    /// When, milliseconds since 1970 UTC.
    pub found_ms: i64,
}

/// A witness's word that stands in the own log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What the witness is called; empty where that was erased.
    pub name: String,
    /// The witness's public key, hex.
    pub public_key: String,
    /// Number of entries that it covers.
    pub size: u64,
    /// Root over them, hex.
    pub root: String,
    /// The co-signature's line.
    pub cosignature: String,
    /// When it was written into the log, RFC 3339.
    pub time: String,
    /// The entry that bears it.
    pub seq: u64,
    /// Whether it stood there already when it was taken.
    pub known: bool,
}

/// Who witnesses this log, and which logs are witnessed here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Witnesses {
    /// The newest word of each witness, the largest size first.
    pub by: Vec<Told>,
    /// The logs of others.
    pub of: Vec<WitnessedLog>,
    /// Logs of others that were shown with two histories.
    pub alarms: Vec<WitnessAlarm>,
}

fn damaged(message: impl Into<String>) -> Problem {
    Problem::new(
        ErrorCode::WitnessFileDamaged,
        message,
        ways(
            "Have it sent again; a question is made with `gatehouse audit witness ask`, an answer with `gatehouse audit witness sign`.",
            "Have it sent again; questions and answers are made in the Audit screen, Witnesses.",
        ),
    )
}
