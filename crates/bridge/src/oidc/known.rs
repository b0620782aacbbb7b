//! What is known of the provider: its addresses and keys, read again each hour, and when a key is unknown.
//!
//! A provider that is down for a moment does not stop sign-ins whose keys are known; one that is down is not asked by everybody.

use std::sync::Arc;

use gatehouse_core::problem::chain;
use openidconnect::IssuerUrl;
use openidconnect::core::CoreProviderMetadata;
use tokio::sync::Mutex;

use super::http::HttpPort;
use super::{FRESH, SignInFailure};
use crate::config::is_safe;

/// How long a failure is told without asking again.
const REST_MS: u64 = 2_000;
/// How often an unknown key may make us ask.
const RENEW_MS: u64 = 10_000;

/// The provider's metadata.
pub(super) struct Known {
    issuer: String,
    http: HttpPort,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    metadata: Option<(Arc<CoreProviderMetadata>, u64)>,
    failed: Option<(String, u64)>,
}

impl Known {
    pub fn new(issuer: &str, http: HttpPort) -> Self {
        Self {
            issuer: issuer.to_owned(),
            http,
            held: Mutex::default(),
        }
    }

    pub const fn http(&self) -> &HttpPort {
        &self.http
    }

    /// What is known, asked for where it is old.
    pub async fn metadata(&self, now_ms: u64) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        let mut held = self.held.lock().await;
        let fresh_ms = u64::try_from(FRESH.as_millis()).unwrap_or(u64::MAX);
        match &held.metadata {
            Some((metadata, at_ms)) if now_ms.saturating_sub(*at_ms) < fresh_ms => return Ok(Arc::clone(metadata)),
            Some(_) | None => {}
        }
        let asked = self.ask(&mut held, now_ms).await;
        match (asked, &held.metadata) {
            (Err(_), Some((metadata, _))) => Ok(Arc::clone(metadata)),
            (asked, _) => asked,
        }
    }

    /// The same, asked for anew because a key is unknown; not more often than every ten seconds.
    pub async fn renewed(&self, now_ms: u64) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        let mut held = self.held.lock().await;
        match &held.metadata {
            Some((metadata, at_ms)) if now_ms.saturating_sub(*at_ms) < RENEW_MS => Ok(Arc::clone(metadata)),
            Some(_) | None => self.ask(&mut held, now_ms).await,
        }
    }

    async fn ask(&self, held: &mut Held, now_ms: u64) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        if let Some((why, at_ms)) = &held.failed
            && now_ms.saturating_sub(*at_ms) < REST_MS
        {
            return Err(SignInFailure::Down(why.clone()));
        }
        match self.discover().await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                held.metadata = Some((Arc::clone(&metadata), now_ms));
                held.failed = None;
                Ok(metadata)
            }
            Err(why) => {
                tracing::warn!(why, "the provider's metadata cannot be read");
                held.failed = Some((why.clone(), now_ms));
                Err(SignInFailure::Down(why))
            }
        }
    }

    async fn discover(&self) -> Result<CoreProviderMetadata, String> {
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|cause| cause.to_string())?;
        let asked = CoreProviderMetadata::discover_async(issuer, &self.http).await;
        let metadata = asked.map_err(|cause| chain(&cause))?;
        let token = metadata.token_endpoint().map(|endpoint| endpoint.url());
        let addresses = [Some(metadata.authorization_endpoint().url()), token];
        if addresses.into_iter().all(|address| address.is_some_and(is_safe)) {
            Ok(metadata)
        } else {
            Err("the provider names no token endpoint, or one that is not https".into())
        }
    }
}
