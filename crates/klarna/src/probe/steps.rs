//! What each step does, on real sockets; none knows of the others.
//!
//! Deliberately absent: limits of time and the order, which are the course's.

use super::words::unshaken;
use super::{ProbeFailure, ServerFacts};
use crate::AnswerMeta;
use crate::config::{ClientConfig, ConfigFailure, Network, Timeouts};
use crate::context::CallContext;
use crate::enforcement;
use crate::failure::{CallFailure, FailureKind};
use crate::headers;
use crate::network::{NetworkFault, ProxyFault};
use crate::tls::{Sight, certificate_fault, tls_config};
use crate::transport::{Outgoing, Transport, extended, is_client_certificate_alert, tls_cause};
use reqwest::Method;
use reqwest::header::HeaderMap;
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long one of several addresses is tried.
const ONE_ADDRESS: Duration = Duration::from_millis(1_500);

/// A failure of which no more is known.
pub(super) const fn failed(kind: FailureKind) -> ProbeFailure {
    ProbeFailure { kind, network: None }
}

/// A failure at the proxy.
pub(super) const fn at_proxy(fault: ProxyFault) -> ProbeFailure {
    ProbeFailure {
        kind: FailureKind::Proxy,
        network: Some(NetworkFault::Proxy(fault)),
    }
}

/// Resolves a name.
pub(super) async fn resolve(host: &str, port: u16) -> Option<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await.ok()?.collect();
    (!found.is_empty()).then_some(found)
}

/// Connects to the first address that answers.
pub(super) async fn connect(addresses: &[SocketAddr]) -> Option<TcpStream> {
    if let [only] = addresses {
        return TcpStream::connect(only).await.ok();
    }
    for address in addresses {
        if let Ok(Ok(stream)) = timeout(ONE_ADDRESS, TcpStream::connect(address)).await {
            return Some(stream);
        }
    }
    None
}

/// Shakes hands, with our client certificate if there is one.
pub(super) async fn shake_hands(
    stream: TcpStream,
    network: &Network<'_>,
    tunnelled: bool,
) -> Result<ServerFacts, (ProbeFailure, String)> {
    let unusable = |why: &dyn std::fmt::Display| (failed(FailureKind::Tls), why.to_string());
    let (config, sight) = tls_config(network).map_err(|failure| unusable(&failure))?;
    let host = network.base_url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).map_err(|failure| unusable(&failure))?;
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let stream = connected.map_err(|error| {
        let failure = handshake_failure(&error, tunnelled);
        let detail = unshaken(&failure);
        (failure, detail)
    })?;
    let version = match stream.get_ref().1.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS",
    };
    Ok(facts(&sight, version))
}

fn facts(sight: &Sight, version: &'static str) -> ServerFacts {
    let seen = sight.last();
    ServerFacts {
        through_added_ca: seen.as_ref().is_some_and(|seen| seen.through_added),
        issuer: seen.map(|seen| seen.issuer).unwrap_or_default(),
        version,
    }
}

fn handshake_failure(error: &std::io::Error, tunnelled: bool) -> ProbeFailure {
    let Some(cause) = tls_cause(error) else {
        return failed(FailureKind::CutOff);
    };
    if is_client_certificate_alert(cause) {
        return failed(FailureKind::MtlsRejected);
    }
    // Whatever answers through an agreed tunnel without speaking TLS is a page in place of a proxy.
    if tunnelled && matches!(cause, rustls::Error::InvalidMessage(_)) {
        return at_proxy(ProxyFault::NotAProxy(Some(200)));
    }
    let network = certificate_fault(cause).map(|fault| NetworkFault::Certificate(fault.clone()));
    ProbeFailure {
        kind: FailureKind::Tls,
        network,
    }
}

/// Makes the harmless request through the transport of all calls; with a key it reads the enforcement of mTLS.
pub(super) async fn request(
    network: &Network<'_>,
    config: Option<&ClientConfig>,
    context: &CallContext,
    limit: Duration,
) -> Result<AnswerMeta, Box<CallFailure>> {
    let transport = transport(network, config, limit).map_err(|_| unusable())?;
    let meta = match config {
        None => transport.warm().await,
        Some(_) => {
            let url = extended(network.base_url, &enforcement::SEGMENTS);
            let out = Outgoing::new(Method::GET, url, enforcement::PATH);
            transport.once(&out, context).await.map(|answer| answer.meta)
        }
    };
    meta.map_err(Box::new)
}

fn transport(
    network: &Network<'_>,
    config: Option<&ClientConfig>,
    limit: Duration,
) -> Result<Transport, ConfigFailure> {
    let timeouts = Timeouts {
        connect: limit,
        read: limit,
        total: limit,
    };
    let standing = config.map(headers::standing).transpose()?;
    Transport::over(network, timeouts, standing.unwrap_or_else(HeaderMap::new))
}

fn unusable() -> Box<CallFailure> {
    let failure = CallFailure::new(FailureKind::UnsafeUrl, crate::failure::Effect::NotSent);
    Box::new(failure)
}
