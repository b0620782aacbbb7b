//! The log as acts use it: opened at the first entry, who and where filled in, problems put into words.
//!
//! Opening needs the key store (checkpoint key, anchor), so it waits for the first act: nothing touches the keyring
//! before the first paint. Deliberately absent: reading, which needs no key (`gatehouse_audit::Reader`).

mod keep;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gatehouse_audit::{Actor, AnchorStore, Anew, Device, Draft, KIND_REANCHORED, Log, LogError, Opening};
use rusqlite::Connection;
use uuid::Uuid;

use super::anchors::Anchors;
use super::ballast::Ballast;
use super::group;
use super::keys::{self, KeyStoreAnchors};
use super::log_wait;
use super::presence::{self, Presence};
use super::running::{Mark, Running};
use super::signatures::Signatures;
use crate::clock::Clock;
use crate::data_dir;
use crate::database::{self, SharedDatabase};
use crate::key_store::{DirectoryItem, KeyStore};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem, ways};
use crate::surroundings::Replica;

const PERSON: &str = "person_key_id";
const UNSETTLED: &str = "unsettled";

/// What the journal needs of its surroundings.
pub struct Place {
    /// The data directory.
    pub dir: PathBuf,
    /// The time of entries.
    pub clock: Arc<dyn Clock>,
    /// Randomness for keys and salts.
    pub fill: fn(&mut [u8]),
    /// Device, system and program as entries name them.
    pub device: Device,
    /// Which of several replicas this is.
    pub replica: Option<Replica>,
}

/// The log's writer for this process.
pub struct Journal {
    place: Place,
    session: String,
    open: Mutex<Option<Open>>,
    alarm: Mutex<Option<Problem>>,
    broken: Mutex<Option<Problem>>,
    running: Running,
    waiting: group::Waiting,
    signatures: Signatures,
    ballast: Arc<Ballast>,
    written_ms: AtomicU64,
}

#[derive(Clone)]
struct Open {
    log: Arc<Log>,
    actor: Actor,
    _presence: Arc<Presence>,
}

impl Journal {
    /// Prepares a journal; opens nothing.
    #[must_use]
    pub fn new(place: Place) -> Self {
        let ballast = Arc::new(Ballast::of(&place.dir));
        Self {
            ballast,
            written_ms: AtomicU64::new(place.clock.mono_ms()),
            place,
            session: Uuid::new_v4().to_string(),
            open: Mutex::new(None),
            alarm: Mutex::new(None),
            broken: Mutex::new(None),
            running: Running::default(),
            waiting: group::Waiting::default(),
            signatures: Signatures::default(),
        }
    }

    /// Whether `session` is this process's own mark in entries.
    #[must_use]
    pub fn is_own(&self, session: &str) -> bool {
        self.session == session
    }

    /// Marks an act as under way in this process until the answer is dropped.
    pub(super) fn run(&self, act: Uuid) -> Mark {
        self.running.mark(act)
    }

    /// Whether an act is under way in this process.
    #[must_use]
    pub fn is_running(&self, act: Uuid) -> bool {
        self.running.has(act)
    }

    /// The alarm that keeps acts refused, if the log or its anchor is not as it was left.
    pub fn alarm(&self) -> Option<Problem> {
        lock(&self.alarm).clone()
    }

    /// Opens the log, making it and its keys where there is neither log nor anchor.
    ///
    /// # Errors
    /// `log_alarm`, `keyring_*`, `disk_full`, `data_dir_read_only`, `database_*`.
    pub fn unlock(&self, store: &Arc<dyn KeyStore>, database: &SharedDatabase) -> Result<(), Problem> {
        let mut open = lock(&self.open);
        if open.is_some() {
            return Ok(());
        }
        let opened = self.open_log(store, database);
        if let Err(problem) = &opened
            && problem.code == ErrorCode::LogAlarm
        {
            *lock(&self.alarm) = Some(problem.clone());
        }
        *open = Some(opened?);
        *lock(&self.alarm) = None;
        self.ballast.lay(self.place.fill);
        Ok(())
    }

    /// Whether there is a log; it begins with the first act.
    #[must_use]
    pub fn is_born(&self) -> bool {
        self.place.dir.join("audit.db").exists()
    }

    /// Closes the log and takes back the sign that this process acts, unless an act is under way.
    pub fn leave(&self) {
        if self.running.is_empty() {
            *lock(&self.open) = None;
        }
    }

    /// Anchors the log anew after a move or a lost keyring; the act stands in the log, with the person if one is known here.
    ///
    /// # Errors
    /// As [`Journal::unlock`].
    pub fn reanchor(&self, store: &Arc<dyn KeyStore>, person: Option<String>, reason: &str) -> Result<(), Problem> {
        let opening = self.opening(store, true)?;
        let (role, session) = (Deed::role_of_kind(KIND_REANCHORED).word().into(), self.session.clone());
        let mut anew = Anew::because(reason);
        anew.actor = person.map(|key_id| Actor { key_id, role, session });
        anew.device = Some(self.place.device.clone());
        Log::reanchor(&self.place.dir, opening, &anew, self.place.clock.stamp()).map_err(Problem::from)?;
        *lock(&self.open) = None;
        *lock(&self.alarm) = None;
        self.hold_acts(None);
        Ok(())
    }

