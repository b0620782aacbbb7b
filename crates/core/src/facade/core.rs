//! What the topics share: database, key store, log, connections, runtime, clock; each made at first use.

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use gatehouse_audit::Device;
use uuid::Uuid;

use super::access_inventory::KeptInventory;
use super::audit_looks::Looks;
use super::audit_standing::LogStanding;
use super::connection::Kept;
use super::run::Run;
use crate::access::plan::PlanCache;
use crate::acts::{InFlight, Journal, Place};
use crate::app_lock::{AppLock, Guarded};
use crate::clock::Clock;
use crate::data_dir;
use crate::database::{Lent, SharedDatabase};
use crate::groups::Groups;
use crate::hardware::HardwareAtHand;
use crate::key_store::SecretBytes;
use crate::merchants::Directory;
use crate::network::Desktop;
use crate::person::Trust;
use crate::portal::{OpenStep, Session};
use crate::problem::{ErrorCode, Problem};
use crate::surroundings::Surroundings;
use crate::tokens::vault::VaultKeys;

/// What has changed, for whoever shows it.
#[derive(Debug, Clone)]
pub enum Change {
    /// Profiles or their rules.
    Profile,
    /// Merchants.
    Merchants,
    /// Portal sessions.
    Sessions,
    /// People's access.
    Access,
    /// Customer tokens.
    Tokens,
    /// The log.
    Audit,
    /// Settings.
    Settings,
    /// The app lock: set, removed, opened, closed.
    Lock,
    /// A step of an open that goes on in the background.
    Step(OpenStep),
}

type Listener = Box<dyn Fn(Change) + Send + Sync>;

/// The shared parts.
pub(crate) struct Core {
    surroundings: Surroundings,
    database: SharedDatabase,
    journal: Journal,
    pub(super) keys: Mutex<Option<Arc<Guarded>>>,
    pub(super) passphrase: Mutex<Option<SecretBytes>>,
    runtime: OnceLock<tokio::runtime::Runtime>,
    pub(super) connections: Mutex<HashMap<Uuid, Kept>>,
    pub(super) directories: Mutex<HashMap<Uuid, Arc<RwLock<Directory>>>>,
    pub(super) inventories: Mutex<HashMap<Uuid, KeptInventory>>,
    pub(super) merchants_stamp: AtomicU64,
    in_flight: InFlight,
    new_sessions: Groups<Session, Result<(), Problem>>,
    plans: PlanCache,
    run: Run,
    trust: Trust,
    app_lock: Arc<AppLock>,
    hardware: HardwareAtHand,
    looks: Looks,
    pub(super) log_standing: Mutex<LogStanding>,
    vault: Mutex<Option<Arc<VaultKeys>>>,
    listener: Mutex<Option<Arc<Listener>>>,
}

impl Core {
    pub fn open(surroundings: Surroundings) -> Result<Self, Problem> {
        data_dir::prepare(&surroundings.data_dir)?;
        let database = SharedDatabase::open(&surroundings.data_dir)?;
        let journal = Journal::new(Place {
            dir: surroundings.data_dir.clone(),
            clock: Arc::clone(&surroundings.clock),
            fill: surroundings.fill,
            device: Device {
                id: surroundings.device_id.clone(),
                os: surroundings.os.clone(),
                app: surroundings.app.clone(),
            },
            replica: surroundings.replica.clone(),
        });
        let run = Run::new(journal.is_born());
        let core = Self {
            surroundings,
            database,
            journal,
            keys: Mutex::new(None),
            passphrase: Mutex::new(None),
            runtime: OnceLock::new(),
            connections: Mutex::default(),
            directories: Mutex::default(),
            inventories: Mutex::default(),
            merchants_stamp: AtomicU64::new(0),
            in_flight: InFlight::default(),
            new_sessions: Groups::default(),
            plans: PlanCache::default(),
            run,
            trust: Trust::default(),
            app_lock: Arc::default(),
            hardware: HardwareAtHand::default(),
            looks: Looks::default(),
            log_standing: Mutex::default(),
            vault: Mutex::default(),
            listener: Mutex::new(None),
        };
        core.app_lock.refresh(&core)?;
        Ok(core)
    }

