//! The key store as everything above sees it: items under the app lock are sealed on their way in and opened on their way out.

use std::sync::Arc;

use super::state::AppLock;
use super::wrapped;
use crate::key_store::{ItemName, KeyStore, KeyStoreError, KeyStoreKind, KeyStoreState, SecretBytes};

/// The most bytes of a sealed item: it is no text, so a keyring keeps it in base64, and Windows takes 2560 bytes.
const MOST: usize = 1900;

/// A key store behind the app lock.
pub(crate) struct Guarded {
    inner: Arc<dyn KeyStore>,
    lock: Arc<AppLock>,
    fill: fn(&mut [u8]),
}

impl Guarded {
    /// Puts a store behind the lock.
    pub fn new(inner: Arc<dyn KeyStore>, lock: Arc<AppLock>, fill: fn(&mut [u8])) -> Self {
        Self { inner, lock, fill }
    }

    /// The store itself, with sealed items as they are.
    pub(super) fn inner(&self) -> &dyn KeyStore {
        self.inner.as_ref()
    }
}

impl KeyStore for Guarded {
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        let Some(secret) = self.inner.get(item)? else {
            return Ok(None);
        };
        match wrapped::sealed_by(&secret) {
            Some(id) if wrapped::is_sealed_kind(item) => {
                let opened = self.lock.with_key(id, |key| wrapped::unwrap(key, item, &secret));
                opened.unwrap_or(Err(KeyStoreError::AppLocked)).map(Some)
            }
            _ => Ok(Some(secret)),
        }
    }

    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError> {
        let Some(id) = self.lock.id().filter(|_| wrapped::is_sealed_kind(item)) else {
            return self.inner.set(item, secret);
        };
        let wrap = |key: &_| wrapped::wrap(id, key, item, secret, self.fill);
        let sealed = self.lock.with_key(id, wrap).unwrap_or(Err(KeyStoreError::AppLocked))?;
        if sealed.expose().len() > MOST {
            return Err(KeyStoreError::TooLarge {
                len: secret.expose().len(),
                max: MOST - (sealed.expose().len() - secret.expose().len()),
            });
        }
        self.inner.set(item, &sealed)
    }

    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError> {
        self.inner.remove(item)
    }

    fn kind(&self) -> KeyStoreKind {
        self.inner.kind()
    }

    fn answers_unasked(&self) -> bool {
        self.inner.answers_unasked()
    }

    fn state(&self) -> KeyStoreState {
        self.inner.state()
    }
}
