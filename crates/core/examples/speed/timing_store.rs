//! A key store that adds up the time its inner one takes, so that it can be told from our own.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use gatehouse_core::key_store::{ItemName, KeyStore, KeyStoreError, KeyStoreKind, Keyring, SecretBytes};

pub struct TimingStore {
    inner: Keyring,
    spent: Mutex<Duration>,
}

impl TimingStore {
    pub fn new() -> Self {
        Self {
            inner: Keyring::system(),
            spent: Mutex::new(Duration::ZERO),
        }
    }

    /// The time spent since the last call, ms.
    pub fn take_ms(&self) -> f64 {
        std::mem::take(&mut *self.spent.lock().unwrap()).as_secs_f64() * 1000.0
    }

    fn timed<T>(&self, work: impl FnOnce(&Keyring) -> T) -> T {
        let begin = Instant::now();
        let answer = work(&self.inner);
        *self.spent.lock().unwrap() += begin.elapsed();
        answer
    }
}

impl KeyStore for TimingStore {
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        self.timed(|store| store.get(item))
    }

    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError> {
        self.timed(|store| store.set(item, secret))
    }

    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError> {
        self.timed(|store| store.remove(item))
    }

    fn kind(&self) -> KeyStoreKind {
        self.inner.kind()
    }
}
