//! One bridge: its parts put together, started, and stopped gracefully.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use axum::http::HeaderValue;
use gatehouse_core::clock::Clock;
use gatehouse_core::{Gatehouse, data_dir};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::config::{Config, Flaw, SecretRef, Unusable};
use crate::flow::own;
use crate::gateway::Gateway;
use crate::limits::Rates;
use crate::metrics::Metrics;
use crate::oidc::{HttpPort, Oidc};
use crate::operations;
use crate::pages::Pages;
use crate::people::PeopleTable;
use crate::serve::listener::{Gate, bind, told};
use crate::serve::{self, tls};
use crate::state::{SqliteStore, Store, StoreFailure};

/// How often the table of people is looked at, and what is over is swept out.
const HOUSEKEEPING: Duration = Duration::from_secs(5);
/// A probe asks for three things at once, and there are few who ask.
const OPERATORS: u32 = 64;

/// The parts of a bridge.
pub struct Bridge {
    /// What it was told.
    pub config: Config,
    /// The provider.
    pub oidc: Oidc,
    /// The core.
    pub gateway: Gateway,
    /// Rates.
    pub limits: Rates,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Pages.
    pub pages: Pages,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub fill: fn(&mut [u8]),
    /// What pages may load and where forms may lead.
    pub content_policy: HeaderValue,
    store: Arc<dyn Store>,
    table: RwLock<Arc<PeopleTable>>,
}

/// What comes from outside.
pub struct Outside {
    /// The core, opened on the data directory.
    pub gatehouse: Arc<Gatehouse>,
    /// The data directory, where `bridge.db` lies.
    pub data_dir: std::path::PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub fill: fn(&mut [u8]),
    /// Where systemd puts credentials.
    pub credentials: Option<std::path::PathBuf>,
}

/// A bridge that runs.
pub struct Running {
    /// Where people reach it.
    pub public: SocketAddr,
    /// Where operators do.
    pub operations: SocketAddr,
    /// The bridge itself.
    pub bridge: Arc<Bridge>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Bridge {
    /// Puts a bridge together and tries everything that can be tried without the network.
    ///
    /// # Errors
    /// [`Unusable`] with every flaw.
    pub fn new(config: Config, outside: Outside) -> Result<(Arc<Self>, Option<TlsAcceptor>), Unusable> {
        let mut flaws = Vec::new();
        let credentials = outside.credentials.as_deref();
        let tls = kept(
            &mut flaws,
            "tls",
            config
                .tls
                .as_ref()
                .map(|part| tls::acceptor(part, credentials))
                .transpose(),
        );
        let secret = config
            .provider
            .client_secret
            .as_ref()
            .map(|reference| client_secret(reference, &outside));
        let secret = kept(&mut flaws, "provider.client_secret", secret.transpose());
        let http = kept(&mut flaws, "provider.ca", http(&config));
        let table = kept(&mut flaws, "people.table", read_table(&config));
        let store = SqliteStore::open(&outside.data_dir.join("bridge.db"), config.limits.open);
        let store = kept(&mut flaws, "data_dir", store.map_err(|cause| cause.to_string()));
        let gateway = Gateway::new(outside.gatehouse, config.profile.clone(), config.limits.calls);
        let hosts = kept(
            &mut flaws,
            "profile",
            gateway
                .link_hosts()
                .map_err(|problem| format!("{} {}", problem.message, problem.hint)),
        );
        let (Some(tls), Some(secret), Some(http), Some(table), Some(store), Some((hosts, sandbox))) =
            (tls, secret, http, table, store, hosts)
        else {
            return Err(Unusable(flaws));
        };
        let clock = outside.clock;
        let callback = own(&config.public_url, "/callback");
        let bridge = Self {
            oidc: Oidc::new(config.provider.clone(), secret, callback, http, Arc::clone(&clock)),
            gateway,
            limits: Rates::new(&config.limits),
            metrics: Arc::default(),
            pages: Pages::new(&config.acquirer, config.help.as_deref(), sandbox),
            content_policy: content_policy(&hosts, sandbox),
            clock,
            fill: outside.fill,
            store: Arc::new(store),
            table: RwLock::new(Arc::new(table)),
            config,
        };
        Ok((Arc::new(bridge), tls))
    }

    /// Starts serving.
    ///
    /// # Errors
    /// [`Unusable`] when an address cannot be listened on.
    pub async fn start(self: Arc<Self>, tls: Option<TlsAcceptor>) -> Result<Running, Unusable> {
        let public = listening("listen", self.config.listen).await?;
        let operators = listening("operations_listen", self.config.operations).await?;
        Ok(self.start_on(tls, public, operators))
    }

    /// Starts serving on what listens already. Call it within a runtime.
    #[must_use]
    pub fn start_on(self: Arc<Self>, tls: Option<TlsAcceptor>, public: TcpListener, operators: TcpListener) -> Running {
        let addresses = (local(&public), local(&operators));
        let (stop, stopped) = watch::channel(false);
        let head = Duration::from_secs(u64::from(self.config.limits.head_s));
        let gate = |listener, tls, app, most| Gate {
            listener,
            tls,
            app,
            most,
            head,
            metrics: Arc::clone(&self.metrics),
        };
        let people = gate(
            public,
            tls,
            serve::app(Arc::clone(&self)),
            self.config.limits.connections,
        );
        let few = gate(operators, None, operations::app(Arc::clone(&self)), OPERATORS);
        let tasks = vec![
            tokio::spawn(people.serve(stopped.clone())),
            tokio::spawn(few.serve(stopped.clone())),
            tokio::spawn(Arc::clone(&self).keep_house(stopped)),
        ];
        Running {
            public: addresses.0,
            operations: addresses.1,
            bridge: self,
            stop,
            tasks,
        }
    }

    /// Who may enter what, as the table says now.
    #[must_use]
    pub fn table(&self) -> Arc<PeopleTable> {
        Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A mark under which a page and the log's line find each other.
    #[must_use]
    pub fn reference(&self) -> String {
        let mut bytes = [0; 5];
        (self.fill)(&mut bytes);
        hex::encode(bytes)
    }

    /// Whether a proxy does TLS for us, so that nobody else may come.
    #[must_use]
    pub fn is_behind_proxy(&self) -> bool {
        self.config.tls.is_none() && !self.config.proxies.is_empty()
    }

    /// Works on the store, which blocks.
    ///
    /// # Errors
    /// What the store says.
    pub async fn in_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Store) -> Result<T, StoreFailure> + Send + 'static,
    ) -> Result<T, StoreFailure> {
        let store = Arc::clone(&self.store);
        let done = tokio::task::spawn_blocking(move || work(store.as_ref())).await;
        done.unwrap_or_else(|cause| Err(StoreFailure::Database(cause.to_string())))
    }

