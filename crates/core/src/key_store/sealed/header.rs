//! The first bytes of a sealed file: format, cost, salt, and what tells a wrong passphrase from a damaged file.
//!
//! ```text
//! 0   8  "GATESEAL"
//! 8   1  format, 1: Argon2id 1.3, XChaCha20-Poly1305
//! 9   3  zero
//! 12 12  memory in KiB, passes, lanes (u32, little-endian)
//! 24 16  salt
//! 40 16  check value of the derived key
//! 56  8  start of SHA-256 over bytes 0..56
//! 64 24  nonce (not part of the header proper; new at each write)
//! 88  …  the items, sealed with bytes 0..64 as associated data
//! ```
//!
//! The sum finds accidents before the passphrase is tried; it is no protection against a person, the seal is.

use sha2::{Digest, Sha256};

use super::SealingCost;
use super::derive::CHECK_LEN;
use crate::key_store::KeyStoreError;

pub(super) const HEADER_LEN: usize = 64;
pub(super) const SALT_LEN: usize = 16;

const MAGIC: &[u8; 8] = b"GATESEAL";
const FORMAT: u8 = 1;
const SUMMED: usize = 56;

/// What the header says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) cost: SealingCost,
    pub(super) salt: [u8; SALT_LEN],
    pub(super) check: [u8; CHECK_LEN],
}

impl Header {
    pub(super) fn to_bytes(self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8] = FORMAT;
        bytes[12..16].copy_from_slice(&self.cost.memory_kib.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.cost.passes.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.cost.lanes.to_le_bytes());
        bytes[24..40].copy_from_slice(&self.salt);
        bytes[40..56].copy_from_slice(&self.check);
        let sum = Sha256::digest(&bytes[..SUMMED]);
        bytes[SUMMED..].copy_from_slice(&sum[..HEADER_LEN - SUMMED]);
        bytes
    }

    /// Reads the header of a file; refuses what is damaged, newer, or cheaper than `least`.
    pub(super) fn parse(file: &[u8], least: SealingCost) -> Result<Self, KeyStoreError> {
        let damaged = |what: &str| KeyStoreError::Damaged(what.to_owned());
        if !file.starts_with(MAGIC) {
            return Err(damaged("this is not a key file of Gatehouse"));
        }
        let bytes: &[u8; HEADER_LEN] = file.first_chunk().ok_or_else(|| damaged("the key file is cut off"))?;
        if Sha256::digest(&bytes[..SUMMED])[..HEADER_LEN - SUMMED] != bytes[SUMMED..] {
            return Err(damaged("the beginning of the key file was changed"));
        }
        if bytes[8] > FORMAT {
            return Err(KeyStoreError::Newer {
                found: bytes[8],
                known: FORMAT,
            });
        }
        let header = Self {
            cost: cost_of(bytes),
            salt: chunk(bytes, 24),
            check: chunk(bytes, 40),
        };
        if header.to_bytes() != *bytes {
            return Err(damaged("the beginning of the key file has a form that is not ours"));
        }
        header.cost.refuse_unless_within(least)?;
        Ok(header)
    }
}

fn cost_of(bytes: &[u8; HEADER_LEN]) -> SealingCost {
    let number = |at| u32::from_le_bytes(chunk(bytes, at));
    SealingCost {
        memory_kib: number(12),
        passes: number(16),
        lanes: number(20),
    }
}

fn chunk<const N: usize>(bytes: &[u8; HEADER_LEN], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}
