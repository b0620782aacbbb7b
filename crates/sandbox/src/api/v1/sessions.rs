//! Sessions of payments v1: made, changed, read (tokens.md 4.2 and 4.3).

use super::emd;
use super::error::refused;
use super::order::{Body, body, check, intent};
use crate::api::Context;
use crate::api::answer::{Answer, Refusal};
use crate::clock::rfc3339;
use crate::settings::Key;
use crate::store::purchases::{self, Purchase};
use serde_json::{Value, json};

pub(super) fn create(context: &Context<'_>) -> Result<Answer, Refusal> {
    let body = body(context)?;
    check(&body)?;
    emd::check(context, &body)?;
    let random = context.sandbox.random;
    let purchase = Purchase {
        id: random.uuid().to_string(),
        client_token: random.token(),
        account: context.caller.clone(),
        intent: intent(&body).unwrap_or("buy").to_owned(),
        body: Value::Object(body).to_string(),
        created_ms: context.now_ms,
        expires_ms: context.desk().after_ms(Key::V1SessionLifeS),
        email: None,
        linked: false,
        refused: false,
        authorization: None,
        authorized_ms: None,
        released_ms: None,
        order_id: None,
        token: None,
    };
    purchases::write(context.tx, &purchase)?;
    let value = json!({
        "session_id": purchase.id,
        "client_token": purchase.client_token,
        "payment_method_categories": [{"identifier": "klarna", "name": "Pay with Klarna"}],
    });
    Ok(Answer::json(200, &value))
}

/// Takes the given members over the old ones; an agreement that was given for the old ones is void.
pub(super) fn update(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let purchase = own(context, id)?;
    if purchase.order_id.is_some() {
        return Err(refused(404, "SESSION_COMPLETED", "The session has an order."));
    }
    let given = body(context)?;
    let mut whole: Body = purchase.body().as_object().cloned().unwrap_or_default();
    whole.extend(given);
    check(&whole)?;
    emd::check(context, &whole)?;
    let changed = Purchase {
        intent: intent(&whole).unwrap_or("buy").to_owned(),
        body: Value::Object(whole).to_string(),
        authorization: None,
        authorized_ms: None,
        ..purchase
    };
    purchases::write(context.tx, &changed)?;
    Ok(Answer::empty(204))
}

/// Reads a session back, without the customer token that came with it.
pub(super) fn read(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let purchase = own(context, id)?;
    let mut value = purchase.body();
    if let Some(customer) = value.get_mut("customer").and_then(Value::as_object_mut) {
        customer.remove("customer_token");
    }
    let done = purchase.order_id.is_some();
    value["status"] = json!(if done { "complete" } else { "incomplete" });
    value["session_id"] = json!(purchase.id);
    value["client_token"] = json!(purchase.client_token);
    value["intent"] = json!(purchase.intent);
    value["expires_at"] = json!(rfc3339(purchase.expires_ms));
    Ok(Answer::json(200, &value))
}

/// The caller's session, while its time lasts.
fn own(context: &Context<'_>, id: &str) -> Result<Purchase, Refusal> {
    let purchase = purchases::by_id(context.tx, id)?;
    let purchase = purchase.filter(|one| one.account == context.caller && context.now_ms < one.expires_ms);
    purchase.ok_or_else(|| refused(404, "NOT_FOUND", "There is no such session, or its time is over."))
}
