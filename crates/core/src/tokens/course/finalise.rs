//! Finishes a payment after the customer's consent: within 60 minutes, once (tokens.md 1.6).
//!
//! The idempotency key is made of the consent's own number, so that a second try under any circumstances is a repetition and not a second
//! payment. Deliberately absent: a finish after 60 minutes; Klarna would refuse it, and the customer has to be asked anew.

use gatehouse_klarna::{Authorization, Decision, NetworkCall, NetworkSessionToken};
use uuid::Uuid;

use super::charge::{self, Charge, ChargeOutcome};
use super::charge_row;
use super::consent::{ConsentState, FINISH_MS, ids, known, look, place};
use super::consent_row::{self, ConsentRow};
use super::klarna::{AUTHORIZE, plan, privately, put, ready};
use super::terms::{ChargeToken, CreateToken};
use crate::acts::{self, Done, Failed, Members, Outcome};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::{TokenSource, tell, vault};

/// Finishes the payment of a customer who agreed.
///
/// # Errors
/// `consent_unknown`, `consent_not_given`, `consent_over`; `charge_declined`, `klarna_*`, `network_*`, `log_*`, `outcome_unknown`.
pub(crate) fn finalise(core: &Core, profile: &Profile, id: &str) -> Result<Charge, Problem> {
    look(core, profile, id)?;
    let row = known(core, profile, id)?;
    refuse_unready(core, &row)?;
    let _held = core.in_flight().take(&format!("finish {}", row.shown.id))?;
    send(core, profile, &row, key(&row))
}

/// Sends it, whatever is known here of the customer's step: to see what Klarna says of a second time, or of a late one.
///
/// # Errors
/// As [`finalise`]; nothing is refused here.
pub(crate) fn send(core: &Core, profile: &Profile, row: &ConsentRow, key: Uuid) -> Result<Charge, Problem> {
    let authorization = authorization(core, profile, row)?;
    let (account, request_id) = ids(row)?;
    ready(core, profile)?;
    let plan = plan(
        profile,
        "token.finalise",
        (&account, NetworkCall::Authorize(&authorization)),
        ("POST", AUTHORIZE),
    );
    let mut plan = privately(plan, None, None)
        .with("idem_key", key.to_string())
        .with("payment_request_id", request_id.as_str())
        .with("consent", row.shown.id.as_str());
    if let Some(payment) = authorization.payment() {
        plan = plan
            .with("amount", payment.amount.minor())
            .with("payment_ref", payment.reference.as_str());
    }
    plan = plan.with("currency", authorization.currency().as_str());
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let sent = charge::send(core, profile, &account, &authorization, (permit, key))?;
            concluded(core, profile, row, sent)
        },
    )?;
    let charge = performed.value?;
    tell(
        core,
        charge.token,
        ("token.finalise", "succeeded", ""),
        Some(performed.outcome_seq),
    )?;
    Ok(Charge {
        seq: Some(performed.outcome_seq),
        ..charge
    })
}

pub(crate) fn key(row: &ConsentRow) -> Uuid {
    gatehouse_klarna::idempotency_key_for(&format!("finish {}", row.shown.id))
}

fn refuse_unready(core: &Core, row: &ConsentRow) -> Result<(), Problem> {
    let shown = &row.shown;
    if shown.state.is_open() {
        return Err(Problem::new(
            ErrorCode::ConsentNotGiven,
            "The customer has not agreed yet, so nothing was sent.",
            "Open the customer's page, or wait until the customer has been there.",
        ));
    }
    let over = |message: &str| {
        Problem::new(
            ErrorCode::ConsentOver,
            message,
            "If it is still wanted, ask the customer anew.",
        )
    };
    if shown.state != ConsentState::Completed {
        return Err(over("The customer's step ended without consent, so nothing was sent."));
    }
    if !shown.pays {
        return Err(over("Only a token was asked for, so there is no payment to finish."));
    }
    if shown.paid_ms.is_some() {
        return Err(over("The payment was finished before, so nothing was sent."));
    }
    let late = shown
        .completed_ms
        .is_some_and(|at_ms| core.clock().unix_ms() - at_ms >= FINISH_MS);
    if late || row.session.is_none() {
        return Err(over(
            "The customer agreed more than 60 minutes ago, and Klarna takes the payment no more. Nothing was sent.",
        ));
    }
    Ok(())
}

pub(crate) fn authorization(core: &Core, profile: &Profile, row: &ConsentRow) -> Result<Authorization, Problem> {
    let (key_id, sealed) = row.session.as_ref().ok_or_else(super::ask::no_consent)?;
    let keys = core.vault_for(key_id)?;
    let mut text = vault::open(&keys, &place(profile, &row.shown.id), key_id, sealed)?;
    let session = NetworkSessionToken::parse(std::mem::take(&mut *text));
    let session = session.map_err(|cause| Problem::internal("read a session token", &cause))?;
    finalisation(row, session)
}

/// The second authorization, as it was meant when the customer was asked.
pub(crate) fn finalisation(row: &ConsentRow, session: NetworkSessionToken) -> Result<Authorization, Problem> {
    let unreadable = |cause: serde_json::Error| Problem::internal("read a request", &cause);
    if row.shown.is_charge {
        let request: ChargeToken = serde_json::from_str(&row.request).map_err(unreadable)?;
        return request.finalisation(session);
    }
    let request: CreateToken = serde_json::from_str(&row.request).map_err(unreadable)?;
    request.finalisation(session)
}

/// Writes down what Klarna decided; also by whoever settles the act later.
pub(crate) fn concluded(
    core: &Core,
    profile: &Profile,
    row: &ConsentRow,
    (answer, mut result): (gatehouse_klarna::AuthorizationAnswer, Members),
) -> Result<Done<Result<Charge, Problem>>, Failed> {
    let payment = answer
        .payment
        .expect("an answer without a decision on the payment is refused by the client");
    let transaction = payment.transaction.and_then(|transaction| transaction.id);
    put(&mut result, "decision", Some(payment.decision.as_str()));
    put(&mut result, "decision_reason", payment.reason.as_deref());
    put(&mut result, "transaction_id", transaction.as_deref());
    if payment.decision != Decision::Approved {
        let problem = charge::declined("The payment", payment.reason.as_deref());
        return Err(Failed {
            outcome: Outcome::Refused,
            problem,
            result,
        });
    }
    let granted = answer.token.and_then(|token| token.granted);
    let value = paid(core, profile, row.clone(), granted, transaction);
    Ok(Done { value, result })
}

fn paid(
    core: &Core,
    profile: &Profile,
    mut row: ConsentRow,
    granted: Option<gatehouse_klarna::GrantedToken>,
    transaction: Option<String>,
) -> Result<Charge, Problem> {
    if let (Some(granted), false) = (granted, row.shown.is_charge) {
        let id = super::ask::keep(core, profile, &row, granted, TokenSource::Created)?;
        row.shown.token = Some(id);
    }
    row.shown.paid_ms = Some(core.clock().unix_ms());
    row.session = None;
    let database = core.database_for_change()?;
    consent_row::save(&database, profile.id, &row)?;
    if row.shown.is_charge {
        charge_row::settle_step_up(
            &database,
            profile.id,
            &row.request,
            ("approved", transaction.as_deref()),
        )?;
    }
    drop(database);
    Ok(Charge {
        token: row.shown.token.unwrap_or_default(),
        outcome: ChargeOutcome::Approved,
        reason: None,
        meaning: None,
        transaction_id: transaction,
        consent: Some(row.shown),
        seq: None,
    })
}
