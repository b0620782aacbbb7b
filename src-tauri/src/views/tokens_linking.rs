//! Account linking as the window shows it, and what it asks about it.
//!
//! Deliberately absent: password, client token and authorization token. They come in through `secret_*` commands, or never; none leaves.

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::{Id, Text, Word};
use crate::views::number::{Millis, Minor};
use crate::views::tokens::TokenRow;

/// So many lines may an order have.
const MOST_LINES: usize = 50;

/// What must be known before a linked customer's token is stored, and where payments v1 is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LinkingTermsView {
    /// The words.
    pub text: String,
    /// Whether these very words were accepted in this profile.
    pub accepted: bool,
    /// The hosts, one a region.
    pub hosts: Vec<RegionHostView>,
}

/// Where payments v1 of a region is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RegionHostView {
    /// `europe`, `north_america`, `oceania`.
    pub region: String,
    /// The base address.
    pub host: String,
}

/// The log-in of payments v1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PaymentsLoginView {
    /// The region.
    pub region: String,
    /// The user name.
    pub user: String,
    /// Where it is used.
    pub host: String,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineWish {
    /// What it is.
    pub name: Id,
    /// How many.
    pub quantity: u32,
    /// What one costs.
    pub unit_price: Minor,
}

/// At least one line, at most fifty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineWishes(Vec<LineWish>);

impl LineWishes {
    /// The lines.
    pub fn into_lines(self) -> Vec<LineWish> {
        self.0
    }
}

impl<'de> Deserialize<'de> for LineWishes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lines = Vec::<LineWish>::deserialize(deserializer)?;
        match lines.len() {
            1..=MOST_LINES => Ok(Self(lines)),
            0 => Err(D::Error::custom("there is no line")),
            _ => Err(D::Error::custom("there are more than 50 lines")),
        }
    }
}

impl Type for LineWishes {
    fn definition(types: &mut specta::Types) -> specta::datatype::DataType {
        Vec::<LineWish>::definition(types)
    }
}

/// An order: what a session is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderWish {
    /// Two capital letters.
    pub country: Word,
    /// `ll-CC`.
    #[serde(default)]
    pub locale: Option<Word>,
    /// Three capital letters.
    pub currency: Word,
    /// The acquirer's own id of the order.
    #[serde(default)]
    pub reference: Option<Id>,
    /// What is bought.
    pub lines: LineWishes,
}

/// A session to be started.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkingWish {
    /// The merchant's account KRN.
    #[serde(default)]
    pub merchant_id: Option<Id>,
    /// The stored token of a returning customer, by its number in the vault.
    #[serde(default)]
    pub token_id: Option<Id>,
    /// The acquirer's id of the customer.
    #[serde(default)]
    pub customer: Option<Text<255>>,
    /// What is bought.
    pub order: OrderWish,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LinkingSessionView {
    /// Its number here.
    pub id: String,
    /// Klarna's id.
    pub session_id: String,
    /// The merchant's account KRN.
    pub merchant_id: Option<String>,
    /// The merchant's name, where the directory knows it.
    pub merchant_name: Option<String>,
    /// The token that went with it.
    pub sent: Option<TokenRow>,
    /// The token that its order brought.
    pub brought: Option<TokenRow>,
    /// The acquirer's id of the customer.
    pub customer: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// The currency.
    pub currency: String,
    /// What the order costs.
    pub amount: Option<Minor>,
    /// The acquirer's own id of the order.
    pub reference: Option<String>,
    /// When it was started.
    pub started_at: Millis,
    /// Until when it may become an order.
    pub open_until: Millis,
    /// The order that came of it.
    pub order_id: Option<String>,
    /// When.
    pub ordered_at: Option<Millis>,
    /// `linked`, `same`, `replaced`, `opted_out`.
    pub linking: Option<String>,
}

/// An order that was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LinkedOrderView {
    /// The session as it stands now.
    pub session: LinkingSessionView,
    /// Klarna's word whether the order stands.
    pub fraud_status: Option<String>,
    /// What became of the token, in a sentence.
    pub meaning: String,
    /// The customer's token now.
    pub token: Option<TokenRow>,
}
