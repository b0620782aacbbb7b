//! From passphrase to key: Argon2id (RFC 9106), once per opening.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::Key;
use sha2::{Digest, Sha256};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::key_store::{KeyStoreError, SecretBytes};

pub(super) const CHECK_LEN: usize = 16;
const KEY_LEN: usize = 32;

/// What one guess of the passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealingCost {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

impl SealingCost {
    /// 64 MiB, 3 passes, 1 lane: RFC 9106's memory and passes for the smaller recommendation.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// A cost that takes no time and protects nothing, **for tests only**.
    pub const fn for_tests() -> Self {
        Self {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        }
    }

    /// Refuses a header that makes guessing cheaper than `least`, or that would exhaust this machine.
    pub(super) fn refuse_unless_within(self, least: Self) -> Result<(), KeyStoreError> {
        let enough = self.memory_kib >= least.memory_kib && self.passes >= least.passes && self.lanes >= least.lanes;
        let bearable = self.memory_kib <= 1024 * 1024 && self.passes <= 20 && self.lanes <= 8;
        if enough && bearable {
            return Ok(());
        }
        Err(KeyStoreError::Damaged(
            "the key file names a cost outside of what Gatehouse accepts".to_owned(),
        ))
    }
}

/// The derived key: one half seals, the other half only proves that the passphrase was right.
#[derive(ZeroizeOnDrop)]
pub(super) struct SealingKey {
    sealing: [u8; KEY_LEN],
    proving: [u8; KEY_LEN],
}

impl SealingKey {
    pub(super) fn derive(passphrase: &SecretBytes, salt: &[u8], cost: SealingCost) -> Result<Self, KeyStoreError> {
        let failed =
            |what: argon2::Error| KeyStoreError::Crashed(format!("no key could be made from the passphrase ({what})"));
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(2 * KEY_LEN)).map_err(failed)?;
        let mut both = Zeroizing::new([0_u8; 2 * KEY_LEN]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose(), salt, &mut *both)
            .map_err(failed)?;
        let mut key = Self {
            sealing: [0; KEY_LEN],
            proving: [0; KEY_LEN],
        };
        key.sealing.copy_from_slice(&both[..KEY_LEN]);
        key.proving.copy_from_slice(&both[KEY_LEN..]);
        Ok(key)
    }

    pub(super) fn sealing(&self) -> &Key {
        (&self.sealing).into()
    }

    /// A value for the header that tells nothing about the sealing half.
    pub(super) fn check_value(&self) -> [u8; CHECK_LEN] {
        let digest = Sha256::new()
            .chain_update(b"gatehouse key file 1: check value")
            .chain_update(self.proving)
            .finalize();
        let mut check = [0; CHECK_LEN];
        check.copy_from_slice(&digest[..CHECK_LEN]);
        check
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}
