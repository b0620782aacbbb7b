//! The proof of one entry (C2SP *tlog-proof*), verified as section 11 of docs/audit-format.md says.
//!
//! Deliberately absent: a key out of the file itself. It names none, so whoever verifies has to know the log's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatehouse_audit::note::{self, Checkpoint};
use gatehouse_audit::tlog_proof::FIRST_LINE;
use gatehouse_audit::tree::Hash;
use gatehouse_audit::{Body, proof};
use serde_json::{Value, json};

/// The longest file: an entry of 16 KiB and a note of 64 KiB, each as text.
pub const MAX_FILE: u64 = 1 << 18;

/// What was found.
pub struct Proven {
    /// The entry's number and the checkpoint, or why the proof does not hold.
    found: Result<(u64, String, Checkpoint), &'static str>,
}

impl Proven {
    /// Whether it holds.
    pub const fn holds(&self) -> bool {
        self.found.is_ok()
    }

    /// As JSON.
    pub fn document(&self) -> Value {
        let (seq, log, checkpoint) = match &self.found {
            Ok((seq, log, checkpoint)) => (Some(seq), Some(log), Some(checkpoint)),
            Err(_) => (None, None, None),
        };
        json!({
            "verdict": if self.holds() { "intact" } else { "broken" },
            "seq": seq, "log": log, "size": checkpoint.map_or(0, |checkpoint| checkpoint.size),
            "root": checkpoint.map(|checkpoint| hex::encode(checkpoint.root)), "first_bad_seq": Value::Null,
            "reason": match &self.found { Ok(_) => "The entry stands under the checkpoint.", Err(why) => why },
        })
    }

    /// For people.
    pub fn lines(&self) -> Vec<String> {
        match &self.found {
            Ok((seq, log, Checkpoint { size, root })) => vec![
                format!("intact: entry #{seq} stands under the checkpoint."),
                format!("log {log} of {size} entries, root {}", hex::encode(root)),
            ],
            Err(why) => vec![format!("broken: {why}")],
        }
    }
}

/// Tells whether a file begins as a proof does.
pub fn is_proof(path: &std::path::Path) -> bool {
    use std::io::Read;
    let mut begin = [0; 9];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin));
    read.is_ok() && begin == FIRST_LINE.as_bytes()[..9]
}

/// Verifies a proof by the log's checkpoint key.
pub fn verify(file: &[u8], key: &[u8; 32]) -> Proven {
    Proven {
        found: check(file, key),
    }
}

fn check(file: &[u8], key: &[u8; 32]) -> Result<(u64, String, Checkpoint), &'static str> {
    let parts = std::str::from_utf8(file).ok().and_then(parts);
    let Parts {
        entry,
        index,
        path,
        note,
    } = parts.ok_or("It is not in the form of a proof.")?;
    let body = Body::from_bytes(&entry).map_err(|_| "What it proves is no sound entry.")?;
    if body.seq.checked_sub(1) != Some(index) {
        return Err("The entry calls itself another one than the proof does.");
    }
    let signed = note::open(note, &body.log, key);
    let checkpoint = signed.map_err(|_| "Its checkpoint is not one that the log's key signed.")?;
    if proof::root_of(&entry, index, checkpoint.size, &path) != Some(checkpoint.root) {
        return Err("The entry does not stand under the checkpoint.");
    }
    Ok((body.seq, body.log, checkpoint))
}

struct Parts<'a> {
    entry: Vec<u8>,
    index: u64,
    path: Vec<Hash>,
    note: &'a str,
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let (head, note) = text.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let first = lines.next()?;
    let (entry, index) = (
        lines.next()?.strip_prefix("extra ")?,
        lines.next()?.strip_prefix("index ")?,
    );
    let number: u64 = index.parse().ok()?;
    let path = lines.map(|line| STANDARD.decode(line).ok()?.try_into().ok());
    let parts = Parts {
        entry: STANDARD.decode(entry).ok()?,
        index: number,
        path: path.collect::<Option<_>>()?,
        note,
    };
    // A number has one form: neither a sign nor leading zeros.
    (first == FIRST_LINE && number.to_string() == index).then_some(parts)
}
