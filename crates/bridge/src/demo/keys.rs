//! The data directories of a demonstration: opened, with keys in memory or sealed in a file, and given a profile.

use std::sync::Arc;

use gatehouse_core::key_store::{KeyStoreKind, MemoryKeyStore, SecretBytes};
use gatehouse_core::network::{Desktop, ProxyTexts};
use gatehouse_core::profile::setup::{NewEndpoint, NewSandbox};
use gatehouse_core::{Gatehouse, KeysChoice, Problem, Replica, Surroundings, data_dir, fill_random};

use super::host::Host;
use super::{DemoFailure, DemoPlan};

impl DemoPlan {
    /// Makes a data directory's profile, as the command line does it before there is a bridge.
    pub(super) async fn make_profile(
        &self,
        name: &str,
        keys: &Arc<MemoryKeyStore>,
        sandbox: &gatehouse_sandbox::Running,
    ) -> Result<(), DemoFailure> {
        let core = self.open(name, keys, sandbox, None)?;
        let profile = self.profile(NewEndpoint::Embedded);
        let made = tokio::task::spawn_blocking(move || core.create_sandbox(&profile, &|_| ())).await;
        made.map_err(std::io::Error::other)??;
        Ok(())
    }

    pub(super) fn open(
        &self,
        name: &str,
        keys: &Arc<MemoryKeyStore>,
        sandbox: &gatehouse_sandbox::Running,
        replica: Option<Replica>,
    ) -> Result<Gatehouse, Problem> {
        let dir = self.dir.join(name);
        Gatehouse::open(Surroundings {
            device_id: data_dir::device_id(&dir),
            replica,
            data_dir: dir,
            clock: Arc::clone(&self.clock),
            fill: fill_random,
            keys: self.keys(keys),
            sandbox: Arc::new(Host {
                address: sandbox.address.clone(),
                merchants: self.merchants,
            }),
            screen: false,
            desktop: Desktop::saying(std::collections::BTreeMap::new(), ProxyTexts::default()),
            app: concat!("gatehouse-bridge ", env!("CARGO_PKG_VERSION")).into(),
            os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        })
    }

    fn keys(&self, in_memory: &Arc<MemoryKeyStore>) -> KeysChoice {
        match &self.passphrase {
            None => KeysChoice::Given(Arc::clone(in_memory) as Arc<_>),
            Some(passphrase) => KeysChoice::ByDataDir {
                passphrase: Some(SecretBytes::from_slice(passphrase.as_bytes())),
                keyring: None,
            },
        }
    }

    pub(super) fn profile(&self, endpoint: NewEndpoint) -> NewSandbox {
        NewSandbox {
            name: "demo".into(),
            endpoint,
            user: None,
            key_store: match self.passphrase {
                None => KeyStoreKind::Keyring,
                Some(_) => KeyStoreKind::SealedFile,
            },
        }
    }
}
