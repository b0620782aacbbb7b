//! Charges a token, in the shape that its scope asks for (tokens.md 1.4, 2.2).
//!
//! The charge stands in the database before it is sent, and its reference is refused until it is known what became of it: so no second
//! click, process or day charges twice. Deliberately absent: a retry of any kind.

use std::cell::Cell;

use gatehouse_klarna::{AccountKrn, AuthorizationAnswer, NetworkCall, Permit};
use serde::Serialize;
use uuid::Uuid;

pub(crate) use super::charge_answer::{decided, declined, meaning, stored, told, used};
use super::charge_row::{self, Sent};
use super::consent::Consent;
use super::consent_row;
use super::klarna::{AUTHORIZE, account_of, naming, new_key, plan, privately, put, ready, refuse_ended};
use super::terms::{ChargeToken, CreateToken};
use crate::acts::{self, Failed, Members, Outcome};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::token::{Token, TokenKind};
use crate::tokens::{opened, tell};

/// How Klarna decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeOutcome {
    /// Paid.
    Approved,
    /// The customer is to be asked; see the consent.
    StepUp,
    /// Not paid.
    Declined,
}

/// A charge that Klarna decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// The token's number.
    pub token: i64,
    /// The decision.
    pub outcome: ChargeOutcome,
    /// Klarna's word for the reason of a decline; text from outside.
    pub reason: Option<String>,
    /// What it means, and whether to try again, in sentences.
    pub meaning: Option<String>,
    /// Klarna's id of the payment.
    pub transaction_id: Option<String>,
    /// The customer's step, when one is asked for.
    pub consent: Option<Consent>,
    /// The entry of the outcome.
    pub seq: Option<u64>,
}

/// Whether a charge is sent although the token is known not to fit: to see it declined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Knowingly {
    /// Refuse here what Klarna would decline.
    No,
    /// Send it, to prove that Klarna declines it.
    Yes,
}

/// Charges a token.
///
/// # Errors
/// `token_unknown`, `token_ended`, `token_scope`, `input_invalid` before anything is sent; `klarna_*`, `network_*`, `log_*`,
/// `outcome_unknown`. A decline is no error: it is an answer.
pub(crate) fn charge(
    core: &Core,
    profile: &Profile,
    request: &ChargeToken,
    knowingly: Knowingly,
) -> Result<Charge, Problem> {
    let (row, token) = opened(core, profile, &request.token)?;
    if knowingly == Knowingly::No {
        refuse_ended(&row)?;
        refuse_scope(&row, request)?;
    }
    if row.kind == TokenKind::V1 {
        return crate::tokens::linking::charge_classic(core, profile, (&row, &token), request);
    }
    let request = completed(core, &row, request)?;
    let account = account_of(profile, &row)?;
    let authorization = request.authorization(token.copied())?;
    let _held = core.in_flight().take(&format!(
        "charge {}",
        request.terms.payment_reference.as_deref().unwrap_or_default()
    ))?;
    charge_row::refuse_twice(&core.database(), profile.id, &request)?;
    ready(core, profile)?;
    let key = new_key();
    let plan = plan(
        profile,
        "token.charge",
        (&account, NetworkCall::Authorize(&authorization)),
        ("POST", AUTHORIZE),
    );
    let plan = described(naming(core, plan, &row, &token)?, &request).with("idem_key", key.to_string());
    let plan = privately(plan, request.reason.as_deref(), Some(as_json(&request)));
    let act = Cell::new(Uuid::nil());
    let declined = Cell::new(None);
    let recorded = |id| act.set(id);
    let performed = acts::perform(core.journal(), plan, recorded, |permit| {
        begin(core, profile, (&row, &request), (act.get(), key)).map_err(Failed::before_sending)?;
        let sent = send(core, profile, &account, &authorization, (permit, key));
        let (answer, result) = sent.inspect_err(|failed| failed_charge(core, act.get(), failed))?;
        decided(core, profile, (&row, &account, &request), (act.get(), answer, result)).inspect_err(|failed| {
            declined.set(
                failed
                    .result
                    .get("decision")
                    .is_some()
                    .then(|| Declined::of(&row, failed)),
            );
        })
    });
    match (performed, declined.into_inner()) {
        (Ok(performed), _) => {
            let charge = performed.value?;
            told(core, &row, &request, &charge, Some(performed.outcome_seq))?;
            Ok(Charge {
                seq: Some(performed.outcome_seq),
                ..charge
            })
        }
        (Err(_), Some(Declined(charge))) => {
            told(core, &row, &request, &charge, None)?;
            Ok(charge)
        }
        (Err(problem), None) => {
            let outcome = if problem.code.exit_code() == 8 {
                "unknown"
            } else {
                "refused"
            };
            tell(core, row.id, ("token.charge", outcome, &sum(&request)), None)?;
            Err(problem)
        }
    }
}

