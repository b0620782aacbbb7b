//! Carries the ordered faults out: wait, replace, reshape, and spoil the wire, in this order.
//!
//! Cutting and trickling happen in the connection itself (see [`crate::serve::connection`]), so that the client meets
//! what a real network does, over http and https alike.

use super::{Effect, When};
use crate::api::answer::{Answer, ApiError, Body};
use crate::api::{Call, refuse};
use crate::clock::http_date;
use crate::sandbox::Sandbox;
use crate::serve::connection::Wire;
use serde_json::{Value, json};
use std::time::Duration;

const PROXY_PAGE: &str = "<!doctype html><html><head><title>Sign in to the network</title></head>\
     <body><h1>Sign in to the network</h1><p>This page comes from a proxy, not from Klarna.</p></body></html>";

/// Runs the operation under every fault that hits the call.
pub(crate) async fn with_faults(sandbox: &Sandbox, call: &Call, operate: impl FnOnce() -> Answer) -> Answer {
    let effects = sandbox.faults.take(call.method.as_str(), &call.path);
    for effect in &effects {
        if let Effect::Latency { ms } = effect {
            tokio::time::sleep(Duration::from_millis(*ms)).await;
        }
    }
    let replacement = effects.iter().find_map(|effect| replacement(sandbox, call, effect));
    let answer = match replacement {
        Some((When::Before, answer)) => answer,
        Some((When::After, answer)) => {
            operate();
            answer
        }
        None => operate(),
    };
    for effect in &effects {
        spoil_wire(call, effect);
    }
    effects
        .iter()
        .fold(answer, |answer, effect| reshape(sandbox, answer, effect))
}

fn replacement(sandbox: &Sandbox, call: &Call, effect: &Effect) -> Option<(When, Answer)> {
    match effect {
        Effect::Status { status, code, when } => {
            let error = ApiError::of(*status, "This error was ordered.").with_code(code.as_deref());
            Some((*when, refuse(sandbox, call, &error)))
        }
        Effect::Bodiless403 => Some((When::Before, Answer::empty(403))),
        Effect::Html { when } => Some((*when, Answer::other(200, "text/html; charset=utf-8", PROXY_PAGE))),
        Effect::Redirect { status, location } => Some((When::Before, elsewhere(sandbox, *status, location.as_deref()))),
        Effect::Cut { when } => Some((*when, Answer::empty(200))),
        Effect::Latency { .. }
        | Effect::CutBody { .. }
        | Effect::SlowBody { .. }
        | Effect::MediaType
        | Effect::TruncatedJson
        | Effect::TooLarge { .. }
        | Effect::MissingUrl
        | Effect::ForeignUrl
        | Effect::HttpUrl
        | Effect::DateSkew { .. }
        | Effect::DoubledMtls => None,
    }
}

fn elsewhere(sandbox: &Sandbox, status: u16, location: Option<&str>) -> Answer {
    let usual = || format!("{}/_sandbox/health", sandbox.http_origin);
    Answer::empty(status).with("location", location.map_or_else(usual, str::to_owned))
}

fn spoil_wire(call: &Call, effect: &Effect) {
    let wire = &call.connection.wire;
    if let Effect::Cut { .. } = effect {
        wire.set(Wire::CutNow);
    } else if let Effect::CutBody { bytes } = effect {
        wire.set(Wire::CutAfterHead(*bytes));
    } else if let Effect::SlowBody { chunk, pause_ms } = effect {
        wire.set(Wire::Paced {
            chunk: (*chunk).max(1),
            pause: Duration::from_millis(*pause_ms),
        });
    }
}

fn reshape(sandbox: &Sandbox, answer: Answer, effect: &Effect) -> Answer {
    match effect {
        Effect::MissingUrl => edit(answer, |value| {
            value.as_object_mut().map(|members| members.remove("url"));
        }),
        Effect::ForeignUrl => edit(answer, |value| {
            move_url(value, "https://portal.klarna.example.net");
        }),
        Effect::HttpUrl => edit(answer, |value| move_url(value, "http://portal.klarna.com")),
        Effect::TooLarge { bytes } => edit(answer, |value| value["padding"] = json!("x".repeat(*bytes))),
        Effect::MediaType => retyped(answer),
        Effect::TruncatedJson => halved(answer),
        Effect::DateSkew { seconds } => redated(sandbox, answer, *seconds),
        Effect::DoubledMtls => doubled(answer),
        Effect::Status { .. }
        | Effect::Bodiless403
        | Effect::Latency { .. }
        | Effect::Cut { .. }
        | Effect::CutBody { .. }
        | Effect::SlowBody { .. }
        | Effect::Html { .. }
        | Effect::Redirect { .. } => answer,
    }
}

fn edit(mut answer: Answer, change: impl FnOnce(&mut Value)) -> Answer {
    if let Body::Json(text) = &answer.body
        && let Ok(mut value) = serde_json::from_str::<Value>(text)
        && value.is_object()
    {
        change(&mut value);
        answer.body = Body::Json(value.to_string());
    }
    answer
}

/// Keeps path and token, changes scheme and host.
fn move_url(value: &mut Value, origin: &str) {
    let path = value["url"]
        .as_str()
        .and_then(|url| url.splitn(4, '/').nth(3))
        .map(str::to_owned);
    if let Some(path) = path {
        value["url"] = json!(format!("{origin}/{path}"));
    }
}

fn retyped(mut answer: Answer) -> Answer {
    if let Body::Json(text) = answer.body {
        answer.body = Body::Other {
            content_type: "text/plain; charset=utf-8",
            bytes: text.into_bytes(),
        };
    }
    answer
}

fn halved(mut answer: Answer) -> Answer {
    if let Body::Json(text) = answer.body {
        let half: String = text.chars().take(text.chars().count() / 2).collect();
        answer.body = Body::Json(half);
    }
    answer
}

fn redated(sandbox: &Sandbox, mut answer: Answer, seconds: i64) -> Answer {
    let shifted = sandbox.clock.now_ms().saturating_add(seconds.saturating_mul(1_000));
    answer.headers.retain(|(name, _)| *name != "date");
    answer.with("date", http_date(shifted))
}

fn doubled(mut answer: Answer) -> Answer {
    for (name, value) in &mut answer.headers {
        if *name == "klarna-mtls-verification-status" {
            *value = format!("{value}, {value}");
        }
    }
    answer
}
