//! One bridge: its parts put together, started, and stopped gracefully.

mod findings;
mod outside;
mod parts;
mod replica;

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

pub use self::findings::Findings;
pub use self::outside::{Ground, Outside};
use self::parts::{Parts, read_table};
pub use self::replica::anchors_of;
use crate::anchors::PostgresAnchors;
use crate::config::{Config, Flaw, Unusable};
use crate::expiry::expired;
use crate::flow::own;
use crate::gateway::Gateway;
use crate::limits::Rates;
use crate::metrics::Metrics;
use crate::oidc::Oidc;
use crate::operations;
use crate::pages::Pages;
use crate::people::PeopleTable;
use crate::saml::Idp;
use crate::serve;
use crate::serve::listener::{Gate, bind, told};
use crate::serve::room::Room;
use crate::state::{Store, StoreFailure};

/// How often the table of people is looked at, and what is over is swept out.
const HOUSEKEEPING: Duration = Duration::from_secs(5);
/// A probe asks for three things at once, and there are few who ask.
const OPERATORS: u32 = 64;
/// Operators of one address.
const OPERATORS_EACH: u32 = 16;

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
    /// The SAML identity provider, if there is one.
    pub idp: Option<Idp>,
    /// What pages may load and where forms may lead.
    pub content_policy: HeaderValue,
    gatehouse: Arc<Gatehouse>,
    anchors: Option<Arc<PostgresAnchors>>,
    store: Arc<dyn Store>,
    table: RwLock<Arc<PeopleTable>>,
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
        let parts = Parts::read(&config, &outside.ground())?;
        for flaw in expired(&config, outside.clock.unix_ms()) {
            tracing::error!(place = flaw.place, "{}", flaw.text);
        }
        let callback = own(&config.public_url, "/callback");
        let clock = outside.clock;
        let metrics = Metrics::default();
        if let Some(idp) = &parts.idp {
            metrics.saml_certificate(idp.certificate.not_after_s);
        }
        let bridge = Self {
            oidc: Oidc::new(
                config.provider.clone(),
                parts.secret,
                callback,
                parts.http,
                Arc::clone(&clock),
            ),
            gateway: parts.gateway,
            limits: Rates::new(&config.limits),
            metrics: Arc::new(metrics),
            pages: Pages::new(&config.acquirer, config.help.as_deref(), parts.sandbox),
            content_policy: parts.content_policy,
            idp: parts.idp,
            clock,
            fill: outside.fill,
            gatehouse: outside.gatehouse,
            anchors: outside.anchors,
            store: parts.store,
            table: RwLock::new(Arc::new(parts.table)),
            config,
        };
        Ok((Arc::new(bridge), parts.tls))
    }

    /// Starts serving.
    ///
    /// # Errors
    /// [`Unusable`] when an address cannot be listened on, or as [`Bridge::claim`].
    pub async fn start(self: Arc<Self>, tls: Option<TlsAcceptor>) -> Result<Running, Unusable> {
        self.claim().await?;
        let public = listening("listen", self.config.listen).await?;
        let operators = listening("operations_listen", self.config.operations).await?;
        Ok(self.start_on(tls, public, operators))
    }

    /// Starts serving on what listens already. Call it within a runtime.
    #[must_use]
    pub fn start_on(self: Arc<Self>, tls: Option<TlsAcceptor>, public: TcpListener, operators: TcpListener) -> Running {
        let addresses = (local(&public), local(&operators));
        let (stop, stopped) = watch::channel(false);
        let limits = &self.config.limits;
        let gate = |listener, tls, app, (all, each)| Gate {
            listener,
            tls,
            app,
            room: Room::new(all, each, self.config.proxies.clone()),
            patience: Duration::from_secs(u64::from(limits.head_s)),
            metrics: Arc::clone(&self.metrics),
        };
        let many = (limits.connections, limits.connections_each);
        let people = gate(public, tls, serve::app(Arc::clone(&self)), many);
        let few = (OPERATORS, OPERATORS_EACH);
        let few = gate(operators, None, operations::app(Arc::clone(&self)), few);
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
            match self.in_store(move |store| store.sweep(now_ms)).await {
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

fn changed_at(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|facts| facts.modified()).ok()
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
