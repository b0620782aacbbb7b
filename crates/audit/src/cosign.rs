//! Co-signatures of checkpoints: C2SP tlog-cosignature, `cosignature/v1`, with a person's Ed25519 key.
//!
//! A co-signature says that its witness saw this checkpoint at that time, and none of the same log before it that does not lie within it.
//! Deliberately absent: the signing key, and what a witness remembers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::note::NoteFault;

/// The signature type byte of `cosignature/v1` (C2SP signed-note).
const COSIGNATURE_V1: u8 = 0x04;
/// Key id, time and signature.
const BLOB: usize = 4 + 8 + 64;
/// The longest line that is read, in bytes.
const MAX_LINE: usize = 512;

/// The name of a person key in notes: `gatehouse-person/<first 16 hex digits of SHA-256 of the public key>`.
#[must_use]
pub fn key_name(public: &[u8; 32]) -> String {
    let digest = Sha256::digest(public);
    let half: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("gatehouse-person/{half}")
}

/// The key id: the first 4 bytes of `SHA-256(name || 0x0A || 0x04 || public key)` (C2SP signed-note).
fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', COSIGNATURE_V1])
        .chain_update(public)
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

/// The bytes that a witness signs: a head with the time, and the checkpoint's text, each line with its newline (C2SP tlog-cosignature).
#[must_use]
pub fn message(seconds: u64, text: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

/// The signature line, with its dash and without a newline.
#[must_use]
pub fn line(public: &[u8; 32], seconds: u64, signature: &[u8; 64]) -> String {
    let name = key_name(public);
    let mut blob = key_id(&name, public).to_vec();
    blob.extend_from_slice(&seconds.to_be_bytes());
    blob.extend_from_slice(signature);
    format!("\u{2014} {name} {}", STANDARD.encode(blob))
}

/// Checks a co-signature's line over a checkpoint's text; answers its time in seconds since 1970.
///
/// # Errors
/// [`NoteFault::Form`]: no such line; [`NoteFault::Unsigned`]: it bears another key's name or id; [`NoteFault::Signature`]: it is false.
pub fn check(line: &str, text: &str, public: &[u8; 32]) -> Result<u64, NoteFault> {
    let (name, blob) = split(line).ok_or(NoteFault::Form)?;
    let own = key_name(public);
    if name != own || !blob.starts_with(&key_id(&own, public)) {
        return Err(NoteFault::Unsigned);
    }
    let key = VerifyingKey::from_bytes(public).map_err(|_| NoteFault::Signature)?;
    let (seconds, signature) = parts(&blob).ok_or(NoteFault::Form)?;
    key.verify_strict(&message(seconds, text), &Signature::from_bytes(&signature))
        .map_err(|_| NoteFault::Signature)?;
    Ok(seconds)
}

fn split(line: &str) -> Option<(&str, [u8; BLOB])> {
    if line.len() > MAX_LINE {
        return None;
    }
    let (name, blob) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    Some((name, STANDARD.decode(blob).ok()?.try_into().ok()?))
}

fn parts(blob: &[u8; BLOB]) -> Option<(u64, [u8; 64])> {
    let seconds = blob.get(4..12)?.try_into().ok()?;
    Some((u64::from_be_bytes(seconds), blob.get(12..)?.try_into().ok()?))
}
