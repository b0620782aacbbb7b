//! What a person says of a token to be made or charged, checked and turned into Klarna's own types.
//!
//! These are stored as JSON with an act, so that the very same request can be sent again under the same key. Deliberately absent: the
//! token itself; it stays in the vault.

use serde::{Deserialize, Serialize};

/// Whether the customer is there when the token is charged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// The customer is there and may be asked.
    CustomerPresent,
    /// Nobody can be asked.
    #[default]
    CustomerNotPresent,
}

impl Presence {
    /// The word in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CustomerPresent => "customer_present",
            Self::CustomerNotPresent => "customer_not_present",
        }
    }

    /// The scope that a token needs for it.
    #[must_use]
    pub fn scope(self) -> &'static str {
        match self {
            Self::CustomerPresent => "payment:customer_present",
            Self::CustomerNotPresent => "payment:customer_not_present",
        }
    }
}

/// One line of what is bought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What it is.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// What one costs, in the smallest unit.
    pub unit_price: i64,
}

/// What is expected of purchases with the customer there; Klarna asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ondemand {
    /// What a purchase costs on average, in the smallest unit.
    pub average: i64,
    /// The least.
    #[serde(default)]
    pub least: Option<i64>,
    /// The most.
    #[serde(default)]
    pub most: Option<i64>,
    /// How often within the interval.
    pub count: u32,
    /// `DAY`, `WEEK`, `MONTH` or `YEAR`.
    pub interval: String,
}

/// A subscription that the token pays for; Klarna asks for it, and again with each charge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subscribed {
    /// The acquirer's own id of it.
    pub reference: String,
    /// Its name.
    pub name: Option<String>,
    /// Klarna's word about a free trial.
    pub free_trial: Option<String>,
    /// What is billed each time, in the smallest unit; with the interval.
    pub amount: Option<i64>,
    /// `DAY`, `WEEK`, `MONTH` or `YEAR`.
    pub interval: Option<String>,
    /// Every how many intervals.
    pub frequency: Option<u32>,
}

/// The terms of a token or a charge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Terms {
    /// Three capital letters.
    pub currency: String,
    /// How much, in the smallest unit; nothing where only a token is made.
    pub amount: Option<i64>,
    /// The acquirer's own id of the payment.
    pub payment_reference: Option<String>,
    /// The acquirer's or merchant's own id of the purchase.
    pub purchase_reference: Option<String>,
    /// What is bought.
    pub lines: Vec<Line>,
    /// Asked for with the customer there.
    pub ondemand: Option<Ondemand>,
    /// Asked for without the customer; at least one.
    pub subscriptions: Vec<Subscribed>,
    /// Where the customer comes back to.
    pub return_url: Option<String>,
    /// The acquirer's own id of the payment request.
    pub request_reference: Option<String>,
    /// Two capital letters; payments v1 asks for it.
    pub country: Option<String>,
    /// `ll-CC`; payments v1 recommends it.
    pub locale: Option<String>,
}

/// A token to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CreateToken {
    /// Account KRN, its last segment, or a unique reference of the merchant.
    pub merchant: String,
    /// What charges it shall allow.
    pub presence: Presence,
    /// Whether it shall also recognise the customer.
    pub log_in: bool,
    /// The acquirer's own id of the token.
    pub reference: Option<String>,
    /// The acquirer's id of the customer.
    pub customer: Option<String>,
    /// What it is about.
    pub terms: Terms,
}

/// A token to be charged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChargeToken {
    /// The token: its number, reference or fingerprint.
    pub token: String,
    /// Whether the customer is there.
    pub presence: Presence,
    /// What it is about.
    pub terms: Terms,
    /// Why; stands in the log's private part.
    pub reason: Option<String>,
}
