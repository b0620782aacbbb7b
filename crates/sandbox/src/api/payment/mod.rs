//! authorizePayment and Payment Requests (tokens.md sections 1 and 2).
//!
//! Both orders of calls work: authorizePayment first, and createPaymentRequest first. Capture, refund and everything
//! after an approved transaction are absent: Gatehouse does not use them.

mod authorize;
mod charge;
mod create;
mod finish;
mod order;
mod read;
mod requests;
mod written;

use super::Context;
use super::accounts::{check_state, onboarded};
use super::answer::{Answer, Refusal, invalid};
use super::route::Payment;
use super::text::account_krn;
use crate::store::customer_tokens::{self, Token};
use crate::store::records;

/// The headers that carry a customer token (tokens.md 3.2).
const TOKEN_HEADERS: [&str; 2] = ["klarna-customer-token", "x-klarna-customer-token"];
/// Longest customer token (tokens.md 3.1).
const LONGEST: usize = 1_024;

pub(super) fn operate(context: &Context<'_>, account: Option<&str>, what: &Payment) -> Result<Answer, Refusal> {
    let account = merchant(context, account)?;
    match what {
        Payment::Authorize => authorize::authorize(context, account),
        Payment::CreateRequest => requests::create(context, account),
        Payment::ReadRequest(id) => requests::read(context, &account, id),
        Payment::CancelRequest(id) => requests::cancel(context, &account, id),
    }
}

/// The merchant that a call is about: that of the path, or the caller's own account where the path names none.
pub(super) fn merchant(context: &Context<'_>, account: Option<&str>) -> Result<String, Refusal> {
    let Some(id) = account else {
        return Ok(context.caller.clone());
    };
    if account_krn(id).is_none() {
        return Err(invalid(
            "partner_account_id",
            "The value must be the account's whole KRN.",
        ));
    }
    if id == context.caller {
        return Ok(id.to_owned());
    }
    let account = onboarded(context, id)?;
    check_state(context, &account)?;
    Ok(account.krn)
}

/// The token header, if there is one; it is opaque, but not of any length.
pub(super) fn token_header<'a>(context: &'a Context<'_>) -> Result<Option<&'a str>, Refusal> {
    let sent = TOKEN_HEADERS
        .into_iter()
        .find_map(|name| context.call.headers.get(name));
    let Some(sent) = sent else {
        return Ok(None);
    };
    let text = sent
        .to_str()
        .ok()
        .filter(|text| (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()));
    let bad = || {
        invalid(
            "Klarna-Customer-Token",
            "The value must be 1 to 1024 visible characters.",
        )
    };
    text.map(Some).ok_or_else(bad)
}

/// Finds a token that this merchant may use; others' are refused as the settings say, and raise an alarm.
pub(super) fn own_token(context: &Context<'_>, text: &str, account: &str) -> Result<Token, Refusal> {
    let unknown = || super::answer::not_found("The customer token does not exist.");
    let token = customer_tokens::find(context.tx, text)?.ok_or_else(unknown)?;
    if token.account == account {
        return Ok(token);
    }
    let detail = format!("A customer token of {} came with {account}.", token.account);
    records::raise(context.tx, "foreign-token", &detail, context.now_ms)?;
    match context.settings.text(crate::settings::Key::IdentityForeign) {
        "404" => Err(unknown()),
        _ => Err(super::answer::forbidden(
            "The account has no access to this customer token.",
        )),
    }
}
