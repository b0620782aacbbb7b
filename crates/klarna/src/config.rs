//! How a client is set up: one per profile, made again whenever a key or certificate changes.
//!
//! Deliberately absent: reading files, the environment or the key store (the caller brings everything), and any switch that
//! would accept an invalid server certificate.

use crate::network::ManualProxy;
use crate::portal_url::is_loopback;
use crate::secret::{ApiKey, KeyPem};
use std::time::Duration;
use url::Url;
use uuid::Uuid;

/// Klarna's live host (portal-access.md 6.1, DOC).
pub const LIVE_BASE_URL: &str = "https://api-global.klarna.com";
/// Klarna's test host (portal-access.md 6.1, DOC).
pub const TEST_BASE_URL: &str = "https://api-global.test.klarna.com";

/// Everything a client needs.
pub struct ClientConfig {
    /// Where Klarna is; https, or http on this machine. A path is kept as a prefix.
    pub base_url: Url,
    /// The API key.
    pub api_key: ApiKey,
    /// How the key is written into the header.
    pub api_key_form: ApiKeyForm,
    /// The client certificate for mTLS.
    pub identity: Option<MtlsIdentity>,
    /// Certificates trusted beside the operating system's. For a host on this machine they are the only ones trusted.
    pub extra_ca_pem: Vec<String>,
    /// The way out.
    pub proxy: ProxyChoice,
    /// Limits of each attempt.
    pub timeouts: Timeouts,
    /// Our version, sent as `module_version`.
    pub app_version: String,
    /// The acquirer's name, sent as the integrator; turned into SCREAMING_SNAKE_CASE.
    pub integrator_name: String,
}

/// How the API key is encoded in `Authorization: Basic …` (portal-access.md 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApiKeyForm {
    /// The key as it is: the documented form.
    #[default]
    Raw,
    /// Base64 of `:key`.
    BasicEmptyUser,
    /// Base64 of `uuid:key`.
    BasicUuid(Uuid),
}

/// A client certificate and its key.
#[derive(Clone, Debug)]
pub struct MtlsIdentity {
    /// The private key in PEM (PKCS#8, SEC1 or PKCS#1).
    pub key_pem: KeyPem,
    /// The certificate, and intermediates if any, in PEM; leaf first.
    pub chain_pem: String,
}

/// Which proxy is used; hosts on this machine are always reached directly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// The system's, as far as the operating system and the usual variables tell.
    #[default]
    System,
    /// None.
    Direct,
    /// This one, but for its exceptions.
    Manual(ManualProxy),
}

/// The part of a configuration that says how Klarna is reached; enough for the probe's first steps, without an API key.
#[derive(Clone, Copy, Debug)]
pub struct Network<'a> {
    /// See [`ClientConfig::base_url`].
    pub base_url: &'a Url,
    /// See [`ClientConfig::identity`].
    pub identity: Option<&'a MtlsIdentity>,
    /// See [`ClientConfig::extra_ca_pem`].
    pub extra_ca_pem: &'a [String],
    /// See [`ClientConfig::proxy`].
    pub proxy: &'a ProxyChoice,
}

/// Limits of one attempt; the call's own deadline is above them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands: name, TCP, proxy, TLS.
    pub connect: Duration,
    /// Until the answer starts, and then between two pieces of it.
    pub read: Duration,
    /// From start to the last byte of the answer; above the two others, or a call that never left may count as unknown.
    pub total: Duration,
}

impl Default for Timeouts {
    /// 5 s, 20 s, 30 s: an attempt and a repetition fit into the 45 s of a deep link.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(5),
            read: seconds(20),
            total: seconds(30),
        }
    }
}

/// Says why no client can be made from a configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFailure {
    /// Plain http was asked for on another machine.
    #[error("Plain http is allowed only for this machine. Use an https address.")]
    PlainHttp,
    /// The base address has no host, another scheme, or parts that a base cannot have.
    #[error(
        "This is not a base address. Give one like https://api-global.klarna.com, without user name, query and fragment."
    )]
    BaseUrl,
    /// The client certificate or its key cannot be read.
    #[error("The mTLS certificate or its private key cannot be read. Install both again.")]
    Identity,
    /// The private key is not the one of the certificate.
    #[error(
        "The mTLS private key does not belong to the certificate. Install the certificate that was issued for this key."
    )]
    IdentityMismatch,
    /// An added certificate authority cannot be read.
    #[error("Added certificate number {number} cannot be read. Give certificates in PEM.")]
    ExtraCa {
        /// Its place in the list, from 1.
        number: usize,
    },
    /// The transport cannot use the proxy's address.
    #[error("The proxy address cannot be used. Give one like http://proxy.example:3128.")]
    Proxy,
    /// The integrator's name or the version cannot stand in a header.
    #[error("The integrator name has no letter or digit, or the version has characters that a header cannot carry.")]
    Metadata,
    /// The operating system's trusted certificates could not be loaded, or TLS could not be set up.
    #[error("The secure transport could not be set up. Check the system's certificate store.")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ClientConfig {
    /// Returns the part that says how Klarna is reached.
    #[must_use]
    pub fn network(&self) -> Network<'_> {
        Network {
            base_url: &self.base_url,
            identity: self.identity.as_ref(),
            extra_ca_pem: &self.extra_ca_pem,
            proxy: &self.proxy,
        }
    }
}

impl Network<'_> {
    pub(crate) fn check_base(&self) -> Result<(), ConfigFailure> {
        let url = self.base_url;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(url) => {}
            "http" => return Err(ConfigFailure::PlainHttp),
            _ => return Err(ConfigFailure::BaseUrl),
        }
        let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        if bare && url.fragment().is_none() && url.has_host() {
            Ok(())
        } else {
            Err(ConfigFailure::BaseUrl)
        }
    }
}
