//! A store in memory, **for tests**: it loses everything on drop and can be told to fail.
//!
//! It is public so that tests of the other crates can use it. The product never offers it to a person.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::{ItemName, KeyStore, KeyStoreError, KeyStoreKind, SecretBytes, refuse_too_large};

type MakeError = Box<dyn Fn() -> KeyStoreError + Send>;

/// Keeps secrets in memory and fails on demand (for tests).
#[derive(Default)]
pub struct MemoryKeyStore {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// By account, as every store files them.
    items: BTreeMap<String, (ItemName, SecretBytes)>,
    /// One slot per coming call: `Some` fails that call.
    next: VecDeque<Option<KeyStoreError>>,
    always: Option<MakeError>,
    delay: Duration,
    calls: u64,
}

impl MemoryKeyStore {
    /// Makes an empty store that works.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the next call fail with `error`; told twice, the next two calls fail.
    pub fn fail_next(&self, error: KeyStoreError) {
        self.inner().next.push_back(Some(error));
    }

    /// Lets `calls` more calls work, then fails one with `error`.
    pub fn fail_after(&self, calls: usize, error: KeyStoreError) {
        let mut inner = self.inner();
        inner.next.extend((0..calls).map(|_| None));
        inner.next.push_back(Some(error));
    }

    /// Makes every call fail with what `error` makes, until [`heal`](Self::heal).
    pub fn always(&self, error: impl Fn() -> KeyStoreError + Send + 'static) {
        self.inner().always = Some(Box::new(error));
    }

    /// Makes every call take this long first.
    pub fn delay(&self, delay: Duration) {
        self.inner().delay = delay;
    }

    /// Ends every injected failure and delay; the items stay.
    pub fn heal(&self) {
        let mut inner = self.inner();
        inner.next.clear();
        inner.always = None;
        inner.delay = Duration::ZERO;
    }

    /// Counts the calls so far, failed ones included.
    pub fn calls(&self) -> u64 {
        self.inner().calls
    }

    /// Lists what is stored, without the secrets.
    pub fn items(&self) -> Vec<ItemName> {
        self.inner().items.values().map(|(name, _)| name.clone()).collect()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits and fails as told; otherwise hands out the items.
    fn begin(&self) -> Result<MutexGuard<'_, Inner>, KeyStoreError> {
        let delay = self.inner().delay;
        thread::sleep(delay);
        let mut inner = self.inner();
        inner.calls += 1;
        if let Some(Some(error)) = inner.next.pop_front() {
            return Err(error);
        }
        match &inner.always {
            Some(error) => Err(error()),
            None => Ok(inner),
        }
    }
}

impl KeyStore for MemoryKeyStore {
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        Ok(self
            .begin()?
            .items
            .get(item.account())
            .map(|(_, secret)| secret.clone()))
    }

    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError> {
        refuse_too_large(secret)?;
        self.begin()?
            .items
            .insert(item.account().to_owned(), (item.clone(), secret.clone()));
        Ok(())
    }

    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError> {
        Ok(self.begin()?.items.remove(item.account()).is_some())
    }

    fn kind(&self) -> KeyStoreKind {
        KeyStoreKind::Memory
    }
}

impl fmt::Debug for MemoryKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryKeyStore")
            .field("items", &self.inner().items.len())
            .finish_non_exhaustive()
    }
}
