//! A customer token is asked for, alone or with a first payment; the customer has to agree (tokens.md 1.4 and 2.1).

use super::authorize::Asking;
use super::order::{Asked, Money, Order};
use super::written::{Blocks, Verdict};
use crate::api::Context;
use crate::api::answer::{Answer, Flaw, Refusal, flaw, invalid, invalid_all};
use crate::customer_token::{Family, NOT_PRESENT, PRESENT, Wanted, make};
use crate::payment_request::{shown, submit};
use crate::settings::Key;
use crate::store::charges::{self, Charge};
use crate::store::payment_requests::Request;

pub(super) fn create(asking: &Asking<'_>) -> Result<Answer, Refusal> {
    let (context, order) = (asking.context, &asking.order);
    if order.asked.is_none() && order.money.is_none() {
        return Err(invalid(
            "request_customer_token",
            "Neither a token nor a payment is asked for.",
        ));
    }
    let mut flaws = flaws(context, order);
    let at_once = order.asked.is_some() && context.settings.text(Key::CreateFirstAnswer) == "approved";
    if order.step_up.is_none() && !at_once {
        flaws.push(flaw(
            "step_up_config",
            "The member is missing: the customer has to agree.",
        ));
    }
    if !flaws.is_empty() {
        return Err(invalid_all(flaws));
    }
    if at_once {
        return decide(asking);
    }
    let request = submit(&context.desk(), new_request(asking))?;
    let shown = shown(&context.desk(), &context.sandbox.http_origin, &request)?;
    Ok(Answer::json(200, &Blocks::default().step_up(&request, shown).value()))
}

/// What a body that asks for a token must hold (tokens.md 1.3).
pub(super) fn flaws(context: &Context<'_>, order: &Order) -> Vec<Flaw> {
    let Some(asked) = &order.asked else {
        return Vec::new();
    };
    let mut flaws = Vec::new();
    let mut need = |name: &str, there: bool, why: &str| {
        if !there {
            flaws.push(flaw(name, why));
        }
    };
    let has = |scope: &str| asked.scopes.iter().any(|one| one == scope);
    let data = "supplementary_purchase_data";
    need(data, order.supplementary, "The member is missing.");
    if order.supplementary {
        let customer = order.customer || context.settings.text(Key::CreateCustomer) != "required";
        need(&format!("{data}.customer"), customer, "The member is missing.");
        let subscriptions = order.subscriptions || !has(NOT_PRESENT);
        need(
            &format!("{data}.subscriptions"),
            subscriptions,
            "The scope asks for it.",
        );
        let on_demand = order.on_demand || !has(PRESENT);
        need(&format!("{data}.ondemand_service"), on_demand, "The scope asks for it.");
    }
    flaws
}

/// A request that waits for the customer.
pub(super) fn new_request(asking: &Asking<'_>) -> Request {
    let (context, order) = (asking.context, &asking.order);
    let desk = context.desk();
    let (asked, step_up) = (order.asked.as_ref(), order.step_up.as_ref());
    Request {
        id: desk.payment_krn("request"),
        page: context.sandbox.random.token(),
        acquirer: context.caller.clone(),
        account: asking.account.clone(),
        reference: step_up.and_then(|step_up| step_up.reference.clone()),
        state: String::new(),
        former: None,
        amount: order.amount(),
        currency: order.currency.clone(),
        scopes: asked.map(|asked| asked.scopes.clone()),
        token_reference: asked.and_then(|asked| asked.reference.clone()),
        charged: None,
        return_url: step_up.and_then(|step_up| step_up.return_url.clone()),
        email: order.email.clone(),
        created_ms: context.now_ms,
        updated_ms: context.now_ms,
        expires_ms: end_ms(asking),
        canceled_ms: None,
        session_token: None,
        session_until_ms: None,
        session_used_ms: None,
        token: None,
    }
}

/// The request's own end, which only shortens its life.
fn end_ms(asking: &Asking<'_>) -> i64 {
    let latest_ms = asking.context.desk().after_ms(Key::RequestLifeS);
    let own = asking.order.step_up.as_ref().and_then(|step_up| step_up.expiry);
    own.map_or(latest_ms, |expiry| {
        expiry.moment_ms(asking.context.now_ms).min(latest_ms)
    })
}

/// The answer without a step-up, as old pages describe it.
fn decide(asking: &Asking<'_>) -> Result<Answer, Refusal> {
    let (context, order) = (asking.context, &asking.order);
    let mut blocks = Blocks::default();
    if context.desk().declines(&order.email, order.amount()) {
        let verdict = Verdict::Declined {
            reason: "CUSTOMER_ACTION_REQUIRED",
        };
        let money = order.money.is_some();
        blocks = if money { blocks.money(verdict) } else { blocks };
        return Ok(Answer::json(200, &blocks.token(verdict).value()));
    }
    if let Some(asked) = &order.asked {
        blocks = blocks.made(&make(&context.desk(), wanted(asking, asked))?);
    }
    if let Some(money) = &order.money {
        blocks = blocks.approved(&book(asking, money, None)?, money, &order.currency);
    }
    Ok(Answer::json(200, &blocks.value()))
}

fn wanted<'a>(asking: &'a Asking<'_>, asked: &Asked) -> Wanted<'a> {
    Wanted {
        family: Family::Payment,
        acquirer: &asking.context.caller,
        account: &asking.account,
        reference: asked.reference.clone(),
        scopes: asked.scopes.clone(),
        currency: &asking.order.currency,
        email: &asking.order.email,
    }
}

/// Books an approved transaction and gives its id.
pub(super) fn book(asking: &Asking<'_>, money: &Money, token: Option<&str>) -> rusqlite::Result<String> {
    let context = asking.context;
    let id = context.desk().payment_krn("transaction");
    let charge = Charge {
        id: id.clone(),
        token: token.map(str::to_owned),
        account: asking.account.clone(),
        reference: money.reference.clone(),
        amount: money.amount,
        currency: asking.order.currency.clone(),
        result: "APPROVED".to_owned(),
        reason: None,
        created_ms: context.now_ms,
    };
    charges::insert(context.tx, &charge)?;
    Ok(id)
}
