//! Everything on one machine: a simulated Klarna with its login page, a provider, a profile, and a bridge in front of them.
//!
//! `gatehouse-bridge demo` runs it, and the tests do, so both have the real wiring. Keys are in memory and gone with it.

mod host;
mod service;

use std::fmt::Write;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::key_store::{KeyStoreKind, MemoryKeyStore};
use gatehouse_core::network::{Desktop, ProxyTexts};
use gatehouse_core::profile::setup::{NewEndpoint, NewSandbox};
use gatehouse_core::{Gatehouse, KeysChoice, Problem, Surroundings, data_dir, fill_random};
use gatehouse_sandbox::{OIDC_CLIENT, OIDC_SECRET, ServeOptions, Settings, generate, serve};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::host::Host;
pub use self::host::sandbox_address;
use self::service::Service;
use crate::bridge::{Bridge, Outside, Running};
use crate::config::{Config, Unusable};
use crate::renew::{RenewFailure, Wanted, renew};

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
    /// More of the configuration: sections `limits` and the like.
    pub more: String,
    /// Whether the bridge is an identity provider too, and for whom.
    pub saml: DemoSaml,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// For whom a demonstration's bridge is an identity provider; its key is made.
pub enum DemoSaml {
    /// For nobody.
    Off,
    /// For the service provider of this section `[saml]`.
    Elsewhere(String),
    /// For the simulated service provider that runs beside, which the login page leads to.
    Here,
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
        let beside = match self.saml {
            DemoSaml::Here => Some(bound(0).await?),
            DemoSaml::Off | DemoSaml::Elsewhere(_) => None,
        };
        let origin = beside.as_ref().map(|listener| listener.local_addr()).transpose()?;
        let origin = origin.map(|address| format!("http://{address}")).unwrap_or_default();
        if beside.is_some() {
            self.saml = DemoSaml::Elsewhere(Service::section(&origin));
        }
        let listeners = (bound(self.port).await?, bound(0).await?);
        let ports = (listeners.0.local_addr()?.port(), listeners.1.local_addr()?.port());
        let mut settings = Settings::default();
        settings.set("ap_button.url", &format!("http://127.0.0.1:{}/login", ports.0))?;
        settings.set("ap_button.placement", &self.placement)?;
        if beside.is_some() {
            settings.set("saml.url", &format!("{origin}/login"))?;
        }
        // The bridge is to be measured here, not the simulated Klarna's limits.
        settings.set("rate.enabled", "false")?;
        let sandbox = serve(ServeOptions {
            settings: Some(settings),
            merchants: self.merchants,
            ..ServeOptions::new(self.dir.join("klarna"))
        })
        .await?;
        let keys = Arc::new(MemoryKeyStore::new());
        let gatehouse = self.with_profile("data", &keys, &sandbox).await?;
        std::fs::write(self.dir.join("people.csv"), &self.people)?;
        self.private("client.env", &format!("OIDC_SECRET={OIDC_SECRET}\n"))?;
        let config = self.config(&sandbox.address.http, ports)?;
        self.make_saml_key(&config, &gatehouse).await?;
        let bridge = self.bridge(&config, "data", Arc::clone(&gatehouse))?;
        let bridge = bridge.start_on(None, listeners.0, listeners.1);
        let service = beside.map(|listener| self.service(origin, ports.0, &sandbox.address.http).serve(listener));
        Ok(Demo {
            sandbox,
            bridge,
            gatehouse,
            config,
            keys,
            plan: self,
            service,
        })
    }

    fn service(&self, origin: String, bridge: u16, sandbox: &str) -> Service {
        Service {
            origin,
            provider: format!("http://127.0.0.1:{bridge}/saml/metadata"),
            certificate: self.dir.join("saml.pem"),
            style: format!("{sandbox}/portal/style.css"),
            clock: Arc::clone(&self.clock),
            waiting: Mutex::default(),
        }
    }

    async fn make_saml_key(&self, config: &str, gatehouse: &Arc<Gatehouse>) -> Result<(), DemoFailure> {
        let Some(settings) = Config::parse(config, &self.dir)?.saml else {
            return Ok(());
        };
        let (gatehouse, now_ms) = (Arc::clone(gatehouse), self.clock.unix_ms());
        let made = tokio::task::spawn_blocking(move || {
            let wanted = Wanted {
                settings: &settings,
                certificate: None,
                years: 3,
                now_ms,
            };
            renew(&gatehouse, &wanted).map(drop)
        });
        Ok(made.await.map_err(std::io::Error::other)??)
    }

    /// Opens a data directory and makes its profile.
    async fn with_profile(
        &self,
        name: &str,
        keys: &Arc<MemoryKeyStore>,
        sandbox: &gatehouse_sandbox::Running,
    ) -> Result<Arc<Gatehouse>, DemoFailure> {
        let gatehouse = Arc::new(self.open(name, keys, sandbox)?);
        let core = Arc::clone(&gatehouse);
        let made = tokio::task::spawn_blocking(move || core.create_sandbox(&profile(), &|_| ())).await;
        made.map_err(std::io::Error::other)??;
        Ok(gatehouse)
    }

    fn private(&self, name: &str, text: &str) -> std::io::Result<()> {
        let file = self.dir.join(name);
        std::fs::write(&file, text)?;
        data_dir::private_file(&file)
    }

    fn open(
        &self,
        name: &str,
        keys: &Arc<MemoryKeyStore>,
        sandbox: &gatehouse_sandbox::Running,
    ) -> Result<Gatehouse, Problem> {
        let dir = self.dir.join(name);
        Gatehouse::open(Surroundings {
            device_id: data_dir::device_id(&dir),
            data_dir: dir,
            clock: Arc::clone(&self.clock),
            fill: fill_random,
            keys: KeysChoice::Given(Arc::clone(keys) as Arc<_>),
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

    fn config(&self, sandbox: &str, (public, operators): (u16, u16)) -> Result<String, std::io::Error> {
        let mut text = String::new();
        if let Some(postgres) = &self.postgres {
            self.private("postgres.url", postgres)?;
            text.push_str("postgres = { file = 'postgres.url' }\n");
        }
        let written = write!(
            text,
            "public_url = 'http://127.0.0.1:{public}'\nlisten = '127.0.0.1:{public}'\n\
             operations_listen = '127.0.0.1:{operators}'\nacquirer = 'Acquirer of the sandbox'\nhelp = 'help@acquirer.example'\n\
             [provider]\nissuer = '{sandbox}/oidc'\nclient_id = '{OIDC_CLIENT}'\nalgorithms = ['ES256']\n\
             client_secret = {{ env_file = 'client.env', name = 'OIDC_SECRET' }}\n\
             [people]\ntable = 'people.csv'\nmerchants_claim = 'merchants'\nroles_claim = 'groups'\n\
             roles.boss = ['merchant:admin']\n[klarna]\nsession_token = '{}'\n{}\n{}\n",
            self.placement,
            self.more,
            match &self.saml {
                DemoSaml::Elsewhere(section) => section.as_str(),
                DemoSaml::Off | DemoSaml::Here => "",
            }
        );
        written.map_err(std::io::Error::other)?;
        std::fs::write(self.dir.join("bridge.toml"), &text)?;
        Ok(text)
    }

    fn bridge(&self, config: &str, data: &str, gatehouse: Arc<Gatehouse>) -> Result<Arc<Bridge>, Unusable> {
        let config = Config::parse(config, &self.dir)?;
        let outside = Outside {
            gatehouse,
            data_dir: self.dir.join(data),
            clock: Arc::clone(&self.clock),
            fill: fill_random,
            credentials: None,
        };
        Ok(Bridge::new(config, outside)?.0)
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
        let gatehouse = Arc::new(self.plan.open("data", &self.keys, &self.sandbox)?);
        let bridge = self
            .plan
            .bridge(&self.config, "data", Arc::clone(&gatehouse))?
            .start(None)
            .await?;
        Ok(Self {
            bridge,
            gatehouse,
            ..self
        })
    }

    /// Starts a second bridge behind the same public address: with a data directory, keys and a log of its own.
    ///
    /// # Errors
    /// [`DemoFailure`].
    pub async fn second_bridge(&self) -> Result<(Running, Arc<Gatehouse>), DemoFailure> {
        let keys = Arc::new(MemoryKeyStore::new());
        let gatehouse = self.plan.with_profile("second", &keys, &self.sandbox).await?;
        let bridge = self.plan.bridge(&self.config, "second", Arc::clone(&gatehouse))?;
        Ok((bridge.start_on(None, bound(0).await?, bound(0).await?), gatehouse))
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

fn profile() -> NewSandbox {
    NewSandbox {
        name: "demo".into(),
        endpoint: NewEndpoint::Embedded,
        user: None,
        key_store: KeyStoreKind::Keyring,
    }
}
