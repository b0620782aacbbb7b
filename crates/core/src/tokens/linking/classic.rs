//! Tokens of v1: read, charged, cancelled (tokens.md 5).
//!
//! Klarna's own paths carry the token there; what is logged is the template. Deliberately absent: a v1 token in a call of the network.

use std::cell::Cell;
use std::num::NonZeroU32;

use gatehouse_klarna::{
    ClassicCall, Country, CustomerToken, FailureKind, FraudStatus, Locale, MerchantUrls, OrderLine, OrderLines,
    OrderTerms, PaymentsClient, Reference, TokenOrder,
};
use uuid::Uuid;

use super::login::client;
use crate::acts::{self, Done, Failed, Outcome, Plan};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::network;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::course::charge::{self, Charge, ChargeOutcome};
use crate::tokens::course::charge_row;
use crate::tokens::course::check::{Standing, state_of};
use crate::tokens::course::klarna::{naming, new_key, privately, put};
use crate::tokens::token::Token;
use crate::tokens::{ChargeToken, Terms, tell, words};

const ORDER: &str = "/customer-token/v1/tokens/{customerToken}/order";
const STATUS: &str = "/customer-token/v1/tokens/{customerToken}/status";

/// Asks how a v1 token stands.
pub(crate) fn read_classic(core: &Core, profile: &Profile, token: &CustomerToken) -> Result<Standing, Problem> {
    let client = client(core, profile)?;
    let answer = core.block_on(client.read_token(token, &context(None)));
    let answer = answer.map_err(|failure| match failure.kind {
        FailureKind::NotFound => words::not_at_klarna(),
        _ => network::told(core, profile, &failure),
    })?;
    Ok(Standing {
        state: state_of(&answer.value.status),
        scopes: Vec::new(),
        reference: None,
        issued_ms: None,
        payment_method: answer.value.payment_method,
        result: answered(core, profile, &answer.meta),
    })
}

fn plan(
    core: &Core,
    profile: &Profile,
    (client, call): (&PaymentsClient, ClassicCall<'_>),
    (kind, method, path): (&'static str, &str, &str),
    (row, token): (&Token, &CustomerToken),
) -> Result<Plan, Problem> {
    let (permit, subject) = client
        .permit_for(call)
        .expect("a call that changes something takes a permit");
    let mut plan = Plan::new(profile, kind, permit, &subject).at(method, path);
    plan.merchant.clone_from(&row.merchant);
    plan = plan.with("issuer", profile.account.as_str());
    naming(core, plan, row, token)
}

/// Cancels a v1 token: Klarna accepts it, and says later that it is done.
pub(crate) fn cancel_classic(
    core: &Core,
    profile: &Profile,
    (row, token): (&Token, &CustomerToken),
    reason: &str,
) -> Result<(), Problem> {
    let client = client(core, profile)?;
    let call = (&client, ClassicCall::CancelToken(token));
    let plan = plan(core, profile, call, ("token.revoke", "PATCH", STATUS), (row, token))?;
    let plan = privately(plan, Some(reason), None);
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let answer = core.block_on(client.cancel_token(permit, token, &context(None)));
            let answer = answer.map_err(|failure| failed(core, profile, &failure))?;
            Ok(Done {
                value: (),
                result: answered(core, profile, &answer.meta),
            })
        },
    )?;
    tell(
        core,
        row.id,
        ("token.revoke", "succeeded", "accepted"),
        Some(performed.outcome_seq),
    )
}

/// The same, once more, for an act whose outcome nobody knows; the permit is the settling's.
pub(crate) fn cancel_again(
    core: &Core,
    profile: &Profile,
    token: &CustomerToken,
    permit: impl FnOnce(gatehouse_klarna::Call, &str) -> gatehouse_klarna::Permit,
) -> Result<(), Problem> {
    let client = client(core, profile)?;
    let (call, subject) = client
        .permit_for(ClassicCall::CancelToken(token))
        .expect("a call that changes something takes a permit");
    match core.block_on(client.cancel_token(permit(call, &subject), token, &context(None))) {
        Ok(_) => Ok(()),
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(()),
        Err(failure) => Err(Problem::from(&failure)),
    }
}

/// The terms of an order of payments v1.
pub(crate) fn order_terms(terms: &Terms, reference: Option<&str>) -> Result<OrderTerms, Problem> {
    let refused = |what: &'static str| {
        move |cause: gatehouse_klarna::TermRefusal| {
            Problem::new(
                ErrorCode::InputInvalid,
                format!("Nothing was sent: {what} cannot be used."),
                cause.to_string(),
            )
        }
    };
    let country = terms.country.as_deref().unwrap_or_default().trim();
    let lines: Vec<OrderLine> = if terms.lines.is_empty() {
        vec![line("Order", 1, terms.amount.unwrap_or_default())?]
    } else {
        let told = terms
            .lines
            .iter()
            .map(|told| line(&told.name, told.quantity, told.unit_price));
        told.collect::<Result<_, _>>()?
    };
    let locale = terms.locale.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let reference = reference.map(str::trim).filter(|text| !text.is_empty());
    Ok(OrderTerms {
        country: Country::parse(country).map_err(refused("the country"))?,
        currency: terms.currency()?,
        locale: locale
            .map(|text| Locale::parse(text).map_err(refused("the language")))
            .transpose()?,
        lines: OrderLines::new(lines).map_err(refused("the order's lines"))?,
        merchant_reference1: reference
            .map(|text| Reference::parse(text).map_err(refused("the reference")))
            .transpose()?,
        merchant_reference2: None,
        merchant_urls: MerchantUrls::default(),
    })
}

