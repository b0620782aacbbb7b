//! The thread that owns the connection to the keyring: one job at a time, in the order they came.
//!
//! A job that nobody waits for any more is not begun, so a write that was answered with `Slow` never happens minutes later behind the
//! caller's back unless it had begun by then. A panic inside a system's client library becomes `Crashed`; the thread lives on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use keyring_core::{CredentialStore, Error};

use super::backend::{Backend, entry_of};
use super::text_form;
use crate::key_store::{ItemName, KeyStoreError, KeyStoreState, SecretBytes};

/// What the actor is asked to do.
pub(super) enum Operation {
    Get(ItemName),
    Set(ItemName, SecretBytes),
    Remove(ItemName),
    /// Whether the keyring answers without a dialog; opens nothing.
    Look,
    /// Be ready for the first item.
    Connect,
}

impl Operation {
    /// The item concerned; what is about the keyring as a whole concerns none.
    fn item(&self) -> Option<&ItemName> {
        match self {
            Self::Get(item) | Self::Set(item, _) | Self::Remove(item) => Some(item),
            Self::Look | Self::Connect => None,
        }
    }
}

/// What it answers.
pub(super) enum Answer {
    Secret(Option<SecretBytes>),
    Done,
    Removed(bool),
    Open(bool),
}

impl Answer {
    pub(super) fn secret(self) -> Option<SecretBytes> {
        match self {
            Self::Secret(secret) => secret,
            Self::Done | Self::Removed(_) | Self::Open(_) => None,
        }
    }

    pub(super) fn there_was_one(&self) -> bool {
        matches!(self, Self::Removed(true))
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Open(true))
    }
}

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const ABANDONED: u8 = 2;

/// One call on its way to the actor.
pub(super) struct Job {
    operation: Operation,
    turn: Arc<AtomicU8>,
    reply: SyncSender<Result<Answer, KeyStoreError>>,
}

/// The caller's end of a job.
pub(super) struct Pending {
    turn: Arc<AtomicU8>,
    reply: Receiver<Result<Answer, KeyStoreError>>,
}

impl Job {
    pub(super) fn new(operation: Operation) -> (Self, Pending) {
        let turn = Arc::new(AtomicU8::new(WAITING));
        let (reply, answer) = mpsc::sync_channel(1);
        (
            Self {
                operation,
                turn: Arc::clone(&turn),
                reply,
            },
            Pending { turn, reply: answer },
        )
    }

    /// Takes the job's turn; false when its caller has gone.
    fn begin(&self) -> bool {
        self.turn
            .compare_exchange(WAITING, BEGUN, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }
}

impl Pending {
    pub(super) fn wait(self, patience: Duration) -> Result<Answer, KeyStoreError> {
        match self.reply.recv_timeout(patience) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                let _ = self
                    .turn
                    .compare_exchange(WAITING, ABANDONED, Ordering::AcqRel, Ordering::Acquire);
                Err(KeyStoreError::Slow)
            }
            Err(RecvTimeoutError::Disconnected) => Err(KeyStoreError::Crashed("its thread has ended".to_owned())),
        }
    }
}

/// What the actor lets others see of its state.
pub(super) struct Health(Mutex<KeyStoreState>);

impl Default for Health {
    fn default() -> Self {
        Self(Mutex::new(KeyStoreState::Untried))
    }
}