struct Declined(Charge);

impl Declined {
    fn of(row: &Token, failed: &Failed) -> Self {
        let word = |name: &str| {
            failed
                .result
                .get(name)
                .and_then(serde_json::Value::as_str)
                .map(str::to_owned)
        };
        let reason = word("decision_reason");
        Self(Charge {
            token: row.id,
            outcome: ChargeOutcome::Declined,
            meaning: Some(meaning(reason.as_deref())),
            reason,
            transaction_id: None,
            consent: None,
            seq: None,
        })
    }
}

/// Refuses a charge that the token's scopes certainly do not allow.
fn refuse_scope(row: &Token, request: &ChargeToken) -> Result<(), Problem> {
    let scope = request.presence.scope();
    if row.allows(scope) != Some(false) {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::TokenScope,
        format!(
            "Token {} is for {}, not for {scope}, so Klarna would decline. Nothing was sent.",
            row.id,
            row.scopes.join(" ")
        ),
        "Charge it in the way it was made for, or ask the customer for a token with the other scope.",
    ))
}

/// Adds what was told when the token was made, where the charge does not say it: Klarna wants it again each time.
pub(crate) fn completed(core: &Core, row: &Token, request: &ChargeToken) -> Result<ChargeToken, Problem> {
    let mut request = request.clone();
    row.id.to_string().clone_into(&mut request.token);
    let made = consent_row::request_of_token(&core.database(), row.id)?;
    let made = made.and_then(|text| serde_json::from_str::<CreateToken>(&text).ok());
    if let Some(made) = made {
        if request.terms.subscriptions.is_empty() {
            request.terms.subscriptions = made.terms.subscriptions;
        }
        request.terms.ondemand = request.terms.ondemand.or(made.terms.ondemand);
    }
    if request.terms.subscriptions.is_empty()
        && let Some(reference) = &row.subscription
    {
        request.terms.subscriptions.push(super::terms::Subscribed {
            reference: reference.clone(),
            ..super::terms::Subscribed::default()
        });
    }
    Ok(request)
}

pub(crate) fn as_json(request: &ChargeToken) -> String {
    let request = ChargeToken {
        reason: None,
        ..request.clone()
    };
    serde_json::to_string(&request).expect("a request is plain data")
}

pub(crate) fn described(plan: acts::Plan, request: &ChargeToken) -> acts::Plan {
    let mut plan = plan
        .with("presence", request.presence.word())
        .with("amount", request.terms.amount.unwrap_or_default())
        .with("currency", request.terms.currency.trim());
    put(
        &mut plan.request,
        "payment_ref",
        request.terms.payment_reference.as_deref(),
    );
    plan
}

pub(crate) fn sum(request: &ChargeToken) -> String {
    let terms = &request.terms;
    format!(
        "{} {} {}, {}",
        terms.currency.trim(),
        terms.amount.unwrap_or_default(),
        terms.payment_reference.as_deref().unwrap_or_default(),
        request.presence.word()
    )
}

pub(crate) fn begin(
    core: &Core,
    profile: &Profile,
    (row, request): (&Token, &ChargeToken),
    (act, key): (Uuid, Uuid),
) -> Result<(), Problem> {
    let database = core.database_for_change()?;
    charge_row::refuse_twice(&database, profile.id, request)?;
    charge_row::begin(
        &database,
        &Sent {
            act,
            profile: profile.id,
            token: row.id,
            request,
            key,
            now_ms: core.clock().unix_ms(),
        },
    )
}

pub(crate) fn send(
    core: &Core,
    profile: &Profile,
    account: &AccountKrn,
    authorization: &gatehouse_klarna::Authorization,
    (permit, key): (Permit, Uuid),
) -> Result<(AuthorizationAnswer, Members), Failed> {
    let connection = core.connection(profile).map_err(Failed::before_sending)?;
    let context = context(Some(key));
    let call = connection
        .client
        .authorize_payment(permit, account, authorization, &context);
    let answer = core.block_on(call).map_err(|failure| failed(core, profile, &failure))?;
    let result = answered(core, profile, &answer.meta);
    Ok((answer.value, result))
}

/// A charge that Klarna refused to look at frees its reference; one of which nobody knows does not.
pub(crate) fn failed_charge(core: &Core, act: Uuid, failed: &Failed) {
    if failed.outcome != Outcome::Refused {
        return;
    }
    let code = failed.problem.code.as_str();
    let written = core
        .database_for_change()
        .and_then(|database| charge_row::conclude(&database, act, ("refused", Some(code), None)));
    if let Err(problem) = written {
        tracing::warn!(code = problem.code.as_str(), "a refused charge keeps its reference");
    }
}
