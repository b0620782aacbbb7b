//! What is bought, and the data that Klarna asks for with each kind of token (tokens.md 1.3).
//!
//! The inner names of subscriptions and of the on-demand service are inferred, not documented, so both also take members as they
//! are. Deliberately absent: `shipping`, which no token call needs, and any reading of these objects.

use crate::terms::{Amount, Currency, Reference, TermRefusal};
use serde::Serialize;
use serde_json::{Map, Value};
use std::num::NonZeroU32;

/// One line of a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PurchaseLine {
    /// What it is.
    pub name: String,
    /// How many; at least one.
    pub quantity: NonZeroU32,
    /// What one costs.
    pub unit_price: i64,
    /// What all cost.
    pub total_amount: i64,
}

/// What is told of the purchase itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Purchase {
    /// The acquirer's or merchant's own id of it.
    #[serde(rename = "purchase_reference", skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// What is bought; recommended.
    #[serde(rename = "line_items", skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<PurchaseLine>,
    /// What is known of the customer; its members are not published. It is sent, empty or not, when a token is made, because
    /// Klarna lists it as required then.
    #[serde(skip)]
    pub customer: Map<String, Value>,
}

/// How a subscription is billed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BillingPlan {
    /// What is billed each time.
    pub billing_amount: Amount,
    /// In which currency.
    pub currency: Currency,
    /// From which day, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `DAY`, `WEEK`, `MONTH` or `YEAR`.
    pub interval: Interval,
    /// Every how many intervals.
    pub interval_frequency: NonZeroU32,
}

/// A span between two payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Interval {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// A subscription that the token pays for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subscription {
    /// The acquirer's own id of it.
    #[serde(rename = "subscription_reference")]
    pub reference: Reference,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Klarna's word about a free trial, as the integrator knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_trial: Option<String>,
    /// How it is billed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub billing_plans: Vec<BillingPlan>,
    /// Members beside these, as they are.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// The subscriptions of a not-present token: at least one, and told again on each charge.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Subscriptions {
    list: Vec<Subscription>,
}

impl Subscriptions {
    /// Takes subscriptions.
    ///
    /// # Errors
    /// [`TermRefusal::Nothing`] when there is none: Klarna asks for them.
    pub fn new(subscriptions: impl IntoIterator<Item = Subscription>) -> Result<Self, TermRefusal> {
        let list: Vec<_> = subscriptions.into_iter().collect();
        if list.is_empty() {
            return Err(TermRefusal::Nothing);
        }
        Ok(Self { list })
    }

    /// Returns them; never empty.
    #[must_use]
    pub fn as_slice(&self) -> &[Subscription] {
        &self.list
    }
}

/// What is expected of an on-demand service; Klarna asks for it with a customer-present token.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OndemandService {
    /// What a purchase costs on average.
    pub avg_order_value: Amount,
    /// The least that a purchase costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_order_value: Option<Amount>,
    /// The most that a purchase costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_order_value: Option<Amount>,
    /// How often within the interval.
    pub avg_purchase_frequency_count: NonZeroU32,
    /// Within which span.
    pub avg_purchase_frequency_interval: Interval,
    /// Members beside these, as they are.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}
