//! Gathers what comes from outside: paths, clock, randomness, environment, signals, the log of the service.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_bridge::config::{Config, Flaw, SecretRef, Unusable};
use gatehouse_bridge::{Outside, PostgresAnchors, data_dir_of};
use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::network::Desktop;
use gatehouse_core::{Gatehouse, KeysChoice, SandboxAddress, SandboxHost, Surroundings, data_dir, fill_random};
use tracing_subscriber::EnvFilter;

use crate::Failure;

/// Opens the data directory that a configuration names, as the bridge that serves.
pub fn open(config: &Config, data_dir: Option<PathBuf>) -> Result<Outside, Failure> {
    let anchors = gatehouse_bridge::anchors_of(config, credentials().as_deref())?;
    opened(config, data_dir, anchors)
}

/// Opens it beside a bridge that may be running and holds the name; the anchor in the key store is the one that counts then.
pub fn open_beside(config: &Config, data_dir: Option<PathBuf>) -> Result<Outside, Failure> {
    opened(config, data_dir, None)
}

fn opened(
    config: &Config,
    data_dir: Option<PathBuf>,
    anchors: Option<Arc<PostgresAnchors>>,
) -> Result<Outside, Failure> {
    let dir = data_dir_of(config, data_dir)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    Ok(Outside {
        gatehouse: core(config, &dir, Arc::clone(&clock), anchors.as_ref())?,
        data_dir: dir,
        clock,
        fill: fill_random,
        credentials: credentials(),
        anchors,
    })
}

/// Opens the core on a data directory.
pub fn core(
    config: &Config,
    dir: &Path,
    clock: Arc<dyn Clock>,
    anchors: Option<&Arc<PostgresAnchors>>,
) -> Result<Arc<Gatehouse>, Failure> {
    let passphrase = passphrase(config, credentials().as_deref())?;
    let gatehouse = Gatehouse::open(Surroundings {
        device_id: data_dir::device_id(dir),
        replica: anchors.map(PostgresAnchors::replica),
        data_dir: dir.to_owned(),
        clock,
        fill: fill_random,
        keys: KeysChoice::ByDataDir {
            passphrase,
            keyring: None,
        },
        sandbox: Arc::new(Found),
        screen: false,
        desktop: desktop(),
        app: concat!("gatehouse-bridge ", env!("CARGO_PKG_VERSION")).into(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    })?;
    Ok(Arc::new(gatehouse))
}

fn passphrase(config: &Config, credentials: Option<&Path>) -> Result<Option<SecretBytes>, Failure> {
    let read = config
        .passphrase
        .as_ref()
        .map(|reference: &SecretRef| reference.read(credentials))
        .transpose();
    Ok(read.map_err(|text| {
        Unusable(vec![Flaw {
            place: "key_store_passphrase".into(),
            text,
        }])
    })?)
}

/// Where systemd puts credentials.
#[expect(clippy::disallowed_methods, reason = "this file is where the environment comes in")]
pub fn credentials() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from)
}

#[expect(clippy::disallowed_methods, reason = "this file is where the environment comes in")]
fn desktop() -> Desktop {
    Desktop::new(|name| std::env::var(name).ok())
}

/// A running sandbox is found; a service starts none.
struct Found;

impl SandboxHost for Found {
    fn running(&self, dir: &Path) -> Option<SandboxAddress> {
        gatehouse_sandbox::find_running(dir).map(gatehouse_bridge::demo::sandbox_address)
    }

    fn ensure(&self, dir: &Path) -> Result<SandboxAddress, String> {
        self.running(dir)
            .ok_or_else(|| "it does not run; start it with gatehouse sandbox serve".into())
    }

    fn merchants_csv(&self, _address: &SandboxAddress) -> Result<Vec<u8>, String> {
        Err("a service imports no merchants".into())
    }
}

/// Begins the service's log: JSON lines on standard error, with everything that looks like a secret masked.
pub fn begin_log(filter: Option<&str>) {
    let filter = filter.and_then(|filter| EnvFilter::try_new(filter).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(|| Masked);
    // A second log in one process is nobody's.
    let _ = lines.try_init();
}

struct Masked;

impl Write for Masked {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let text = gatehouse_core::logging::masked(&String::from_utf8_lossy(line));
        std::io::stderr().write_all(text.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// Waits for SIGTERM or Ctrl-C.
#[cfg(unix)]
pub async fn told_to_stop() -> std::io::Result<()> {
    let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = end.recv() => Ok(()),
        done = tokio::signal::ctrl_c() => done,
    }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
pub async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
