//! Orders of payments v1, and what their answers mean for a linked customer's token (tokens.md 4.4, 5).
//!
//! Deliberately absent: deciding between answers that overtook each other; whoever keeps the tokens knows when each order was
//! made.

use super::lines::{OrderTerms, TermsBody};
use crate::consent_url::ConsentUrl;
use crate::customer_token::CustomerToken;
use crate::failure::{FailureKind, shape};
use crate::wire_value::{Wiped, object, raw, text, token};
use serde::Serialize;

/// `fraud_status` of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FraudStatus {
    /// It stands.
    Accepted,
    /// Klarna looks at it and will tell.
    Pending,
    /// It does not stand.
    Rejected,
    /// A word that this version does not know.
    Other(String),
}

impl FraudStatus {
    /// Reads the word; an unknown one is kept.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "ACCEPTED" => Self::Accepted,
            "PENDING" => Self::Pending,
            "REJECTED" => Self::Rejected,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Returns the word as Klarna writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Accepted => "ACCEPTED",
            Self::Pending => "PENDING",
            Self::Rejected => "REJECTED",
            Self::Other(word) => word,
        }
    }
}

/// A charge of a v1 token.
#[derive(Debug)]
pub struct TokenOrder {
    /// What is bought.
    pub terms: OrderTerms,
    /// Whether a refusal may offer a way to repair the token with the customer there; Klarna's default is no (tokens.md 2.5).
    pub step_up_supported: bool,
}

#[derive(Serialize)]
pub(super) struct TokenOrderBody<'a> {
    #[serde(flatten)]
    terms: TermsBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step_up: Option<&'static str>,
}

impl<'a> TokenOrderBody<'a> {
    pub(super) fn of(order: &'a TokenOrder) -> Self {
        Self {
            terms: TermsBody::of(&order.terms),
            step_up: order.step_up_supported.then_some("SUPPORTED"),
        }
    }
}

/// An order that Klarna took.
#[derive(Debug)]
pub struct PlacedOrder {
    /// Klarna's id.
    pub id: String,
    /// Whether it stands.
    pub fraud_status: Option<FraudStatus>,
    /// Where the customer goes next.
    pub redirect_url: Option<ConsentUrl>,
    /// How it is paid.
    pub payment_method: Option<String>,
    /// The linked customer's token; none when the customer opted out, which revokes nothing.
    pub customer_token: Option<CustomerToken>,
}

/// What an order's answer means for the token that is kept (tokens.md 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkingResult {
    /// The first token: keep it.
    Linked,
    /// The token that was sent: it is still good.
    Same,
    /// Another token than the one sent, without any error: it takes the place of the old one.
    Replaced,
    /// No token: the customer opted out. What is kept stays, and nothing was revoked.
    OptedOut,
}

impl PlacedOrder {
    /// Compares the answer with the token that was sent.
    #[must_use]
    pub fn linking(&self, sent: Option<&CustomerToken>) -> LinkingResult {
        match (sent, &self.customer_token) {
            (_, None) => LinkingResult::OptedOut,
            (None, Some(_)) => LinkingResult::Linked,
            (Some(sent), Some(come)) if sent.is_same(come) => LinkingResult::Same,
            (Some(_), Some(_)) => LinkingResult::Replaced,
        }
    }
}

pub(super) fn placed(body: &[u8]) -> Result<PlacedOrder, FailureKind> {
    let whole = Wiped::object(body)?;
    let value = whole.value();
    let method = object(value, "authorized_payment_method");
    Ok(PlacedOrder {
        id: text(value, "order_id").ok_or(FailureKind::AnswerShape(shape::ORDER_ID_MISSING))?,
        fraud_status: text(value, "fraud_status").map(|word| FraudStatus::from_word(&word)),
        redirect_url: raw(value, "redirect_url").and_then(|address| ConsentUrl::parse(address).ok()),
        payment_method: method.and_then(|method| text(method, "type")),
        customer_token: token(value, "customer_token"),
    })
}
