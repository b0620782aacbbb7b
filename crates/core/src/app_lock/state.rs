//! Whether the app is locked, and the key while it is not.

use std::sync::{Arc, Mutex, Weak};

use gatehouse_audit::Phase;
use uuid::Uuid;

use super::record::ItemsKey;
use super::tries;
use super::window::{Cause, Limits, Window};
use crate::acts;
use crate::database;
use crate::facade::{Change, Core, lock};
use crate::person::{Deed, Weight};
use crate::problem::{ErrorCode, Problem, ways};
use crate::signing_key::UnlockWindow;

const SETTING: &str = "app_lock";
/// A proof that is not used for its act within this time is worth nothing.
const PROOF_MS: u64 = 60_000;

/// The lock of one opened data directory.
#[derive(Default)]
pub(crate) struct AppLock {
    id: Mutex<Option<Uuid>>,
    held: Mutex<Option<Held>>,
    cause: Mutex<Option<Cause>>,
    proof: Mutex<Option<Proof>>,
    tokens: Mutex<Vec<Weak<UnlockWindow>>>,
}

struct Held {
    id: Uuid,
    key: ItemsKey,
    window: Window,
}

/// A passphrase was given anew, for one deed; `None` is for whichever comes next, where a process does one thing.
struct Proof {
    deed: Option<Deed>,
    at_ms: u64,
}

/// What can be told of the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockStatus {
    /// Whether a passphrase is set.
    pub set: bool,
    /// Why the app is locked, if it is.
    pub locked: Option<Cause>,
    /// The limits, as far as they are known.
    pub limits: Option<Limits>,
    /// Milliseconds until it locks by itself.
    pub left_ms: u64,
    /// Milliseconds until the next passphrase is taken.
    pub wait_ms: u64,
}

impl AppLock {
    /// The lock's id, if one is set, as last seen.
    pub fn id(&self) -> Option<Uuid> {
        *lock(&self.id)
    }

    /// Lends the key of that lock, if it is held.
    pub fn with_key<T>(&self, id: Uuid, work: impl FnOnce(&ItemsKey) -> T) -> Option<T> {
        lock(&self.held)
            .as_ref()
            .filter(|held| held.id == id)
            .map(|held| work(&held.key))
    }

    /// Reads from the database whether a lock is set; another process may have set or removed it.
    pub fn refresh(&self, core: &Core) -> Result<Option<Uuid>, Problem> {
        let text = database::setting(&core.database(), SETTING)?;
        let id = text.and_then(|text| Uuid::parse_str(&text).ok());
        *lock(&self.id) = id;
        if lock(&self.held).as_ref().is_some_and(|held| Some(held.id) != id) {
            *lock(&self.held) = None;
        }
        Ok(id)
    }

    /// Demands that the app is unlocked; counts as use.
    ///
    /// # Errors
    /// `app_locked`.
    pub fn demand(&self, core: &Core) -> Result<(), Problem> {
        if self.refresh(core)?.is_none() {
            return Ok(());
        }
        self.look(core);
        let now = core.clock().stamp();
        match lock(&self.held).as_mut() {
            Some(held) => held.window.touch(now),
            None => return Err(self.locked_problem()),
        }
        Ok(())
    }

    /// Locks when a limit is over.
    pub fn look(&self, core: &Core) {
        let now = core.clock().stamp();
        let over = lock(&self.held).as_mut().and_then(|held| held.window.look(now));
        if let Some(cause) = over {
            self.close(core, cause);
        }
    }

    /// Counts as use, while unlocked.
    pub fn touch(&self, core: &Core) {
        self.look(core);
        if let Some(held) = lock(&self.held).as_mut() {
            held.window.touch(core.clock().stamp());
        }
    }

    /// Wipes the key, warm connections and the PINs of hardware tokens; recorded.
    pub fn close(&self, core: &Core, cause: Cause) {
        let held = lock(&self.held).take();
        *lock(&self.proof) = None;
        for window in lock(&self.tokens).drain(..).filter_map(|window| window.upgrade()) {
            window.forget();
        }
        core.forget_connections();
        if held.is_none() {
            return;
        }
        drop(held);
        *lock(&self.cause) = Some(cause);
        let mut note = acts::draft("app.lock", Phase::Note, Uuid::now_v7(), None, None);
        note.request.insert("cause".into(), cause.word().into());
        core.note_if_unasked(note);
        core.tell(Change::Lock);
    }

