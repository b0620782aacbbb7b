//! What Klarna decided about a charge, and what is written down of it.
//!
//! The same is done by whoever settles the act later. Deliberately absent: sending.

use gatehouse_klarna::{AccountKrn, AuthorizationAnswer, CustomerToken, Decision, explain};
use uuid::Uuid;

use super::charge::{Charge, ChargeOutcome, as_json, sum};
use super::charge_row;
use super::consent::{Consent, ConsentState};
use super::consent_row::{self, ConsentRow};
use super::klarna::put;
use super::terms::ChargeToken;
use crate::acts::{Done, Failed, Members, Outcome};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::token::Token;
use crate::tokens::{opened, store, tell};

/// Writes down what Klarna decided; also by whoever settles the act later.
pub(crate) fn decided(
    core: &Core,
    profile: &Profile,
    (row, account, request): (&Token, &AccountKrn, &ChargeToken),
    (act, answer, mut result): (Uuid, AuthorizationAnswer, Members),
) -> Result<Done<Result<Charge, Problem>>, Failed> {
    let payment = answer
        .payment
        .as_ref()
        .expect("an answer without a decision on the payment is refused by the client");
    let transaction = payment
        .transaction
        .as_ref()
        .and_then(|transaction| transaction.id.clone());
    put(&mut result, "decision", Some(payment.decision.as_str()));
    put(&mut result, "decision_reason", payment.reason.as_deref());
    put(&mut result, "transaction_id", transaction.as_deref());
    let outcome = match payment.decision {
        Decision::Approved => ChargeOutcome::Approved,
        Decision::StepUpRequired if answer.request.is_some() => ChargeOutcome::StepUp,
        Decision::StepUpRequired | Decision::Declined | Decision::Other(_) => ChargeOutcome::Declined,
    };
    let word = match outcome {
        ChargeOutcome::Approved => "approved",
        ChargeOutcome::StepUp => "step_up",
        ChargeOutcome::Declined => "declined",
    };
    let noted = core.database_for_change().and_then(|database| {
        charge_row::conclude(
            &database,
            act,
            (word, payment.reason.as_deref(), transaction.as_deref()),
        )
    });
    if outcome == ChargeOutcome::Declined {
        return Err(Failed {
            outcome: Outcome::Refused,
            problem: declined("The charge", payment.reason.as_deref()),
            result,
        });
    }
    let asked = answer.request.filter(|_| outcome == ChargeOutcome::StepUp);
    put(
        &mut result,
        "payment_request_id",
        asked.as_ref().map(|asked| asked.id.as_str()),
    );
    let consent = asked
        .map(|asked| waiting(core, profile, (row, account, request), &asked))
        .transpose();
    let value = noted.and(consent).map(|consent| Charge {
        token: row.id,
        outcome,
        reason: payment.reason.clone(),
        meaning: None,
        transaction_id: transaction,
        consent,
        seq: None,
    });
    Ok(Done { value, result })
}

fn waiting(
    core: &Core,
    profile: &Profile,
    (row, account, request): (&Token, &AccountKrn, &ChargeToken),
    asked: &gatehouse_klarna::PaymentRequest,
) -> Result<Consent, Problem> {
    let consent = ConsentRow {
        shown: Consent {
            id: Uuid::new_v4().to_string(),
            merchant: account.as_str().to_owned(),
            request_id: asked.id.to_string(),
            state: ConsentState::of(&asked.state),
            asked_ms: core.clock().unix_ms(),
            expires_ms: asked.expires_unix_s.map(|second| second * 1000),
            completed_ms: None,
            is_charge: true,
            pays: true,
            paid_ms: None,
            token: Some(row.id),
        },
        request: as_json(request),
        session: None,
    };
    consent_row::save(&*core.database_for_change()?, profile.id, &consent)?;
    Ok(consent.shown)
}

/// The token's row and story, after a charge.
pub(crate) fn told(
    core: &Core,
    row: &Token,
    request: &ChargeToken,
    charge: &Charge,
    seq: Option<u64>,
) -> Result<(), Problem> {
    let (outcome, more) = match charge.outcome {
        ChargeOutcome::Approved => ("succeeded", String::new()),
        ChargeOutcome::StepUp => ("succeeded", ", the customer is asked".to_owned()),
        ChargeOutcome::Declined => (
            "refused",
            format!(", {}", charge.reason.as_deref().unwrap_or("DECLINED")),
        ),
    };
    tell(
        core,
        row.id,
        ("token.charge", outcome, &format!("{}{more}", sum(request))),
        seq,
    )?;
    used(core, row)
}

pub(crate) fn used(core: &Core, row: &Token) -> Result<(), Problem> {
    let database = core.database_for_change()?;
    store::used(&database, row.id, core.clock().unix_ms())
}

/// What a reason means, in sentences.
pub(crate) fn meaning(reason: Option<&str>) -> String {
    let reason = reason.unwrap_or_default().replace(['"', '\\'], "");
    let block = if reason.is_empty() {
        r#"{"payment_transaction_response":{"result":"DECLINED"}}"#.to_owned()
    } else {
        format!(r#"{{"payment_transaction_response":{{"result":"DECLINED","result_reason":"{reason}"}}}}"#)
    };
    let explained = explain(&block, Some(200));
    format!("{} {}", explained.cause.sentence(), explained.retry().sentence())
}

/// The problem of a decline, for the log and for whoever cannot take an answer.
pub(crate) fn declined(what: &str, reason: Option<&str>) -> Problem {
    let word = reason.map_or_else(String::new, |reason| {
        format!(" ({})", reason.chars().take(100).collect::<String>())
    });
    Problem::new(
        ErrorCode::ChargeDeclined,
        format!("{what} was declined by Klarna{word}."),
        meaning(reason),
    )
}

/// Names the token of a stored charge anew, to send it again.
pub(crate) fn stored(
    core: &Core,
    profile: &Profile,
    json: &str,
) -> Result<(Token, CustomerToken, ChargeToken), Problem> {
    let request: ChargeToken =
        serde_json::from_str(json).map_err(|cause| Problem::internal("read a charge", &cause))?;
    let (row, token) = opened(core, profile, &request.token)?;
    Ok((row, token, request))
}
