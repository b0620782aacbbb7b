//! Where secrets rest: one port, [`KeyStore`], with three stores behind it.
//!
//! [`Keyring`] is the operating system's own, [`SealedFile`] a file sealed with a passphrase for machines without a keyring, and
//! [`MemoryKeyStore`] is for tests. Which one is used is a person's explicit choice: there is deliberately no fallback from one to
//! another, and a missing item is answered with `None`, never mended with a new one (design.md section 3, invariant 10).
//!
//! Every call blocks. Call from a thread that may wait (`spawn_blocking`), never from the UI thread and never before first paint.

mod failure;
mod item;
mod keyring;
mod memory;
mod sealed;
mod secret;

use std::sync::Arc;

pub use failure::KeyStoreError;
pub use item::{BadItemName, DirectoryItem, ItemName, ProfileItem, directory_hash};
pub use keyring::{Backend, Keyring, LONGEST_WAIT, SOFT_LIMIT};
pub use memory::MemoryKeyStore;
pub(crate) use sealed::SealingKey;
pub use sealed::{SealedFile, SealingCost};
pub use secret::SecretBytes;

/// The most bytes one item may hold.
///
/// Windows caps a credential at 2560 bytes (stack.md rule 5); every store keeps to the same smaller limit, so that what works on one
/// system works on all.
pub const MAX_SECRET_LEN: usize = 2000;

/// A place that keeps named secrets.
///
/// Implementations are safe to share between threads and between processes that use the same data directory.
pub trait KeyStore: Send + Sync {
    /// Reads an item; `None` means that the store answered and that the item is not there.
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError>;

    /// Writes an item, replacing what was there. Refuses more than [`MAX_SECRET_LEN`] bytes.
    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError>;

    /// Removes an item; answers whether there was one.
    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError>;

    /// Tells which kind of store this is.
    fn kind(&self) -> KeyStoreKind;

    /// Whether items can be had now without any dialog; false also where the system does not tell. Asks no person.
    fn answers_unasked(&self) -> bool {
        true
    }

    /// Tells the state as of the last call, without touching the store.
    fn state(&self) -> KeyStoreState {
        KeyStoreState::Ready
    }
}

impl<S: KeyStore + ?Sized> KeyStore for Arc<S> {
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        (**self).get(item)
    }

    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError> {
        (**self).set(item, secret)
    }

    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError> {
        (**self).remove(item)
    }

    fn kind(&self) -> KeyStoreKind {
        (**self).kind()
    }

    fn answers_unasked(&self) -> bool {
        (**self).answers_unasked()
    }

    fn state(&self) -> KeyStoreState {
        (**self).state()
    }
}

/// The kinds of store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStoreKind {
    /// The operating system's keyring.
    Keyring,
    /// The passphrase-sealed file.
    SealedFile,
    /// Memory, for tests.
    Memory,
}

impl KeyStoreKind {
    /// The word used by `--key-store` and in settings (design.md section 7).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::SealedFile => "file",
            Self::Memory => "memory",
        }
    }
}

/// What is known of a store without asking it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStoreState {
    /// Nothing was asked of it yet.
    Untried,
    /// The last call was answered.
    Ready,
    /// A call is under way; it may be waiting for a person to unlock the keyring.
    Waiting,
    /// The last call failed; the word is [`KeyStoreError::state_word`].
    Failed(&'static str),
}

impl KeyStoreState {
    /// The word for screens and for `doctor`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Untried => "untried",
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Failed(word) => word,
        }
    }
}

/// Refuses a secret that not every store could hold.
fn refuse_too_large(secret: &SecretBytes) -> Result<(), KeyStoreError> {
    let len = secret.expose().len();
    if len > MAX_SECRET_LEN {
        return Err(KeyStoreError::TooLarge {
            len,
            max: MAX_SECRET_LEN,
        });
    }
    Ok(())
}
