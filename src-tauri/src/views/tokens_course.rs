//! What the window wishes for when a token is made or charged, and what became of it.
//!
//! Amounts are in the smallest unit of the currency. Deliberately absent: the consent page's address; Rust hands it to the browser.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::{Id, Reason, Text, Word};
use crate::views::number::{Millis, Minor, Seq};

/// Whether the customer is there when the token is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PresenceWord {
    /// The customer is there and may be asked.
    CustomerPresent,
    /// Nobody can be asked.
    CustomerNotPresent,
}

/// What is expected of purchases with the customer there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OndemandWish {
    /// What a purchase costs on average.
    pub average: Minor,
    /// How often within the interval.
    pub count: u32,
    /// `DAY`, `WEEK`, `MONTH` or `YEAR`.
    pub interval: Word,
}

/// A subscription that the token pays for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubscriptionWish {
    /// The acquirer's own id of it.
    pub reference: Id,
    /// What is billed each time.
    #[serde(default)]
    pub amount: Option<Minor>,
    /// `DAY`, `WEEK`, `MONTH` or `YEAR`.
    #[serde(default)]
    pub interval: Option<Word>,
}

/// The terms of a token or a charge.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TermsWish {
    /// Three capital letters.
    pub currency: Word,
    /// How much; nothing where only a token is made.
    #[serde(default)]
    pub amount: Option<Minor>,
    /// The acquirer's own id of the payment.
    #[serde(default)]
    pub payment_reference: Option<Id>,
    /// Asked for with the customer there.
    #[serde(default)]
    pub ondemand: Option<OndemandWish>,
    /// Asked for without the customer.
    #[serde(default)]
    pub subscription: Option<SubscriptionWish>,
    /// Where the customer comes back to.
    #[serde(default)]
    pub return_url: Option<Text<1000>>,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenCreateWish {
    /// The merchant's account KRN.
    pub merchant_id: Id,
    /// What charges it shall allow.
    pub presence: PresenceWord,
    /// Whether it shall also recognise the customer.
    pub log_in: bool,
    /// The acquirer's own id of the token.
    #[serde(default)]
    pub reference: Option<Id>,
    /// The acquirer's id of the customer.
    #[serde(default)]
    pub customer: Option<Id>,
    /// What it is about.
    pub terms: TermsWish,
}

/// A token to be charged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenChargeWish {
    /// Its number in the vault.
    pub id: Id,
    /// Whether the customer is there.
    pub presence: PresenceWord,
    /// What it is about.
    pub terms: TermsWish,
    /// Why.
    #[serde(default)]
    pub reason: Option<Reason>,
}

/// How far a customer's step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ConsentStateView {
    /// The customer was not there yet.
    Submitted,
    /// The customer is there.
    InProgress,
    /// The customer agreed.
    Completed,
    /// Cancelled here.
    Canceled,
    /// Too late.
    Expired,
    /// The customer refused, or no way to pay was possible.
    Declined,
    /// A word of Klarna's that is not known.
    Other,
}

/// A customer who was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    /// Its number here.
    pub id: String,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// The merchant's name, where the directory knows it.
    pub merchant_name: Option<String>,
    /// Klarna's id of the payment request.
    pub request_id: String,
    /// How far it is.
    pub state: ConsentStateView,
    /// Whether the customer may still agree.
    pub open: bool,
    /// When the customer was asked.
    pub asked_at: Millis,
    /// Until when the customer may agree.
    pub expires_at: Option<Millis>,
    /// Until when the payment is to be finished; nothing where none waits.
    pub finish_by: Option<Millis>,
    /// Whether a charge asked, and not the making of a token.
    pub charge: bool,
    /// Whether money is to move.
    pub pays: bool,
    /// When it moved.
    pub paid_at: Option<Millis>,
    /// The token that came of it, or that was charged.
    pub token_id: Option<String>,
}

/// How Klarna decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ChargeOutcomeView {
    /// Paid.
    Approved,
    /// The customer is to be asked.
    StepUp,
    /// Not paid.
    Declined,
}

/// A charge that Klarna decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenCharged {
    /// The decision.
    pub outcome: ChargeOutcomeView,
    /// Klarna's word for a decline.
    pub reason: Option<String>,
    /// What it means, and whether to try again.
    pub meaning: Option<String>,
    /// Klarna's id of the payment.
    pub transaction_id: Option<String>,
    /// The customer's step.
    pub consent: Option<ConsentView>,
    /// The entry of the outcome.
    pub seq: Option<Seq>,
}
