//! What colleagues' keys signed: the checkpoints of `audit.witnessed` and `audit.review` entries, with their consistency to the newest.
//!
//! They are taken from the whole log, whatever was asked for: a witness vouches for all entries before.

use std::collections::BTreeMap;

use gatehouse_audit::{LogError, Snapshot, StoredEntry, canonical, proof};
use serde_json::json;

use crate::audit_export::raw;
use crate::audit_export::seen::Seen;
use crate::problem::Problem;

/// The longest line: a note has at most 64 signatures.
const MOST: usize = 256 * 1024;
/// The most signature lines that are read of a note.
const MOST_LINES: usize = 60;

/// Witnesses, and what they signed.
#[derive(Debug, Default)]
pub struct Witnesses {
    /// Public key in hex, and what its person is called.
    names: BTreeMap<String, String>,
    /// Signature lines by size.
    lines: BTreeMap<u64, Vec<String>>,
}

impl Witnesses {
    /// Takes an entry in, if it bears a co-signature.
    pub fn look(&mut self, entry: &StoredEntry<'_>) {
        // Most entries are of other kinds: a look at the bytes is enough.
        if memchr::memmem::find(entry.body, b"\"cosignature\":").is_none() {
            return;
        }
        let Some(seen) = Seen::of(entry, false).filter(|seen| matches!(seen.kind, "audit.witnessed" | "audit.review"))
        else {
            return;
        };
        let text = |name: &str| raw::member(seen.request, name).and_then(raw::text);
        let size = raw::member(seen.request, "size").and_then(|size| size.parse().ok());
        if let (Some(line), Some(key), Some(size)) = (text("cosignature"), text("witness"), size) {
            let lines = self.lines.entry(size).or_default();
            if lines.len() < MOST_LINES {
                lines.push(line.into_owned());
            }
            let name = raw::member(seen.private, "person_name").and_then(raw::text);
            let told = self.names.entry(key.into_owned()).or_default();
            if let Some(name) = name {
                *told = name.into_owned();
            }
        }
    }

    /// Keys in hex with names: for a redacted bundle the name that the key has in notes.
    pub fn named(&self, redact: bool) -> Vec<(String, String)> {
        let named = self.names.iter().map(|(key, name)| {
            let public = hex::decode(key).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            let of_key = public
                .map(|public| gatehouse_audit::cosign::key_name(&public))
                .unwrap_or_default();
            let name = if redact || name.is_empty() {
                of_key
            } else {
                name.clone()
            };
            (key.clone(), name)
        });
        named.collect()
    }

    /// The largest size that somebody signed.
    pub fn largest(&self) -> Option<u64> {
        self.lines.keys().next_back().copied()
    }

    /// `witnessed.jsonl`.
    ///
    /// # Errors
    /// The file cannot be read, or a subtree is missing.
    pub fn lines(&self, snapshot: &Snapshot<'_>) -> Result<Vec<u8>, Problem> {
        let mut written = Vec::new();
        for (size, signed) in &self.lines {
            // A checkpoint that was thinned out cannot be shown any more; the entry still bears what it needs.
            let Some(mut note) = snapshot.checkpoint_at(*size)? else {
                continue;
            };
            for line in signed {
                note.push_str(line);
                note.push('\n');
            }
            if let Some(line) = line(snapshot, *size, &note)? {
                written.extend_from_slice(&line);
                written.push(b'\n');
            }
        }
        Ok(written)
    }
}

/// Nothing where the proof would need an archived leaf, which is not kept.
fn line(snapshot: &Snapshot<'_>, size: u64, note: &str) -> Result<Option<Vec<u8>>, Problem> {
    let path = match proof::consistency(size, snapshot.size, &|level, idx| snapshot.node(level, idx)) {
        Err(LogError::Damaged(_)) if size < snapshot.first => return Ok(None),
        path => path.map_err(|fault: LogError| Problem::from(fault))?,
    };
    let path: Vec<String> = path.iter().map(hex::encode).collect();
    let object = json!({ "note": note, "consistency": path });
    let members = object.as_object().cloned().unwrap_or_default();
    let written = canonical::write(&members, MOST);
    written
        .map(Some)
        .map_err(|cause| Problem::internal("write what witnesses signed", &cause))
}
