//! The lock's record in the key store: the items' key, sealed with the passphrase, and the limits, which the seal covers.
//!
//! ```text
//! 0   8  "GATELOCK"
//! 8   1  format, 1: Argon2id 1.3, XChaCha20-Poly1305
//! 9   3  zero
//! 12 12  memory in KiB, passes, lanes (u32, little-endian)
//! 24 16  salt
//! 40 16  check value of the derived key
//! 56  8  idle and absolute limit in seconds (u32, little-endian)
//! 64 24  nonce
//! 88 48  the items' key, sealed with bytes 0..64 and the lock's id as associated data
//! ```

use uuid::Uuid;
use zeroize::Zeroizing;

use super::window::Limits;
use crate::key_store::{ItemName, KeyStoreError, SealingCost, SealingKey, SecretBytes};
use crate::sealing;

const MAGIC: &[u8; 8] = b"GATELOCK";
const FORMAT: u8 = 1;
const HEAD: usize = 64;
const WHOLE: usize = HEAD + sealing::OVERHEAD + 32;

/// The key that seals items; wiped when it is dropped.
pub(super) type ItemsKey = Zeroizing<[u8; 32]>;

/// The record's name in the key store.
pub(super) fn item(lock: Uuid) -> ItemName {
    ItemName::new(&format!("lock/{lock}"), "app lock").expect("a UUID is made of the letters that an account may have")
}

/// Seals the items' key with a passphrase.
pub(super) fn seal(
    lock: Uuid,
    passphrase: &SecretBytes,
    key: &ItemsKey,
    limits: Limits,
    fill: fn(&mut [u8]),
) -> Result<SecretBytes, KeyStoreError> {
    let mut salt = [0_u8; 16];
    fill(&mut salt);
    let cost = SealingCost::STANDARD;
    let derived = SealingKey::derive(passphrase, &salt, cost)?;
    let mut head = [0_u8; HEAD];
    head[..8].copy_from_slice(MAGIC);
    head[8] = FORMAT;
    head[12..24].copy_from_slice(&cost.to_bytes());
    head[24..40].copy_from_slice(&salt);
    head[40..56].copy_from_slice(&derived.check_value());
    head[56..60].copy_from_slice(&limits.idle_s.to_le_bytes());
    head[60..64].copy_from_slice(&limits.absolute_s.to_le_bytes());
    let sealed = sealing::seal(derived.sealing(), &covered(&head, lock), key.as_slice(), fill)
        .ok_or_else(|| KeyStoreError::Crashed("the lock's key could not be sealed".to_owned()))?;
    Ok(SecretBytes::new([&head[..], &sealed].concat()))
}

/// Opens a record: the items' key and the limits.
///
/// # Errors
/// `WrongPassphrase`, `Damaged`, `Newer`.
pub(super) fn open(
    lock: Uuid,
    record: &SecretBytes,
    passphrase: &SecretBytes,
) -> Result<(ItemsKey, Limits), KeyStoreError> {
    let damaged = |what: &str| KeyStoreError::Damaged(format!("the app lock's record {what}"));
    let bytes = record.expose();
    if !bytes.starts_with(MAGIC) || bytes.len() != WHOLE {
        return Err(damaged("is not one of Gatehouse's"));
    }
    if bytes[8] != FORMAT {
        return Err(KeyStoreError::Newer {
            found: bytes[8],
            known: FORMAT,
        });
    }
    let cost = SealingCost::from_bytes(&part(bytes, 12));
    cost.refuse_unless_within(SealingCost::STANDARD)?;
    let derived = SealingKey::derive(passphrase, &part::<16>(bytes, 24), cost)?;
    if derived.check_value() != part::<16>(bytes, 40) {
        return Err(KeyStoreError::WrongPassphrase);
    }
    let opened = sealing::open(derived.sealing(), &covered(&part(bytes, 0), lock), &bytes[HEAD..])
        .ok_or_else(|| damaged("was changed after it was written"))?;
    let mut key = ItemsKey::default();
    key.copy_from_slice(&opened);
    let limits = Limits {
        idle_s: u32::from_le_bytes(part(bytes, 56)),
        absolute_s: u32::from_le_bytes(part(bytes, 60)),
    };
    Ok((key, limits))
}

fn covered(head: &[u8; HEAD], lock: Uuid) -> Vec<u8> {
    [&head[..], lock.as_bytes()].concat()
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}
