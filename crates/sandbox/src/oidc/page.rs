//! The provider's page: who are you? No password, since nobody here is real.

use crate::api::answer::Answer;
use crate::api::text::first;
use crate::portal::{escape, page};
use std::fmt::Write;

const CARRIED: [&str; 5] = ["client_id", "redirect_uri", "state", "nonce", "code_challenge"];

/// Asks who signs in.
pub(super) fn ask(query: &[(String, String)]) -> Answer {
    let value = |name: &str| first(query, name).unwrap_or_default();
    if !may_redirect(value("redirect_uri")) {
        return bad_redirect();
    }
    let wrong = [
        (value("client_id") != super::OIDC_CLIENT, "The client is not known."),
        (
            value("response_type") != "code",
            "Only the response type code is offered.",
        ),
        (
            value("code_challenge_method") != "S256" || value("code_challenge").is_empty(),
            "PKCE with S256 is required.",
        ),
        (
            !value("scope").split(' ').any(|scope| scope == "openid"),
            "The scope openid is missing.",
        ),
    ];
    if let Some((_, why)) = wrong.iter().find(|(wrong, _)| *wrong) {
        return crate::portal::notice(400, "This sign-in cannot begin", why);
    }
    let mut hidden = String::new();
    for name in CARRIED {
        let _ = writeln!(
            hidden,
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
            escape(value(name))
        );
    }
    let main = format!(
        "<h1 id=\"provider\">Sign in at the acquirer</h1>\n<p>This stands in for the acquirer's own sign-in. Say who you are; no password is asked for.</p>\n\
         <form id=\"provider-form\" method=\"post\" action=\"/oidc/authorize\">\n{hidden}\
         <label for=\"provider-email\">E-mail</label>\n\
         <input id=\"provider-email\" name=\"email\" type=\"email\" value=\"ana@bakery.example\" required>\n\
         <label for=\"provider-first-name\">First and last name</label>\n\
         <input id=\"provider-first-name\" name=\"first_name\">\n<input aria-label=\"Last name\" name=\"last_name\">\n\
         <label for=\"provider-merchants\">Merchants in the claim \"merchants\"</label>\n\
         <input id=\"provider-merchants\" name=\"merchants\">\n\
         <label for=\"provider-groups\">Words in the claim \"groups\"</label>\n\
         <input id=\"provider-groups\" name=\"groups\">\n\
         <button id=\"provider-sign-in\" name=\"answer\" value=\"sign-in\">Sign in</button>\n\
         <button id=\"provider-cancel\" name=\"answer\" value=\"cancel\" formnovalidate>Cancel</button>\n</form>\n"
    );
    page(200, "Sign in · Sandbox", "", &main)
}

/// Answers go to https, or to this machine.
pub(super) fn may_redirect(address: &str) -> bool {
    let plain = ["http://127.0.0.1:", "http://localhost:", "https://"];
    let clean = address
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !b"\"<>#".contains(&byte));
    clean && plain.iter().any(|start| address.starts_with(start))
}

pub(super) fn bad_redirect() -> Answer {
    crate::portal::notice(
        400,
        "This sign-in leads nowhere",
        "The address to return to is missing or is none.",
    )
}

/// Writes a value into a query.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
