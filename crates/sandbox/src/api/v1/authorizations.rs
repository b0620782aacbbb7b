//! What an authorisation becomes: an order, a customer token, or nothing (tokens.md 4.2 and 4.4).

use super::error::{bad_value, refused};
use super::order::{body, check, family};
use crate::api::Context;
use crate::api::answer::{Answer, Refusal};
use crate::customer_token::Family;
use crate::purchase::{repair, token_of_order, v1_token};
use crate::settings::Key;
use crate::store::charges::{self, Charge};
use crate::store::purchases::{self, Purchase};
use serde_json::{Value, json};

pub(super) fn order(context: &Context<'_>, authorization: &str) -> Result<Answer, Refusal> {
    let purchase = own(context, authorization)?;
    check_order(context, &purchase)?;
    let desk = context.desk();
    let token = token_of_order(&desk, &purchase)?.map(|token| token.token);
    let order_id = context.sandbox.random.uuid().to_string();
    let done = Purchase {
        order_id: Some(order_id.clone()),
        token: token.clone().or_else(|| purchase.token.clone()),
        ..purchase
    };
    purchases::write(context.tx, &done)?;
    book(context, &order_id, &done)?;
    repair(&desk, &done)?;
    let mut value = placed(context, &order_id);
    if let Some(token) = token {
        value["customer_token"] = json!(token);
    }
    Ok(Answer::json(200, &value))
}

/// One order for each authorisation, of what was authorised.
fn check_order(context: &Context<'_>, purchase: &Purchase) -> Result<(), Refusal> {
    if purchase.order_id.is_some() {
        return Err(used());
    }
    if purchase.intent == "tokenize" {
        return Err(refused(403, "INVALID_OPERATION", "The session asks for a token only."));
    }
    let body = body(context)?;
    check(&body)?;
    let same = body.get("order_amount").and_then(Value::as_i64) == Some(purchase.amount())
        && body.get("purchase_currency").and_then(Value::as_str) == Some(purchase.currency().as_str());
    if same {
        Ok(())
    } else {
        Err(refused(409, "BAD_VALUE", "The order differs from what was authorised."))
    }
}

/// The answer of every new order.
pub(super) fn placed(context: &Context<'_>, order_id: &str) -> Value {
    json!({
        "order_id": order_id,
        "redirect_url": format!("{}/portal/order/{order_id}", context.sandbox.http_origin),
        "fraud_status": context.settings.text(Key::V1FraudStatus),
        "authorized_payment_method": {"type": "invoice"},
    })
}

fn book(context: &Context<'_>, order_id: &str, purchase: &Purchase) -> rusqlite::Result<()> {
    let charge = Charge {
        id: order_id.to_owned(),
        token: purchase.token.clone(),
        account: purchase.account.clone(),
        reference: purchase.text("/merchant_reference1"),
        amount: purchase.amount(),
        currency: purchase.currency(),
        result: "APPROVED".to_owned(),
        reason: None,
        created_ms: context.now_ms,
    };
    charges::insert(context.tx, &charge)
}

pub(super) fn release(context: &Context<'_>, authorization: &str) -> Result<Answer, Refusal> {
    let purchase = own(context, authorization)?;
    if purchase.order_id.is_some() {
        return Err(used());
    }
    let released = Purchase {
        released_ms: Some(context.now_ms),
        ..purchase
    };
    purchases::write(context.tx, &released)?;
    Ok(Answer::empty(204))
}

/// A token of payments v1's own; account linking has its token in the order's answer.
pub(super) fn tokenize(context: &Context<'_>, authorization: &str) -> Result<Answer, Refusal> {
    let purchase = own(context, authorization)?;
    if family(&purchase.intent) != Some(Family::V1) {
        let message = format!("The intent {} gives no token here.", purchase.intent);
        return Err(refused(403, "INVALID_OPERATION", &message));
    }
    if purchase.token.is_some() {
        return Err(used());
    }
    let body = body(context)?;
    if body.get("intended_use").and_then(Value::as_str) != Some("SUBSCRIPTION") {
        return Err(bad_value("intended_use"));
    }
    let described = body.get("description").and_then(Value::as_str);
    if described.is_none_or(str::is_empty) {
        return Err(bad_value("description"));
    }
    let token = v1_token(&context.desk(), &purchase)?;
    let made = Purchase {
        token: Some(token.token.clone()),
        ..purchase
    };
    purchases::write(context.tx, &made)?;
    let value = json!({"token_id": token.token, "payment_method_reference": context.sandbox.random.uuid().to_string()});
    Ok(Answer::json(200, &value))
}

fn used() -> Refusal {
    refused(403, "INVALID_OPERATION", "The authorisation was already used.")
}

/// The caller's purchase with this authorisation, while it is good.
fn own(context: &Context<'_>, authorization: &str) -> Result<Purchase, Refusal> {
    let desk = context.desk();
    let purchase = purchases::by_authorization(context.tx, authorization)?;
    let purchase = purchase.filter(|one| one.account == context.caller && one.is_authorized(&desk));
    purchase.ok_or_else(|| refused(404, "NOT_FOUND", "There is no such authorisation, or its time is over."))
}