    /// Takes the key: the app is unlocked from now on.
    pub(super) fn hold(&self, core: &Core, id: Uuid, key: ItemsKey, limits: Limits) {
        *lock(&self.id) = Some(id);
        *lock(&self.held) = Some(Held {
            id,
            key,
            window: Window::open(limits, core.clock().stamp()),
        });
        *lock(&self.cause) = None;
    }

    /// Lets the key go because there is no lock any more.
    pub(super) fn release(&self) {
        *lock(&self.id) = None;
        *lock(&self.held) = None;
        *lock(&self.proof) = None;
    }

    /// Keeps that the passphrase was given anew.
    pub(super) fn keep_proof(&self, core: &Core, deed: Option<Deed>) {
        let at_ms = core.clock().mono_ms();
        *lock(&self.proof) = Some(Proof { deed, at_ms });
    }

    /// Uses up the proof that a risky deed needs while a lock is set.
    ///
    /// # Errors
    /// `confirmation_needed`.
    pub fn confirmed(&self, core: &Core, deed: Deed) -> Result<(), Problem> {
        if deed.weight() != Weight::Risk || self.id().is_none() {
            return Ok(());
        }
        let mut kept = lock(&self.proof);
        let now_ms = core.clock().mono_ms();
        let fits = |proof: &Proof| {
            proof.deed.is_none_or(|proved| proved == deed) && now_ms.saturating_sub(proof.at_ms) < PROOF_MS
        };
        if kept.take_if(|proof| fits(proof)).is_some() {
            return Ok(());
        }
        Err(Problem::new(
            ErrorCode::ConfirmationNeeded,
            format!("{} is confirmed with the app lock's passphrase each time.", deed.text()),
            ways(
                "Enter the passphrase; on the command line it is asked for, or read from --lock-passphrase-file.",
                "Enter the passphrase.",
            ),
        ))
    }

    /// The limits, while it is unlocked.
    pub fn limits(&self) -> Option<Limits> {
        lock(&self.held).as_ref().map(|held| held.window.limits())
    }

    /// What can be told.
    pub fn status(&self, core: &Core) -> Result<LockStatus, Problem> {
        let set = self.refresh(core)?.is_some();
        self.look(core);
        let now = core.clock().stamp();
        let held = lock(&self.held).as_ref().map(|held| held.window);
        let cause = lock(&self.cause).unwrap_or(Cause::Start);
        Ok(LockStatus {
            set,
            locked: (set && held.is_none()).then_some(cause),
            limits: held.map(|window| window.limits()),
            left_ms: held.map_or(0, |window| window.left_ms(now)),
            wait_ms: if set { tries::wait_ms(core)? } else { 0 },
        })
    }

    /// Has a hardware token's PIN forgotten when the app locks.
    pub fn watch(&self, window: &Arc<UnlockWindow>) {
        let mut tokens = lock(&self.tokens);
        tokens.retain(|known| known.strong_count() > 0);
        tokens.push(Arc::downgrade(window));
    }

    fn locked_problem(&self) -> Problem {
        let cause = lock(&self.cause).unwrap_or(Cause::Start);
        Problem::new(
            ErrorCode::AppLocked,
            format!("{} Nothing was done.", cause.text()),
            ways(
                "Unlock it with its passphrase; on the command line it is asked for, or read from --lock-passphrase-file.",
                "Unlock it with its passphrase.",
            ),
        )
    }
}

/// Writes which lock is set, or that none is.
pub(super) fn set_id(core: &Core, id: Option<Uuid>) -> Result<(), Problem> {
    let database = core.database_for_change()?;
    match id {
        Some(id) => database::set_setting(&database, SETTING, &id.to_string()),
        None => database::remove_setting(&database, SETTING),
    }
}
