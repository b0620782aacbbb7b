//! How the consent page looks; its ids are stable: `#consent-form`, `#consent-email`, `#consent-otp`, `#consent-agree`,
//! `#consent-refuse`, `#consent-merchant`, `#consent-amount`, `#consent-for`, `#consent-reference`, `#consent-until`,
//! `#consent-state`, `#consent-return`.
//!
//! No token is ever shown on it: the shop gets tokens from Klarna and not from the customer.

use super::pages::{customer_page, escape};
use crate::api::answer::Answer;
use crate::clock::rfc3339;
use crate::customer_token::{LOGIN, NOT_PRESENT, PRESENT};
use crate::payment_request::State;
use crate::store::payment_requests::Request;

/// What the page shows.
pub(super) struct Shown<'a> {
    pub(super) request: &'a Request,
    pub(super) merchant: &'a str,
    pub(super) state: State,
}

/// An amount of minor units as a person reads it.
pub(super) fn money(amount: i64, currency: &str) -> String {
    format!("{}.{:02} {currency}", amount / 100, amount % 100)
}

/// What the customer agrees to, in words.
fn purpose(request: &Request) -> String {
    let scope = |scope: &str| match scope {
        PRESENT => "later payments that you confirm",
        NOT_PRESENT => "later payments without asking you, such as a subscription",
        LOGIN => "logging in with Klarna",
        _ => "other uses",
    };
    let saved = request.scopes.as_ref().map(|scopes| {
        let uses: Vec<&str> = scopes.iter().map(|one| scope(one)).collect();
        format!("saving your Klarna account for {}", uses.join(" and "))
    });
    let paid = request.amount.map(|_| "this payment".to_owned());
    let parts: Vec<String> = paid.into_iter().chain(saved).collect();
    parts.join(", and ")
}

fn facts(shown: &Shown<'_>) -> String {
    let request = shown.request;
    let amount = request
        .amount
        .map_or_else(|| "nothing now".to_owned(), |amount| money(amount, &request.currency));
    let line = |name: &str, id: &str, value: &str| {
        format!("<dt>{name}</dt><dd id=\"{id}\"><bdi>{}</bdi></dd>\n", escape(value))
    };
    let until = rfc3339(request.expires_ms);
    [
        "<dl>\n".to_owned(),
        line("For", "consent-for", &purpose(request)),
        line("Amount", "consent-amount", &amount),
        line(
            "Reference",
            "consent-reference",
            request.reference.as_deref().unwrap_or("none"),
        ),
        format!("<dt>Until</dt><dd id=\"consent-until\"><time datetime=\"{until}\">{until}</time></dd>\n</dl>\n"),
    ]
    .concat()
}

/// The two fields of a log-in.
pub(super) fn log_in(prefix: &str, email: &str) -> String {
    format!(
        "<label for=\"{prefix}-email\">Your e-mail address</label>\n\
         <input id=\"{prefix}-email\" name=\"email\" type=\"email\" autocomplete=\"off\" value=\"{}\">\n\
         <label for=\"{prefix}-otp\">One-time code: any six digits</label>\n\
         <input id=\"{prefix}-otp\" name=\"otp\" inputmode=\"numeric\" autocomplete=\"off\">\n",
        escape(email)
    )
}

/// A line about what was entered wrong.
pub(super) fn flaw_line(prefix: &str, flaw: Option<&str>) -> String {
    flaw.map_or_else(String::new, |flaw| {
        format!(
            "<p class=\"flaw\" id=\"{prefix}-flaw\" role=\"alert\">{}</p>\n",
            escape(flaw)
        )
    })
}

/// The question.
pub(super) fn form(shown: &Shown<'_>, flaw: Option<&str>) -> Answer {
    let main = format!(
        "<p class=\"state\" id=\"consent-state\" data-state=\"{}\"><span class=\"dot\" aria-hidden=\"true\">●</span> Waiting for you</p>\n\
         <h1 id=\"consent-merchant\"><bdi>{}</bdi></h1>\n{}{}\
         <form id=\"consent-form\" method=\"post\" action=\"/portal/consent/{}\">\n{}\
         <button id=\"consent-agree\" type=\"submit\" name=\"decision\" value=\"agree\">Agree</button>\n\
         <button id=\"consent-refuse\" type=\"submit\" name=\"decision\" value=\"refuse\" formnovalidate>Refuse</button>\n</form>\n",
        shown.state.as_str(),
        escape(shown.merchant),
        facts(shown),
        flaw_line("consent", flaw),
        escape(&shown.request.page),
        log_in("consent", &shown.request.email),
    );
    let status = if flaw.is_some() { 400 } else { 200 };
    customer_page(
        status,
        &format!("{} asks for your consent · Sandbox", shown.merchant),
        &main,
    )
}

/// What it came to.
pub(super) fn outcome(shown: &Shown<'_>, back: Option<&str>) -> Answer {
    let says = match shown.state {
        State::Completed => "You agreed. The shop is told.",
        State::Declined => "Nothing was agreed.",
        State::Canceled => "The shop has called it off.",
        State::Expired => "Its time is over. Ask the shop for another link.",
        State::Submitted | State::InProgress => "It waits for you.",
    };
    let link = back.map_or_else(String::new, |back| {
        format!(
            "<p><a id=\"consent-return\" rel=\"noreferrer\" href=\"{}\">Back to the shop</a></p>\n",
            escape(back)
        )
    });
    let main = format!(
        "<p class=\"state ended\" id=\"consent-state\" data-state=\"{}\"><span class=\"dot\" aria-hidden=\"true\">○</span> {says}</p>\n\
         <h1 id=\"consent-merchant\"><bdi>{}</bdi></h1>\n{}{link}",
        shown.state.as_str(),
        escape(shown.merchant),
        facts(shown),
    );
    customer_page(200, &format!("{} · Payment request · Sandbox", shown.merchant), &main)
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn an_amount_has_two_digits_after_its_point() {
        assert_eq!(money(1_299, "EUR"), "12.99 EUR", "minor units");
        assert_eq!(money(5, "SEK"), "0.05 SEK", "less than one");
    }
}
