//! The order of the steps, the time each may take, and what each outcome means.
//!
//! Deliberately absent: what the steps do.

use super::journal::{Journal, Stopped};
use super::steps::{at_proxy, connect, failed, request, resolve, shake_hands};
use super::words::{listed, said, shown, vouched};
use super::{HttpFacts, ProbeFailure, ProbeReport, ProbeStepName};
use crate::config::{ClientConfig, Network};
use crate::context::CallContext;
use crate::failure::FailureKind;
use crate::network::{self, ProxyFault, Route, route};
use crate::transport::authority;
use hyper_util::client::proxy::matcher::Intercept;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

/// The longest that one step may take.
const STEP: Duration = Duration::from_secs(5);
/// The longest that all may take together.
const ALL: Duration = Duration::from_millis(9_500);

pub(super) struct Course<'a> {
    network: Network<'a>,
    context: &'a CallContext,
    unix_s: &'a (dyn Fn() -> i64 + Send + Sync),
    end: Instant,
    journal: Journal,
    report: ProbeReport,
}

impl<'a> Course<'a> {
    pub(super) fn new(
        network: Network<'a>,
        context: &'a CallContext,
        unix_s: &'a (dyn Fn() -> i64 + Send + Sync),
    ) -> Self {
        let report = ProbeReport {
            proxy: None,
            has_client_certificate: network.identity.is_some(),
            steps: Vec::new(),
            server: None,
            http: None,
        };
        Self {
            network,
            context,
            unix_s,
            end: Instant::now() + ALL,
            journal: Journal::default(),
            report,
        }
    }

    pub(super) async fn run(mut self, config: Option<&ClientConfig>) -> ProbeReport {
        if self.way().await.is_ok() {
            self.http(config).await;
        }
        self.report.steps = self.journal.whole();
        self.report
    }

    /// Everything below HTTP.
    async fn way(&mut self) -> Result<(), Stopped> {
        let Ok(route) = self
            .network
            .check_base()
            .and_then(|()| route(self.network.base_url, self.network.proxy))
        else {
            let unusable = (failed(FailureKind::UnsafeUrl), "the base address cannot be used".into());
            return self.journal.take(ProbeStepName::Dns, Instant::now(), Err(unusable));
        };
        let proxy = match &route {
            Route::Direct => None,
            Route::Proxy(proxy) => Some(proxy),
        };
        let (host, port) = self.first_stop(proxy);
        self.report.proxy = proxy.map(shown);
        let addresses = self.dns(&host, port, proxy.is_some()).await?;
        let stream = self.tcp(&addresses, proxy.is_some()).await?;
        if proxy.is_some_and(|proxy| proxy.uri().scheme_str() != Some("http")) {
            let why = "only the whole request tells through such a proxy";
            self.journal.skip(ProbeStepName::ProxyConnect, why);
            self.journal.skip(ProbeStepName::Tls, why);
            return Ok(());
        }
        let stream = self.tunnel(stream, proxy).await?;
        self.tls(stream, proxy.is_some()).await
    }

    fn first_stop(&self, proxy: Option<&Intercept>) -> (String, u16) {
        let base = self.network.base_url;
        let direct = || {
            let host = base.host_str().unwrap_or_default().trim_matches(['[', ']']);
            (host.to_owned(), base.port_or_known_default().unwrap_or(443))
        };
        proxy.map_or_else(direct, network::name_of)
    }

    async fn dns(&mut self, host: &str, port: u16, proxied: bool) -> Result<Vec<SocketAddr>, Stopped> {
        let began = Instant::now();
        let found = timeout(self.limit(), resolve(host, port)).await;
        let fault = |kind, fault| if proxied { at_proxy(fault) } else { failed(kind) };
        let outcome = match found {
            Ok(Some(addresses)) => Ok((addresses.clone(), listed(host, &addresses))),
            Ok(None) => Err((
                fault(FailureKind::Dns, ProxyFault::NameUnknown),
                format!("{host} has no address"),
            )),
            Err(_) => Err((
                fault(FailureKind::Dns, ProxyFault::NameUnknown),
                format!("no answer about {host} in time"),
            )),
        };
        self.journal.take(ProbeStepName::Dns, began, outcome)
    }