    async fn keep_house(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut seen = self.config.people.table.as_deref().and_then(changed_at);
        loop {
            tokio::select! {
                () = told(&mut stop) => return,
                () = tokio::time::sleep(HOUSEKEEPING) => {}
            }
            self.limits.forget_the_quiet();
            let now_ms = self.clock.unix_ms();
            match self.in_store(move |store| store.forget(None, now_ms)).await {
                Ok(count) => self.metrics.open(count),
                Err(cause) => tracing::error!(%cause, "the store of sign-ins failed"),
            }
            let now = self.config.people.table.as_deref().and_then(changed_at);
            if now != seen {
                seen = now;
                self.take_table();
            }
        }
    }

    /// Takes a changed table in; a bad one leaves the former in place.
    fn take_table(&self) {
        match read_table(&self.config) {
            Ok(table) => {
                tracing::info!(people = table.people(), "the table of people was read again");
                self.metrics.table_flaws(0);
                *self.table.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(table);
            }
            Err(flaws) => {
                tracing::error!("the changed table of people cannot be used, so the former one stays; run check");
                self.metrics.table_flaws(flaws.lines().count().saturating_sub(1).max(1));
            }
        }
    }
}

impl Running {
    /// Stops taking connections, lets those under way finish, and ends.
    pub async fn shutdown(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

fn kept<T>(flaws: &mut Vec<Flaw>, place: &str, part: Result<T, String>) -> Option<T> {
    part.map_err(|text| {
        flaws.push(Flaw {
            place: place.to_owned(),
            text,
        });
    })
    .ok()
}

fn client_secret(reference: &SecretRef, outside: &Outside) -> Result<gatehouse_core::key_store::SecretBytes, String> {
    match reference {
        SecretRef::KeyStore => match outside.gatehouse.bridge_secret() {
            Ok(Some(secret)) => Ok(secret),
            Ok(None) => Err("lies not in the key store. Put it there: gatehouse-bridge secret < FILE".into()),
            Err(problem) => Err(format!("cannot be read: {} {}", problem.message, problem.hint)),
        },
        other @ (SecretRef::Credential(_) | SecretRef::EnvFile { .. } | SecretRef::File(_)) => {
            other.read(outside.credentials.as_deref())
        }
    }
}

fn http(config: &Config) -> Result<HttpPort, String> {
    let pem = match &config.provider.ca {
        Some(file) => Some(
            std::fs::read(file).map_err(|cause| format!("names {}, which cannot be read: {cause}.", file.display()))?,
        ),
        None => None,
    };
    HttpPort::new(pem.as_deref())
}

fn read_table(config: &Config) -> Result<PeopleTable, String> {
    let Some(file) = &config.people.table else {
        return Ok(PeopleTable::default());
    };
    let bytes =
        std::fs::read(file).map_err(|cause| format!("names {}, which cannot be read: {cause}.", file.display()))?;
    PeopleTable::read(&bytes).map_err(|flaws| {
        let lines: Vec<String> = flaws
            .iter()
            .map(|flaw| format!("line {}: {}", flaw.line, flaw.text))
            .collect();
        format!("names {}, in which\n  {}", file.display(), lines.join("\n  "))
    })
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|facts| facts.modified()).ok()
}

/// A form may lead to us, and by our redirect to where links may lead; browsers hold the redirect against the policy too.
fn content_policy(hosts: &[String], sandbox: bool) -> HeaderValue {
    let mut forms = String::from("'self'");
    for host in hosts {
        forms.push_str(" https://");
        forms.push_str(host);
    }
    if sandbox {
        forms.push_str(" http://127.0.0.1:*");
    }
    let policy =
        format!("default-src 'none'; style-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'");
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}

async fn listening(place: &str, address: SocketAddr) -> Result<TcpListener, Unusable> {
    bind(address).await.map_err(|cause| {
        Unusable(vec![Flaw {
            place: place.to_owned(),
            text: format!("names {address}, which cannot be listened on: {cause}. Choose another port."),
        }])
    })
}

fn local(listener: &TcpListener) -> SocketAddr {
    listener
        .local_addr()
        .unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 0)))
}

/// The folder that the program works on.
///
/// # Errors
/// What the core says when there is none.
pub fn data_dir_of(
    config: &Config,
    given: Option<std::path::PathBuf>,
) -> Result<std::path::PathBuf, gatehouse_core::Problem> {
    data_dir::resolve(given.or_else(|| config.data_dir.clone()), None)
}
