//! The question to a witness, and its judgement: C2SP tlog-witness `add-checkpoint` as a file that goes from person to person.
//!
//! What a witness remembers comes in as a parameter, so that judging is the same for every store. Deliberately absent: the network form's
//! answers, and any trust in a key that the question itself brings along; that is for a person to say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::anchor::is_hex;
use crate::note::{self, Checkpoint, NoteFault};
use crate::proof;
use crate::tree::Hash;

/// The longest question that is read, in bytes.
pub const MAX_QUESTION: usize = 96 * 1024;
/// The most hashes of a proof (C2SP tlog-witness).
const MAX_PROOF: usize = 63;
/// The signature type byte of types without a number of their own (C2SP signed-note), and what ours is called.
const KEY_TYPE: &[u8] = b"\xffgatehouse-checkpoint-key/v1";

/// A question: "co-sign this checkpoint; you know the log up to `old`".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The size that the witness is believed to have kept; 0 at the first question.
    pub old: u64,
    /// The consistency proof from that size (RFC 9162 2.1.4.1); empty for size 0 and for an equal size.
    pub proof: Vec<Hash>,
    /// The checkpoint with its signatures.
    pub note: String,
}

/// Why a text is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file is not a question to a witness")]
pub struct NoQuestion;

/// Why a witness does not co-sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The checkpoint is not one of the log's key.
    #[error("{0}")]
    Note(NoteFault),
    /// The question goes from another size than the one that was kept last.
    #[error("the question goes from another size than the kept one, {kept}")]
    Old {
        /// The kept size to ask from; 0 if there is none.
        kept: u64,
    },
    /// The checkpoint is smaller than the one that was kept.
    #[error("the checkpoint is smaller than the kept one, {kept}")]
    Smaller {
        /// The kept size.
        kept: u64,
    },
    /// The log has two histories: an equal checkpoint with another root, or no proof that the new one goes on from the kept one.
    #[error("the log has another history than the one that was kept")]
    Fork,
}

impl Question {
    /// Reads a question strictly.
    ///
    /// # Errors
    /// [`NoQuestion`] for every deviation from the form, and for a checkpoint that names no log of ours.
    pub fn parse(text: &str) -> Result<Self, NoQuestion> {
        if text.len() > MAX_QUESTION {
            return Err(NoQuestion);
        }
        let (head, note) = text.split_once("\n\n").ok_or(NoQuestion)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old = old.and_then(number).ok_or(NoQuestion)?;
        let proof: Vec<Hash> = lines.map(hash).collect::<Option<_>>().ok_or(NoQuestion)?;
        let question = Self {
            old,
            proof,
            note: note.to_owned(),
        };
        let sound = question.proof.len() <= MAX_PROOF && (old > 0 || question.proof.is_empty());
        if sound && question.log_id().is_some() {
            Ok(question)
        } else {
            Err(NoQuestion)
        }
    }

    /// Writes the question.
    #[must_use]
    pub fn to_text(&self) -> String {
        let hashes: String = self.proof.iter().map(|hash| STANDARD.encode(hash) + "\n").collect();
        format!("old {}\n{hashes}\n{}", self.old, self.note)
    }

    /// The log that it is about, as the checkpoint's first line says.
    #[must_use]
    pub fn log_id(&self) -> Option<&str> {
        let first = self.note.split('\n').next()?;
        first.strip_prefix("gatehouse/").filter(|id| is_hex(id, 32))
    }

    /// The checkpoint key that the question brings along and that truly signed its checkpoint; nobody vouches for it yet.
    #[must_use]
    pub fn brought_key(&self) -> Option<[u8; 32]> {
        let id = self.log_id()?;
        let found = self.note.split('\n').find_map(|line| read_key_line(line, id));
        found.filter(|key| note::open(&self.note, id, key).is_ok())
    }

    /// Judges the question by the log's key and the checkpoint that was kept last.
    ///
    /// # Errors
    /// Why there is no co-signature.
    pub fn judge(&self, key: &[u8; 32], kept: Option<&Checkpoint>) -> Result<Checkpoint, Refusal> {
        let id = self.log_id().ok_or(Refusal::Note(NoteFault::Origin))?;
        let asked = note::open(&self.note, id, key).map_err(Refusal::Note)?;
        let Some(kept) = kept else {
            return if self.old == 0 {
                Ok(asked)
            } else {
                Err(Refusal::Old { kept: 0 })
            };
        };
        if asked.size == kept.size && asked.root != kept.root {
            return Err(Refusal::Fork);
        }
        if self.old != kept.size {
            return Err(Refusal::Old { kept: kept.size });
        }
        if asked.size < kept.size {
            return Err(Refusal::Smaller { kept: kept.size });
        }
        if proof::is_consistent(kept.size, &kept.root, asked.size, &asked.root, &self.proof) {
            Ok(asked)
        } else {
            Err(Refusal::Fork)
        }
    }
}

/// The line by which a question brings the checkpoint key along; to other readers it is a signature of a kind that they do not know.
#[must_use]
pub fn key_line(log_id: &str, key: &[u8; 32]) -> String {
    let name = key_line_name(log_id);
    let mut blob = key_line_id(&name, key).to_vec();
    blob.extend_from_slice(key);
    format!("\u{2014} {name} {}", STANDARD.encode(blob))
}

fn key_line_name(log_id: &str) -> String {
    format!("gatehouse-key/{log_id}")
}

/// `SHA-256(name || 0x0A || 0xff || "gatehouse-checkpoint-key/v1" || public key)`, its first 4 bytes (C2SP signed-note).
fn key_line_id(name: &str, key: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n'])
        .chain_update(KEY_TYPE)
        .chain_update(key)
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

fn read_key_line(line: &str, log_id: &str) -> Option<[u8; 32]> {
    let (name, blob) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let blob = STANDARD.decode(blob).ok()?;
    let (id, key) = blob.split_first_chunk::<4>()?;
    let key: [u8; 32] = key.try_into().ok()?;
    (name == key_line_name(log_id) && *id == key_line_id(name, &key)).then_some(key)
}

/// A number in its one spelling.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn hash(line: &str) -> Option<Hash> {
    STANDARD.decode(line).ok()?.try_into().ok()
}
