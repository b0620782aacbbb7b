//! The form of an item under the app lock.
//!
//! ```text
//! 0   8  "GATEWRAP"
//! 8   1  format, 1: XChaCha20-Poly1305
//! 9   7  zero
//! 16 16  the lock's id
//! 32 24  nonce
//! 56  …  the item, sealed with bytes 0..32 and the item's account as associated data
//! ```

use uuid::Uuid;

use super::record::ItemsKey;
use crate::key_store::{ItemName, KeyStoreError, SecretBytes};
use crate::sealing;

const MAGIC: &[u8; 8] = b"GATEWRAP";
const FORMAT: u8 = 1;
const HEAD: usize = 32;

/// Whether an item of that name is sealed while a lock is set: what speaks to Klarna, and what lies in the vault.
pub(super) fn is_sealed_kind(item: &ItemName) -> bool {
    let account = item.account();
    let of_profile = account.strip_prefix("profile/").is_some_and(|rest| !rest.contains('/'));
    of_profile
        || (account.starts_with("dir/") && (account.ends_with("/vault-key") || account.ends_with("/proxy-sign-in")))
}

/// The lock that an item is sealed by, if it is.
pub(super) fn sealed_by(secret: &SecretBytes) -> Option<Uuid> {
    let rest = secret.expose().strip_prefix(MAGIC)?;
    rest.get(8..24).and_then(|id| Uuid::from_slice(id).ok())
}

/// Seals an item.
pub(super) fn wrap(
    lock: Uuid,
    key: &ItemsKey,
    item: &ItemName,
    secret: &SecretBytes,
    fill: fn(&mut [u8]),
) -> Result<SecretBytes, KeyStoreError> {
    let mut head = [0_u8; HEAD];
    head[..8].copy_from_slice(MAGIC);
    head[8] = FORMAT;
    head[16..].copy_from_slice(lock.as_bytes());
    let sealed = sealing::seal(key, &covered(&head, item), secret.expose(), fill)
        .ok_or_else(|| KeyStoreError::Crashed("an item could not be sealed".to_owned()))?;
    Ok(SecretBytes::new([&head[..], &sealed].concat()))
}

/// Opens an item.
///
/// # Errors
/// `Newer`; `Damaged` for one that was changed, or that stood in another item's place.
pub(super) fn unwrap(key: &ItemsKey, item: &ItemName, sealed: &SecretBytes) -> Result<SecretBytes, KeyStoreError> {
    let damaged = || KeyStoreError::Damaged("an item under the app lock was changed after it was written".to_owned());
    let (head, body) = sealed.expose().split_first_chunk::<HEAD>().ok_or_else(damaged)?;
    if head[8] != FORMAT {
        return Err(KeyStoreError::Newer {
            found: head[8],
            known: FORMAT,
        });
    }
    let plain = sealing::open(key, &covered(head, item), body).ok_or_else(damaged)?;
    Ok(SecretBytes::from_zeroizing(plain))
}

fn covered(head: &[u8; HEAD], item: &ItemName) -> Vec<u8> {
    [&head[..], item.account().as_bytes()].concat()
}
