//! What was found in what a person pasted: an answer, a webhook, a body, merchant data.
//!
//! Deliberately absent: what was pasted; it may hold tokens and customers, and goes inward alone.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::views::tokens::TokenRow;

/// Why a charge failed, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedView {
    /// What was pasted.
    pub pasted: String,
    /// Whose matter it is.
    pub matter: String,
    /// Why, in a sentence.
    pub cause: String,
    /// Whether to try again, and when.
    pub retry: String,
    /// Klarna's own word; text from outside.
    pub word: Option<String>,
    /// Whether that word is an invention of the sandbox.
    pub invented: bool,
    /// The HTTP status.
    pub status: Option<u16>,
    /// What to quote to Klarna.
    pub reference: Option<String>,
    /// The parameters that Klarna names, each with what is wrong.
    pub parameters: Vec<FlawView>,
}

/// One thing that is wrong, or worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FlawView {
    /// Where; empty for the whole.
    pub path: String,
    /// What is wrong and what to do.
    pub what: String,
    /// Whether Klarna refuses or ignores it.
    pub breach: bool,
}

/// What a body is meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MeantWord {
    /// Making a token.
    Create,
    /// Charging one with the customer there.
    ChargePresent,
    /// Charging one without the customer.
    ChargeAbsent,
    /// Finishing after the customer's consent.
    Finalise,
}

/// A captured delivery, looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView {
    /// Whether the signature is Klarna's.
    pub good: bool,
    /// What was found about it.
    pub signature: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The key that made it.
    pub key_id: Option<String>,
    /// How old it is.
    pub age: String,
    /// Whether that is no older than Klarna repeats deliveries, and not ahead.
    pub timely: bool,
    /// Whether it was taken in before.
    pub repeated: bool,
    /// Klarna's id of the event.
    pub event_id: Option<String>,
    /// Klarna's kind of the event.
    pub event_type: Option<String>,
    /// The merchant's account KRN.
    pub merchant_id: Option<String>,
    /// Why it cannot be read.
    pub unreadable: Option<String>,
    /// Whether it is of another environment than the profile.
    pub other_environment: bool,
}

/// A delivery that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryTaken {
    /// What was found about it.
    pub examined: DeliveryView,
    /// What was done, in a sentence.
    pub done: String,
    /// The token that it is about.
    pub row: Option<TokenRow>,
}
