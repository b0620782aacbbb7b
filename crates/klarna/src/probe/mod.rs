//! A look at the way to Klarna, step by step: name, connection, proxy, TLS, and one harmless request.
//!
//! When a call fails, it tells one kind; the probe tells how far one gets and what was seen there, in the words of
//! [`FailureKind`] and [`NetworkFault`], so that a person's cure is written once. It changes nothing at Klarna and takes under ten
//! seconds. The last step goes through the very transport that calls use. Deliberately absent: judging the numbers (a clock that is
//! off is a fact here), repetitions, and reading any setting.

mod course;
mod journal;
mod steps;
mod words;

use crate::answer::{AnswerMeta, IpStatus, MtlsStatus, RateLimit};
use crate::config::{ClientConfig, Network};
use crate::context::CallContext;
use crate::failure::FailureKind;
use crate::network::{Issuer, NetworkFault};
use course::Course;

/// The steps, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProbeStepName {
    /// The host's name, or the proxy's, becomes an address.
    Dns,
    /// A connection to that address.
    Tcp,
    /// The proxy opens a tunnel.
    ProxyConnect,
    /// The handshake, and who vouches for the server.
    Tls,
    /// A request that changes nothing.
    Http,
}

impl ProbeStepName {
    /// Returns a stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Tcp => "tcp",
            Self::ProxyConnect => "proxy_connect",
            Self::Tls => "tls",
            Self::Http => "http",
        }
    }
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeState {
    /// As it should.
    Passed,
    /// Not; later steps are skipped.
    Failed,
    /// Not taken: it does not apply, or an earlier one failed.
    Skipped,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeFailure {
    /// The kind that a call would fail with.
    pub kind: FailureKind,
    /// Which fault of the proxy, or whose certificate.
    pub network: Option<NetworkFault>,
}

/// One step as it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeStep {
    /// Which one.
    pub step: ProbeStepName,
    /// How it went.
    pub state: ProbeState,
    /// How long it took.
    pub millis: u64,
    /// What was seen, for a person who knows networks; holds no secret.
    pub detail: String,
    /// Why it failed.
    pub failure: Option<ProbeFailure>,
}

/// What the handshake showed of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    /// Who issued the server's certificate.
    pub issuer: Issuer,
    /// Whether an added certificate authority vouches for it: then somebody in between inspects TLS, or it is the sandbox.
    pub through_added_ca: bool,
    /// The version, such as `TLS 1.3`.
    pub version: &'static str,
}

/// What the answer to the harmless request showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpFacts {
    /// The status.
    pub status: u16,
    /// How far this machine's clock is ahead of the server's, in seconds; negative when it is behind.
    pub clock_ahead_s: Option<i64>,
    /// What Klarna thinks of our client certificate.
    pub mtls_status: Option<MtlsStatus>,
    /// What Klarna thinks of our IP address.
    pub ip_status: Option<IpStatus>,
    /// The tightest quota and what is left of it.
    pub rate: Option<RateLimit>,
    /// What to quote to Klarna.
    pub klarna_correlation_id: Option<String>,
}

impl HttpFacts {
    fn of(meta: &AnswerMeta, local_unix_s: i64) -> Self {
        Self {
            status: meta.status,
            clock_ahead_s: meta.server_unix_s.map(|server| local_unix_s.saturating_sub(server)),
            mtls_status: meta.mtls_status.clone(),
            ip_status: meta.ip_status.clone(),
            rate: meta.rate,
            klarna_correlation_id: meta.klarna_correlation_id.clone(),
        }
    }
}

/// Everything that was seen on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeReport {
    /// The proxy's address without credentials; nothing when the way is direct.
    pub proxy: Option<String>,
    /// Whether a client certificate was there to be presented.
    pub has_client_certificate: bool,
    /// All five steps in their order.
    pub steps: Vec<ProbeStep>,
    /// What the handshake showed.
    pub server: Option<ServerFacts>,
    /// What the answer showed.
    pub http: Option<HttpFacts>,
}

impl ProbeReport {
    /// Returns the step that failed, if any.
    #[must_use]
    pub fn failed(&self) -> Option<&ProbeStep> {
        self.steps.iter().find(|step| step.state == ProbeState::Failed)
    }

    /// Tells whether Klarna saw no client certificate although there was one: then somebody in between ends TLS, whoever vouches for
    /// the server, and [`ServerFacts::issuer`] names them.
    #[must_use]
    pub fn is_client_certificate_lost(&self) -> bool {
        let status = self.http.as_ref().and_then(|http| http.mtls_status.as_ref());
        self.has_client_certificate && status == Some(&MtlsStatus::NotPresent)
    }
}

/// Looks at the way to Klarna and makes one harmless call: it reads whether mTLS is enforced.
///
/// `unix_s` tells this machine's time. Of the context, the correlation id is used; the probe has its own limits (5 s a step, under
/// 10 s together).
pub async fn probe(
    config: &ClientConfig,
    context: &CallContext,
    unix_s: &(dyn Fn() -> i64 + Send + Sync),
) -> ProbeReport {
    Course::new(config.network(), context, unix_s).run(Some(config)).await
}

/// Looks at the way to Klarna before there is an API key: the request at the end is anonymous, and any answer to it will do.
pub async fn probe_network(
    network: &Network<'_>,
    context: &CallContext,
    unix_s: &(dyn Fn() -> i64 + Send + Sync),
) -> ProbeReport {
    Course::new(*network, context, unix_s).run(None).await
}