    /// Leaves a sign that an act has no known outcome, so that the next start looks for it.
    pub(super) fn mark_unsettled(&self) {
        let path = self.place.dir.join(UNSETTLED);
        if std::fs::write(&path, "").is_ok() {
            let _ = data_dir::private_file(&path);
        }
    }

    /// Whether there is a sign of acts to settle: cheap, and no look into the log.
    pub fn may_be_unsettled(&self) -> bool {
        if presence::any_left_behind(&self.place.dir) {
            self.mark_unsettled();
        }
        self.is_unsettled()
    }

    /// Whether the sign was left; who died in the middle has left none yet.
    pub(crate) fn is_unsettled(&self) -> bool {
        self.place.dir.join(UNSETTLED).exists()
    }

    /// Takes the sign away, once all acts have an outcome.
    pub fn all_settled(&self) {
        let _ = std::fs::remove_file(self.place.dir.join(UNSETTLED));
    }

    /// Appends one entry; durable and anchored when it returns.
    ///
    /// # Errors
    /// `log_unwritable`, `disk_full`, `keyring_*`, `log_alarm`.
    pub fn append(&self, draft: Draft) -> Result<u64, Problem> {
        let (log, draft) = self.filled(draft)?;
        self.ballast.allow(&draft, self.place.fill)?;
        let began_ms = self.place.clock.mono_ms();
        let written = self.ballast.with_reserve(&draft, || {
            group::append(&self.waiting, &log, draft.clone(), || self.place.clock.stamp())
        })?;
        let written_ms = self.place.clock.mono_ms();
        log_wait::add(written_ms.saturating_sub(began_ms));
        self.written_ms.store(written_ms, Ordering::Release);
        Ok(written)
    }

    /// The open log, and a draft with who and where filled in.
    fn filled(&self, mut draft: Draft) -> Result<(Arc<Log>, Draft), Problem> {
        self.allow(&draft)?;
        let open = lock(&self.open).clone().ok_or_else(closed)?;
        let role = Deed::role_of_kind(&draft.kind).word();
        draft.actor = Some(Actor {
            role: role.into(),
            ..open.actor.clone()
        });
        draft.device = Some(self.place.device.clone());
        Ok((open.log, draft))
    }

    /// The anchor's place in a key store.
    #[must_use]
    pub fn anchors(&self, store: &Arc<dyn KeyStore>) -> impl AnchorStore + use<> {
        self.place.anchors(store)
    }

    /// The database is lent for a moment at a time: lists are read while a keyring is waited for.
    fn open_log(&self, store: &Arc<dyn KeyStore>, database: &SharedDatabase) -> Result<Open, Problem> {
        let dir = &self.place.dir;
        let fresh = !self.is_born();
        let known = database::setting(&database.lend(), PERSON)?;
        let key_id = match known {
            Some(id) => id,
            None => {
                let id = keys::person_key_id(store.as_ref(), dir, true, self.place.fill)?;
                database::set_setting(&database.lend(), PERSON, &id)?;
                id
            }
        };
        let opening = self.opening(store, fresh)?;
        let presence = Presence::declare(dir, &self.session).map_err(|cause| Problem::from(LogError::from(cause)))?;
        let log = Log::open(dir, opening, self.place.clock.stamp()).map_err(Problem::from)?;
        Ok(Open {
            log: Arc::new(log),
            actor: Actor {
                key_id,
                role: String::new(),
                session: self.session.clone(),
            },
            _presence: Arc::new(presence),
        })
    }

    fn opening(&self, store: &Arc<dyn KeyStore>, fresh: bool) -> Result<Opening, Problem> {
        let signer = keys::checkpoint_key(store.as_ref(), &self.place.dir, fresh, self.place.fill)?;
        let name = self.place.replica.as_ref().map(|replica| replica.name.clone());
        Ok(Opening {
            signer: Arc::new(signer.named(name)),
            anchors: Arc::new(self.counting(store)),
            app_version: self.place.device.app.clone(),
            salt_source: self.place.fill,
        })
    }
}

/// The id of the person who acts here, once there was an act.
pub fn known_person(database: &Connection) -> Result<Option<String>, Problem> {
    database::setting(database, PERSON)
}

/// Forgets whose key acts are signed for, when another key store is chosen before anything was done.
pub fn forget_person(database: &Connection) -> Result<(), Problem> {
    database.execute("DELETE FROM setting WHERE key = ?1", [PERSON])?;
    Ok(())
}

impl Place {
    fn anchors(&self, store: &Arc<dyn KeyStore>) -> Anchors {
        let in_keys = KeyStoreAnchors {
            store: Arc::clone(store),
            item: keys::item(&self.dir, DirectoryItem::Anchor),
        };
        let mark = keys::item(&self.dir, DirectoryItem::AnchorOutside);
        Anchors::new(in_keys, mark, self.replica.as_ref())
    }
}

fn closed() -> Problem {
    Problem::new(
        ErrorCode::LogUnwritable,
        "The audit log is not open, so nothing was done.",
        ways(
            "Try again; if it stays so, run `gatehouse doctor`.",
            "Try again; if it stays so, look at Settings, This computer.",
        ),
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
