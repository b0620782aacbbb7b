//! Behind `payment_request_url`: the customer agrees to a token, a payment or both, or does not (tokens.md 1.6).
//!
//! How the page looks is in [`super::consent_pages`]. Opening it is the step to IN_PROGRESS.

use super::consent_pages::{self, Shown};
use super::pages;
use super::visit::{Page, in_transaction};
use crate::api::answer::Answer;
use crate::api::text::{first, form, is_email};
use crate::desk::Desk;
use crate::merchants::{ACQUIRER, ACQUIRER_NAME};
use crate::payment_request::{State, begin, complete, decline, return_url};
use crate::sandbox::Sandbox;
use crate::settings::{Key, Settings};
use crate::store::accounts;
use crate::store::payment_requests::{self, Request};
use rusqlite::Transaction;

/// Runs with a desk inside one transaction.
pub(super) fn at_desk(sandbox: &Sandbox, work: impl FnOnce(&Desk<'_>) -> Page) -> Answer {
    let settings = sandbox.settings();
    in_transaction(sandbox, |tx, now_ms| {
        work(&Desk {
            tx,
            settings: &settings,
            random: sandbox.random,
            now_ms,
        })
    })
}

/// The name that a customer knows a merchant by.
pub(super) fn shop_name(tx: &Transaction<'_>, account: &str) -> rusqlite::Result<String> {
    if account == ACQUIRER {
        return Ok(ACQUIRER_NAME.to_owned());
    }
    Ok(accounts::find(tx, account)?.map_or_else(|| account.to_owned(), |account| account.name))
}

/// Shows the page; the first look begins.
pub(super) fn look(sandbox: &Sandbox, page: &str) -> Answer {
    at_desk(sandbox, |desk| {
        let Some(request) = payment_requests::by_page(desk.tx, page)? else {
            return Ok(unknown());
        };
        let request = match request.state(desk.now_ms) {
            State::Submitted => begin(desk, request)?,
            State::InProgress | State::Completed | State::Canceled | State::Expired | State::Declined => request,
        };
        show(desk, &request, None)
    })
}

fn show(desk: &Desk<'_>, request: &Request, flaw: Option<&str>) -> Page {
    let merchant = shop_name(desk.tx, &request.account)?;
    let state = request.state(desk.now_ms);
    let shown = Shown {
        request,
        merchant: &merchant,
        state,
    };
    Ok(if state.is_open() {
        consent_pages::form(&shown, flaw)
    } else {
        let back = return_url(request, desk.now_ms);
        consent_pages::outcome(&shown, back.as_deref())
    })
}

fn unknown() -> Answer {
    pages::notice(
        404,
        "This payment request is not known",
        "Ask the shop for another link.",
    )
}

/// Takes the customer's answer.
pub(super) fn answer(sandbox: &Sandbox, page: &str, body: &[u8]) -> Answer {
    let fields = form(&String::from_utf8_lossy(body));
    let field = |name| first(&fields, name).unwrap_or_default().trim();
    at_desk(sandbox, |desk| {
        let Some(request) = payment_requests::by_page(desk.tx, page)? else {
            return Ok(unknown());
        };
        if !request.state(desk.now_ms).is_open() {
            return show(desk, &request, None);
        }
        if field("decision") == "refuse" {
            decline(desk, request)?;
        } else if let Some(flaw) = flaw(desk.settings, field("email"), field("otp")) {
            return show(desk, &request, Some(flaw));
        } else {
            agree(desk, request, field("email"))?;
        }
        Ok(Answer::empty(303).with("location", format!("/portal/consent/{page}")))
    })
}

/// What is wrong with a log-in, if anything: any six digits are right but those that the settings refuse.
pub(super) fn flaw(settings: &Settings, email: &str, otp: &str) -> Option<&'static str> {
    let digits = otp.len() == 6 && otp.bytes().all(|byte| byte.is_ascii_digit());
    if !is_email(email) {
        Some("This is no e-mail address. Enter one such as kim@example.com.")
    } else if !digits || settings.has_word(Key::OtpRefused, otp) {
        Some("The code is wrong. Enter six digits.")
    } else {
        None
    }
}

/// The customer agrees; some customers and amounts are declined all the same.
pub(crate) fn agree(desk: &Desk<'_>, request: Request, email: &str) -> rusqlite::Result<Request> {
    if desk.declines(email, request.amount) {
        decline(desk, request)
    } else {
        complete(desk, request, email)
    }
}
