//! The final call after a step-up, with the network session token (tokens.md 1.6 and 2.1).
//!
//! A session token works once and for an hour. Its answer brings the customer token that was asked for in the first call.

use super::authorize::{Asking, no_money};
use super::charge::{Stop, dead, declined};
use super::create::book;
use super::order::Money;
use super::written::Blocks;
use crate::api::answer::{Answer, ApiError, Refusal, conflict, forbidden, invalid, not_found};
use crate::settings::Key;
use crate::store::customer_tokens;
use crate::store::payment_requests::{self, Request};

const HEADER: &str = "Klarna-Network-Session-Token";

pub(super) fn finish(asking: &Asking<'_>, session: &str) -> Result<Answer, Refusal> {
    let (context, order) = (asking.context, &asking.order);
    let unknown = || not_found("The network session token does not exist.");
    let request = payment_requests::by_session_token(context.tx, session)?.ok_or_else(unknown)?;
    if request.account != asking.account {
        return Err(forbidden("The network session token belongs to another account."));
    }
    if request.session_used_ms.is_some() {
        return Err(conflict("The network session token was already used."));
    }
    if request
        .session_until_ms
        .is_some_and(|until_ms| until_ms <= context.now_ms)
    {
        return Err(late(asking));
    }
    asking.without_step_up()?;
    let money = order.money.as_ref().ok_or_else(no_money)?;
    check_same(&request, money, &order.currency)?;
    let used = Request {
        session_used_ms: Some(context.now_ms),
        ..request
    };
    payment_requests::write(context.tx, &used)?;
    decide(asking, &used, money)
}

/// The answer to a session token whose hour is over; which Klarna gives is not known.
fn late(asking: &Asking<'_>) -> Refusal {
    let message = "The network session token has expired.";
    match asking.context.settings.text(Key::SessionTokenExpired) {
        "404" => not_found(message),
        "410" => Refusal::Api(ApiError::of(410, message)),
        _ => invalid(HEADER, message),
    }
}

fn check_same(request: &Request, money: &Money, currency: &str) -> Result<(), Refusal> {
    if request.amount != Some(money.amount) {
        let message = "The customer agreed to another amount.";
        return Err(invalid("request_payment_transaction.amount", message));
    }
    if request.currency != currency {
        return Err(invalid("currency", "The customer agreed to another currency."));
    }
    Ok(())
}

fn decide(asking: &Asking<'_>, request: &Request, money: &Money) -> Result<Answer, Refusal> {
    let tx = asking.context.tx;
    if let Some(charged) = &request.charged
        && let Some(token) = customer_tokens::find(tx, charged)?
    {
        match dead(asking, &token) {
            Some(Stop::Refused(refusal)) => return Err(refusal),
            Some(Stop::Declined(reason)) => return declined(asking, &token, money, &reason),
            None => {}
        }
    }
    let paid_with = request.charged.as_deref().or(request.token.as_deref());
    let id = book(asking, money, paid_with)?;
    let mut blocks = Blocks::default().approved(&id, money, &request.currency);
    if let Some(made) = &request.token
        && let Some(token) = customer_tokens::find(tx, made)?
    {
        blocks = blocks.made(&token);
    }
    Ok(Answer::json(200, &blocks.value()))
}
