//! Names of tokens that say nothing of them: HMAC-SHA-256 under a key of the caller's.
//!
//! One key for the log's fingerprints, another for the vault's blind index (audit.md 6); the client has neither of its own.
//! Deliberately absent: a hash without key in anything that is kept, because a short token of an unknown shape could be guessed.

use crate::secret::redacted;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// The key under which tokens are hashed.
pub struct HashKey {
    bytes: Zeroizing<[u8; 32]>,
}

redacted!(HashKey);

impl HashKey {
    /// Takes the key.
    #[must_use]
    pub const fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self { bytes }
    }

    pub(super) fn of(&self, text: &[u8]) -> TokenHash {
        TokenHash {
            bytes: hmac(self.bytes.as_slice(), text),
        }
    }
}

/// The HMAC of a token; may be stored, compared and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash {
    bytes: [u8; 32],
}

impl TokenHash {
    /// Returns all 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Returns the first 16 bytes, which is what a blind index holds (audit.md 6).
    #[must_use]
    pub fn first_16(&self) -> [u8; 16] {
        let mut first = [0; 16];
        first.copy_from_slice(self.bytes.split_at(16).0);
        first
    }

    /// Returns the fingerprint that people see: 12 hex digits in groups of four.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hex = hex::encode(self.bytes.split_at(6).0);
        let groups: Vec<String> = hex
            .as_bytes()
            .chunks(4)
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect();
        groups.join(" ")
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.bytes))
    }
}

/// HMAC-SHA-256 (RFC 2104); any key length is taken.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The first half of the SHA-256, in hex: for a name that lives as long as a permit.
pub(crate) fn unkeyed(text: &[u8]) -> String {
    let digest = Sha256::digest(text);
    hex::encode(digest.split_at(16).0)
}
