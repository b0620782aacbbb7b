//! What a session and an order must hold (tokens.md 4.3).

use super::error::{bad_value, refused};
use crate::api::Context;
use crate::api::answer::Refusal;
use crate::api::body::members;
use crate::customer_token::Family;
use crate::purchase::INTENTS;
use serde_json::{Map, Value};

const MOST_LINES: usize = 1_000;

pub(super) type Body = Map<String, Value>;

/// Reads a body; what is no JSON is a bad request.
pub(super) fn body(context: &Context<'_>) -> Result<Body, Refusal> {
    members(context).map_err(|_| refused(400, "BAD_REQUEST", "The body is not a JSON object."))
}

fn is_code(value: Option<&Value>, length: usize) -> bool {
    let text = value.and_then(Value::as_str);
    text.is_some_and(|text| text.len() == length && text.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// A whole session or order; every field that is wrong is named in one message.
pub(super) fn check(body: &Body) -> Result<(), Refusal> {
    let mut bad = Vec::new();
    let mut need = |name: &'static str, holds: bool| {
        if !holds {
            bad.push(name);
        }
    };
    need("purchase_country", is_code(body.get("purchase_country"), 2));
    need("purchase_currency", is_code(body.get("purchase_currency"), 3));
    let amount = body.get("order_amount").and_then(Value::as_i64);
    need("order_amount", amount.is_some_and(|amount| amount >= 0));
    need("order_lines", body.get("order_lines").is_some_and(are_lines));
    need("locale", body.get("locale").is_none_or(is_locale));
    need("intent", intent(body).is_some());
    let token = body.get("customer").and_then(|customer| customer.get("customer_token"));
    need("customer.customer_token", token.is_none_or(is_token));
    if bad.is_empty() {
        Ok(())
    } else {
        Err(bad_value(&bad.join(", ")))
    }
}

/// The intent; without one it is a plain purchase.
pub(super) fn intent(body: &Body) -> Option<&'static str> {
    let asked = body.get("intent").map_or(Some("buy"), Value::as_str);
    INTENTS.into_iter().find(|known| asked == Some(*known))
}

fn is_locale(value: &Value) -> bool {
    let parts = value.as_str().and_then(|text| text.split_once('-'));
    parts.is_some_and(|(language, country)| {
        let lower = language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase());
        lower && is_code(Some(&Value::from(country)), 2)
    })
}

fn is_token(value: &Value) -> bool {
    let fits = |text: &str| (1..=1_024).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    value.as_str().is_some_and(fits)
}

fn are_lines(value: &Value) -> bool {
    let lines = value.as_array().map(Vec::as_slice).unwrap_or_default();
    (1..=MOST_LINES).contains(&lines.len()) && lines.iter().all(is_line)
}

fn is_line(line: &Value) -> bool {
    let number = |name: &str| line.get(name).and_then(Value::as_i64);
    let named = line
        .get("name")
        .and_then(Value::as_str)
        .is_some_and(|name| !name.is_empty());
    named && number("quantity") >= Some(1) && number("unit_price").is_some() && number("total_amount").is_some()
}

/// The family that an intent's token belongs to, if it has one.
pub(super) fn family(intent: &str) -> Option<Family> {
    match intent {
        "buy_and_link" => Some(Family::Linking),
        "tokenize" | "buy_and_tokenize" | "buy_and_default_tokenize" => Some(Family::V1),
        _ => None,
    }
}
