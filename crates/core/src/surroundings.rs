//! Everything the core needs from outside, gathered once by a shell's `main`.
//!
//! Deliberately absent: defaults that would read the environment behind the caller's back.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_audit::AnchorStore;
pub use gatehouse_audit::replica::is_name as is_replica_name;

use crate::clock::Clock;
use crate::key_store::{KeyStore, Keyring, SecretBytes};
use crate::network::Desktop;
use crate::problem::{ErrorCode, Problem};

/// What a shell hands to [`crate::Gatehouse::open`].
pub struct Surroundings {
    /// The one data directory (see [`crate::data_dir`]).
    pub data_dir: PathBuf,
    /// Wall and monotonic time.
    pub clock: Arc<dyn Clock>,
    /// Cryptographic randomness; [`fill_random`] outside tests.
    pub fill: fn(&mut [u8]),
    /// Where secrets are kept.
    pub keys: KeysChoice,
    /// The simulated Klarna's host.
    pub sandbox: Arc<dyn SandboxHost>,
    /// Whether the system's own browser has a screen to show itself on.
    pub screen: bool,
    /// The desktop session around the program; asked only when the network fails, and by the doctor.
    pub desktop: Desktop,
    /// Program and version, as it stands in the log: `gatehouse 0.1.0`.
    pub app: String,
    /// Operating system, as it stands in the log: `linux x86_64`.
    pub os: String,
    /// This machine's id in the log (see [`crate::data_dir::device_id`]).
    pub device_id: String,
    /// Which of several programs with a log each this is; none for a log whose anchor lies in the key store.
    pub replica: Option<Replica>,
}

/// One of several programs that share a place for their anchors, and no data directory.
#[derive(Clone)]
pub struct Replica {
    /// Its name, which stands in its checkpoints (see [`is_replica_name`]).
    pub name: String,
    /// Where its anchor lies.
    pub anchors: Arc<dyn AnchorStore>,
}

/// Which key store serves a data directory.
pub enum KeysChoice {
    /// The one that the data directory was set up with; the passphrase opens a sealed file.
    ByDataDir {
        /// The sealed file's passphrase, if the person gave one.
        passphrase: Option<SecretBytes>,
        /// A keyring that is being connected already, so that an act does not wait for it.
        keyring: Option<Arc<Keyring>>,
    },
    /// A given store; for tests.
    Given(Arc<dyn KeyStore>),
}

/// Starts and finds the simulated Klarna; a shell implements it, because the core does not know the sandbox.
pub trait SandboxHost: Send + Sync {
    /// The running sandbox of `dir`, if there is one.
    fn running(&self, dir: &Path) -> Option<SandboxAddress>;

    /// The running sandbox of `dir`, started if need be.
    ///
    /// # Errors
    /// A sentence that says why it did not start.
    fn ensure(&self, dir: &Path) -> Result<SandboxAddress, String>;

    /// The acquirer's merchant list, as its own master data would export it (CSV).
    ///
    /// # Errors
    /// A sentence that says why it could not be had.
    fn merchants_csv(&self, address: &SandboxAddress) -> Result<Vec<u8>, String>;
}

/// Where a sandbox answers, and what an acquirer would have got from Klarna by a secure link.
#[derive(Clone, PartialEq, Eq)]
pub struct SandboxAddress {
    /// Pages and plain API: `http://127.0.0.1:PORT`.
    pub http: String,
    /// API with TLS: `https://127.0.0.1:PORT`.
    pub https: String,
    /// The sandbox's own CA.
    pub ca_pem: String,
    /// The acquirer's account KRN.
    pub account: String,
    /// The first API key.
    pub api_key: String,
    /// User and password of payments v1 of the first merchant; an older sandbox tells none.
    pub payments_v1: Option<(String, String)>,
}

impl fmt::Debug for SandboxAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxAddress")
            .field("http", &self.http)
            .field("https", &self.https)
            .field("account", &self.account)
            .field("api_key", &"<redacted>")
            .finish_non_exhaustive()
    }
}

/// The system's keyring, being connected to already, for a program that is about to act.
///
/// Never for a window, which paints before it asks the keyring anything.
#[must_use]
pub fn connect_keyring() -> Arc<Keyring> {
    let keyring = Arc::new(Keyring::system());
    keyring.begin_to_connect();
    keyring
}

/// The largest secret that is read from a file or a stream.
const SECRET_LIMIT: u64 = 64 * 1024;

/// Reads one secret to its end and takes the line break off.
///
/// # Errors
/// What the source says.
pub fn read_secret(source: impl Read) -> std::io::Result<SecretBytes> {
    let mut bytes = Vec::new();
    source.take(SECRET_LIMIT).read_to_end(&mut bytes)?;
    while bytes.last().is_some_and(u8::is_ascii_whitespace) {
        bytes.pop();
    }
    Ok(SecretBytes::new(bytes))
}

/// Reads the passphrase of the sealed key file from a file.
///
/// # Errors
/// `input_invalid` when the file cannot be read.
pub fn passphrase_from(file: &Path) -> Result<SecretBytes, Problem> {
    std::fs::File::open(file).and_then(read_secret).map_err(|cause| {
        Problem::new(
            ErrorCode::InputInvalid,
            format!("The passphrase file {} cannot be read.", file.display()),
            "Check the path and its rights.",
        )
        .because(&cause)
    })
}

/// Fills `bytes` from the operating system's random source.
///
/// # Panics
/// When the operating system has no random source: nothing safe can be done then.
pub fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system has a random source");
}
