//! Customer tokens of v1: what Klarna tells of one, and how one is made (tokens.md 5).
//!
//! Deliberately absent: the card's number, of which Klarna tells only a masked form.

use crate::customer_token::CustomerToken;
use crate::failure::{FailureKind, shape};
use crate::network_tokens::TokenStatus;
use crate::terms::{Country, Currency, Locale, Reference};
use crate::wire_value::{Wiped, object, text, token};
use serde::Serialize;
use serde_json::{Map, Value};

/// What Klarna tells of a v1 token. Texts are from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicStanding {
    /// Whether it can be used.
    pub status: TokenStatus,
    /// How it pays, such as `INVOICE` or `CARD`.
    pub payment_method: Option<String>,
    /// The card's brand.
    pub card_brand: Option<String>,
    /// When the card expires.
    pub card_expiry: Option<String>,
    /// The masked number of the card or account.
    pub masked_number: Option<String>,
}

pub(super) fn standing(body: &[u8]) -> Result<ClassicStanding, FailureKind> {
    let whole = Wiped::object(body)?;
    let value = whole.value();
    let status = text(value, "status").ok_or(FailureKind::AnswerShape(shape::STATE_MISSING))?;
    let card = object(value, "card");
    let debit = object(value, "direct_debit");
    Ok(ClassicStanding {
        status: TokenStatus::from_word(&status),
        payment_method: text(value, "payment_method_type"),
        card_brand: card.and_then(|card| text(card, "brand")),
        card_expiry: card.and_then(|card| text(card, "expiry_date")),
        masked_number: card.or(debit).and_then(|holder| text(holder, "masked_number")),
    })
}

/// A v1 token to be made of an authorization (tokens.md 5).
#[derive(Clone, Debug, PartialEq)]
pub struct ClassicTokenDraft {
    /// Where it is used.
    pub country: Country,
    /// In which currency.
    pub currency: Currency,
    /// The customer's language.
    pub locale: Locale,
    /// What it is for, in words the customer sees.
    pub description: Reference,
    /// The billing address, as Klarna's object; may be empty.
    pub billing_address: Map<String, Value>,
    /// The customer, as Klarna's object; may be empty.
    pub customer: Map<String, Value>,
}

#[derive(Serialize)]
pub(super) struct DraftBody<'a> {
    purchase_country: &'a Country,
    purchase_currency: &'a Currency,
    locale: &'a Locale,
    description: &'a Reference,
    intended_use: &'static str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    billing_address: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    customer: &'a Map<String, Value>,
}

impl<'a> DraftBody<'a> {
    pub(super) const fn of(draft: &'a ClassicTokenDraft) -> Self {
        Self {
            purchase_country: &draft.country,
            purchase_currency: &draft.currency,
            locale: &draft.locale,
            description: &draft.description,
            intended_use: "SUBSCRIPTION",
            billing_address: &draft.billing_address,
            customer: &draft.customer,
        }
    }
}

pub(super) fn made(body: &[u8]) -> Result<CustomerToken, FailureKind> {
    let whole = Wiped::object(body)?;
    token(whole.value(), "token_id").ok_or(FailureKind::AnswerShape(shape::TOKEN_MISSING))
}

#[derive(Serialize)]
pub(super) struct CancelBody {
    status: &'static str,
}

/// The one change of status that a merchant can make.
pub(super) const CANCEL: CancelBody = CancelBody { status: "CANCELLED" };