    async fn tcp(&mut self, addresses: &[SocketAddr], proxied: bool) -> Result<TcpStream, Stopped> {
        let began = Instant::now();
        let connected = timeout(self.limit(), connect(addresses)).await;
        let failure = if proxied {
            at_proxy(ProxyFault::Unreachable)
        } else {
            failed(FailureKind::Connect)
        };
        let outcome = match connected {
            Ok(Some(stream)) => {
                let detail = stream
                    .peer_addr()
                    .map_or_else(|_| String::new(), |peer| peer.to_string());
                Ok((stream, detail))
            }
            Ok(None) => Err((failure, "nobody accepts the connection".into())),
            Err(_) => Err((failure, "no answer in time".into())),
        };
        self.journal.take(ProbeStepName::Tcp, began, outcome)
    }

    async fn tunnel(&mut self, stream: TcpStream, proxy: Option<&Intercept>) -> Result<TcpStream, Stopped> {
        let Some(proxy) = proxy else {
            self.journal.skip(ProbeStepName::ProxyConnect, "no proxy is used");
            return Ok(stream);
        };
        let began = Instant::now();
        let target = authority(self.network.base_url);
        let outcome = match timeout(self.limit(), network::open(stream, proxy, &target)).await {
            Ok(Ok(stream)) => Ok((stream, format!("a tunnel to {target}"))),
            Ok(Err(fault)) => {
                let detail = said(&fault);
                Err((at_proxy(fault), detail))
            }
            Err(_) => Err((at_proxy(ProxyFault::Silent), "no answer in time".into())),
        };
        self.journal.take(ProbeStepName::ProxyConnect, began, outcome)
    }

    async fn tls(&mut self, stream: TcpStream, tunnelled: bool) -> Result<(), Stopped> {
        if self.network.base_url.scheme() == "http" {
            self.journal.skip(ProbeStepName::Tls, "plain http on this machine");
            return Ok(());
        }
        let began = Instant::now();
        let shaken = timeout(self.limit(), shake_hands(stream, &self.network, tunnelled)).await;
        let outcome = match shaken {
            Ok(Ok(facts)) => {
                let detail = vouched(&facts);
                self.report.server = Some(facts);
                Ok(((), detail))
            }
            Ok(Err(failure)) => Err(failure),
            Err(_) => Err((failed(FailureKind::Timeout), "the handshake did not end in time".into())),
        };
        self.journal.take(ProbeStepName::Tls, began, outcome)
    }

    async fn http(&mut self, config: Option<&ClientConfig>) {
        let began = Instant::now();
        let limit = self.limit();
        let answered = timeout(limit, request(&self.network, config, self.context, limit)).await;
        let local = (self.unix_s)();
        let outcome = match answered {
            Ok(Ok(meta)) => {
                let detail = format!("status {}", meta.status);
                self.report.http = Some(HttpFacts::of(&meta, local));
                Ok(((), detail))
            }
            Ok(Err(failure)) => {
                self.report.http = failure.meta.as_ref().map(|meta| HttpFacts::of(meta, local));
                let status = failure.meta.as_ref().map(|meta| format!("status {}", meta.status));
                let detail = status.or(failure.detail).unwrap_or_else(|| failure.kind.to_string());
                let network = failure.network.map(|fault| *fault);
                Err((
                    ProbeFailure {
                        kind: failure.kind,
                        network,
                    },
                    detail,
                ))
            }
            Err(_) => Err((failed(FailureKind::Timeout), "no answer in time".into())),
        };
        // Whether it failed or not, it is the last step.
        let _ = self.journal.take(ProbeStepName::Http, began, outcome);
    }

    fn limit(&self) -> Duration {
        STEP.min(self.end.saturating_duration_since(Instant::now()))
    }
}
