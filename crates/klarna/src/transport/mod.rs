//! The way out: one HTTP client per profile, and what surrounds each call (attempts, pauses, deadline).
//!
//! Every call of this crate goes through [`Transport::carry`], so the rules hold for all: no redirects, no cookies, no hidden
//! retries, answers up to 1 MB, the same bytes and key on a repetition. HTTP/1.1 only: a refused client certificate shows there
//! as the TLS alert it is, and a call is on the wire or it is not. Deliberately absent: caching, and any hidden parallelism.

mod attempt;
mod body;
mod classify;
mod course;
mod guard;
mod outgoing;
mod pace;

pub(crate) use attempt::Answer;
pub(crate) use outgoing::{Outgoing, extended};

use crate::answer::AnswerMeta;
use crate::config::{ClientConfig, ConfigFailure, ProxyChoice, Timeouts};
use crate::context::CallContext;
use crate::failure::CallFailure;
use crate::headers;
use crate::tls;
use course::Course;
use hyper_util::client::proxy::matcher::Matcher;
use pace::Pace;
use std::time::Duration;
use url::Url;

/// How long an idle connection is kept; under the 59 s after which Klarna gives up (portal-access.md 10.4).
const IDLE: Duration = Duration::from_secs(50);

pub(crate) struct Transport {
    http: reqwest::Client,
    base: Url,
    proxied: bool,
    pace: Pace,
    timeouts: Timeouts,
}

impl Transport {
    pub(crate) fn new(config: &ClientConfig) -> Result<Self, ConfigFailure> {
        config.check_base()?;
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::tls_config(config)?)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .gzip(true)
            .connect_timeout(config.timeouts.connect)
            .pool_idle_timeout(IDLE)
            .default_headers(headers::standing(config)?);
        let http = with_proxy(builder, config)?
            .build()
            .map_err(|failure| ConfigFailure::Tls(failure.into()))?;
        let proxied = is_proxied(config);
        Ok(Self {
            http,
            base: config.base_url.clone(),
            proxied,
            pace: Pace::default(),
            timeouts: config.timeouts,
        })
    }

    pub(crate) const fn base(&self) -> &Url {
        &self.base
    }

    /// Carries one call to a usable 2xx answer, or to the failure that ended it.
    pub(crate) async fn carry(&self, out: &Outgoing, context: &CallContext) -> Result<Answer, CallFailure> {
        let mut course = Course::start(out, context.idempotency_key.is_some(), context.deadline);
        loop {
            let failure = match course.begin(&self.pace) {
                Ok(pause) => {
                    tokio::time::sleep(pause).await;
                    match self.attempt(out, context, course.deadline(), course.attempts()).await {
                        Ok(answer) => return Ok(answer),
                        Err(failure) => failure,
                    }
                }
                Err(failure) => failure,
            };
            let (failure, pause) = course.judge(failure);
            let Some(pause) = pause else {
                return Err(failure);
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Opens the connection with one request that asks for nothing; whatever is answered counts.
    pub(crate) async fn warm(&self) -> Result<AnswerMeta, CallFailure> {
        let url = extended(&self.base, &["v2"]);
        let response = self.head(self.http.head(url), 1).await?;
        let status = response.status().as_u16();
        Ok(AnswerMeta::read(status, response.headers(), 1))
    }
}

fn with_proxy(builder: reqwest::ClientBuilder, config: &ClientConfig) -> Result<reqwest::ClientBuilder, ConfigFailure> {
    if config.is_loopback() {
        return Ok(builder.no_proxy());
    }
    match &config.proxy {
        ProxyChoice::System => Ok(builder),
        ProxyChoice::Direct => Ok(builder.no_proxy()),
        ProxyChoice::Url(address) => {
            let proxy = reqwest::Proxy::all(address).map_err(|_| ConfigFailure::Proxy)?;
            Ok(builder.proxy(proxy))
        }
    }
}

/// Tells whether calls go through a proxy, so that a failure there can be named.
fn is_proxied(config: &ClientConfig) -> bool {
    let by_system = || {
        let target = config.base_url.as_str().parse().ok();
        target.is_some_and(|target| Matcher::from_system().intercept(&target).is_some())
    };
    !config.is_loopback()
        && match config.proxy {
            ProxyChoice::Url(_) => true,
            ProxyChoice::Direct => false,
            ProxyChoice::System => by_system(),
        }
}
