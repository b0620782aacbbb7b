//! Runs one sandbox: lock, database, two listeners on loopback, address file, idle exit.
//!
//! Both listeners bind 127.0.0.1 only; there is no option to listen elsewhere, since the sandbox's secrets are in the open.

pub(crate) mod connection;
pub(crate) mod files;
mod http;
mod listener;
mod running;
mod tls;

use running::House;
pub use running::Running;

use crate::ca::CaFailure;
use crate::clock::{TimeSource, system_time};
use crate::merchants::ACQUIRER;
use crate::random::{Random, RandomSource, system_random};
use crate::sandbox::{Plan, Sandbox, open};
use crate::settings::Settings;
use crate::store::{Store, StoreFailure, meta, set_meta};
use files::AddressFile;
use listener::Gate;
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};
use tokio::net::TcpListener;

/// How a sandbox is to run. Begin with [`ServeOptions::new`] and change what differs.
#[derive(Clone)]
pub struct ServeOptions {
    /// The data directory; it is made when it does not exist.
    pub dir: PathBuf,
    /// The port of http; without one the former port is used when free, else any.
    pub http_port: Option<u16>,
    /// The port of https; likewise.
    pub https_port: Option<u16>,
    /// After how long without a call the sandbox ends by itself.
    pub idle_exit: Option<Duration>,
    /// Settings that replace the stored ones; without them the stored ones stand, at first the defaults.
    pub settings: Option<Settings>,
    /// At least how many merchants there are; a directory that has more keeps them.
    pub merchants: u32,
    /// The machine's time.
    pub clock: TimeSource,
    /// The machine's randomness.
    pub random: RandomSource,
}

impl ServeOptions {
    /// Gives the usual options: 1,000 merchants, any ports, no idle exit, the machine's clock and randomness.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            http_port: None,
            https_port: None,
            idle_exit: None,
            settings: None,
            merchants: 1_000,
            clock: system_time(),
            random: system_random,
        }
    }
}

/// Where a sandbox is and what its first profile needs.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// For instance `http://127.0.0.1:49152`: the API, the pages, the control API.
    pub http: String,
    /// For instance `https://127.0.0.1:49153`: the API with optional client certificate; the certificate also names localhost.
    pub https: String,
    /// The authority that signed the https certificate.
    pub ca_pem: String,
    /// The acquirer's account KRN.
    pub account: String,
    /// The first API key (a secret of the sandbox only).
    pub api_key: String,
    /// Goes into the header `X-Sandbox-Control` of control calls (a secret).
    pub control_token: String,
    /// Where the merchants can be had as CSV, without a token.
    pub merchants_csv_url: String,
    /// User and password of payments v1 of the first merchant.
    pub payments_v1: Option<PaymentsV1>,
}

