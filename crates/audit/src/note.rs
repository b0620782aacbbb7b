//! Checkpoints: C2SP tlog-checkpoint in C2SP signed-note form, signed with Ed25519.
//!
//! Three lines (origin, size, root), no extension lines, one blank line, signatures. Unknown signatures are allowed beside
//! ours, so that a co-signature or another algorithm can be added. Deliberately absent: where the key is kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::anchor::is_hex;
use crate::tree::Hash;

/// The signature type byte of Ed25519 (C2SP signed-note).
const ED25519: u8 = 0x01;
/// The most signature lines that are read.
const MAX_SIGNATURES: usize = 64;
/// The longest note that is read, in bytes.
const MAX_NOTE: usize = 64 * 1024;

/// Why a note is no valid checkpoint of this log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    /// Not the form of a signed checkpoint.
    #[error("the note is not a signed checkpoint")]
    Form,
    /// Another log's origin line.
    #[error("the note belongs to another log")]
    Origin,
    /// None of its signatures is by the log's key.
    #[error("the note is not signed by the log's checkpoint key")]
    Unsigned,
    /// A signature that names the log's key is false.
    #[error("the note's signature is false")]
    Signature,
}

/// What a checkpoint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root over them.
    pub root: Hash,
}

/// The origin line, which is also the key's name: `gatehouse/<log id>`.
#[must_use]
pub fn origin(log_id: &str) -> String {
    format!("gatehouse/{log_id}")
}

/// The key id: the first 4 bytes of `SHA-256(name || 0x0A || 0x01 || public key)` (C2SP signed-note).
#[must_use]
pub fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(public)
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

/// The text that is signed: three lines, each with its newline.
#[must_use]
pub fn text(log_id: &str, checkpoint: &Checkpoint) -> String {
    format!(
        "{}\n{}\n{}\n",
        origin(log_id),
        checkpoint.size,
        STANDARD.encode(checkpoint.root)
    )
}

/// Puts text and signature together.
#[must_use]
pub fn seal(log_id: &str, text: &str, public: &[u8; 32], signature: &[u8; 64]) -> String {
    let name = origin(log_id);
    let mut blob = key_id(&name, public).to_vec();
    blob.extend_from_slice(signature);
    format!("{text}\n\u{2014} {name} {}\n", STANDARD.encode(blob))
}

/// The size that a note claims; nobody checked its signature.
#[must_use]
pub fn size(note: &str) -> Option<u64> {
    note.split('\n').nth(1)?.parse().ok()
}

/// The root that a note claims; nobody checked its signature.
#[must_use]
pub fn root(note: &str) -> Option<Hash> {
    STANDARD.decode(note.split('\n').nth(2)?).ok()?.try_into().ok()
}

/// Reads a note and checks origin and signature.
///
/// # Errors
/// Every deviation from the form; no signature by the key; any false signature that names the key.
pub fn open(note: &str, log_id: &str, public: &[u8; 32]) -> Result<Checkpoint, NoteFault> {
    if note.len() > MAX_NOTE || note.chars().any(|c| c.is_control() && c != '\n') {
        return Err(NoteFault::Form);
    }
    let (lines, signatures) = note.rsplit_once("\n\n").ok_or(NoteFault::Form)?;
    let text = note.get(..=lines.len()).ok_or(NoteFault::Form)?;
    let checkpoint = read_text(lines, log_id)?;
    check_signatures(signatures, text, &origin(log_id), public)?;
    Ok(checkpoint)
}

/// Reads whose checkpoint a note is and what it says, and believes no signature: for a note whose bearer is trusted.
///
/// # Errors
/// [`NoteFault::Form`].
pub fn read(note: &str) -> Result<(String, Checkpoint), NoteFault> {
    let text = note.split_once("\n\n").map_or(note, |(lines, _)| lines);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let first = text.split('\n').next().unwrap_or_default();
    let log_id = first.strip_prefix("gatehouse/").filter(|id| is_hex(id, 32));
    let log_id = log_id.ok_or(NoteFault::Form)?;
    Ok((log_id.to_owned(), read_text(text, log_id)?))
}

fn read_text(lines: &str, log_id: &str) -> Result<Checkpoint, NoteFault> {
    let mut lines = lines.split('\n');
    let (Some(first), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next()) else {
        return Err(NoteFault::Form);
    };
    if first != origin(log_id) {
        return Err(NoteFault::Origin);
    }
    let number: u64 = size.parse().map_err(|_| NoteFault::Form)?;
    let root = STANDARD
        .decode(root)
        .ok()
        .and_then(|bytes| Hash::try_from(bytes).ok())
        .ok_or(NoteFault::Form)?;
    if number.to_string() == size {
        Ok(Checkpoint { size: number, root })
    } else {
        Err(NoteFault::Form)
    }
}

/// Every signature that names our key must be true, and there must be one.
fn check_signatures(signatures: &str, text: &str, name: &str, public: &[u8; 32]) -> Result<(), NoteFault> {
    let block = signatures.strip_suffix('\n').ok_or(NoteFault::Form)?;
    if block.split('\n').count() > MAX_SIGNATURES {
        return Err(NoteFault::Form);
    }
    let ours = key_id(name, public);
    let key = VerifyingKey::from_bytes(public).map_err(|_| NoteFault::Signature)?;
    let mut answer = Err(NoteFault::Unsigned);
    for line in block.split('\n') {
        let (signer, blob) = read_signature(line)?;
        if signer == name && blob.starts_with(&ours) {
            answer = check_signature(&key, text, &blob);
            answer?;
        }
    }
    answer
}

fn check_signature(key: &VerifyingKey, text: &str, blob: &[u8]) -> Result<(), NoteFault> {
    let raw: Option<&[u8; 64]> = blob.get(4..).and_then(|raw| raw.try_into().ok());
    let signature = Signature::from_bytes(raw.ok_or(NoteFault::Form)?);
    let held = key.verify_strict(text.as_bytes(), &signature);
    held.map_err(|_| NoteFault::Signature)
}

fn read_signature(line: &str) -> Result<(&str, Vec<u8>), NoteFault> {
    let rest = line.strip_prefix("\u{2014} ").ok_or(NoteFault::Form)?;
    let (name, blob) = rest.split_once(' ').ok_or(NoteFault::Form)?;
    let blob = STANDARD.decode(blob).map_err(|_| NoteFault::Form)?;
    let sound = !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace()) && blob.len() > 4;
    if sound { Ok((name, blob)) } else { Err(NoteFault::Form) }
}
