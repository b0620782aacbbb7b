//! Charges that were sent from here: written before the call, concluded after it.

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::terms::ChargeToken;
use crate::problem::{ErrorCode, Problem, ways};

/// A charge about to be sent.
pub(crate) struct Sent<'a> {
    pub act: Uuid,
    pub profile: Uuid,
    pub token: i64,
    pub request: &'a ChargeToken,
    pub key: Uuid,
    pub now_ms: i64,
}

pub(crate) fn begin(database: &Connection, sent: &Sent<'_>) -> Result<(), Problem> {
    let terms = &sent.request.terms;
    database
        .prepare_cached(
            "INSERT INTO token_charge (act, profile, token, reference, amount, currency, presence, idem_key, at_ms, outcome)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'unknown')",
        )?
        .execute((
            sent.act.to_string(),
            sent.profile.to_string(),
            sent.token,
            terms.payment_reference.as_deref().unwrap_or_default().trim(),
            terms.amount.unwrap_or_default(),
            terms.currency.trim(),
            sent.request.presence.word(),
            sent.key.to_string(),
            sent.now_ms,
        ))?;
    Ok(())
}

pub(crate) fn conclude(
    database: &Connection,
    act: Uuid,
    (outcome, reason, transaction): (&str, Option<&str>, Option<&str>),
) -> Result<(), Problem> {
    database
        .prepare_cached("UPDATE token_charge SET outcome = ?2, reason = ?3, transaction_id = ?4 WHERE act = ?1")?
        .execute((act.to_string(), outcome, reason, transaction))?;
    Ok(())
}

/// Refuses a payment that was made under that reference, or may have been.
pub(crate) fn refuse_twice(database: &Connection, profile: Uuid, request: &ChargeToken) -> Result<(), Problem> {
    let reference = request.terms.payment_reference.as_deref().unwrap_or_default().trim();
    let known: Option<String> = database
        .prepare_cached(
            "SELECT outcome FROM token_charge WHERE profile = ?1 AND reference = ?2 AND outcome IN ('unknown', 'approved', 'step_up')
             ORDER BY outcome = 'approved' DESC LIMIT 1",
        )?
        .query_row((profile.to_string(), reference), |row| row.get(0))
        .optional()?;
    match known.as_deref() {
        None => Ok(()),
        Some("approved") => Err(Problem::new(
            ErrorCode::InputInvalid,
            format!("A charge with the reference {reference:?} was approved before, so nothing was sent."),
            "If this is another payment, give it a reference of its own.",
        )),
        Some("step_up") => Err(Problem::new(
            ErrorCode::InputInvalid,
            format!("A charge with the reference {reference:?} waits for the customer, so nothing was sent."),
            "Finish it or cancel it in the list of customers who were asked.",
        )),
        Some(_) => Err(Problem::new(
            ErrorCode::OutcomeUnknown,
            format!("It is not known what became of a charge with the reference {reference:?}, so nothing was sent."),
            ways(
                "`gatehouse audit reconcile` asks Klarna again under the same key; never send it under a new one.",
                "Settle open acts first: Klarna is asked again under the same key. Never send it under a new one.",
            ),
        )),
    }
}

/// The customer's step of a charge ended without money: its reference is free again.
pub(crate) fn step_up_over(database: &Connection, profile: Uuid, request: &str) -> Result<(), Problem> {
    settle_step_up(database, profile, request, ("refused", None))
}

/// What became of a charge that asked the customer.
pub(crate) fn settle_step_up(
    database: &Connection,
    profile: Uuid,
    request: &str,
    (outcome, transaction): (&str, Option<&str>),
) -> Result<(), Problem> {
    let Ok(request) = serde_json::from_str::<ChargeToken>(request) else {
        return Ok(());
    };
    let reference = request
        .terms
        .payment_reference
        .as_deref()
        .unwrap_or_default()
        .trim()
        .to_owned();
    database
        .prepare_cached(
            "UPDATE token_charge SET outcome = ?3, transaction_id = ?4 WHERE profile = ?1 AND reference = ?2 AND outcome = 'step_up'",
        )?
        .execute((profile.to_string(), reference, outcome, transaction))?;
    Ok(())
}
