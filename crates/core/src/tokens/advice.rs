//! Advice that needs neither Klarna nor a key: why a charge failed, which scope fits, whether a body is ready to go live, what is wrong with
//! extra merchant data.
//!
//! The rules are the client's; here they become sentences. Deliberately absent: secrets of what was pasted; none is repeated.

use gatehouse_klarna::{EmdPlace, MeantAs, Purposes, examine_body, explain, lint_emd};
use serde::Serialize;

use super::course::Presence;
use super::token::Token;
use crate::problem::{ErrorCode, Problem};

/// Why a charge failed and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedCharge {
    /// What was pasted: `network_error`, `webhook`, ...
    pub pasted: String,
    /// Whose matter it is: `token`, `body`, ...
    pub matter: String,
    /// Why, in a sentence.
    pub cause: String,
    /// Whether to try again, and when.
    pub retry: String,
    /// Klarna's own word; text from outside.
    pub word: Option<String>,
    /// Whether that word is an invention of the sandbox.
    pub is_invented: bool,
    /// The HTTP status.
    pub status: Option<u16>,
    /// What to quote to Klarna.
    pub reference: Option<String>,
    /// The parameters that Klarna names, with what it says of each.
    pub parameters: Vec<(String, String)>,
}

/// Explains a pasted answer or webhook.
#[must_use]
pub fn explain_charge(pasted: &str, status: Option<u16>) -> ExplainedCharge {
    let found = explain(pasted, status);
    ExplainedCharge {
        pasted: word_of(&found.pasted),
        matter: word_of(&found.matter()),
        cause: found.cause.sentence().to_owned(),
        retry: found.retry().sentence().to_owned(),
        is_invented: found.is_invented,
        status: found.status,
        parameters: found
            .parameters
            .iter()
            .map(|fault| (fault.parameter.clone(), fault.message.clone()))
            .collect(),
        word: found.word,
        reference: found.reference,
    }
}

/// `NetworkError` becomes `network_error`.
fn word_of(name: &impl std::fmt::Debug) -> String {
    let mut word = String::new();
    for letter in format!("{name:?}").chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BodyFlaw {
    /// Where, as a path; empty for the whole.
    pub path: String,
    /// What is wrong and what to do.
    pub what: String,
    /// Whether Klarna would refuse or ignore it; otherwise it is worth a look.
    pub is_breach: bool,
}

/// What a body is meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoLive {
    /// Making a token.
    Create,
    /// Charging one.
    Charge(Presence),
    /// Finishing after the customer's consent.
    Finalise,
}

/// Looks a body of `authorizePayment` over; with a token, its scopes too.
#[must_use]
pub fn examine_before_live(body: &str, meant: GoLive, token: Option<&Token>) -> Vec<BodyFlaw> {
    let meant = match meant {
        GoLive::Create => MeantAs::CreateToken,
        GoLive::Finalise => MeantAs::Finalise,
        GoLive::Charge(presence) => MeantAs::Charge {
            presence: match presence {
                Presence::CustomerPresent => gatehouse_klarna::Presence::Present,
                Presence::CustomerNotPresent => gatehouse_klarna::Presence::NotPresent,
            },
            purposes: token.map(|token| Purposes::from_words(&token.scopes)),
        },
    };
    let found = examine_body(body, &meant).into_iter();
    found
        .map(|finding| BodyFlaw {
            path: finding.path,
            what: finding.rule.sentence().to_owned(),
            is_breach: true,
        })
        .collect()
}

/// Looks extra merchant data over.
///
/// # Errors
/// `input_invalid` for a place that is none.
pub fn lint_merchant_data(text: &str, place: Option<&str>) -> Result<Vec<BodyFlaw>, Problem> {
    let place = match place {
        None => None,
        Some("authorize") => Some(EmdPlace::Authorize),
        Some("update") => Some(EmdPlace::SessionUpdate),
        Some("create") => Some(EmdPlace::SessionCreate),
        Some("order") => Some(EmdPlace::OrderCreate),
        Some(_) => {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "That is no call that takes extra merchant data.",
                "The calls are authorize, update, create and order.",
            ));
        }
    };
    let found = lint_emd(text, place).into_iter();
    Ok(found
        .map(|finding| BodyFlaw {
            is_breach: finding.rule.is_fault(),
            what: finding.rule.sentence().to_owned(),
            path: finding.path,
        })
        .collect())
}

/// Which scope fits, and why.
#[must_use]
pub fn scope_advice(customer_is_there: bool, amounts_are_fixed: bool) -> (Presence, &'static str) {
    match (customer_is_there, amounts_are_fixed) {
        (true, _) => (
            Presence::CustomerPresent,
            "The customer is there at each purchase and may be asked once more: payment:customer_present. Say what is expected of purchases.",
        ),
        (false, true) => (
            Presence::CustomerNotPresent,
            "Nobody can be asked when it is charged: payment:customer_not_present. Name the subscription, and name it again with each charge.",
        ),
        (false, false) => (
            Presence::CustomerNotPresent,
            "Nobody can be asked when it is charged: payment:customer_not_present. Amounts that vary are declined more often; name the subscription with its billing plan.",
        ),
    }
}
