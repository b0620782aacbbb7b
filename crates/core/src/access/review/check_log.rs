//! What a package says of the audit log, checked: entries proven under a signed checkpoint.

use gatehouse_audit::{canonical, note, proof};
use serde_json::Value;

use super::document::{Members, text};
use crate::problem::{ErrorCode, Problem};

/// The log's entries about the review, each proven under the checkpoint.
pub struct Log {
    id: String,
    keys: Vec<[u8; 32]>,
    /// Number of entries under the checkpoint.
    pub size: u64,
    entries: Vec<Members>,
}

impl Log {
    /// Reads and proves what the evidence says of the log.
    ///
    /// # Errors
    /// `verification_failed`.
    pub fn read(evidence: &Members) -> Result<Self, Problem> {
        let told = evidence.get("log").and_then(Value::as_object);
        let told = told.ok_or_else(|| failed("nothing is said of the log"))?;
        let list = |name: &str| told.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut log = Self {
            id: text(told, "id").unwrap_or_default().to_owned(),
            keys: list("keys").filter_map(|key| hash(key.as_str())).collect(),
            size: told.get("size").and_then(Value::as_u64).unwrap_or_default(),
            entries: Vec::new(),
        };
        let checkpoint = log.opened(text(told, "checkpoint").unwrap_or_default())?;
        demand(checkpoint.size == log.size, "the checkpoint speaks of another size")?;
        for entry in list("entries") {
            log.entries.push(log.proven(entry, &checkpoint)?);
        }
        let first = log
            .entries
            .first()
            .and_then(|entry| entry.get("request")?.get("checkpoint_key")?.as_str());
        let fits = hash(first).is_some() && hash(first) == log.keys.first().copied();
        demand(fits, "the log's first entry names another key")?;
        Ok(log)
    }

    fn proven(&self, entry: &Value, checkpoint: &note::Checkpoint) -> Result<Members, Problem> {
        let unreadable = || failed("an entry cannot be read");
        let entry = entry.as_object().ok_or_else(unreadable)?;
        let seq = entry
            .get("seq")
            .and_then(Value::as_u64)
            .filter(|seq| *seq > 0)
            .ok_or_else(unreadable)?;
        let body = text(entry, "body").ok_or_else(unreadable)?.as_bytes();
        let path = entry.get("path").and_then(Value::as_array).ok_or_else(unreadable)?;
        let path: Option<Vec<[u8; 32]>> = path.iter().map(|step| hash(step.as_str())).collect();
        let root = proof::root_of(body, seq - 1, self.size, &path.ok_or_else(unreadable)?);
        demand(
            root == Some(checkpoint.root),
            &format!("entry {seq} does not stand in the log"),
        )?;
        let read = canonical::parse(body, canonical::MAX_ENTRY).map_err(|_| unreadable())?;
        let fits = read.get("seq").and_then(Value::as_u64) == Some(seq) && text(&read, "log") == Some(&self.id);
        demand(fits, "an entry is another one")?;
        Ok(read)
    }

    /// A checkpoint of this log, its signature checked.
    ///
    /// # Errors
    /// `verification_failed`.
    pub fn opened(&self, text: &str) -> Result<note::Checkpoint, Problem> {
        let found = self.keys.iter().find_map(|key| note::open(text, &self.id, key).ok());
        found.ok_or_else(|| failed("a checkpoint is not signed by the log's key"))
    }

    /// Whether an entry of a kind tells all this of the review.
    pub fn tells(&self, review: &str, kind: &str, members: &[(&str, &str)]) -> bool {
        self.entries.iter().any(|entry| {
            let request = entry.get("request").and_then(Value::as_object);
            text(entry, "kind") == Some(kind)
                && request.is_some_and(|request| {
                    let says = |(name, value): &(&str, &str)| text(request, name) == Some(value);
                    says(&("review", review)) && members.iter().all(says)
                })
        })
    }
}

/// 32 bytes in hex.
pub fn hash(text: Option<&str>) -> Option<[u8; 32]> {
    hex::decode(text?).ok()?.try_into().ok()
}

/// Asks for something to be so.
///
/// # Errors
/// `verification_failed`, with what is not.
pub fn demand(true_: bool, what: &str) -> Result<(), Problem> {
    if true_ { Ok(()) } else { Err(failed(what)) }
}

/// What is not in order.
pub fn failed(what: &str) -> Problem {
    Problem::new(
        ErrorCode::VerificationFailed,
        format!("The package is not in order: {}.", what.trim_end_matches('.')),
        "Take it for what it is: changed, or not whole. Ask for the package as it was exported.",
    )
}
