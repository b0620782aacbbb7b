//! What is served: eight routes for people, and what every answer carries.

pub mod client;
pub mod host;
pub mod listener;
mod pace;
pub mod room;
pub mod tls;
mod visit;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use axum::{Extension, Router};

use crate::bridge::Bridge;
use crate::config::Config;
use crate::flow::{End, Ended, Step, answered, callback, choose, enter, login, sso};
use crate::metrics::Taken;
use crate::pages;
use crate::waiting;
use client::Caller;

/// The form of a choice is two short members.
const BODY_BYTES: usize = 8 * 1024;
/// Every page there is.
const PATHS: [&str; 8] = [
    "/login",
    "/callback",
    "/choose",
    "/enter",
    "/style.css",
    "/saml/sso",
    "/saml/start",
    "/saml/metadata",
];
/// How long a step may take, the provider and Klarna included.
const WHOLE: Duration = Duration::from_secs(60);

/// The public side of a bridge.
pub fn app(bridge: Arc<Bridge>) -> Router {
    Router::new().fallback(answer).with_state(bridge)
}

async fn answer(
    State(bridge): State<Arc<Bridge>>,
    Extension(ConnectInfo(peer)): Extension<ConnectInfo<SocketAddr>>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let asked = Asked::of(head, peer.ip(), &bridge.config);
    if !asked.caller.known {
        unknown_caller(&bridge);
    }
    let (style, step) = (asked.path == "/style.css", Taken::of(&asked.path));
    let began_ms = bridge.clock.mono_ms();
    let work = tokio::time::timeout(WHOLE, asked.answer(&bridge, body));
    let (answer, waited) = waiting::counted(work).await;
    if let Some(step) = step {
        let whole_ms = bridge.clock.mono_ms().saturating_sub(began_ms);
        bridge.metrics.took(step, whole_ms, waited);
    }
    let answer = answer.unwrap_or(Err(Ended {
        end: End::TooSlow,
        forget: false,
        why: "whole",
    }));
    let mut response = answered(&bridge, answer);
    guard(&bridge, response.headers_mut(), style);
    response
}

/// Rates count everybody behind such a proxy as one, so whoever runs it has to know.
fn unknown_caller(bridge: &Bridge) {
    bridge.metrics.unknown_caller();
    if bridge.limits.may_complain() {
        tracing::warn!(
            "a trusted proxy sends no readable X-Forwarded-For, so all who come through it count as one address; have it send one"
        );
    }
}

/// One request, taken apart.
struct Asked {
    caller: Caller,
    foreign: bool,
    direct: bool,
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
}

impl Asked {
    /// Takes a request apart.
    fn of(head: Parts, peer: IpAddr, config: &Config) -> Self {
        Self {
            caller: client::caller(peer, &head.headers, &config.proxies),
            foreign: config.tls.is_some() && !host::is_ours(&config.public_url, &head.uri, &head.headers),
            direct: !client::is_among(&config.proxies, peer),
            query: head.uri.query().unwrap_or_default().to_owned(),
            path: head.uri.path().to_owned(),
            method: head.method,
            headers: head.headers,
        }
    }

    async fn answer(self, bridge: &Arc<Bridge>, body: Body) -> Step {
        let refused = |end: End, why| {
            Err(Ended {
                end,
                forget: false,
                why,
            })
        };
        if self.direct && bridge.is_behind_proxy() {
            return refused(End::NotDirect, "direct");
        }
        if self.foreign {
            return refused(End::NotHere, "host");
        }
        let caller = self.caller.address;
        match (&self.method, self.path.as_str()) {
            (&Method::GET, "/login") => login::begin(bridge, caller, &self.headers, &self.query).await,
            (&Method::GET, "/callback") => callback::finish(bridge, caller, &self.headers, &self.query).await,
            (&Method::GET, "/choose") => choose::show(bridge, caller, &self.headers).await,
            (&Method::POST, "/enter") => {
                // A form is one packet; whoever trickles it is given as long as for a head.
                let patience = Duration::from_secs(u64::from(bridge.config.limits.head_s));
                let body = tokio::time::timeout(patience, to_bytes(body, BODY_BYTES)).await;
                let Ok(Ok(body)) = body else {
                    return refused(End::FormRefused, "body");
                };
                let body = String::from_utf8_lossy(&body);
                enter::choose(bridge, caller, &self.headers, &body).await
            }
            (&Method::GET, "/style.css") => Ok(style()),
            (&Method::GET, "/saml/sso") => sso::ask(bridge, caller, &self.headers, &self.query).await,
            (&Method::GET, "/saml/start") => sso::start(bridge, caller, &self.headers).await,
            (&Method::GET, "/saml/metadata") => sso::describe(bridge, caller).await,
            (_, path) if PATHS.contains(&path) => refused(End::NotAllowed, "method"),
            _ => refused(End::NotFound, "path"),
        }
    }
}

fn style() -> Response {
    let mut response = Response::new(Body::from(pages::STYLE));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    response
}

/// What every answer says: load nothing, frame nothing, cache nothing, tell nobody where the person came from.
fn guard(bridge: &Bridge, headers: &mut HeaderMap, style: bool) {
    let caching = if style { "public, max-age=3600" } else { "no-store" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, bridge.content_policy.clone());
    }
    if bridge.config.public_url.scheme() == "https" {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert("strict-transport-security", year);
    }
}
