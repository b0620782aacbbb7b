//! Signing keys: the secret is shown once, and there are at most fifty (tokens.md 7.1).

use crate::api::Context;
use crate::api::answer::{Answer, Refusal, conflict, not_found};
use crate::clock::rfc3339;
use crate::store::webhooks::{self, SigningKey};
use serde_json::{Value, json};

const MOST: usize = 50;

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    if webhooks::keys(context.tx, &context.caller)?.len() >= MOST {
        return Err(conflict("There are 50 signing keys already."));
    }
    let random = context.sandbox.random;
    let key = SigningKey {
        id: format!("krn:partner:global:notification:signing-key:{}", random.uuid()),
        account: context.caller.clone(),
        secret: random.token(),
        created_ms: context.now_ms,
    };
    webhooks::insert_key(context.tx, &key)?;
    let mut value = shown(&key);
    value["signing_key"] = json!(key.secret);
    Ok(Answer::json(201, &value))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let keys = webhooks::keys(context.tx, &context.caller)?;
    let keys: Vec<Value> = keys.iter().map(shown).collect();
    Ok(Answer::json(200, &json!({"signing_keys": keys})))
}

pub(super) fn read(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    Ok(Answer::json(200, &shown(&own(context, id)?)))
}

pub(super) fn delete(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let key = own(context, id)?;
    let used = webhooks::list(context.tx, &context.caller)?;
    if used.iter().any(|webhook| webhook.signing_key == key.id) {
        return Err(conflict("A webhook uses this signing key."));
    }
    webhooks::delete_key(context.tx, &key.id)?;
    Ok(Answer::empty(204))
}

fn own(context: &Context<'_>, id: &str) -> Result<SigningKey, Refusal> {
    let key = webhooks::key(context.tx, id)?.filter(|key| key.account == context.caller);
    key.ok_or_else(|| not_found("There is no such signing key."))
}

fn shown(key: &SigningKey) -> Value {
    json!({"signing_key_id": key.id, "created_at": rfc3339(key.created_ms)})
}
