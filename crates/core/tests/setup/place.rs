//! A data directory with secrets in memory, a clock that a test moves, and no Klarna at all.

use std::path::Path;
use std::sync::Arc;

use gatehouse_audit::Query;
use gatehouse_core::clock::{Clock, FixedClock};
use gatehouse_core::key_store::{KeyStoreKind, MemoryKeyStore, SecretBytes};
use gatehouse_core::network::{Desktop, ProxyTexts};
use gatehouse_core::profile::setup::NewProfile;
use gatehouse_core::profile::steps::{Step, StepState};
use gatehouse_core::profile::{Profile, ProfileEnvironment};
use gatehouse_core::{Gatehouse, KeysChoice, SandboxAddress, SandboxHost, Surroundings, fill_random, install_crypto};
use tempfile::TempDir;

/// 20 November 2026, noon UTC.
pub const NOW_MS: i64 = 1_795_176_000_000;
pub const DAY_MS: i64 = 86_400_000;
pub const ACCOUNT: &str = "krn:partner:global:account:test:LYABCDEI";

struct NoSandbox;

impl SandboxHost for NoSandbox {
    fn running(&self, _dir: &Path) -> Option<SandboxAddress> {
        None
    }

    fn ensure(&self, _dir: &Path) -> Result<SandboxAddress, String> {
        Err("there is none here".into())
    }

    fn merchants_csv(&self, _address: &SandboxAddress) -> Result<Vec<u8>, String> {
        Err("there is none here".into())
    }
}

pub struct Place {
    pub gatehouse: Gatehouse,
    pub keys: Arc<MemoryKeyStore>,
    pub clock: Arc<FixedClock>,
    pub dir: TempDir,
}

impl Place {
    pub fn new() -> Self {
        install_crypto();
        let dir = tempfile::tempdir().unwrap();
        let keys = Arc::new(MemoryKeyStore::new());
        let clock = Arc::new(FixedClock::at(NOW_MS));
        let gatehouse = open(dir.path(), &keys, &clock);
        Self {
            gatehouse,
            keys,
            clock,
            dir,
        }
    }

    /// The same directory with another key store, as after a lost keyring.
    pub fn with_keys(&self, keys: &Arc<MemoryKeyStore>) -> Gatehouse {
        open(self.dir.path(), keys, &self.clock)
    }

    pub fn at(&self, unix_ms: i64) {
        self.clock.advance(unix_ms - self.clock.unix_ms());
    }

    /// A test profile, just begun.
    pub fn begun(&self) -> Profile {
        self.gatehouse.begin_profile(&wish()).unwrap()
    }

    pub fn state(&self, profile: &Profile, step: Step) -> StepState {
        let setup = self.gatehouse.setup(profile).unwrap();
        setup.steps.iter().find(|found| found.step == step).unwrap().state
    }

    /// The kinds of all entries, oldest first.
    pub fn kinds(&self) -> Vec<String> {
        let reader = self.gatehouse.audit_reader().unwrap();
        let query = Query {
            limit: 1000,
            ..Query::default()
        };
        let page = reader.list(&query).unwrap();
        page.entries.iter().rev().map(|entry| entry.body.kind.clone()).collect()
    }
}

/// A test profile of Klarna's documented address.
pub fn wish() -> NewProfile {
    NewProfile {
        name: "acme".into(),
        environment: ProfileEnvironment::Test,
        account: ACCOUNT.into(),
        user: "me@acquirer.example".into(),
        api_url: None,
        trusted_host: None,
        ca_pem: None,
        proxy: Some("direct".into()),
        method: None,
        key_store: KeyStoreKind::Keyring,
    }
}

pub fn secret(text: &str) -> SecretBytes {
    SecretBytes::from_slice(text.as_bytes())
}

fn open(dir: &Path, keys: &Arc<MemoryKeyStore>, clock: &Arc<FixedClock>) -> Gatehouse {
    Gatehouse::open(Surroundings {
        data_dir: dir.to_path_buf(),
        clock: Arc::clone(clock) as Arc<_>,
        fill: fill_random,
        keys: KeysChoice::Given(Arc::clone(keys) as Arc<_>),
        sandbox: Arc::new(NoSandbox),
        screen: true,
        desktop: Desktop::saying(std::collections::BTreeMap::new(), ProxyTexts::default()),
        app: "test 0".into(),
        os: "test".into(),
        device_id: "d".repeat(32),
        replica: None,
    })
    .unwrap()
}
