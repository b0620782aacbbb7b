//! A saved token is charged, with the customer there or not (tokens.md 1.4, 2.2 and 2.3).
//!
//! Whether the customer is there is no member of the body. It is told from the token's scope and from what the body
//! holds: a `step_up_config` or `ondemand_service` speaks for the customer, `subscriptions` against.

use super::authorize::{Asking, no_money};
use super::create::{book, new_request};
use super::order::Money;
use super::own_token;
use super::written::{Blocks, Verdict};
use crate::api::answer::{Answer, Refusal, forbidden, gone, invalid};
use crate::customer_token::{Family, NOT_PRESENT, PRESENT, Status};
use crate::payment_request::{shown, submit};
use crate::settings::Key;
use crate::store::charges::{self, Charge};
use crate::store::customer_tokens::Token;
use crate::store::payment_requests::Request;

/// Why a charge does not go through.
pub(super) enum Stop {
    Declined(String),
    Refused(Refusal),
}

pub(super) fn charge(asking: &Asking<'_>, token: &str) -> Result<Answer, Refusal> {
    let (context, order) = (asking.context, &asking.order);
    let token = own_token(context, token, &asking.account)?;
    if token.is_of(Family::V1) {
        return Err(crate::api::answer::not_found("The customer token does not exist."));
    }
    if order.asked.is_some() {
        return Err(invalid("request_customer_token", "A charge asks for no other token."));
    }
    let money = order.money.as_ref().ok_or_else(no_money)?;
    let present = is_present(asking, &token);
    check_shape(asking, &token, present)?;
    match stop(asking, &token, present) {
        Some(Stop::Declined(reason)) => declined(asking, &token, money, &reason),
        Some(Stop::Refused(refusal)) => Err(refusal),
        None if needs_step_up(asking, present) => step_up(asking, &token, money),
        None => {
            let id = book(asking, money, Some(&token.token))?;
            let blocks = Blocks::default().approved(&id, money, &order.currency);
            Ok(Answer::json(200, &blocks.value()))
        }
    }
}

/// Whether the call means a charge with the customer there.
fn is_present(asking: &Asking<'_>, token: &Token) -> bool {
    let order = &asking.order;
    if token.has_scope(NOT_PRESENT) {
        order.on_demand && !order.subscriptions
    } else {
        order.on_demand || order.step_up.is_some()
    }
}

/// What the body must and must not hold; a charge of the wrong kind is declined for that and not for its body.
fn check_shape(asking: &Asking<'_>, token: &Token, present: bool) -> Result<(), Refusal> {
    let (order, settings) = (&asking.order, asking.context.settings);
    if !token.has_scope(scope(present)) {
        return Ok(());
    }
    if !present {
        asking.without_step_up()?;
    }
    let (name, there) = if present {
        ("supplementary_purchase_data.ondemand_service", order.on_demand)
    } else {
        ("supplementary_purchase_data.subscriptions", order.subscriptions)
    };
    if !there && settings.text(Key::ChargePurchaseData) == "required" {
        return Err(invalid(name, "The token's scope asks for it."));
    }
    Ok(())
}

const fn scope(present: bool) -> &'static str {
    if present { PRESENT } else { NOT_PRESENT }
}

/// Why the charge does not go through, if it does not.
fn stop(asking: &Asking<'_>, token: &Token, present: bool) -> Option<Stop> {
    let (context, order) = (asking.context, &asking.order);
    let settings = context.settings;
    if let Some(stop) = dead(asking, token) {
        return Some(stop);
    }
    if !token.has_scope(scope(present)) {
        let refused = settings.text(Key::ChargeScopeMismatch) == "403";
        let refusal = || Stop::Refused(forbidden("The customer token's scope does not allow this charge."));
        return Some(if refused { refusal() } else { because("SCOPE_MISMATCH") });
    }
    if token.currency != order.currency {
        return Some(because("TECHNICAL_ERROR"));
    }
    if let Some(reason) = &token.decline {
        return Some(because(reason));
    }
    let named = [order.email.as_str(), token.email.as_str()];
    let denied = named
        .into_iter()
        .any(|email| context.desk().declines(email, order.amount()));
    if denied {
        return Some(because("CUSTOMER_ACTION_REQUIRED"));
    }
    let unasked = present && order.step_up.is_none() && exceeds(asking);
    unasked.then(|| because("STEP_UP_REQUIRED"))
}

/// Whether the token has ended (tokens.md 2.4).
pub(super) fn dead(asking: &Asking<'_>, token: &Token) -> Option<Stop> {
    match token.status(asking.context.now_ms) {
        Status::Active => None,
        Status::Suspended => Some(because("CUSTOMER_ACTION_REQUIRED")),
        Status::Superseded => Some(because("PERMANENT")),
        Status::Revoked => Some(match asking.context.settings.text(Key::ChargeRevoked) {
            "410" => Stop::Refused(gone("The customer token has been revoked.")),
            "token_revoked" => because("TOKEN_REVOKED"),
            _ => because("PERMANENT"),
        }),
    }
}

fn because(reason: &str) -> Stop {
    Stop::Declined(reason.to_owned())
}

fn exceeds(asking: &Asking<'_>) -> bool {
    asking.order.amount() > Some(asking.context.settings.count(Key::ChargeStepUpAbove))
}

fn needs_step_up(asking: &Asking<'_>, present: bool) -> bool {
    present && exceeds(asking)
}

/// Books the refusal of a charge and answers it.
pub(super) fn declined(asking: &Asking<'_>, token: &Token, money: &Money, reason: &str) -> Result<Answer, Refusal> {
    let context = asking.context;
    let charge = Charge {
        id: context.sandbox.random.uuid().to_string(),
        token: Some(token.token.clone()),
        account: asking.account.clone(),
        reference: money.reference.clone(),
        amount: money.amount,
        currency: asking.order.currency.clone(),
        result: "DECLINED".to_owned(),
        reason: Some(reason.to_owned()),
        created_ms: context.now_ms,
    };
    charges::insert(context.tx, &charge)?;
    let blocks = Blocks::default().money(Verdict::Declined { reason });
    Ok(Answer::json(200, &blocks.value()))
}

fn step_up(asking: &Asking<'_>, token: &Token, money: &Money) -> Result<Answer, Refusal> {
    let context = asking.context;
    let request = Request {
        amount: Some(money.amount),
        charged: Some(token.token.clone()),
        email: token.email.clone(),
        ..new_request(asking)
    };
    let request = submit(&context.desk(), request)?;
    let shown = shown(&context.desk(), &context.sandbox.http_origin, &request)?;
    Ok(Answer::json(200, &Blocks::default().step_up(&request, shown).value()))
}

/// What becomes of a charge through a Payment Request (tokens.md 1.6, generation C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Nobody needs to be asked.
    Completed,
    /// The customer is asked.
    Asked,
    /// It cannot be (tokens.md 3.2: later requests with a revoked token are refused).
    Declined,
}

/// Decides as a direct charge with the customer present would be decided.
pub(super) fn course(asking: &Asking<'_>, token: &Token) -> Result<Course, Refusal> {
    match stop(asking, token, true) {
        Some(Stop::Refused(refusal)) => Err(refusal),
        Some(Stop::Declined(_)) => Ok(Course::Declined),
        None if exceeds(asking) => Ok(Course::Asked),
        None => Ok(Course::Completed),
    }
}
