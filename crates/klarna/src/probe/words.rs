//! What was seen, in short words for somebody who knows networks; the report's types are for everybody else.
//!
//! Deliberately absent: cures, which core has, and anything secret.

use super::{ProbeFailure, ServerFacts};
use crate::network::{NetworkFault, ProxyFault, name_of};
use hyper_util::client::proxy::matcher::Intercept;
use std::net::SocketAddr;

/// The most addresses that are listed.
const MOST: usize = 4;

/// A proxy's address without credentials.
pub(super) fn shown(proxy: &Intercept) -> String {
    let (host, port) = name_of(proxy);
    let scheme = proxy.uri().scheme_str().unwrap_or("http");
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    format!("{scheme}://{host}:{port}")
}

pub(super) fn listed(host: &str, addresses: &[SocketAddr]) -> String {
    let ips: Vec<String> = addresses
        .iter()
        .take(MOST)
        .map(|address| address.ip().to_string())
        .collect();
    format!("{host} is {}", ips.join(", "))
}

pub(super) fn said(fault: &ProxyFault) -> String {
    match fault {
        ProxyFault::NameUnknown => "the proxy has no address".into(),
        ProxyFault::Unreachable => "the proxy accepts no connection".into(),
        ProxyFault::SignInNeeded => "the proxy answers 407 and asks for user and password".into(),
        ProxyFault::Refused(status) => format!("the proxy answers {status}"),
        ProxyFault::NotAProxy(Some(status)) => format!("what answers {status} is no proxy"),
        ProxyFault::NotAProxy(None) => "what answers does not speak HTTP".into(),
        ProxyFault::Silent => "the proxy does not answer".into(),
    }
}

pub(super) fn vouched(facts: &ServerFacts) -> String {
    let added = if facts.through_added_ca {
        ", an added authority"
    } else {
        ""
    };
    format!("{}, issued by {}{added}", facts.version, facts.issuer)
}

pub(super) fn unshaken(failure: &ProbeFailure) -> String {
    match &failure.network {
        Some(NetworkFault::Certificate(fault)) => fault.to_string(),
        Some(NetworkFault::Proxy(fault)) => said(fault),
        None => failure.kind.to_string(),
    }
}
