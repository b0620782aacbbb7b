//! A Payment Request as it crosses the wire: in answers, in webhooks, and in the address that the customer returns to.

use super::State;
use crate::clock::rfc3339;
use crate::desk::Desk;
use crate::settings::Key;
use crate::store::customer_tokens;
use crate::store::payment_requests::Request;
use serde_json::{Map, Value, json};

/// Where the customer is to go.
pub(crate) fn page_url(origin: &str, request: &Request) -> String {
    format!("{origin}/portal/consent/{}", request.page)
}

/// What came of a completed request: tokens, under their names (tokens.md 7.3).
fn gained(desk: &Desk<'_>, request: &Request) -> rusqlite::Result<Map<String, Value>> {
    let mut gained = Map::new();
    if request.state != State::Completed.as_str() {
        return Ok(gained);
    }
    if let Some(token) = &request.session_token {
        gained.insert("klarna_network_session_token".into(), json!(token));
    }
    if let Some(token) = &request.token
        && let Some(token) = customer_tokens::find(desk.tx, token)?
    {
        let mut customer = json!({"customer_token": token.token});
        if let Some(reference) = token.reference {
            customer["customer_token_reference"] = json!(reference);
        }
        gained.insert("klarna_customer".into(), customer);
    }
    Ok(gained)
}

/// What a webhook says of it.
pub(super) fn payload(desk: &Desk<'_>, request: &Request) -> rusqlite::Result<Value> {
    let mut payload = json!({"payment_request_id": request.id, "state": request.state});
    if let Some(reference) = &request.reference {
        payload["payment_request_reference"] = json!(reference);
    }
    if let Some(former) = &request.former {
        payload["previous_state"] = json!(former);
    }
    let gained = gained(desk, request)?;
    if desk.settings.text(Key::WebhooksNesting) == "state_context" && !gained.is_empty() {
        payload["state_context"] = Value::Object(gained);
    } else {
        for (name, value) in gained {
            payload[name] = value;
        }
    }
    Ok(payload)
}

/// What the API says of it (tokens.md 1.5).
pub(crate) fn shown(desk: &Desk<'_>, origin: &str, request: &Request) -> rusqlite::Result<Value> {
    let state = request.state(desk.now_ms);
    let mut value = json!({
        "payment_request_id": request.id,
        "currency": request.currency,
        "state": state.as_str(),
        "created_at": rfc3339(request.created_ms),
        "updated_at": rfc3339(request.updated_ms),
        "expires_at": rfc3339(request.expires_ms),
    });
    let optional = [
        (
            "payment_request_reference",
            request.reference.as_ref().map(|text| json!(text)),
        ),
        ("amount", request.amount.map(|amount| json!(amount))),
        ("canceled_at", request.canceled_ms.map(|at_ms| json!(rfc3339(at_ms)))),
    ];
    for (name, given) in optional {
        if let Some(given) = given {
            value[name] = given;
        }
    }
    let mut context = gained(desk, request)?;
    if state.is_open() {
        let interaction = json!({
            "method": "HANDOVER",
            "payment_request_id": request.id,
            "payment_request_url": page_url(origin, request),
        });
        context.insert("customer_interaction".into(), interaction);
    }
    value["state_context"] = Value::Object(context);
    Ok(value)
}

/// Where the customer goes back to, with Klarna's placeholders filled in (tokens.md 1.3).
pub(crate) fn return_url(request: &Request, now_ms: i64) -> Option<String> {
    let fill = |url: &str, name: &str, value: &str| {
        url.replace(&format!("{{klarna.payment_request.{name}}}"), &encoded(value))
    };
    let url = request.return_url.as_deref()?;
    let url = fill(url, "id", &request.id);
    let url = fill(&url, "state", request.state(now_ms).as_str());
    let session = request.session_token.as_deref().unwrap_or_default();
    let url = fill(&url, "klarna_network_session_token", session);
    let reference = request.reference.as_deref().unwrap_or_default();
    Some(fill(&url, "payment_request_reference", reference))
}

/// Percent-encodes everything but RFC 3986's unreserved characters.
fn encoded(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    safe
}
