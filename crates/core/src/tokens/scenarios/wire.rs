//! Scenarios 17 to 20: signature, duplicate, rate, and an answer that is lost.

use gatehouse_audit::Reader;
use gatehouse_klarna::WebhookKey;
use serde_json::json;

use super::ends::{PATIENCE, holds};
use super::hands::Hands;
use super::{Found, told};
use crate::acts::reconcile;
use crate::problem::{ErrorCode, Problem};
use crate::tokens::course::{Presence, check};
use crate::tokens::hook::Hook;
use crate::tokens::{delivery, opened};

const ABSENT: Presence = Presence::CustomerNotPresent;
const COMPLETED: &str = "payment.request.state-change.completed";

pub(super) fn other_key(hands: &Hands<'_>) -> Found {
    let hook = Hook::open(hands.core, hands.profile, &[COMPLETED])?;
    let found = judged(hands, &hook);
    hook.close()?;
    found
}

fn judged(hands: &Hands<'_>, hook: &Hook<'_>) -> Found {
    hands.token(ABSENT)?;
    let Some(capture) = hook.receiver.wait_for(PATIENCE, |capture| holds(capture, COMPLETED)) else {
        return Ok(("no delivery came".into(), false));
    };
    let other = WebhookKey::new(hook.key.id(), "another key".to_owned())
        .map_err(|cause| Problem::internal("make a key", &cause))?;
    let examined = |key| delivery::examine(hands.core, hands.profile, (&capture, std::slice::from_ref(key)));
    let (own, wrong) = (examined(&hook.key)?, examined(&other)?);
    let refused = delivery::take(hands.core, hands.profile, (&capture, &[other]));
    let is_refused = matches!(&refused, Err(problem) if problem.code == ErrorCode::WebhookInvalid);
    let found = format!("{} With another key: {}", own.signature, wrong.signature);
    Ok((found, own.is_good && !wrong.is_good && is_refused))
}

pub(super) fn delivered_twice(hands: &Hands<'_>) -> Found {
    hands.stage("PUT", "settings", &json!({ "webhooks.duplicates": "1" }))?;
    let hook = Hook::open(hands.core, hands.profile, &[COMPLETED])?;
    let found = twice(hands, &hook);
    hook.close()?;
    hands.stage("PUT", "settings", &json!({ "webhooks.duplicates": "0" }))?;
    found
}

fn twice(hands: &Hands<'_>, hook: &Hook<'_>) -> Found {
    let token = hands.token(ABSENT)?;
    let keys = std::slice::from_ref(&hook.key);
    let mut told = Vec::new();
    for _ in 0..2 {
        let Some(capture) = hook.receiver.wait_for(PATIENCE, |capture| holds(capture, COMPLETED)) else {
            return Ok((format!("{} deliveries came", told.len()), false));
        };
        told.push(delivery::take(hands.core, hands.profile, (&capture, keys))?);
    }
    let same = told[0].examined.event_id.is_some() && told[0].examined.event_id == told[1].examined.event_id;
    let is_good = same
        && !told[0].examined.is_repeated
        && told[1].examined.is_repeated
        && told[0].token.as_ref().is_some_and(|kept| kept.id == token.id)
        && told[1].token.is_none();
    Ok((format!("{} Then: {}", told[0].done, told[1].done), is_good))
}

pub(super) fn too_many(hands: &Hands<'_>) -> Found {
    let token = hands.token(ABSENT)?;
    let fault =
        json!({ "kind": "status", "status": 429, "code": "RATE_LIMITED", "path": "customer-token", "times": 1 });
    hands.stage("POST", "faults", &fault)?;
    let (row, token) = opened(hands.core, hands.profile, &token.id.to_string())?;
    let standing = check::ask(hands.core, hands.profile, &row, &token)?;
    let attempts = standing.result.get("attempts").and_then(serde_json::Value::as_u64);
    let attempts = attempts.unwrap_or_default();
    let found = format!("{} at attempt {attempts}", standing.state.word());
    Ok((found, attempts == 2 && !standing.state.is_ended()))
}

pub(super) fn lost_answer(hands: &Hands<'_>) -> Found {
    let token = hands.token(ABSENT)?;
    let fault = json!({ "kind": "status", "status": 503, "path": "authorize", "when": "after", "times": 1 });
    hands.stage("POST", "faults", &fault)?;
    let payment = hands.name();
    let lost = hands.charge(token.id, ABSENT, 999, &payment);
    let is_unknown = matches!(&lost, Err(problem) if problem.code.exit_code() == 8);
    let lost = lost.map_or_else(|problem| told(&problem), |_| "answered".to_owned());
    let again = hands.charge(token.id, ABSENT, 999, &payment);
    let is_held = matches!(&again, Err(problem) if problem.code == ErrorCode::OutcomeUnknown);
    let open = Reader::open(hands.core.dir())?.unresolved()?;
    let ours = open
        .iter()
        .find(|entry| entry.body.request.get("payment_ref").is_some_and(|it| *it == payment));
    let Some(entry) = ours else {
        return Ok((format!("{lost}; nothing is open"), false));
    };
    reconcile::settle(hands.core, entry)?;
    let paid = hands.paid(&payment)?;
    let found = format!("{lost} A second try is held; settled, paid {paid} times");
    Ok((found, is_unknown && is_held && paid == 1))
}