    /// The vault's keys, once they were read.
    pub const fn vault_kept(&self) -> &Mutex<Option<Arc<VaultKeys>>> {
        &self.vault
    }

    pub fn clock(&self) -> &dyn Clock {
        self.surroundings.clock.as_ref()
    }

    /// The clock, for what outlives a call.
    pub fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.surroundings.clock)
    }

    /// Whether the system's own browser has a screen.
    pub fn screen(&self) -> bool {
        self.surroundings.screen
    }

    /// The desktop session around the program.
    pub fn desktop(&self) -> &Desktop {
        &self.surroundings.desktop
    }

    pub fn dir(&self) -> &Path {
        &self.surroundings.data_dir
    }

    pub fn os(&self) -> &str {
        &self.surroundings.os
    }

    pub fn app(&self) -> &str {
        &self.surroundings.app
    }

    pub fn fill(&self) -> fn(&mut [u8]) {
        self.surroundings.fill
    }

    pub fn database(&self) -> MutexGuard<'_, Lent> {
        self.database.lend()
    }

    /// The database for a change; refused where nothing can be written.
    pub fn database_for_change(&self) -> Result<MutexGuard<'_, Lent>, Problem> {
        self.database.lend_for_change()
    }

    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    pub fn in_flight(&self) -> &InFlight {
        &self.in_flight
    }

    /// Those who wait to have their portal session's row written.
    pub const fn new_sessions(&self) -> &Groups<Session, Result<(), Problem>> {
        &self.new_sessions
    }

    /// The plans that were looked at last.
    pub fn plans(&self) -> &PlanCache {
        &self.plans
    }

    /// Opens the log for writing, which needs the key store. Where nothing can be written, the key store is not asked.
    pub fn unlock_log(&self) -> Result<(), Problem> {
        drop(self.database_for_change()?);
        let store = self.key_store()?;
        self.journal.unlock(&store, &self.database)?;
        self.run.write_start(self);
        Ok(())
    }

    /// The same for a revocation: on a full disk the reserve is freed for it (break-glass), and it is recorded as ever.
    pub fn unlock_log_to_revoke(&self) -> Result<(), Problem> {
        match self.unlock_log() {
            Err(problem) if problem.code == ErrorCode::DiskFull && self.journal.break_glass() => self.unlock_log(),
            other => other,
        }
    }

    /// What is known of the profiles' persons.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The app lock.
    pub fn app_lock(&self) -> &Arc<AppLock> {
        &self.app_lock
    }

    /// The hardware tokens, as far as they were used.
    pub fn hardware(&self) -> &HardwareAtHand {
        &self.hardware
    }

    /// The looks at the log.
    pub(super) fn looks(&self) -> &Looks {
        &self.looks
    }

    /// What a shell handed in.
    pub(super) fn surroundings(&self) -> &Surroundings {
        &self.surroundings
    }

    /// What the log says of this run of an app.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Runs a call to its end on the core's own runtime.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime().block_on(future)
    }

    /// The runtime that calls run on, made on first use.
    pub fn runtime(&self) -> &tokio::runtime::Runtime {
        self.runtime.get_or_init(|| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a thread and its timer can be made")
        })
    }

    pub fn set_listener(&self, listener: Listener) {
        *lock(&self.listener) = Some(Arc::new(listener));
    }

    pub fn tell(&self, change: Change) {
        let listener = lock(&self.listener).clone();
        if let Some(listener) = listener {
            listener(change);
        }
    }
}

impl Drop for Core {
    /// The runtime waits for its threads when it is dropped, which nobody may do within another runtime.
    fn drop(&mut self) {
        if tokio::runtime::Handle::try_current().is_ok()
            && let Some(runtime) = self.runtime.take()
        {
            runtime.shutdown_background();
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
