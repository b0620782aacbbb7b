//! The data directory's own keys: the checkpoint key, the person key, and the log's anchor in the key store.
//!
//! Checkpoints are signed with a key of their own, never with the one that speaks to Klarna (users.md 2, item 1).
//! A missing item over an existing log is an alarm, never mended by making a new key.

use std::path::Path;
use std::sync::Arc;

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::{Anchor, AnchorFailure, AnchorStore, CheckpointSigner};
use zeroize::Zeroizing;

use crate::key_store::{DirectoryItem, ItemName, KeyStore, SecretBytes};
use crate::problem::{ErrorCode, Problem, ways};
use crate::signature;

/// The name of one of the data directory's own items.
///
/// It hangs on the real path, so a moved directory misses its anchor and the move is noticed (design section 5).
#[must_use]
pub fn item(dir: &Path, item: DirectoryItem) -> ItemName {
    let real = std::fs::canonicalize(dir).unwrap_or_else(|_| dir.to_path_buf());
    ItemName::for_directory(&real, item)
}

/// The anchor as an item of the key store.
pub(super) struct KeyStoreAnchors {
    pub store: Arc<dyn KeyStore>,
    pub item: ItemName,
}

impl AnchorStore for KeyStoreAnchors {
    fn load(&self) -> Result<Option<Anchor>, AnchorFailure> {
        let bytes = self.store.get(&self.item).map_err(AnchorFailure::new)?;
        bytes.map(|bytes| Anchor::from_json(bytes.expose())).transpose()
    }

    fn save(&self, anchor: &Anchor) -> Result<(), AnchorFailure> {
        self.store
            .set(&self.item, &SecretBytes::new(anchor.to_json()))
            .map_err(AnchorFailure::new)
    }
}

/// Signs checkpoints with the data directory's Ed25519 key.
pub(super) struct CheckpointKey {
    key: SigningKey,
    replica: Option<String>,
}

impl CheckpointKey {
    /// The same key, signing besides under the name of one of several replicas.
    pub fn named(self, replica: Option<String>) -> Self {
        Self { replica, ..self }
    }
}

impl CheckpointSigner for CheckpointKey {
    fn verifying_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AnchorFailure> {
        Ok(self.key.sign(message).to_bytes())
    }

    fn replica(&self) -> Option<&str> {
        self.replica.as_deref()
    }
}

/// Reads the checkpoint key, or makes it where there is no log yet.
pub(super) fn checkpoint_key(
    store: &dyn KeyStore,
    dir: &Path,
    fresh: bool,
    fill: fn(&mut [u8]),
) -> Result<CheckpointKey, Problem> {
    let seed = seed(store, &item(dir, DirectoryItem::CheckpointKey), fresh, fill)?;
    Ok(CheckpointKey {
        key: SigningKey::from_bytes(&seed),
        replica: None,
    })
}

/// The public half of the checkpoint key, if the key store has one.
///
/// # Errors
/// `keyring_*`, `keyring_item_missing` when the item is damaged.
pub fn checkpoint_public(store: &dyn KeyStore, dir: &Path) -> Result<Option<[u8; 32]>, Problem> {
    let name = item(dir, DirectoryItem::CheckpointKey);
    if store.get(&name)?.is_none() {
        return Ok(None);
    }
    let seed = seed(store, &name, false, |_| ())?;
    Ok(Some(SigningKey::from_bytes(&seed).verifying_key().to_bytes()))
}

/// The key of the person who acts here, to sign what leaves this data directory as a file.
pub struct PersonKey(SigningKey);

impl PersonKey {
    /// Reads the key; it is made with the log, never here.
    ///
    /// # Errors
    /// `keyring_*`, `keyring_item_missing`.
    pub fn load(store: &dyn KeyStore, dir: &Path) -> Result<Self, Problem> {
        let seed = seed(store, &item(dir, DirectoryItem::PersonKey), false, |_| ())?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// The short name of the person in the log's entries.
    #[must_use]
    pub fn id(&self) -> String {
        signature::key_id(&self.public())
    }

    /// Signs with Ed25519 (RFC 8032).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// The short name of the person who acts here: 16 hex digits of the SHA-256 of the person key's public half.
pub(super) fn person_key_id(
    store: &dyn KeyStore,
    dir: &Path,
    fresh: bool,
    fill: fn(&mut [u8]),
) -> Result<String, Problem> {
    let seed = seed(store, &item(dir, DirectoryItem::PersonKey), fresh, fill)?;
    Ok(signature::key_id(
        &SigningKey::from_bytes(&seed).verifying_key().to_bytes(),
    ))
}

fn seed(
    store: &dyn KeyStore,
    item: &ItemName,
    fresh: bool,
    fill: fn(&mut [u8]),
) -> Result<Zeroizing<[u8; 32]>, Problem> {
    let mut seed = Zeroizing::new([0; 32]);
    match store.get(item)? {
        Some(bytes) if bytes.expose().len() == 32 => seed.copy_from_slice(bytes.expose()),
        Some(_) => return Err(lost("An item of this data directory in the key store is damaged.")),
        None if fresh => {
            fill(seed.as_mut_slice());
            store.set(item, &SecretBytes::new(seed.to_vec()))?;
        }
        None => return Err(lost("The keys of this data directory's log are not in the key store.")),
    }
    Ok(seed)
}

fn lost(message: &str) -> Problem {
    Problem::new(
        ErrorCode::KeyringItemMissing,
        message,
        ways(
            "If the directory was moved or the keyring restored, bring the old state back; `gatehouse doctor` tells more.",
            "If the directory was moved or the keyring restored, bring the old state back; Settings, This computer, tells more.",
        ),
    )
}
