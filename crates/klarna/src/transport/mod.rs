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
pub(crate) use classify::{is_client_certificate_alert, tls_cause};
pub(crate) use outgoing::{Generation, Outgoing, extended};

use crate::answer::AnswerMeta;
use crate::config::{ClientConfig, ConfigFailure, Network, ProxyChoice, Timeouts};
use crate::context::CallContext;
use crate::failure::{CallFailure, FailureKind};
use crate::headers;
use crate::network::{self, NetworkFault, Route, route};
use crate::portal_url::is_loopback;
use crate::tls;
use course::Course;
use pace::Pace;
use reqwest::header::HeaderMap;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// How long an idle connection is kept; under the 59 s after which Klarna gives up (portal-access.md 10.4).
const IDLE: Duration = Duration::from_secs(50);

pub(crate) struct Transport {
    http: reqwest::Client,
    base: Url,
    route: Route,
    pace: Pace,
    timeouts: Timeouts,
}

impl Transport {
    pub(crate) fn new(config: &ClientConfig) -> Result<Self, ConfigFailure> {
        Self::over(&config.network(), config.timeouts, headers::standing(config)?)
    }

    /// A transport for a network, with the headers that stand on every request.
    pub(crate) fn over(network: &Network<'_>, timeouts: Timeouts, standing: HeaderMap) -> Result<Self, ConfigFailure> {
        network.check_base()?;
        let (tls, _) = tls::tls_config(network)?;
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .gzip(true)
            .connect_timeout(timeouts.connect)
            .pool_idle_timeout(IDLE)
            .default_headers(standing);
        let http = with_proxy(builder, network)?
            .build()
            .map_err(|failure| ConfigFailure::Tls(failure.into()))?;
        Ok(Self {
            http,
            base: network.base_url.clone(),
            route: route(network.base_url, network.proxy)?,
            pace: Pace::default(),
            timeouts,
        })
    }

    const fn is_proxied(&self) -> bool {
        matches!(self.route, Route::Proxy(_))
    }

    pub(crate) const fn base(&self) -> &Url {
        &self.base
    }

    /// Carries one call to a usable 2xx answer, or to the failure that ended it.
    pub(crate) async fn carry(&self, out: &Outgoing, context: &CallContext) -> Result<Answer, CallFailure> {
        match self.attempts(out, context).await {
            Ok(answer) => Ok(answer),
            Err(failure) => Err(self.looked_into(failure).await),
        }
    }

    /// Carries one call with a single attempt.
    pub(crate) async fn once(&self, out: &Outgoing, context: &CallContext) -> Result<Answer, CallFailure> {
        // The attempt's own limit is the only one.
        let deadline = Instant::now() + self.timeouts.total * 2;
        match self.attempt(out, context, deadline, 1).await {
            Ok(answer) => Ok(answer),
            Err(failure) => Err(self.looked_into(failure).await),
        }
    }

    /// Asks the proxy what it has against us, when a call failed there and nothing has left.
    ///
    /// A page in place of a tunnel shows as a TLS failure without a certificate. One short look, after the last attempt.
    async fn looked_into(&self, mut failure: CallFailure) -> CallFailure {
        let Route::Proxy(proxy) = &self.route else {
            return failure;
        };
        let at_proxy = failure.kind == FailureKind::Proxy;
        let in_tls = failure.kind == FailureKind::Tls && failure.network.is_none();
        if !(at_proxy || in_tls) {
            return failure;
        }
        if let Some(fault) = network::diagnose(proxy, &authority(&self.base)).await {
            failure.kind = FailureKind::Proxy;
            failure.network = Some(Box::new(NetworkFault::Proxy(fault)));
        }
        failure
    }

    async fn attempts(&self, out: &Outgoing, context: &CallContext) -> Result<Answer, CallFailure> {
        let mut course = Course::start(out, context.idempotency_key.is_some(), context.deadline);
        let unpaced = Pace::default();
        let pace = if context.paced { &unpaced } else { &self.pace };
        loop {
            let failure = match course.begin(pace) {
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
        let response = match self.head(self.http.head(url), 1).await {
            Ok(response) => response,
            Err(failure) => return Err(self.looked_into(failure).await),
        };
        let status = response.status().as_u16();
        Ok(AnswerMeta::read(status, response.headers(), 1))
    }
}

/// Host and port of a base address, as CONNECT names them.
pub(crate) fn authority(base: &Url) -> String {
    let host = base.host_str().unwrap_or_default();
    format!("{host}:{}", base.port_or_known_default().unwrap_or(443))
}

fn with_proxy(builder: reqwest::ClientBuilder, network: &Network<'_>) -> Result<reqwest::ClientBuilder, ConfigFailure> {
    if is_loopback(network.base_url) {
        return Ok(builder.no_proxy());
    }
    match network.proxy {
        ProxyChoice::System => Ok(builder),
        ProxyChoice::Direct => Ok(builder.no_proxy()),
        ProxyChoice::Manual(manual) => {
            let proxy = reqwest::Proxy::all(manual.full_address().as_str()).map_err(|_| ConfigFailure::Proxy)?;
            let exceptions = reqwest::NoProxy::from_string(&manual.no_proxy());
            Ok(builder.proxy(proxy.no_proxy(exceptions)))
        }
    }
}