/// A log-in of payments v1 (the password is a secret of the sandbox only).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentsV1 {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for PaymentsV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentsV1")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Address {
    /// Leaves the secrets out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("http", &self.http)
            .field("https", &self.https)
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// A sandbox could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another process serves this directory.
    #[error("A sandbox already runs on {0}. Use that one, or stop it first.")]
    AlreadyRunning(PathBuf),
    /// The directory or a file in it cannot be used.
    #[error("The directory {dir} cannot be used: {source}. Check that it is writable.")]
    Directory {
        /// The data directory.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A port cannot be had.
    #[error("Port {port} on 127.0.0.1 cannot be used: {source}. Choose another port.")]
    Port {
        /// The wanted port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreFailure),
    /// The certificates cannot be made or read.
    #[error(transparent)]
    Certificates(#[from] CaFailure),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}. Remove sandbox.db to begin anew.")]
    Tls(#[from] rustls::Error),
}

/// Serves a sandbox in this process until [`Running::shutdown`], the idle exit, or the end of the runtime.
///
/// Takes `sandbox.lock`, opens or makes `sandbox.db`, binds both ports on 127.0.0.1 and writes `sandbox.json` (0600). Once it
/// returns, the sandbox answers. Must be called inside a Tokio runtime with time and I/O enabled.
pub async fn serve(options: ServeOptions) -> Result<Running, ServeError> {
    let dir = options.dir.clone();
    files::make_dir(&dir).map_err(|source| directory(&dir, source))?;
    let lock = take_lock(&dir).await?;
    let store = Store::open(&dir.join("sandbox.db"))?;
    let (listeners, ports) = bind_both(&options, &store).await?;
    let idle_exit = options.idle_exit;
    let (sandbox, identity) = in_background(move || open(plan(options, store, ports))).await?;
    let acceptor = tls::acceptor(identity)?;
    let gates = (Gate::open(listeners.0, None), Gate::open(listeners.1, Some(acceptor)));
    let gates = gates
        .0
        .and_then(|http| Ok((http, gates.1?)))
        .map_err(|source| directory(&dir, source))?;
    let file = address_file(&sandbox);
    file.write(&dir).map_err(|source| directory(&dir, source))?;
    let house = House {
        sandbox: Arc::new(sandbox),
        dir,
        idle_exit,
        lock,
    };
    Ok(Running::start(house, gates, file.address()))
}

fn directory(dir: &Path, source: io::Error) -> ServeError {
    ServeError::Directory {
        dir: dir.to_owned(),
        source,
    }
}

/// Binds both ports and keeps them for the next start.
async fn bind_both(
    options: &ServeOptions,
    store: &Store,
) -> Result<((TcpListener, TcpListener), (u16, u16)), ServeError> {
    let former = former_ports(store)?;
    let http = bind(options.http_port, former.0).await?;
    let https = bind(options.https_port, former.1).await?;
    let port = |listener: &TcpListener| listener.local_addr().map(|address| address.port());
    let ports = port(&http)
        .and_then(|one| Ok((one, port(&https)?)))
        .map_err(|source| directory(&options.dir, source))?;
    keep_ports(store, ports)?;
    Ok(((http, https), ports))
}

/// A looker may hold the lock for a moment, so the first refusal is not the last word.
async fn take_lock(dir: &Path) -> Result<std::fs::File, ServeError> {
    for _ in 0..5 {
        let lock = files::lock(dir).map_err(|source| directory(dir, source))?;
        if let Some(lock) = lock {
            return Ok(lock);
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    Err(ServeError::AlreadyRunning(dir.to_owned()))
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CaFailure> + Send + 'static,
) -> Result<T, ServeError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| CaFailure::Key)??)
}

fn plan(options: ServeOptions, store: Store, ports: (u16, u16)) -> Plan {
    Plan {
        store,
        settings: options.settings,
        merchants: options.merchants,
        time: options.clock,
        random: Random(options.random),
        http_origin: format!("http://127.0.0.1:{}", ports.0),
        https_origin: format!("https://127.0.0.1:{}", ports.1),
    }
}

fn address_file(sandbox: &Sandbox) -> AddressFile {
    AddressFile {
        pid: std::process::id(),
        instance: sandbox.instance.clone(),
        http: sandbox.http_origin.clone(),
        https: sandbox.https_origin.clone(),
        ca_pem: sandbox.ca_pem.clone(),
        account: ACQUIRER.to_owned(),
        api_key: sandbox.api_key.clone(),
        control_token: sandbox.control_token.clone(),
        merchants_csv_url: format!("{}/_sandbox/merchants.csv", sandbox.http_origin),
        payments_v1: crate::control::first_payments_login(sandbox),
    }
}

/// Binds the wanted port, or the former one when it is free, or any.
async fn bind(wanted: Option<u16>, former: u16) -> Result<TcpListener, ServeError> {
    let on = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = wanted {
        return TcpListener::bind(on(port))
            .await
            .map_err(|source| ServeError::Port { port, source });
    }
    if let Ok(listener) = TcpListener::bind(on(former)).await {
        return Ok(listener);
    }
    TcpListener::bind(on(0))
        .await
        .map_err(|source| ServeError::Port { port: 0, source })
}

fn former_ports(store: &Store) -> Result<(u16, u16), StoreFailure> {
    let text = store.transaction::<_, rusqlite::Error>(|tx| meta(tx, "ports"))?;
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let ports = text
        .split_once(' ')
        .and_then(|(http, https)| Some((http.parse().ok()?, https.parse().ok()?)));
    Ok(ports.unwrap_or_default())
}

fn keep_ports(store: &Store, ports: (u16, u16)) -> Result<(), StoreFailure> {
    let text = format!("{} {}", ports.0, ports.1);
    Ok(store.transaction::<_, rusqlite::Error>(|tx| set_meta(tx, "ports", text.as_bytes()))?)
}
