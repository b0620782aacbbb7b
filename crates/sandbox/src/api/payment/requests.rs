//! createPaymentRequest, its reading and its cancelling (tokens.md 1.6).

use super::authorize::Asking;
use super::charge::{self, Course};
use super::{create, own_token, read as bodies, token_header};
use crate::api::Context;
use crate::api::answer::{Answer, Refusal, conflict, invalid, invalid_all, not_found};
use crate::api::body::members;
use crate::payment_request::{cancel as call_off, complete, decline, shown, submit};
use crate::store::payment_requests::{self, Request};

pub(super) fn create(context: &Context<'_>, account: String) -> Result<Answer, Refusal> {
    let token = token_header(context)?;
    let order = bodies::request(&members(context)?)?;
    if order.asked.is_none() && order.money.is_none() {
        return Err(invalid("amount", "Neither a token nor a payment is asked for."));
    }
    let flaws = create::flaws(context, &order);
    if !flaws.is_empty() {
        return Err(invalid_all(flaws));
    }
    let asking = Asking {
        context,
        account,
        order,
    };
    let request = match token {
        Some(token) => charged(&asking, token)?,
        None => submit(&context.desk(), create::new_request(&asking))?,
    };
    answer(context, 201, &request)
}

/// A request with a token may be completed without asking (generation C).
fn charged(asking: &Asking<'_>, token: &str) -> Result<Request, Refusal> {
    let desk = asking.context.desk();
    let token = own_token(asking.context, token, &asking.account)?;
    let course = charge::course(asking, &token)?;
    let request = Request {
        charged: Some(token.token.clone()),
        email: token.email.clone(),
        ..create::new_request(asking)
    };
    let request = submit(&desk, request)?;
    Ok(match course {
        Course::Completed => complete(&desk, request, "")?,
        Course::Declined => decline(&desk, request)?,
        Course::Asked => request,
    })
}

pub(super) fn read(context: &Context<'_>, account: &str, id: &str) -> Result<Answer, Refusal> {
    let request = own(context, account, id)?;
    answer(context, 200, &request)
}

pub(super) fn cancel(context: &Context<'_>, account: &str, id: &str) -> Result<Answer, Refusal> {
    let request = own(context, account, id)?;
    let state = request.state(context.now_ms);
    if !state.is_open() {
        let message = format!("The payment request is {}.", state.as_str());
        return Err(conflict(&message));
    }
    let request = call_off(&context.desk(), request)?;
    answer(context, 200, &request)
}

fn own(context: &Context<'_>, account: &str, id: &str) -> Result<Request, Refusal> {
    let request = payment_requests::by_id(context.tx, id)?.filter(|request| request.account == account);
    request.ok_or_else(|| not_found("There is no such payment request."))
}

fn answer(context: &Context<'_>, status: u16, request: &Request) -> Result<Answer, Refusal> {
    let shown = shown(&context.desk(), &context.sandbox.http_origin, request)?;
    Ok(Answer::json(status, &shown))
}
