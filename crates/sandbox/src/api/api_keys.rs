//! API keys: create, list, read, rename, disable (portal-access.md section 7).
//!
//! The key itself is shown once, when it is made. Disabling is for good: Klarna has no call that enables again.
//! A key that nobody uses is disabled too, and goes away later; `api::auth` sees to that.

use super::Context;
use super::answer::{Answer, Refusal, not_found};
use super::body::{description, members, only};
use crate::clock::rfc3339;
use crate::random::Random;
use crate::store::api_keys::{self as store, ApiKey};
use serde_json::{Value, json};

/// Makes a key for an account; the caller writes it down.
pub(crate) fn new_key(random: Random, account: &str, description: String, now_ms: i64) -> ApiKey {
    let uuid = random.uuid().to_string();
    ApiKey {
        id: format!("krn:partner:global:account:credential:api-key:{uuid}"),
        secret: format!("klarna_test_api_{}", random.token()),
        uuid,
        account: account.to_owned(),
        description,
        created_ms: now_ms,
        disabled_ms: None,
        used_ms: None,
    }
}

fn shown(key: &ApiKey) -> Value {
    let mut value = json!({
        "credential_id": key.id,
        "description": key.description,
        "state": if key.disabled_ms.is_some() { "DISABLED" } else { "ACTIVE" },
        "created_at": rfc3339(key.created_ms),
    });
    if let Some(at_ms) = key.disabled_ms {
        value["disabled_at"] = json!(rfc3339(at_ms));
    }
    value
}

fn find(context: &Context<'_>, id: &str) -> Result<ApiKey, Refusal> {
    let key = store::find(context.tx, &context.caller, id)?;
    key.ok_or_else(|| not_found("There is no such credential."))
}

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let members = members(context)?;
    only(context, &members, &["description"])?;
    let key = new_key(
        context.sandbox.random,
        &context.caller,
        description(&members)?,
        context.now_ms,
    );
    store::insert(context.tx, &key)?;
    let mut value = shown(&key);
    value["secret"] = json!({"secret": key.secret});
    Ok(Answer::json(201, &value))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let keys: Vec<Value> = store::list(context.tx, &context.caller)?.iter().map(shown).collect();
    Ok(Answer::json(200, &json!({"credentials": keys})))
}

pub(super) fn read(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    Ok(Answer::json(200, &shown(&find(context, id)?)))
}

pub(super) fn rename(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let members = members(context)?;
    only(context, &members, &["description"])?;
    let (key, description) = (find(context, id)?, description(&members)?);
    store::rename(context.tx, &key.id, &description)?;
    Ok(Answer::json(200, &shown(&ApiKey { description, ..key })))
}

pub(super) fn disable(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let key = find(context, id)?;
    store::disable(context.tx, &key.id, context.now_ms)?;
    Ok(Answer::empty(204))
}
