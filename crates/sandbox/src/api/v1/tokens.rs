//! Customer tokens of payments v1: read, charged, cancelled (tokens.md section 5).

use super::authorizations::placed;
use super::error::{bad_value, refused};
use super::order::{Body, body, check};
use crate::api::Context;
use crate::api::answer::{Answer, ApiError, Refusal};
use crate::customer_token::{By, Family, Status, revoke};
use crate::settings::Key;
use crate::store::charges::{self, Charge};
use crate::store::customer_tokens::{self, Token};
use serde_json::{Value, json};

pub(super) fn read(context: &Context<'_>, token: &str) -> Result<Answer, Refusal> {
    let token = own(context, token, "NOT_FOUND")?;
    let value = json!({
        "status": token.v1_status(context.settings, context.now_ms),
        "payment_method_type": "CREDIT_CARD",
        "card": {"brand": "VISA", "expiry_date": "12/2030", "masked_number": "************1111"},
    });
    Ok(Answer::json(200, &value))
}

/// Accepts the cancellation; when it takes effect, the settings say.
pub(super) fn cancel(context: &Context<'_>, token: &str) -> Result<Answer, Refusal> {
    let token = own(context, token, "NOT_FOUND")?;
    let asked = body(context)?;
    let asked = asked.get("status").and_then(Value::as_str).unwrap_or_default();
    let cancelled = matches!(asked.to_ascii_uppercase().as_str(), "CANCELLED" | "CANCELED");
    if !cancelled || token.status(context.now_ms) == Status::Revoked {
        return Err(bad_value("status"));
    }
    let desk = context.desk();
    match context.settings.text(Key::V1Cancel) {
        "immediate" => revoke(&desk, token, By::Acquirer)?,
        "never" => {}
        _ => {
            let ends_ms = token.ends_ms.or(Some(desk.after_ms(Key::V1CancelDelayS)));
            let accepted = Token {
                ends_ms,
                updated_ms: context.now_ms,
                ended_by: Some("acquirer".to_owned()),
                ..token
            };
            customer_tokens::write(context.tx, &accepted)?;
        }
    }
    Ok(Answer::other(202, "text/plain; charset=utf-8", "Accepted"))
}

pub(super) fn order(context: &Context<'_>, token: &str) -> Result<Answer, Refusal> {
    let token = own(context, token, "TOKEN_NOT_FOUND")?;
    let body = body(context)?;
    check(&body).map_err(as_bad_request)?;
    let refusal = why_not(context, &token, &body);
    let order_id = context.sandbox.random.uuid().to_string();
    book(context, &order_id, &token, &body, refusal)?;
    match refusal {
        Some(code) => Err(recoverable(refused(403, code, meaning(code)), code, &body, order_id)),
        None => Ok(Answer::json(200, &placed(context, &order_id))),
    }
}

/// The error table of token orders has one code for the body (tokens.md 5).
fn as_bad_request(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Api(error) => refused(400, "BAD_REQUEST", &error.message),
        Refusal::Store(error) => Refusal::Store(error),
    }
}

const CODES: [&str; 2] = ["UNAVAILABLE_PAYMENT_METHOD", "PAYMENT_METHOD_FAILED"];

/// The code that the order is refused with, if it is.
fn why_not(context: &Context<'_>, token: &Token, body: &Body) -> Option<&'static str> {
    match token.status(context.now_ms) {
        Status::Active => {}
        Status::Suspended => return Some("TOKEN_SUSPENDED"),
        Status::Revoked | Status::Superseded => {
            let short = context.settings.text(Key::V1CancelledSpelling) == "CANCELED";
            return Some(if short { "TOKEN_CANCELED" } else { "TOKEN_CANCELLED" });
        }
    }
    if body.get("purchase_currency").and_then(Value::as_str) != Some(token.currency.as_str()) {
        return Some("PAYMENT_METHOD_CURRENCY_MISMATCH");
    }
    if let Some(reason) = &token.decline {
        let named = CODES.into_iter().find(|code| code == reason);
        return named.or(Some("PAYMENT_METHOD_FAILED"));
    }
    let amount = body.get("order_amount").and_then(Value::as_i64);
    let denied = context.desk().declines(&token.email, amount);
    denied.then_some("PAYMENT_METHOD_FAILED")
}

/// A failure of the payment method can be recovered with the customer, where the order supports that (tokens.md 2.5).
///
/// The id is that of the failed order, by which the recovery finds the token again.
fn recoverable(refusal: Refusal, code: &str, body: &Body, order_id: String) -> Refusal {
    let supported = body.get("step_up").and_then(Value::as_str) == Some("SUPPORTED");
    match refusal {
        Refusal::Api(error) if supported && CODES.contains(&code) => Refusal::Api(ApiError {
            step_up_id: Some(order_id),
            ..error
        }),
        Refusal::Api(_) | Refusal::Store(_) => refusal,
    }
}

fn meaning(code: &str) -> &'static str {
    match code {
        "TOKEN_SUSPENDED" => "The token is suspended.",
        "TOKEN_CANCELLED" | "TOKEN_CANCELED" => "The token is cancelled.",
        "PAYMENT_METHOD_CURRENCY_MISMATCH" => "The payment method does not take this currency.",
        "UNAVAILABLE_PAYMENT_METHOD" => "The payment method cannot be used.",
        _ => "The purchase was refused.",
    }
}

fn book(
    context: &Context<'_>,
    order_id: &str,
    token: &Token,
    body: &Body,
    refusal: Option<&str>,
) -> rusqlite::Result<()> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let result = if refusal.is_some() { "DECLINED" } else { "APPROVED" };
    let charge = Charge {
        id: order_id.to_owned(),
        token: Some(token.token.clone()),
        account: token.account.clone(),
        reference: text("merchant_reference1"),
        amount: body.get("order_amount").and_then(Value::as_i64).unwrap_or_default(),
        currency: text("purchase_currency").unwrap_or_default(),
        result: result.to_owned(),
        reason: refusal.map(str::to_owned),
        created_ms: context.now_ms,
    };
    charges::insert(context.tx, &charge)
}

/// The caller's token; one of another merchant is forbidden.
fn own(context: &Context<'_>, token: &str, unknown: &'static str) -> Result<Token, Refusal> {
    let found = customer_tokens::find(context.tx, token)?.filter(|token| token.is_of(Family::V1));
    let token = found.ok_or_else(|| refused(404, unknown, "Invalid token."))?;
    if token.account == context.caller {
        return Ok(token);
    }
    let message = "The token belongs to another merchant.";
    Err(refused(403, "TOKEN_FORBIDDEN", message))
}
