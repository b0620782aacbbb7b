//! How the stand-in purchase looks; its ids are stable: `#purchase-token-form`, `#purchase-form`, `#purchase-email`,
//! `#purchase-otp`, `#purchase-link`, `#purchase-pay`, `#purchase-refuse`, `#purchase-known`, `#purchase-merchant`,
//! `#purchase-amount`, `#purchase-intent`, `#purchase-state`, `#purchase-authorization`.

use super::consent_pages::{flaw_line, log_in, money};
use super::pages::{customer_page, escape};
use crate::api::answer::Answer;
use crate::store::purchases::Purchase;

/// What the page shows.
pub(super) struct Shown<'a> {
    pub(super) purchase: &'a Purchase,
    pub(super) merchant: &'a str,
    /// The returning customer, who need not log in.
    pub(super) known: Option<&'a str>,
}

/// Asks for the client token.
pub(super) fn ask(flaw: Option<&str>) -> Answer {
    let main = format!(
        "<h1 id=\"portal-notice\">Begin a purchase</h1>\n\
         <p>This page stands in for the script that a shop loads from Klarna.</p>\n{}\
         <form id=\"purchase-token-form\" method=\"post\" action=\"/portal/purchase\">\n\
         <label for=\"purchase-token\">The session's client_token</label>\n\
         <input id=\"purchase-token\" name=\"client_token\" autocomplete=\"off\" required>\n\
         <button id=\"purchase-begin\" type=\"submit\">Begin</button>\n</form>\n",
        flaw_line("purchase", flaw),
    );
    let status = if flaw.is_some() { 400 } else { 200 };
    customer_page(status, "Begin a purchase · Sandbox", &main)
}

fn head(shown: &Shown<'_>, state: &str, mark: &str, says: &str) -> String {
    let purchase = shown.purchase;
    format!(
        "<p class=\"state\" id=\"purchase-state\" data-state=\"{state}\"><span class=\"dot\" aria-hidden=\"true\">{mark}</span> {says}</p>\n\
         <h1 id=\"purchase-merchant\"><bdi>{}</bdi></h1>\n<dl>\n\
         <dt>Amount</dt><dd id=\"purchase-amount\">{}</dd>\n<dt>Intent</dt><dd id=\"purchase-intent\">{}</dd>\n</dl>\n",
        escape(shown.merchant),
        escape(&money(purchase.amount(), &purchase.currency())),
        escape(&purchase.intent),
    )
}

/// A greeting for a returning customer, a log-in for everybody else.
fn customer(shown: &Shown<'_>) -> String {
    let email = shown.purchase.email.as_deref().unwrap_or_default();
    shown.known.map_or_else(
        || log_in("purchase", email),
        |known| {
            format!(
                "<p id=\"purchase-known\">Welcome back, <bdi>{}</bdi>.</p>\n",
                escape(known)
            )
        },
    )
}

/// The question.
pub(super) fn form(shown: &Shown<'_>, flaw: Option<&str>) -> Answer {
    let purchase = shown.purchase;
    let who = customer(shown);
    let link = if purchase.links() {
        "<label><input id=\"purchase-link\" name=\"link\" type=\"checkbox\" value=\"yes\" checked> Let the shop remember me at Klarna</label>\n"
    } else {
        ""
    };
    let state = if purchase.refused { "refused" } else { "waiting" };
    let says = if purchase.refused {
        "It was refused. Try again."
    } else {
        "Waiting for you"
    };
    let main = format!(
        "{}{}<form id=\"purchase-form\" method=\"post\" action=\"/portal/purchase/{}\">\n{who}{link}\
         <button id=\"purchase-pay\" type=\"submit\" name=\"decision\" value=\"agree\">Pay</button>\n\
         <button id=\"purchase-refuse\" type=\"submit\" name=\"decision\" value=\"refuse\" formnovalidate>Refuse</button>\n</form>\n",
        head(shown, state, "●", says),
        flaw_line("purchase", flaw),
        escape(&purchase.client_token),
    );
    let status = if flaw.is_some() { 400 } else { 200 };
    customer_page(status, &format!("{} · Purchase · Sandbox", shown.merchant), &main)
}

/// The customer has agreed; the shop now makes the order.
pub(super) fn authorized(shown: &Shown<'_>) -> Answer {
    let token = shown.purchase.authorization.as_deref().unwrap_or_default();
    let main = format!(
        "{}<p>The shop makes the order with this authorization_token, within 60 minutes:</p>\n\
         <p><b id=\"purchase-authorization\">{}</b></p>\n",
        head(shown, "authorized", "●", "You agreed"),
        escape(token),
    );
    customer_page(200, &format!("{} · Agreed · Sandbox", shown.merchant), &main)
}

/// The order is made, or the session's time is over.
pub(super) fn over(shown: &Shown<'_>) -> Answer {
    let ordered = shown.purchase.order_id.is_some();
    let (state, says) = if ordered {
        ("ordered", "The order is made.")
    } else {
        ("expired", "Its time is over. The shop must make another session.")
    };
    customer_page(
        200,
        &format!("{} · Purchase · Sandbox", shown.merchant),
        &head(shown, state, "○", says),
    )
}
