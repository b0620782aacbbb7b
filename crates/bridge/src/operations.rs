//! What the people who run a bridge ask: is it alive, could it let somebody in, how is it going. On an address of its own.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use tokio::time::timeout;

use crate::bridge::Bridge;

/// A part that does not say in this time that it works does not work.
const PATIENCE: Duration = Duration::from_secs(5);

/// The side for operators.
pub fn app(bridge: Arc<Bridge>) -> Router {
    Router::new()
        .route("/health", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(bridge)
}

/// Each part with `ok` or the code of what stands in its way; 503 when there is one.
async fn ready(State(bridge): State<Arc<Bridge>>) -> Response {
    let (now_ms, mono_ms) = (bridge.clock.unix_ms(), bridge.clock.mono_ms());
    let (store, provider, core) = tokio::join!(
        timeout(PATIENCE, bridge.in_store(move |store| store.sweep(now_ms))),
        timeout(PATIENCE, bridge.oidc.ready()),
        timeout(PATIENCE, bridge.gateway.ready(mono_ms)),
    );
    let store = store.is_ok_and(|swept| swept.is_ok());
    let provider = provider.is_ok_and(|answers| answers.is_ok());
    let core = core.unwrap_or(Err("too_slow"));
    let ready = store && provider && core.is_ok();
    let body = json!({
        "ready": ready,
        "store": if store { "ok" } else { "failed" },
        "provider": if provider { "ok" } else { "down" },
        "core": core.map_or_else(|code| code, |()| "ok"),
    });
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, axum::Json(body)).into_response()
}

async fn metrics(State(bridge): State<Arc<Bridge>>) -> Response {
    let media = [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (media, bridge.metrics.text()).into_response()
}
