//! Webhooks: where news go, and which (tokens.md 7.1 and 7.2).

use crate::api::Context;
use crate::api::answer::{Answer, Flaw, Refusal, flaw, invalid, invalid_all, not_found};
use crate::api::body::members;
use crate::clock::rfc3339;
use crate::store::webhooks::{self, Webhook};
use crate::webhook::{News, covers, receiver, tell};
use serde_json::{Map, Value, json};

/// What this sandbox tells of.
const TYPES: [&str; 7] = [
    "payment.request.state-change.submitted",
    "payment.request.state-change.in-progress",
    "payment.request.state-change.completed",
    "payment.request.state-change.canceled",
    "payment.request.state-change.expired",
    "payment.request.state-change.declined",
    "identity.customer-token.state-change.revoked",
];
/// What may be asked for beside, without ever being told (tokens.md 7.2).
const OTHERS: [&str; 2] = ["payment.", "partner."];

const ELSEWHERE: &str = "The sandbox delivers to http addresses on this machine only: 127.0.0.1, localhost or [::1].";

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let members = members(context)?;
    let webhook = Webhook {
        id: format!(
            "krn:partner:global:notification:webhook:{}",
            context.sandbox.random.uuid()
        ),
        account: context.caller.clone(),
        url: String::new(),
        event_types: Vec::new(),
        event_version: String::new(),
        signing_key: String::new(),
        status: "ENABLED".to_owned(),
        created_ms: context.now_ms,
        updated_ms: context.now_ms,
    };
    let names = ["url", "event_types", "event_version", "signing_key_id"];
    let missing = names.into_iter().filter(|name| !members.contains_key(*name));
    let missing: Vec<Flaw> = missing.map(|name| flaw(name, "The member is missing.")).collect();
    if !missing.is_empty() {
        return Err(invalid_all(missing));
    }
    let webhook = changed(context, webhook, &members)?;
    webhooks::write(context.tx, &webhook)?;
    Ok(Answer::json(201, &shown(&webhook)))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let webhooks = webhooks::list(context.tx, &context.caller)?;
    let webhooks: Vec<Value> = webhooks.iter().map(shown).collect();
    Ok(Answer::json(200, &json!({"webhooks": webhooks})))
}

pub(super) fn read(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    Ok(Answer::json(200, &shown(&own(context, id)?)))
}

pub(super) fn change(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let webhook = changed(context, own(context, id)?, &members(context)?)?;
    webhooks::write(context.tx, &webhook)?;
    Ok(Answer::json(200, &shown(&webhook)))
}

pub(super) fn delete(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let webhook = own(context, id)?;
    webhooks::delete(context.tx, &webhook.id)?;
    Ok(Answer::empty(204))
}

/// Sends a made-up delivery of one type.
pub(super) fn simulate(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let webhook = own(context, id)?;
    let members = members(context)?;
    let asked = members.get("event_type").and_then(Value::as_str).unwrap_or_default();
    let event_type = TYPES.into_iter().find(|known| *known == asked);
    let event_type = event_type.ok_or_else(|| invalid("event_type", "The value is not known."))?;
    let news = News {
        event_type,
        recipient: &context.caller,
        subject: &context.caller,
        payload: json!({"simulated": true}),
    };
    let event_id = context.sandbox.random.uuid().to_string();
    tell(&context.desk(), &webhook, &news, &event_id)?;
    Ok(Answer::json(202, &json!({"event_id": event_id})))
}

fn own(context: &Context<'_>, id: &str) -> Result<Webhook, Refusal> {
    webhooks::find(context.tx, &context.caller, id)?.ok_or_else(|| not_found("There is no such webhook."))
}

/// The webhook with the members that are given, each checked.
fn changed(context: &Context<'_>, webhook: Webhook, members: &Map<String, Value>) -> Result<Webhook, Refusal> {
    let keys = webhooks::keys(context.tx, &context.caller)?;
    let flaws = flaws(members, |id| keys.iter().any(|key| key.id == id));
    if !flaws.is_empty() {
        return Err(invalid_all(flaws));
    }
    let text = |name: &str, old: String| members.get(name).and_then(Value::as_str).map_or(old, str::to_owned);
    Ok(Webhook {
        url: text("url", webhook.url),
        event_types: members
            .get("event_types")
            .and_then(crate::token::strings)
            .unwrap_or(webhook.event_types),
        event_version: text("event_version", webhook.event_version),
        signing_key: text("signing_key_id", webhook.signing_key),
        status: text("status", webhook.status),
        updated_ms: context.now_ms,
        ..webhook
    })
}

fn flaws(members: &Map<String, Value>, is_key: impl Fn(&str) -> bool) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut check = |name: &str, holds: &dyn Fn(&Value) -> bool, message: &str| {
        if members.get(name).is_some_and(|value| !holds(value)) {
            flaws.push(flaw(name, message));
        }
    };
    let text = |value: &Value, fits: &dyn Fn(&str) -> bool| value.as_str().is_some_and(fits);
    check("url", &|url| text(url, &|url| receiver(url).is_some()), ELSEWHERE);
    check(
        "event_types",
        &are_types,
        "The value must be a list of event types; the last part may be *.",
    );
    check("event_version", &|version| version == "v2", "The value must be v2.");
    check(
        "signing_key_id",
        &|id| text(id, &is_key),
        "There is no such signing key.",
    );
    let known = |status: &Value| status == "ENABLED" || status == "DISABLED";
    check("status", &known, "The value must be ENABLED or DISABLED.");
    flaws
}

fn are_types(value: &Value) -> bool {
    crate::token::strings(value).is_some_and(|types| !types.is_empty() && types.iter().all(|one| is_type(one)))
}

/// A known type, a beginning of one with `*`, or one of Klarna's other families.
fn is_type(asked: &str) -> bool {
    let plain = asked
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || b".-*".contains(&byte));
    let known = TYPES.into_iter().any(|known| covers(asked, known));
    plain && (known || OTHERS.into_iter().any(|begin| asked.starts_with(begin)))
}

fn shown(webhook: &Webhook) -> Value {
    json!({
        "webhook_id": webhook.id,
        "url": webhook.url,
        "event_types": webhook.event_types,
        "event_version": webhook.event_version,
        "signing_key_id": webhook.signing_key,
        "status": webhook.status,
        "created_at": rfc3339(webhook.created_ms),
        "updated_at": rfc3339(webhook.updated_ms),
    })
}
