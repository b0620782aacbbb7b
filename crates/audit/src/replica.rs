//! Who of several wrote a checkpoint: a second signature line, by the same key, under the replica's name.
//!
//! The name is within what is signed, so that a line cannot be put under another's name. Verifiers pass over the line, as over every
//! signature that they do not know. Deliberately absent: a name in the three lines themselves, whose form witnesses and verifiers know.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// What the signature is of, and the type of its key (C2SP signed-note: 0xff and a name of one's own).
const HEAD: &str = "gatehouse-replica/v1";
const KEY_TYPE: &[u8] = b"\xffgatehouse-replica/v1";
const PREFIX: &str = "gatehouse-replica/";
/// The longest name of a replica.
const MAX_NAME: usize = 40;

/// Whether a text can name a replica: 1 to 40 of `a-z`, `0-9`, `-` and `.`, the first and the last a letter or digit.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.len() <= MAX_NAME
        && bytes.first().is_some_and(is_plain)
        && bytes.last().is_some_and(is_plain)
        && bytes.iter().all(|byte| is_plain(byte) || b"-.".contains(byte))
}

/// The bytes that are signed: the name, then the checkpoint's three lines.
#[must_use]
pub fn message(name: &str, text: &str) -> Vec<u8> {
    format!("{HEAD}\nname {name}\n{text}").into_bytes()
}

/// The signature line, with its newline.
#[must_use]
pub fn line(name: &str, public: &[u8; 32], signature: &[u8; 64]) -> String {
    let name = format!("{PREFIX}{name}");
    let mut blob = key_id(&name, public).to_vec();
    blob.extend_from_slice(signature);
    format!("\u{2014} {name} {}\n", STANDARD.encode(blob))
}

/// The name under which the log's key signed a checkpoint's note beside the log's own; none where no such line is true.
#[must_use]
pub fn named(note: &str, public: &[u8; 32]) -> Option<String> {
    let (lines, signatures) = note.split_once("\n\n")?;
    let text = format!("{lines}\n");
    signatures.lines().find_map(|line| read(line, &text, public))
}

fn read(line: &str, text: &str, public: &[u8; 32]) -> Option<String> {
    let (key_name, blob) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let name = key_name.strip_prefix(PREFIX).filter(|name| is_name(name))?;
    let blob = STANDARD.decode(blob).ok()?;
    let (id, signature) = blob.split_first_chunk::<4>()?;
    let signature: &[u8; 64] = signature.try_into().ok()?;
    let key = VerifyingKey::from_bytes(public).ok()?;
    let held = key.verify_strict(&message(name, text), &Signature::from_bytes(signature));
    (*id == key_id(key_name, public) && held.is_ok()).then(|| name.to_owned())
}

/// The first 4 bytes of `SHA-256(name || 0x0A || 0xff || "gatehouse-replica/v1" || public key)`.
fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n'])
        .chain_update(KEY_TYPE)
        .chain_update(public)
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}