impl Health {
    pub(super) fn state(&self) -> KeyStoreState {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: KeyStoreState) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// Starts the thread; it ends when the last `Keyring` handle is dropped. When no thread can be had, every call answers `Crashed`.
pub(super) fn start(backend: Box<dyn Backend>, jobs: Receiver<Job>, health: Arc<Health>) {
    let mut actor = Actor { backend, store: None };
    let work = move || {
        for job in jobs {
            if !job.begin() {
                continue;
            }
            let before = health.state();
            health.set(KeyStoreState::Waiting);
            let answer = actor.guarded(&job.operation);
            health.set(match &answer {
                // A look opens nothing, so it says nothing of how the next call fares.
                Ok(Answer::Open(_)) => before,
                Ok(_) => KeyStoreState::Ready,
                Err(failure) => KeyStoreState::Failed(failure.state_word()),
            });
            let _ = job.reply.send(answer);
        }
    };
    if let Err(failure) = thread::Builder::new().name("gatehouse-keyring".to_owned()).spawn(work) {
        tracing::error!(%failure, "the keyring thread could not be started");
    }
}

struct Actor {
    backend: Box<dyn Backend>,
    store: Option<Arc<CredentialStore>>,
}

impl Actor {
    /// Does the operation, and once more over a fresh connection when the one at hand may have gone stale.
    ///
    /// All three operations may be repeated: a second `remove` can at worst answer that nothing was there.
    fn guarded(&mut self, operation: &Operation) -> Result<Answer, KeyStoreError> {
        let had_connection = self.store.is_some();
        match self.caught(operation) {
            Err(failure) if had_connection && failure.may_be_a_stale_connection() => self.caught(operation),
            answer => answer,
        }
    }

    /// Does the operation once; after a failure the connection is dropped.
    fn caught(&mut self, operation: &Operation) -> Result<Answer, KeyStoreError> {
        let answer = catch_unwind(AssertUnwindSafe(|| self.perform(operation)))
            .unwrap_or_else(|_| Err(KeyStoreError::Crashed("its client library broke down".to_owned())));
        if answer.is_err() {
            self.store = None;
            self.backend.disconnect();
        }
        answer
    }

    fn perform(&mut self, operation: &Operation) -> Result<Answer, KeyStoreError> {
        if matches!(operation, Operation::Look) {
            return self.backend.is_open().map(Answer::Open);
        }
        self.backend.make_ready()?;
        let store = self.connected()?;
        let Some(item) = operation.item() else {
            return Ok(Answer::Done);
        };
        let entry = entry_of(&*self.backend, &*store, item)?;
        match operation {
            Operation::Get(_) => {
                let found = self.sought(|| entry.get_secret())?.map(SecretBytes::new);
                let plain = if self.backend.text_only() {
                    found.map(text_form::decode).transpose()?
                } else {
                    found
                };
                Ok(Answer::Secret(plain))
            }
            Operation::Set(_, secret) => {
                let stored = if self.backend.text_only() {
                    text_form::encode(secret)
                } else {
                    secret.clone()
                };
                self.timed(|| entry.set_secret(stored.expose()))?;
                Ok(Answer::Done)
            }
            Operation::Look | Operation::Connect => Ok(Answer::Done),
            Operation::Remove(_) => Ok(Answer::Removed(self.sought(|| entry.delete_credential())?.is_some())),
        }
    }

    fn connected(&mut self) -> Result<Arc<CredentialStore>, KeyStoreError> {
        if let Some(store) = &self.store {
            return Ok(Arc::clone(store));
        }
        let started = Instant::now();
        let store = self
            .backend
            .connect()
            .map_err(|error| self.backend.explain(error, started.elapsed()))?;
        self.store = Some(Arc::clone(&store));
        Ok(store)
    }

    /// Calls, and once more when nothing is there and the collection was only remembered to be open.
    fn sought<T>(&mut self, call: impl Fn() -> Result<T, Error>) -> Result<Option<T>, KeyStoreError> {
        let found = self.timed(&call)?;
        if found.is_none() && self.backend.make_certain()? {
            return self.timed(call);
        }
        Ok(found)
    }

    /// Runs one call of the store; "no such entry" is an answer, everything else is explained by the backend.
    fn timed<T>(&self, call: impl FnOnce() -> Result<T, Error>) -> Result<Option<T>, KeyStoreError> {
        let started = Instant::now();
        match call() {
            Ok(answer) => Ok(Some(answer)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(self.backend.explain(error, started.elapsed())),
        }
    }
}
