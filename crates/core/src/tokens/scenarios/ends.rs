//! Scenarios 9 to 11, 14 and 15: tokens that have ended, are another's, or belong to the other environment.

use std::time::Duration;

use gatehouse_klarna::CustomerToken;
use serde_json::json;

use super::hands::Hands;
use super::journeys::word;
use super::{Found, told};
use crate::problem::{ErrorCode, Problem};
use crate::tokens::course::{ChargeOutcome, Knowingly, Presence, check};
use crate::tokens::hook::Hook;
use crate::tokens::token::{NewToken, TokenSource, TokenState};
use crate::tokens::{checked, delivery, refuse_other_environment, take};

const ABSENT: Presence = Presence::CustomerNotPresent;
/// How long a delivery is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
const REVOKED: &str = "identity.customer-token.state-change.revoked";

pub(super) fn revoked_then_charged(hands: &Hands<'_>) -> Found {
    let token = hands.token(ABSENT)?;
    let revoked = hands.revoke(&token, Knowingly::No)?;
    let charge = hands.charge_as(token.id, (ABSENT, 999, &hands.name()), Knowingly::Yes)?;
    let declined = charge.outcome == ChargeOutcome::Declined;
    let found = format!("{}, then {}", revoked.token.state.word(), word(&charge));
    Ok((found, revoked.verified && declined))
}

pub(super) fn revoked_twice(hands: &Hands<'_>) -> Found {
    let token = hands.token(ABSENT)?;
    hands.revoke(&token, Knowingly::No)?;
    let here = hands.revoke(&token, Knowingly::No);
    let refused_here = matches!(&here, Err(problem) if problem.code == ErrorCode::TokenEnded);
    let again = hands.revoke(&token, Knowingly::Yes)?;
    let here = here.map_or_else(|problem| problem.code.as_str(), |_| "taken");
    let before = if again.was_revoked_before {
        "it was revoked before"
    } else {
        "it was revoked now"
    };
    Ok((
        format!("{here} here; sent: {before}"),
        refused_here && again.was_revoked_before,
    ))
}

pub(super) fn customer_revokes(hands: &Hands<'_>) -> Found {
    let hook = Hook::open(hands.core, hands.profile, &["identity.*"])?;
    let found = told_of_end(hands, &hook);
    hook.close()?;
    found
}

fn told_of_end(hands: &Hands<'_>, hook: &Hook<'_>) -> Found {
    let token = hands.token(ABSENT)?;
    let change = json!({ "customer_token_reference": token.reference, "status": "REVOKED", "by": "customer" });
    hands.stage("PUT", "tokens", &change)?;
    let Some(capture) = hook.receiver.wait_for(PATIENCE, |capture| holds(capture, REVOKED)) else {
        return Ok(("no delivery came".into(), false));
    };
    let before = hands.row(token.id)?.state;
    let keys = std::slice::from_ref(&hook.key);
    let taken = delivery::take(hands.core, hands.profile, (&capture, keys))?;
    let Some(now) = taken.token.filter(|now| now.id == token.id) else {
        return Ok((taken.done, false));
    };
    let is_good = before == TokenState::Active && now.state == TokenState::Revoked;
    Ok((
        format!("{} before, {} after the webhook", before.word(), now.state.word()),
        is_good,
    ))
}

/// Whether a capture holds a word.
pub(super) fn holds(capture: &[u8], word: &str) -> bool {
    capture.windows(word.len()).any(|part| part == word.as_bytes())
}

pub(super) fn foreign(hands: &Hands<'_>) -> Found {
    let listed = hands.stage(
        "POST",
        "tokens",
        &json!({ "partner_account_id": other(hands), "family": "payment" }),
    )?;
    let text = listed["tokens"][0].as_str().unwrap_or_default().to_owned();
    let token = CustomerToken::parse(text).map_err(|cause| Problem::internal("read a sandbox's token", &cause))?;
    let told_of = NewToken {
        merchant: Some(hands.account.as_str().to_owned()),
        ..NewToken::default()
    };
    let told_of = checked(hands.core, hands.profile, &told_of)?;
    let new = (TokenSource::Typed, TokenState::Unknown);
    let kept = take(hands.core, hands.profile, (&token, &told_of), new.0, new.1)?;
    let looked = check::check(hands.core, hands.profile, &kept.id().to_string())?;
    let name = hands.name();
    let charge = hands.charge_as(kept.id(), (ABSENT, 999, &name), Knowingly::Yes);
    let refused = matches!(&charge, Err(problem) if problem.code.exit_code() == 5);
    let charge = charge.map_or_else(|problem| problem.code.as_str().to_owned(), |charge| word(&charge));
    let paid = hands.paid(&name)?;
    let is_refused = looked.trouble.is_some();
    let check = looked.trouble.unwrap_or_else(|| looked.token.state.word().to_owned());
    let is_good = refused && paid == 0 && is_refused;
    Ok((format!("check: {check} Charge: {charge}; paid {paid} times"), is_good))
}

/// An account that is not the merchant's.
fn other(hands: &Hands<'_>) -> String {
    let profile = hands.profile.id.to_string();
    let found = hands.core.database().query_row(
        "SELECT merchant_id FROM merchant WHERE profile = ?1 AND merchant_id <> ?2 ORDER BY merchant_id LIMIT 1",
        (profile, hands.account.as_str()),
        |row| row.get(0),
    );
    found.unwrap_or_else(|_| "krn:partner:global:account:test:ANOTHERS".to_owned())
}

pub(super) fn live(hands: &Hands<'_>) -> Found {
    let text = "krn:partner:eu1:live:identity:customer-token:AbCdEfGhIjKlMnOpQrStUvWxYz012345";
    let token = CustomerToken::parse(text.to_owned()).map_err(|cause| Problem::internal("read a token", &cause))?;
    let refused = refuse_other_environment(hands.profile, &token);
    let is_good = matches!(&refused, Err(problem) if problem.code == ErrorCode::EnvironmentMixed);
    Ok((
        refused.map_or_else(|problem| told(&problem), |()| "taken".to_owned()),
        is_good,
    ))
}
