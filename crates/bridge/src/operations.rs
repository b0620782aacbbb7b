//! What the people who run a bridge ask: is it alive, could it let somebody in, how is it going. On an address of its own.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use crate::bridge::Bridge;

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
    let now_ms = bridge.clock.unix_ms();
    let store = bridge.in_store(move |store| store.sweep(now_ms)).await;
    let provider = bridge.oidc.ready().await;
    let core = bridge.gateway.ready(bridge.clock.mono_ms()).await;
    let ready = store.is_ok() && provider.is_ok() && core.is_ok();
    let body = json!({
        "ready": ready,
        "store": store.map_or("failed", |_| "ok"),
        "provider": provider.map_or("down", |()| "ok"),
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
