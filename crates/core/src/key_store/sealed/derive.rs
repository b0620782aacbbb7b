//! From passphrase to key: Argon2id (RFC 9106), once per opening.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest, Sha256};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::key_store::{KeyStoreError, SecretBytes};

pub(crate) const CHECK_LEN: usize = 16;
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

    /// Memory in KiB, passes, lanes, little-endian, as headers hold them.
    pub(crate) fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        for (at, number) in [self.memory_kib, self.passes, self.lanes].into_iter().enumerate() {
            bytes[4 * at..4 * at + 4].copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8; 12]) -> Self {
        let number = |at: usize| {
            let mut four = [0; 4];
            four.copy_from_slice(&bytes[at..at + 4]);
            u32::from_le_bytes(four)
        };
        Self {
            memory_kib: number(0),
            passes: number(4),
            lanes: number(8),
        }
    }

    /// Refuses a header that makes guessing cheaper than `least`, or that would exhaust this machine.
    pub(crate) fn refuse_unless_within(self, least: Self) -> Result<(), KeyStoreError> {
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
pub(crate) struct SealingKey {
    sealing: [u8; KEY_LEN],
    proving: [u8; KEY_LEN],
}

impl SealingKey {
    pub(crate) fn derive(passphrase: &SecretBytes, salt: &[u8], cost: SealingCost) -> Result<Self, KeyStoreError> {
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

    pub(crate) fn sealing(&self) -> &[u8; KEY_LEN] {
        &self.sealing
    }

    /// A value for the header that tells nothing about the sealing half.
    pub(crate) fn check_value(&self) -> [u8; CHECK_LEN] {
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
