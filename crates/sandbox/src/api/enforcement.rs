//! Since when a client certificate is demanded (portal-access.md 6.2).
//!
//! This is the account's own switch; `mtls.mode` of the settings stands above it.

use super::Context;
use super::answer::{Answer, Refusal, invalid};
use super::body::{members, only};
use crate::clock::{read_rfc3339, rfc3339};
use crate::settings::Key;
use crate::store::credentials;
use serde_json::{Value, json};

/// Three months, counted generously.
const AHEAD_MS: i64 = 92 * 86_400_000;
/// How far in the past "not in the past" may lie, for clocks and networks.
const GRACE_MS: i64 = 60_000;

fn shown(context: &Context<'_>) -> Result<Value, Refusal> {
    Ok(match credentials::enforced_from(context.tx, &context.caller)? {
        None => json!({"enforcement_mode": "REPORTING"}),
        Some(from) if from > context.now_ms => {
            json!({"enforcement_mode": "REPORTING", "enforced_from": rfc3339(from)})
        }
        Some(from) => json!({"enforcement_mode": "ENFORCED", "enforced_from": rfc3339(from)}),
    })
}

pub(super) fn read(context: &Context<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::json(200, &shown(context)?))
}

pub(super) fn set(context: &Context<'_>) -> Result<Answer, Refusal> {
    let members = members(context)?;
    only(context, &members, &["enforced_from"])?;
    let bad = || {
        invalid(
            "enforced_from",
            "The value must be NOW or a time that is not in the past and at most 3 months ahead.",
        )
    };
    let from_ms = match members.get("enforced_from").and_then(Value::as_str) {
        Some("NOW") => context.now_ms,
        Some(text) => read_rfc3339(text).ok_or_else(bad)?,
        None => return Err(bad()),
    };
    if !(-GRACE_MS..=AHEAD_MS).contains(&(from_ms - context.now_ms)) {
        return Err(bad());
    }
    credentials::set_enforced_from(context.tx, &context.caller, Some(from_ms))?;
    Ok(Answer::json(200, &shown(context)?))
}

pub(super) fn clear(context: &Context<'_>) -> Result<Answer, Refusal> {
    credentials::set_enforced_from(context.tx, &context.caller, None)?;
    match context.settings.text(Key::MtlsClearAnswer) {
        "200_body" => read(context),
        _ => Ok(Answer::empty(204)),
    }
}
