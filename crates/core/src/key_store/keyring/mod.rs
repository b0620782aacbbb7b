//! The operating system's keyring, behind one thread of its own.
//!
//! A keyring may block for as long as a person looks at its unlock dialog, and it may come and go. So one actor thread owns the
//! connection and answers one call after the other; whoever calls waits 3 s at most and then gets [`KeyStoreError::Slow`], while the
//! actor may still be waiting. The connection is made on first use and again after a failure (machine.md section 5). Deliberately
//! absent: a fallback to another store, and any copy of a secret kept for later.

mod actor;
mod backend;
#[cfg(target_os = "windows")]
mod credential_manager;
#[cfg(target_os = "macos")]
mod keychain;
#[cfg(target_os = "linux")]
mod secret_service;
mod text_form;

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

pub use backend::Backend;

use self::actor::{Answer, Health, Job, Operation};
use super::{ItemName, KeyStore, KeyStoreError, KeyStoreKind, KeyStoreState, SecretBytes, refuse_too_large};

/// How long a call waits before it answers [`KeyStoreError::Slow`] (design.md section 3, invariant 10).
pub const SOFT_LIMIT: Duration = Duration::from_secs(3);

/// The longest patience that [`Keyring::with_patience`] grants, for a screen that says "waiting for your keyring".
pub const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// The operating system's keyring: Secret Service on Linux, keychain on macOS, Credential Manager on Windows.
///
/// Cheap to clone; clones share the one thread and its connection.
#[derive(Clone)]
pub struct Keyring {
    jobs: Sender<Job>,
    health: Arc<Health>,
    patience: Duration,
}

impl Keyring {
    /// Names this system's keyring. Nothing is asked of it before the first call.
    pub fn system() -> Self {
        Self::over(backend::system())
    }

    /// Works over any backend: another system's store, or a mock in tests.
    pub fn over(backend: impl Backend + 'static) -> Self {
        let (jobs, received) = mpsc::channel();
        let health = Arc::new(Health::default());
        actor::start(Box::new(backend), received, Arc::clone(&health));
        Self {
            jobs,
            health,
            patience: SOFT_LIMIT,
        }
    }

    /// The same keyring with another limit per call, at most [`LONGEST_WAIT`].
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self {
            patience: patience.min(LONGEST_WAIT),
            ..self.clone()
        }
    }

    /// Begins to connect, and to unlock if need be, so that the first item is there sooner. Waits for nothing; what goes wrong here, the
    /// next call meets again and tells.
    pub fn begin_to_connect(&self) {
        let (job, _) = Job::new(Operation::Connect);
        let _ = self.jobs.send(job);
    }

    fn call(&self, operation: Operation) -> Result<Answer, KeyStoreError> {
        let (job, pending) = Job::new(operation);
        if self.jobs.send(job).is_err() {
            return Err(KeyStoreError::Crashed("its thread could not be started".to_owned()));
        }
        pending.wait(self.patience)
    }
}

impl KeyStore for Keyring {
    fn get(&self, item: &ItemName) -> Result<Option<SecretBytes>, KeyStoreError> {
        Ok(self.call(Operation::Get(item.clone()))?.secret())
    }

    fn set(&self, item: &ItemName, secret: &SecretBytes) -> Result<(), KeyStoreError> {
        refuse_too_large(secret)?;
        self.call(Operation::Set(item.clone(), secret.clone())).map(drop)
    }

    fn remove(&self, item: &ItemName) -> Result<bool, KeyStoreError> {
        Ok(self.call(Operation::Remove(item.clone()))?.there_was_one())
    }

    fn kind(&self) -> KeyStoreKind {
        KeyStoreKind::Keyring
    }

    fn answers_unasked(&self) -> bool {
        self.call(Operation::Look).is_ok_and(|answer| answer.is_open())
    }

    fn state(&self) -> KeyStoreState {
        self.health.state()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("state", &self.state())
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
