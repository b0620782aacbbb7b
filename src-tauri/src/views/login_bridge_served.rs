//! A sign-in that is tried, what the bridge says of itself, and what Klarna is handed, as the window shows them.
//!
//! Deliberately absent: anything that is a secret; all of this is public or the person's own.

use serde::Serialize;
use specta::Type;

use crate::argument::Text;
use crate::error::CommandError;
use crate::views::login_bridge::BridgeFlaw;
use crate::views::number::Millis;

/// What a person types to try a sign-in: an address, or claims as JSON.
pub type ClaimsText = Text<20000>;

/// A merchant that somebody could enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BridgeChoice {
    /// The account KRN.
    pub merchant: String,
    /// Its name.
    pub name: String,
    /// Its reference.
    pub reference: String,
    /// In which roles.
    pub roles: Vec<String>,
}

/// A sign-in that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BridgeTried {
    /// The address that counts; empty where there is none.
    pub email: String,
    /// What there is to choose from.
    pub choices: Vec<BridgeChoice>,
    /// What claim or table names and nobody can enter.
    pub left_out: Vec<BridgeFlaw>,
    /// Why there is nothing; empty where there is something.
    pub why: String,
    /// What to do about it.
    pub hint: String,
}

/// Whether a bridge is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum BridgeHealth {
    /// It says so.
    Alive,
    /// It does not answer.
    Silent,
    /// It can only be asked on its own machine.
    Elsewhere,
}

/// A certificate of the metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BridgeCertificate {
    /// Whom it names.
    pub subject: String,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// Until when it is valid.
    pub not_after: Millis,
    /// Whole days that are left; below 30 it is time, below 0 it is over.
    pub days_left: i32,
}

/// One thing that Klarna is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BridgeItem {
    /// Which: `login_url`, `entity_id`, ...
    pub id: String,
    /// What it is.
    pub name: String,
    /// What to hand over.
    pub value: String,
}

/// What a bridge says of itself now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BridgeServed {
    /// Whether it is alive.
    pub health: BridgeHealth,
    /// Where it was asked, or why it did not answer.
    pub health_says: String,
    /// Why there is no metadata.
    pub problem: Option<CommandError>,
    /// The certificates; the first is the one in use.
    pub certificates: Vec<BridgeCertificate>,
    /// What Klarna is to be told, item by item.
    pub items: Vec<BridgeItem>,
    /// The same as one text.
    pub text: String,
}

/// A sign-in in the browser that began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct BridgeTest {
    /// The page that the browser was asked for.
    pub page: String,
    /// When it began.
    pub since: Millis,
}

/// A sign-in through the bridge that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BridgeSeen {
    /// When.
    pub at: Millis,
    /// Who.
    pub email: String,
    /// Where.
    pub merchant_name: String,
    /// In which roles.
    pub roles: Vec<String>,
}
