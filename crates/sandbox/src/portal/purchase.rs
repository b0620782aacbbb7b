//! The stand-in for Klarna's script: a purchase begins with the `client_token` of a session (tokens.md 4.2, call 4).
//!
//! A returning customer with a good token need not log in. Agreeing gives the `authorization_token`, which the page shows
//! and the session's `merchant_urls.authorization` is told, where that is on this machine.

use super::consent::{at_desk, flaw, shop_name};
use super::pages;
use super::purchase_pages::{self, Shown};
use super::visit::Page;
use crate::api::answer::Answer;
use crate::api::text::{first, form};
use crate::desk::Desk;
use crate::purchase::{Decision, decide, returning};
use crate::sandbox::Sandbox;
use crate::store::purchases::{self, Purchase};

/// Takes a pasted client token to its purchase.
pub(super) fn begin(body: &[u8]) -> Answer {
    let fields = form(&String::from_utf8_lossy(body));
    let token = first(&fields, "client_token").unwrap_or_default().trim();
    let plain = !token.is_empty()
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if plain {
        Answer::empty(303).with("location", format!("/portal/purchase/{token}"))
    } else {
        purchase_pages::ask(Some("This is no client_token. Paste the one of the session's answer."))
    }
}

pub(super) fn look(sandbox: &Sandbox, client_token: &str) -> Answer {
    at_desk(sandbox, |desk| {
        match purchases::by_client_token(desk.tx, client_token)? {
            Some(purchase) => show(desk, &purchase, None),
            None => Ok(unknown()),
        }
    })
}

fn unknown() -> Answer {
    pages::notice(
        404,
        "This purchase is not known",
        "Make another session and begin with its client_token.",
    )
}

fn show(desk: &Desk<'_>, purchase: &Purchase, flaw: Option<&str>) -> Page {
    let merchant = shop_name(desk.tx, &purchase.account)?;
    let known = returning(desk, purchase)?;
    let shown = Shown {
        purchase,
        merchant: &merchant,
        known: known.as_ref().map(|token| token.email.as_str()),
    };
    Ok(if !purchase.is_open(desk.now_ms) {
        purchase_pages::over(&shown)
    } else if purchase.is_authorized(desk) {
        purchase_pages::authorized(&shown)
    } else {
        purchase_pages::form(&shown, flaw)
    })
}

/// Takes the customer's answer.
pub(super) fn answer(sandbox: &Sandbox, client_token: &str, body: &[u8]) -> Answer {
    let fields = form(&String::from_utf8_lossy(body));
    let field = |name| first(&fields, name).unwrap_or_default().trim();
    at_desk(sandbox, |desk| {
        let Some(purchase) = purchases::by_client_token(desk.tx, client_token)? else {
            return Ok(unknown());
        };
        if !purchase.is_open(desk.now_ms) {
            return show(desk, &purchase, None);
        }
        let known = returning(desk, &purchase)?.map(|token| token.email);
        let agrees = field("decision") != "refuse";
        let wrong = flaw(desk.settings, field("email"), field("otp"));
        if let Some(wrong) = wrong.filter(|_| agrees && known.is_none()) {
            return show(desk, &purchase, Some(wrong));
        }
        let decision = Decision {
            email: known.as_deref().unwrap_or(field("email")),
            link: !field("link").is_empty(),
            agrees,
        };
        decide(desk, purchase, &decision)?;
        Ok(Answer::empty(303).with("location", format!("/portal/purchase/{client_token}")))
    })
}
