//! From HTTP to a call and from an answer to HTTP, and which part of the sandbox answers.
//!
//! Bodies are read whole before anybody looks: no operation streams. Pages and control are served on loopback names only,
//! so that a page elsewhere cannot reach them by rebinding its own name.

use super::connection::{Connection, Wire};
use crate::api::answer::{Answer, Body};
use crate::api::{Call, answer_call, count_arrival};
use crate::fault::with_faults;
use crate::sandbox::Sandbox;
use crate::{control, oidc, portal};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use std::sync::Arc;

/// Nobody sends this much; beyond it the rest is not even read.
const HARD_LIMIT: usize = 32_000_000;

/// Answers every request of both listeners.
pub(super) async fn answer(
    State(sandbox): State<Arc<Sandbox>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response {
    connection.wire.set(Wire::Free);
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, HARD_LIMIT).await else {
        return written(Answer::empty(413));
    };
    let (path, query) = (
        head.uri.path().to_owned(),
        head.uri.query().unwrap_or_default().to_owned(),
    );
    let call = Call {
        method: head.method,
        path,
        query,
        headers: head.headers,
        body,
        connection,
    };
    if !quiet(&call) {
        sandbox.touch();
    }
    let tells = may_tell(&call);
    let answer = dispatch(Arc::clone(&sandbox), call).await;
    if tells {
        sandbox.stir();
    }
    written(answer)
}

/// Whether something may have to be told by webhook afterwards.
fn may_tell(call: &Call) -> bool {
    call.method != Method::GET || call.path.starts_with("/portal/")
}

/// Calls that nobody makes by hand do not keep an idle sandbox alive.
fn quiet(call: &Call) -> bool {
    call.path == "/_sandbox/health" || call.query == portal::WATCH
}

async fn dispatch(sandbox: Arc<Sandbox>, call: Call) -> Answer {
    let provider = call.path.starts_with("/oidc/");
    let page = provider || call.path.starts_with("/portal/");
    let own = call.path.starts_with("/_sandbox/");
    if (page || own) && !is_loopback(call.header("host").unwrap_or_default()) {
        return Answer::other(
            421,
            "text/plain; charset=utf-8",
            "The sandbox's pages are served on loopback names only.\n",
        );
    }
    if own {
        let work = tokio::task::spawn_blocking(move || control::answer(&sandbox, &call));
        return work.await.unwrap_or_else(|_| Answer::empty(500));
    }
    count_arrival(&sandbox, &call);
    with_faults(&sandbox, &call, || {
        if provider {
            oidc::answer(&sandbox, &call)
        } else if page {
            portal::answer(&sandbox, &call)
        } else {
            answer_call(&sandbox, &call)
        }
    })
    .await
}

fn is_loopback(host: &str) -> bool {
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    matches!(name.map_or(host, |(name, _)| name), "127.0.0.1" | "localhost" | "[::1]")
}

fn written(answer: Answer) -> Response {
    let (media, bytes) = match answer.body {
        Body::Empty => (None, Vec::new()),
        Body::Json(text) => (Some("application/json"), text.into_bytes()),
        Body::Other { content_type, bytes } => (Some(content_type), bytes),
    };
    let mut response = Response::new(axum::body::Body::from(bytes));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let media = media.map(|media| ("content-type", media.to_owned()));
    for (name, value) in answer.headers.into_iter().chain(media) {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_loopback_names_reach_the_pages() {
        assert!(
            ["127.0.0.1:80", "localhost", "localhost:8080", "[::1]:9"]
                .into_iter()
                .all(is_loopback),
            "ours"
        );
        assert!(
            ![
                "evil.example",
                "127.0.0.1.evil.example:80",
                "",
                "localhost.evil.example"
            ]
            .into_iter()
            .any(is_loopback),
            "theirs"
        );
    }
}
