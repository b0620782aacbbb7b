//! Scenarios 1 to 8: creating, charging, stepping up, and what is too late or too much.

use serde_json::{Value, json};

use super::hands::Hands;
use super::{Found, told};
use crate::problem::{ErrorCode, Problem};
use crate::tokens::course::klarna::new_key;
use crate::tokens::course::{Charge, ChargeOutcome, ChargeToken, ConsentState, Knowingly, Presence, consent, finalise};
use crate::tokens::{GoLive, TokenCall, examine_before_live, sketch};

const THERE: Presence = Presence::CustomerPresent;
const ABSENT: Presence = Presence::CustomerNotPresent;
/// Above what the sandbox asks the customer for.
const MUCH: i64 = 150_000;

pub(super) fn word(charge: &Charge) -> String {
    let word = match charge.outcome {
        ChargeOutcome::Approved => "approved",
        ChargeOutcome::StepUp => "the customer is asked",
        ChargeOutcome::Declined => "declined",
    };
    match &charge.reason {
        Some(reason) => format!("{word} ({reason})"),
        None => word.to_owned(),
    }
}

pub(super) fn is_approved(charge: &Charge) -> bool {
    charge.outcome == ChargeOutcome::Approved
}

pub(super) fn customer_there(hands: &Hands<'_>) -> Found {
    let (asked, _) = hands.asked(THERE, Some(1_299))?;
    hands.agreed(&asked)?;
    let first = finalise::finalise(hands.core, hands.profile, &asked.id)?;
    let second = hands.charge(first.token, THERE, 500, &hands.name())?;
    let found = format!("first payment {}, second {}", word(&first), word(&second));
    Ok((found, is_approved(&first) && is_approved(&second)))
}

pub(super) fn customer_absent(hands: &Hands<'_>) -> Found {
    let token = hands.token(ABSENT)?;
    let charge = hands.charge(token.id, ABSENT, 999, &hands.name())?;
    Ok((word(&charge), is_approved(&charge)))
}

pub(super) fn step_up(hands: &Hands<'_>) -> Found {
    let token = hands.token(THERE)?;
    let charge = hands.charge(token.id, THERE, MUCH, &hands.name())?;
    let Some(asked) = &charge.consent else {
        return Ok((word(&charge), false));
    };
    hands.agreed(asked)?;
    let done = finalise::finalise(hands.core, hands.profile, &asked.id)?;
    let found = format!("{}, then {}", word(&charge), word(&done));
    Ok((found, charge.outcome == ChargeOutcome::StepUp && is_approved(&done)))
}

pub(super) fn wrong_scope(hands: &Hands<'_>) -> Found {
    let token = hands.token(THERE)?;
    let here = hands.charge(token.id, ABSENT, 999, &hands.name());
    let refused_here = matches!(&here, Err(problem) if problem.code == ErrorCode::TokenScope);
    let sent = hands.charge_as(token.id, (ABSENT, 999, &hands.name()), Knowingly::Yes)?;
    let here = here.map_or_else(|problem| problem.code.as_str().to_owned(), |charge| word(&charge));
    let declined = sent.outcome == ChargeOutcome::Declined && sent.reason.as_deref() == Some("SCOPE_MISMATCH");
    Ok((format!("{here} here; sent: {}", word(&sent)), refused_here && declined))
}

pub(super) fn step_up_config(hands: &Hands<'_>) -> Found {
    let token = hands.token(ABSENT)?;
    let name = hands.name();
    let wish = ChargeToken {
        token: token.id.to_string(),
        presence: ABSENT,
        terms: hands.terms(ABSENT, Some(999), &name),
        reason: None,
    };
    let drawn = sketch(hands.core, hands.profile, &TokenCall::Charge(wish))?;
    let drawn: Value = serde_json::from_str(&drawn.json).map_err(|cause| Problem::internal("read a call", &cause))?;
    let mut body = drawn["body"].clone();
    let own_has_none = body.is_object() && body.get("step_up_config").is_none();
    body["step_up_config"] = json!({ "customer_interaction_config": { "method": "HANDOVER" } });
    let flaws = examine_before_live(&body.to_string(), GoLive::Charge(ABSENT), Some(&token));
    let named = flaws.iter().find(|flaw| flaw.path.starts_with("step_up_config"));
    let paid = hands.charge(token.id, ABSENT, 999, &name)?;
    let found = named.map_or_else(|| "the check is silent".to_owned(), |flaw| flaw.what.clone());
    let is_good = own_has_none && named.is_some() && is_approved(&paid);
    Ok((format!("{found} The own call without it: {}", word(&paid)), is_good))
}

pub(super) fn expired(hands: &Hands<'_>) -> Found {
    let (asked, _) = hands.asked(ABSENT, None)?;
    hands.advance(3 * 3_600 + 1)?;
    let looked = consent::look(hands.core, hands.profile, &asked.id)?;
    Ok((looked.state.word().to_owned(), looked.state == ConsentState::Expired))
}

pub(super) fn session_twice(hands: &Hands<'_>) -> Found {
    let (asked, payment) = hands.asked(THERE, Some(1_299))?;
    hands.agreed(&asked)?;
    let before = consent::known(hands.core, hands.profile, &asked.id)?;
    let first = finalise::finalise(hands.core, hands.profile, &asked.id)?;
    let here = finalise::finalise(hands.core, hands.profile, &asked.id);
    let refused_here = matches!(&here, Err(problem) if problem.code == ErrorCode::ConsentOver);
    // The session token as it was, under another key: so Klarna has to judge it.
    let again = finalise::send(hands.core, hands.profile, &before, new_key());
    let refused = matches!(&again, Err(problem) if problem.code.exit_code() == 5);
    let again = again.map_or_else(|problem| told(&problem), |charge| word(&charge));
    let paid = hands.paid(&payment)?;
    let found = format!("{}; then {again}; paid {paid} times", word(&first));
    Ok((found, is_approved(&first) && refused_here && refused && paid == 1))
}

pub(super) fn session_late(hands: &Hands<'_>) -> Found {
    let (asked, payment) = hands.asked(THERE, Some(1_299))?;
    hands.agreed(&asked)?;
    hands.advance(61 * 60)?;
    let row = consent::known(hands.core, hands.profile, &asked.id)?;
    let late = finalise::send(hands.core, hands.profile, &row, new_key());
    let refused = matches!(&late, Err(problem) if problem.code.exit_code() == 5);
    let late = late.map_or_else(|problem| told(&problem), |charge| word(&charge));
    let paid = hands.paid(&payment)?;
    Ok((format!("{late}; paid {paid} times"), refused && paid == 0))
}
