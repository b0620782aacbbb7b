//! The SAML side of a demonstration: the identity provider's key, and the service provider that runs beside.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use gatehouse_core::key_store::MemoryKeyStore;
use gatehouse_sandbox::Settings;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::service::Service;
use super::{DemoFailure, DemoPlan, bound};
use crate::renew::{Wanted, renew};

/// For whom a demonstration's bridge is an identity provider; its key is made.
pub enum DemoSaml {
    /// For nobody.
    Off,
    /// For the service provider of this section `[saml]`.
    Elsewhere(String),
    /// For the simulated service provider that runs beside, which the login page leads to.
    Here,
}

/// Where the service provider beside will be.
pub(super) struct Beside {
    listener: TcpListener,
    address: SocketAddr,
}

impl Beside {
    /// Starts it in front of a bridge.
    pub fn start(self, plan: &DemoPlan, bridge: u16, sandbox: &str) -> JoinHandle<()> {
        let service = Service {
            origin: format!("http://{}", self.address),
            provider: format!("http://127.0.0.1:{bridge}/saml/metadata"),
            certificate: plan.dir.join("saml.pem"),
            style: format!("{sandbox}/portal/style.css"),
            clock: Arc::clone(&plan.clock),
            waiting: Mutex::default(),
        };
        service.serve(self.listener)
    }
}

impl DemoPlan {
    /// Takes a place for the service provider, if one is to run beside; the login page leads to it.
    pub(super) async fn beside(&mut self, settings: &mut Settings) -> Result<Option<Beside>, DemoFailure> {
        if !matches!(self.saml, DemoSaml::Here) {
            return Ok(None);
        }
        let listener = bound(0).await?;
        let address = listener.local_addr()?;
        self.saml = DemoSaml::Elsewhere(Service::section(&format!("http://{address}")));
        settings.set("saml.url", &format!("http://{address}/login"))?;
        Ok(Some(Beside { listener, address }))
    }

    /// The section of the configuration.
    pub(super) fn saml_section(&self) -> &str {
        match &self.saml {
            DemoSaml::Elsewhere(section) => section,
            DemoSaml::Off | DemoSaml::Here => "",
        }
    }

    /// Makes the identity provider's key, as the command line does it before there is a bridge.
    pub(super) async fn make_saml_key(
        &self,
        config: &str,
        keys: &Arc<MemoryKeyStore>,
        sandbox: &gatehouse_sandbox::Running,
    ) -> Result<(), DemoFailure> {
        let Some(settings) = self.parsed(config, "data")?.saml else {
            return Ok(());
        };
        let core = self.open("data", keys, sandbox, None)?;
        let now_ms = self.clock.unix_ms();
        let made = tokio::task::spawn_blocking(move || {
            let wanted = Wanted {
                settings: &settings,
                certificate: None,
                key: None,
                years: 3,
                now_ms,
            };
            renew(&core, &wanted).map(drop)
        });
        Ok(made.await.map_err(std::io::Error::other)??)
    }
}
