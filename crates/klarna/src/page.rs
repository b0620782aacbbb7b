//! A page of the acquirer's own, read over the same way out as Klarna: proxy, added authorities, no redirects, at most 1 MB.
//!
//! So nobody who looks at their login bridge escapes the proxy, or trusts what calls would not. Deliberately absent: anything but a GET
//! without a body, and understanding the page.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::config::{ConfigFailure, Network, Timeouts};
use crate::context::CallContext;
use crate::failure::CallFailure;
use crate::transport::{Outgoing, Transport};

/// A person waits for it.
const LIMITS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    read: Duration::from_secs(5),
    total: Duration::from_secs(10),
};

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PageFailure {
    /// The address or the network's settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigFailure),
    /// The call failed; what was answered stands in it.
    #[error(transparent)]
    Call(#[from] Box<CallFailure>),
}

/// Reads a page below the network's base address, once.
///
/// # Errors
/// [`PageFailure`], also for every status but 2xx.
pub async fn read_page(network: &Network<'_>, path: &str) -> Result<Vec<u8>, PageFailure> {
    let transport = Transport::over(network, LIMITS, HeaderMap::new())?;
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let url: Url = crate::transport::extended(network.base_url, &segments);
    let out = Outgoing::new(Method::GET, url, "/page");
    let answer = transport.once(&out, &CallContext::new([0; 16], LIMITS.total)).await;
    Ok(answer.map_err(Box::new)?.body.to_vec())
}
