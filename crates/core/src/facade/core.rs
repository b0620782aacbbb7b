//! What the topics share: database, key store, log, connections, runtime, clock; each made at first use.

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use gatehouse_audit::Device;
use uuid::Uuid;

use super::connection::{self, Connection, Kept};
use super::key_stores;
use super::run::Run;
use crate::acts::{InFlight, Journal, Place};
use crate::clock::Clock;
use crate::data_dir;
use crate::database::{self, Lent, SharedDatabase};
use crate::key_store::{KeyStore, KeyStoreKind, SecretBytes};
use crate::merchants::Directory;
use crate::network::{self, Desktop};
use crate::portal::OpenStep;
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Profile, key_rows};
use crate::surroundings::{SandboxAddress, Surroundings};

/// One act's time for a deep link, all attempts together (portal-access.md 10.4).
pub(crate) const DEEP_LINK_DEADLINE: Duration = Duration::from_secs(45);
pub(super) const KEY_STORE: &str = "key_store";

/// What has changed, for whoever shows it.
#[derive(Debug, Clone)]
pub enum Change {
    /// Profiles or their rules.
    Profile,
    /// Merchants.
    Merchants,
    /// Portal sessions.
    Sessions,
    /// The log.
    Audit,
    /// Settings.
    Settings,
    /// A step of an open that goes on in the background.
    Step(OpenStep),
}

type Listener = Box<dyn Fn(Change) + Send + Sync>;

/// The shared parts.
pub(crate) struct Core {
    surroundings: Surroundings,
    database: SharedDatabase,
    journal: Journal,
    pub(super) keys: Mutex<Option<Arc<dyn KeyStore>>>,
    pub(super) passphrase: Mutex<Option<SecretBytes>>,
    runtime: OnceLock<tokio::runtime::Runtime>,
    connections: Mutex<HashMap<Uuid, Kept>>,
    directories: Mutex<HashMap<Uuid, Arc<RwLock<Directory>>>>,
    in_flight: InFlight,
    run: Run,
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
        });
        let run = Run::new(journal.is_born());
        Ok(Self {
            surroundings,
            database,
            journal,
            keys: Mutex::new(None),
            passphrase: Mutex::new(None),
            runtime: OnceLock::new(),
            connections: Mutex::default(),
            directories: Mutex::default(),
            in_flight: InFlight::default(),
            run,
            listener: Mutex::new(None),
        })
    }

    pub fn clock(&self) -> &dyn Clock {
        self.surroundings.clock.as_ref()
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

    /// Opens the log for writing, which needs the key store. Where nothing can be written, the key store is not asked.
    pub fn unlock_log(&self) -> Result<(), Problem> {
        drop(self.database_for_change()?);
        let store = self.key_store()?;
        self.journal.unlock(&store, &self.database)?;
        self.run.write_start(&self.journal);
        Ok(())
    }

    /// What the log says of this run of an app.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The data directory's key store; which one was chosen when the first profile was made.
    pub fn key_store(&self) -> Result<Arc<dyn KeyStore>, Problem> {
        let mut keys = lock(&self.keys);
        if let Some(store) = keys.as_ref() {
            return Ok(Arc::clone(store));
        }
        let store = key_stores::open(self, &self.surroundings.keys)?;
        *keys = Some(Arc::clone(&store));
        Ok(store)
    }

    /// The store, if it was used already.
    pub fn known_key_store(&self) -> Option<Arc<dyn KeyStore>> {
        lock(&self.keys).clone()
    }

    /// Which store this data directory uses.
    pub fn key_store_kind(&self) -> Result<KeyStoreKind, Problem> {
        let word = database::setting(&self.database(), KEY_STORE)?;
        Ok(match word.as_deref() {
            Some("file") => KeyStoreKind::SealedFile,
            _ => KeyStoreKind::Keyring,
        })
    }

    /// Runs a call to its end on the core's own runtime.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let runtime = self.runtime.get_or_init(|| {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a thread and its timer can be made")
        });
        runtime.block_on(future)
    }

    /// The warm connection of a profile, made if need be, made anew when the sandbox has moved or a key was rotated.
    pub fn connection(&self, profile: &Profile) -> Result<Kept, Problem> {
        let (base_url, _) = connection::address(self, &profile.endpoint)?;
        let mark = connection::mark(&key_rows::all(&self.database(), profile.id)?);
        let network = network::NetworkSettings::load(&self.database())?.changed_at_ms;
        let mut connections = lock(&self.connections);
        let fits = |kept: &&Kept| kept.base_url == base_url && kept.mark == mark && kept.network_ms == network;
        if let Some(kept) = connections.get(&profile.id).filter(fits) {
            return Ok(Arc::clone(kept));
        }
        let built: Connection = connection::build(self, profile)?;
        let kept = Arc::new(built);
        connections.insert(profile.id, Arc::clone(&kept));
        Ok(kept)
    }

    /// Forgets a profile's connection, because a key or the API key is another now.
    pub fn forget_connection(&self, profile: Uuid) {
        lock(&self.connections).remove(&profile);
    }

    /// Forgets a profile's connection with its secrets, and its merchants.
    pub fn forget(&self, profile: Uuid) {
        lock(&self.connections).remove(&profile);
        lock(&self.directories).remove(&profile);
    }

    /// This data directory's sandbox, if it is running.
    pub fn running_sandbox(&self) -> Option<SandboxAddress> {
        self.surroundings.sandbox.running(self.dir())
    }

    /// This data directory's sandbox, started if need be.
    pub fn sandbox_address(&self) -> Result<SandboxAddress, Problem> {
        let host = &self.surroundings.sandbox;
        if let Some(address) = host.running(self.dir()) {
            return Ok(address);
        }
        host.ensure(self.dir()).map_err(|why| {
            Problem::new(
                ErrorCode::SandboxFailed,
                format!("The sandbox did not start: {why}"),
                "Try again; `gatehouse sandbox serve` shows what it says.",
            )
        })
    }

    /// What the sandbox gives out as the acquirer's master data.
    pub fn sandbox_merchants(&self, address: &SandboxAddress) -> Result<Vec<u8>, Problem> {
        self.surroundings.sandbox.merchants_csv(address).map_err(|why| {
            Problem::new(
                ErrorCode::SandboxFailed,
                format!("The sandbox did not give its merchants: {why}"),
                "Try again; `gatehouse merchants import` takes a file as well.",
            )
        })
    }

    /// The merchants of a profile, loaded once.
    pub fn directory(&self, profile: &Profile) -> Result<Arc<RwLock<Directory>>, Problem> {
        let mut directories = lock(&self.directories);
        if let Some(directory) = directories.get(&profile.id) {
            return Ok(Arc::clone(directory));
        }
        let loaded = Directory::load(&self.database(), &profile.id.to_string())?;
        let directory = Arc::new(RwLock::new(loaded));
        directories.insert(profile.id, Arc::clone(&directory));
        Ok(directory)
    }

    /// Whether a profile's merchants are in memory already.
    pub fn loaded_directory(&self, profile: Uuid) -> Option<Arc<RwLock<Directory>>> {
        lock(&self.directories).get(&profile).cloned()
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

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