fn line(name: &str, quantity: u32, unit_price: i64) -> Result<OrderLine, Problem> {
    let quantity = NonZeroU32::new(quantity).ok_or_else(|| {
        let hint = "Give a whole number, at least 1.";
        Problem::new(
            ErrorCode::InputInvalid,
            "Nothing was sent: the quantity of a line is missing.",
            hint,
        )
    })?;
    Ok(OrderLine {
        kind: None,
        reference: None,
        name: name.to_owned(),
        quantity,
        unit_price,
        tax_rate: None,
        total_amount: unit_price.saturating_mul(i64::from(quantity.get())),
        total_discount_amount: None,
        total_tax_amount: None,
        image_url: None,
        product_url: None,
        subscription: None,
    })
}

/// Charges a v1 token.
pub(crate) fn charge_classic(
    core: &Core,
    profile: &Profile,
    (row, token): (&Token, &CustomerToken),
    request: &ChargeToken,
) -> Result<Charge, Problem> {
    let client = client(core, profile)?;
    let reference = request
        .terms
        .payment_reference
        .as_deref()
        .map(str::trim)
        .unwrap_or_default();
    if reference.is_empty() {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "Nothing was sent: the payment's reference is missing.",
            "Give your own id of the payment; it keeps the same payment from being made twice.",
        ));
    }
    let order = TokenOrder {
        terms: order_terms(&request.terms, Some(reference))?,
        step_up_supported: false,
    };
    let request = ChargeToken {
        token: row.id.to_string(),
        ..request.clone()
    };
    let _held = core.in_flight().take(&format!("charge {reference}"))?;
    charge_row::refuse_twice(&core.database(), profile.id, &request)?;
    core.unlock_log()?;
    let key = new_key();
    let call = (&client, ClassicCall::OrderWithToken(token, &order));
    let plan = plan(core, profile, call, ("token.charge", "POST", ORDER), (row, token))?;
    let plan = charge::described(plan, &request).with("idem_key", key.to_string());
    let plan = privately(plan, request.reason.as_deref(), Some(charge::as_json(&request)));
    let act = Cell::new(Uuid::nil());
    let performed = acts::perform(
        core.journal(),
        plan,
        |id| act.set(id),
        |permit| {
            charge::begin(core, profile, (row, &request), (act.get(), key)).map_err(Failed::before_sending)?;
            let answer = core.block_on(client.order_with_token(permit, token, &order, &context(Some(key))));
            let answer = match answer {
                Ok(answer) => answer,
                Err(failure) => {
                    let failed = failed(core, profile, &failure);
                    charge::failed_charge(core, act.get(), &failed);
                    return Err(failed);
                }
            };
            ordered(
                core,
                row,
                act.get(),
                (answer.value, answered(core, profile, &answer.meta)),
            )
        },
    );
    match performed {
        Ok(performed) => {
            let charge = Charge {
                seq: Some(performed.outcome_seq),
                ..performed.value
            };
            charge::told(core, row, &request, &charge, charge.seq)?;
            Ok(charge)
        }
        Err(problem) => {
            let outcome = if problem.code.exit_code() == 8 {
                "unknown"
            } else {
                "refused"
            };
            tell(core, row.id, ("token.charge", outcome, problem.code.as_str()), None)?;
            Err(problem)
        }
    }
}

fn ordered(
    core: &Core,
    row: &Token,
    act: Uuid,
    (order, mut result): (gatehouse_klarna::PlacedOrder, acts::Members),
) -> Result<Done<Charge>, Failed> {
    let word = order.fraud_status.as_ref().map(FraudStatus::as_str).map(str::to_owned);
    put(&mut result, "order_id", Some(&order.id));
    put(&mut result, "decision", word.as_deref());
    let is_refused = order.fraud_status == Some(FraudStatus::Rejected);
    let outcome = if is_refused { "declined" } else { "approved" };
    let noted = core
        .database_for_change()
        .and_then(|database| charge_row::conclude(&database, act, (outcome, word.as_deref(), Some(&order.id))));
    if let Err(problem) = noted {
        tracing::warn!(
            code = problem.code.as_str(),
            "what became of a charge is in the log alone"
        );
    }
    if is_refused {
        return Err(Failed {
            outcome: Outcome::Refused,
            problem: charge::declined("The charge", word.as_deref()),
            result,
        });
    }
    let value = Charge {
        token: row.id,
        outcome: ChargeOutcome::Approved,
        reason: word,
        meaning: None,
        transaction_id: Some(order.id),
        consent: None,
        seq: None,
    };
    Ok(Done { value, result })
}
