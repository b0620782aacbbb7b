//! What is known of the provider: its addresses and keys, read again each hour, and when a key is unknown.
//!
//! A provider that is down for a moment does not stop sign-ins whose keys are known; one that is down is not asked by everybody.
//! Whether it answers now is another question, which a probe asks for itself ([`Known::probe`]).

use std::sync::Arc;
use std::time::Duration;

use gatehouse_core::clock::Clock;
use gatehouse_core::problem::chain;
use openidconnect::IssuerUrl;
use openidconnect::core::CoreProviderMetadata;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::http::HttpPort;
use super::{FRESH, SignInFailure};
use crate::config::is_safe;

/// How long a failure is told without asking again.
const REST_MS: u64 = 2_000;
/// How often an unknown key may make us ask.
const RENEW_MS: u64 = 10_000;
/// How long what a probe found is told without asking again.
const PROBE_MS: u64 = 15_000;
/// How long a probe waits, and a sign-in that could do with what is known.
const IMPATIENT: Duration = Duration::from_secs(3);

/// The provider's metadata.
pub(super) struct Known {
    issuer: String,
    http: HttpPort,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
    probed: Mutex<Option<(Result<(), SignInFailure>, u64)>>,
}

#[derive(Default)]
struct Held {
    metadata: Option<(Arc<CoreProviderMetadata>, u64)>,
    failed: Option<(String, u64)>,
}

impl Known {
    pub fn new(issuer: &str, http: HttpPort, clock: Arc<dyn Clock>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            http,
            clock,
            held: Mutex::default(),
            probed: Mutex::default(),
        }
    }

    pub const fn http(&self) -> &HttpPort {
        &self.http
    }

    /// What is known, asked for where it is old.
    pub async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        let mut held = self.held.lock().await;
        let fresh_ms = u64::try_from(FRESH.as_millis()).unwrap_or(u64::MAX);
        let Some((metadata, at_ms)) = held.metadata.clone() else {
            return self.ask(&mut held, None).await;
        };
        if self.is_within(at_ms, fresh_ms) {
            return Ok(metadata);
        }
        let asked = self.ask(&mut held, Some(IMPATIENT)).await;
        Ok(asked.unwrap_or(metadata))
    }

    /// The same, asked for anew because a key is unknown; not more often than every ten seconds.
    pub async fn renewed(&self) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        let mut held = self.held.lock().await;
        match &held.metadata {
            Some((metadata, at_ms)) if self.is_within(*at_ms, RENEW_MS) => Ok(Arc::clone(metadata)),
            Some(_) | None => self.ask(&mut held, None).await,
        }
    }

    /// Whether the provider answers now, whatever is known of it; asked at most every fifteen seconds, and not for long.
    pub async fn probe(&self) -> Result<(), SignInFailure> {
        let mut probed = self.probed.lock().await;
        if let Some((answer, at_ms)) = &*probed
            && self.is_within(*at_ms, PROBE_MS)
        {
            return answer.clone();
        }
        let asked = self.discover(Some(IMPATIENT)).await;
        let now_ms = self.clock.mono_ms();
        let answer = match asked {
            Ok(metadata) => {
                // Who holds the lock is asking, too; a probe does not wait for them.
                if let Ok(mut held) = self.held.try_lock() {
                    held.learn(metadata, now_ms);
                }
                Ok(())
            }
            Err(why) => Err(SignInFailure::Down(why)),
        };
        *probed = Some((answer.clone(), now_ms));
        answer
    }

    fn is_within(&self, at_ms: u64, span_ms: u64) -> bool {
        self.clock.mono_ms().saturating_sub(at_ms) < span_ms
    }

    async fn ask(
        &self,
        held: &mut Held,
        patience: Option<Duration>,
    ) -> Result<Arc<CoreProviderMetadata>, SignInFailure> {
        if let Some((why, at_ms)) = &held.failed
            && self.is_within(*at_ms, REST_MS)
        {
            return Err(SignInFailure::Down(why.clone()));
        }
        let asked = self.discover(patience).await;
        // Those who waited for this answer are told it, however long it took.
        let now_ms = self.clock.mono_ms();
        asked.map(|metadata| held.learn(metadata, now_ms)).map_err(|why| {
            held.failed = Some((why.clone(), now_ms));
            SignInFailure::Down(why)
        })
    }

    async fn discover(&self, patience: Option<Duration>) -> Result<CoreProviderMetadata, String> {
        let asked = match patience {
            Some(patience) => timeout(patience, self.read()).await,
            None => Ok(self.read().await),
        };
        let asked = asked.unwrap_or_else(|_| Err("the provider does not answer in time".into()));
        asked.inspect_err(|why| tracing::warn!(why, "the provider's metadata cannot be read"))
    }

    async fn read(&self) -> Result<CoreProviderMetadata, String> {
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

impl Held {
    fn learn(&mut self, metadata: CoreProviderMetadata, now_ms: u64) -> Arc<CoreProviderMetadata> {
        let metadata = Arc::new(metadata);
        self.metadata = Some((Arc::clone(&metadata), now_ms));
        self.failed = None;
        metadata
    }
}
