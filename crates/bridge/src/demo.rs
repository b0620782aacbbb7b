//! Everything on one machine: a simulated Klarna with its login page, a provider, a profile, and a bridge in front of them.
//!
//! `gatehouse-bridge demo` runs it, and the tests do, so both have the real wiring. Keys are in memory and gone with it.

mod host;
mod keys;
mod program;
mod saml;
mod service;

use std::fmt::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::key_store::MemoryKeyStore;
use gatehouse_core::{Gatehouse, Problem, data_dir, fill_random};
use gatehouse_sandbox::{OIDC_CLIENT, OIDC_SECRET, ServeOptions, Settings, generate, serve};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

pub use self::host::sandbox_address;
pub use self::saml::DemoSaml;
use crate::anchors::PostgresAnchors;
use crate::bridge::{Bridge, Outside, Running, anchors_of};
use crate::config::{Config, Unusable};
use crate::renew::RenewFailure;

/// What a demonstration is made of.
pub struct DemoPlan {
    /// An empty folder.
    pub dir: PathBuf,
    /// The bridge's port; any with 0.
    pub port: u16,
    /// How many merchants there are.
    pub merchants: u32,
    /// Who may enter what: `email,merchant,roles`.
    pub people: String,
    /// Where the session token goes, for Klarna and the bridge alike.
    pub placement: String,
    /// The connection string of a store that several bridges share, if they do.
    pub postgres: Option<String>,
    /// What seals keys in files of the data directories, so that programs of their own can use them; without it keys are in memory.
    pub passphrase: Option<String>,
    /// Members of the configuration before its sections.
    pub first: String,
    /// Another provider than the sandbox's: the members of its section.
    pub provider: Option<String>,
    /// More of the configuration: sections `limits` and the like.
    pub more: String,
    /// Whether the bridge is an identity provider too, and for whom.
    pub saml: DemoSaml,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// A demonstration that runs.
pub struct Demo {
    /// The simulated Klarna.
    pub sandbox: gatehouse_sandbox::Running,
    /// The bridge.
    pub bridge: Running,
    /// The core, as the bridge has it.
    pub gatehouse: Arc<Gatehouse>,
    /// The configuration's text, to start the bridge again.
    pub config: String,
    keys: Arc<MemoryKeyStore>,
    plan: DemoPlan,
    service: Option<JoinHandle<()>>,
}

/// A demonstration could not be started.
#[derive(Debug, thiserror::Error)]
pub enum DemoFailure {
    /// The simulated Klarna.
    #[error(transparent)]
    Sandbox(#[from] gatehouse_sandbox::ServeError),
    /// The core.
    #[error("{} {}", .0.message, .0.hint)]
    Core(Problem),
    /// The bridge.
    #[error(transparent)]
    Bridge(#[from] Unusable),
    /// The system.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// The key of the identity provider.
    #[error(transparent)]
    SamlKey(#[from] RenewFailure),
    /// A setting.
    #[error(transparent)]
    Setting(#[from] gatehouse_sandbox::SettingRefused),
}

impl From<Problem> for DemoFailure {
    fn from(problem: Problem) -> Self {
        Self::Core(problem)
    }
}

/// A bridge that is ready to start, its TLS, and the core that it uses.
type Made = (Arc<Bridge>, Option<TlsAcceptor>, Arc<Gatehouse>);

impl DemoPlan {
    /// The usual one: a person with one merchant, one with several, one with none.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        let some: Vec<String> = generate(4).map(|merchant| merchant.reference).collect();
        let mut people = String::from("email,merchant,roles\nana@bakery.example,SE-00417,merchant:admin\n");
        for (reference, roles) in some.iter().zip(["", "merchant:admin", "", ""]) {
            let _ = writeln!(people, "ben@group.example,{reference},{roles}");
        }
        Self {
            dir: dir.to_owned(),
            port: 0,
            merchants: 1000,
            people,
            placement: "redirect_query".to_owned(),
            postgres: None,
            passphrase: None,
            first: String::new(),
            provider: None,
            more: String::new(),
            saml: DemoSaml::Off,
            clock: Arc::new(SystemClock::new()),
        }
    }

    /// Starts everything.
    ///
    /// # Errors
    /// [`DemoFailure`].
    pub async fn start(mut self) -> Result<Demo, DemoFailure> {
        let listeners = (bound(self.port).await?, bound(0).await?);
        let ports = (listeners.0.local_addr()?.port(), listeners.1.local_addr()?.port());
        let mut settings = self.settings(ports.0)?;
        let beside = self.beside(&mut settings).await?;
        let sandbox = serve(ServeOptions {
            settings: Some(settings),
            merchants: self.merchants,
            ..ServeOptions::new(self.dir.join("klarna"))
        })
        .await?;
        let keys = Arc::new(MemoryKeyStore::new());
        self.make_profile("data", &keys, &sandbox).await?;
        std::fs::write(self.dir.join("people.csv"), &self.people)?;
        self.private("client.env", &format!("OIDC_SECRET={OIDC_SECRET}\n"))?;
        let config = self.config(&sandbox.address.http, ports)?;
        self.make_saml_key(&config, &keys, &sandbox).await?;
        let (bridge, tls, gatehouse) = self.bridge(&config, "data", &keys, &sandbox)?;
        bridge.claim().await?;
        let bridge = bridge.start_on(tls, listeners.0, listeners.1);
        let service = beside.map(|beside| beside.start(&self, ports.0, &sandbox.address.http));
        Ok(Demo {
            service,
            sandbox,
            bridge,
            gatehouse,
            config,
            keys,
            plan: self,
        })
    }

    /// The simulated Klarna's, with a button that leads to the bridge's port.
    fn settings(&self, public: u16) -> Result<Settings, DemoFailure> {
        let mut settings = Settings::default();
        settings.set("ap_button.url", &format!("http://127.0.0.1:{public}/login"))?;
        settings.set("ap_button.placement", &self.placement)?;
        // The bridge is to be measured here, not the simulated Klarna's limits.
        settings.set("rate.enabled", "false")?;
        Ok(settings)
    }

    fn private(&self, name: &str, text: &str) -> std::io::Result<()> {
        let file = self.dir.join(name);
        std::fs::write(&file, text)?;
        data_dir::private_file(&file)
    }

    fn config(&self, sandbox: &str, (public, operators): (u16, u16)) -> Result<String, std::io::Error> {
        let mut text = String::new();
        if let Some(postgres) = &self.postgres {
            self.private("postgres.url", postgres)?;
            text.push_str("postgres = { file = 'postgres.url' }\n");
        }
        if let Some(passphrase) = &self.passphrase {
            self.private("passphrase", passphrase)?;
            text.push_str("key_store_passphrase = { file = 'passphrase' }\n");
        }
        let provider = self.provider.clone().unwrap_or_else(|| {
            format!(
                "issuer = '{sandbox}/oidc'\nclient_id = '{OIDC_CLIENT}'\nalgorithms = ['ES256']\n\
                 client_secret = {{ env_file = 'client.env', name = 'OIDC_SECRET' }}"
            )
        });
        let written = write!(
            text,
            "{}\npublic_url = 'http://127.0.0.1:{public}'\nlisten = '127.0.0.1:{public}'\n\
             operations_listen = '127.0.0.1:{operators}'\nacquirer = 'Acquirer of the sandbox'\nhelp = 'help@acquirer.example'\n\
             [provider]\n{provider}\n\
             [people]\ntable = 'people.csv'\nmerchants_claim = 'merchants'\nroles_claim = 'groups'\n\
             roles.boss = ['merchant:admin']\n[klarna]\nsession_token = '{}'\n{}\n{}\n",
            self.first,
            self.placement,
            self.more,
            self.saml_section()
        );
        written.map_err(std::io::Error::other)?;
        std::fs::write(self.dir.join("bridge.toml"), &text)?;
        Ok(text)
    }

    /// The configuration of a data directory's bridge; of several it is the one that is named like the directory.
    fn parsed(&self, config: &str, data: &str) -> Result<Config, Unusable> {
        let name = self.postgres.as_ref().map(|_| format!("replica = '{data}'\n"));
        Config::parse(&(name.unwrap_or_default() + config), &self.dir)
    }

    /// The bridge of a data directory.
    fn bridge(
        &self,
        config: &str,
        data: &str,
        keys: &Arc<MemoryKeyStore>,
        sandbox: &gatehouse_sandbox::Running,
    ) -> Result<Made, DemoFailure> {
        let config = self.parsed(config, data)?;
        let anchors = anchors_of(&config, None)?;
        let replica = anchors.as_ref().map(PostgresAnchors::replica);
        let gatehouse = Arc::new(self.open(data, keys, sandbox, replica)?);
        let outside = Outside {
            gatehouse: Arc::clone(&gatehouse),
            data_dir: self.dir.join(data),
            clock: Arc::clone(&self.clock),
            fill: fill_random,
            credentials: None,
            anchors,
        };
        let (bridge, tls) = Bridge::new(config, outside)?;
        Ok((bridge, tls, gatehouse))
    }
}

impl Demo {
    /// The simulated Klarna's login page.
    #[must_use]
    pub fn login_page(&self) -> String {
        format!("{}/portal/sign-in", self.sandbox.address.http)
    }

    /// Ends the bridge and starts another on the same data directory and address, as after a crash or an update.
    ///
    /// # Errors
    /// [`DemoFailure`].
    pub async fn restart_bridge(self) -> Result<Self, DemoFailure> {
        self.bridge.shutdown().await;
        drop(self.gatehouse);
        let (bridge, tls, gatehouse) = self.plan.bridge(&self.config, "data", &self.keys, &self.sandbox)?;
        Ok(Self {
            sandbox: self.sandbox,
            bridge: bridge.start(tls).await?,
            gatehouse,
            config: self.config,
            keys: self.keys,
            plan: self.plan,
            service: self.service,
        })
    }

    /// Starts another bridge behind the same public address: with a data directory, keys and a log of its own, which stay for its next start.
    ///
    /// # Errors
    /// [`DemoFailure`].
    pub async fn another_bridge(&self, name: &str) -> Result<(Running, Arc<Gatehouse>), DemoFailure> {
        if !self.plan.dir.join(name).exists() {
            self.plan.make_profile(name, &self.keys, &self.sandbox).await?;
        }
        let (bridge, tls, gatehouse) = self.plan.bridge(&self.config, name, &self.keys, &self.sandbox)?;
        bridge.claim().await?;
        Ok((bridge.start_on(tls, bound(0).await?, bound(0).await?), gatehouse))
    }

    /// Ends everything.
    pub async fn shutdown(self) {
        if let Some(service) = &self.service {
            service.abort();
        }
        self.bridge.shutdown().await;
        self.sandbox.shutdown().await;
    }
}

async fn bound(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}
