//! Customer tokens as the window shows them, and what it asks about them.
//!
//! Deliberately absent: the token. It comes in through `secret_*` commands and leaves by no view; hint and fingerprint stand for it.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::argument::{Id, QueryText, Reason, RowCount, Words};
use crate::views::number::{Millis, Seq};

/// The family, by the token's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TokenFamilyView {
    /// Made by `authorizePayment`.
    NetworkPayment,
    /// Made by account linking.
    NetworkLinking,
    /// Payments v1.
    V1,
    /// Another shape.
    Unknown,
}

/// Where a token stands, as far as is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenStateView {
    /// Klarna said so at the last check.
    Active,
    /// Dead for good.
    Revoked,
    /// Blocked by Klarna.
    Suspended,
    /// Its end was accepted and not seen.
    PendingRevoke,
    /// Another token took its place.
    Superseded,
    /// Never checked.
    Unknown,
    /// The last check failed.
    Unreachable,
}

/// How a token got here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum TokenSourceView {
    /// A person gave it.
    Typed,
    /// From a table.
    Imported,
    /// Made here.
    Created,
    /// From a delivery of Klarna's.
    Webhook,
    /// From the answer to a linked order.
    Linked,
}

/// A view of the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum TokenViewWord {
    /// Everything.
    All,
    /// Usable, as far as is known.
    Active,
    /// Klarna was never asked.
    Never,
    /// The last check failed.
    Unreachable,
    /// Klarna answered with a word that is not known.
    Unknown,
    /// Accepted to end, and not known to be over.
    Pending,
    /// Blocked by Klarna.
    Suspended,
    /// Dead for good.
    Revoked,
    /// Another token took its place.
    Superseded,
}

/// A kept token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenRow {
    /// Its number in the vault.
    pub id: String,
    /// Few characters of both ends.
    pub hint: String,
    /// The same as in the log.
    pub fingerprint: String,
    /// The family.
    pub family: TokenFamilyView,
    /// The merchant's account KRN.
    pub merchant_id: Option<String>,
    /// The merchant's name, where the directory knows it.
    pub merchant_name: Option<String>,
    /// The acquirer's reference of the merchant.
    pub merchant_reference: Option<String>,
    /// The acquirer's own id of the token.
    pub reference: Option<String>,
    /// Klarna's words for what it may be used for.
    pub scopes: Vec<String>,
    /// The acquirer's id of the customer.
    pub customer: Option<String>,
    /// The acquirer's id of the subscription.
    pub subscription: Option<String>,
    /// Where it stands.
    pub state: TokenStateView,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// The token that took its place.
    pub superseded_by: Option<String>,
    /// How it got here.
    pub source: TokenSourceView,
    /// When Klarna made it.
    pub created_at: Option<Millis>,
    /// When it was kept here first.
    pub kept_at: Millis,
    /// When it was charged last with this tool.
    pub used_at: Option<Millis>,
    /// When Klarna was asked last.
    pub checked_at: Option<Millis>,
}

/// Which page of the vault is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokensRequest {
    /// The view.
    pub view: TokenViewWord,
    /// The beginning of an id or a fingerprint.
    pub text: QueryText,
    /// Only this merchant's.
    #[serde(default)]
    pub merchant_id: Option<Id>,
    /// The last row of the page before.
    #[serde(default)]
    pub before: Option<Id>,
    /// How many rows, 200 at most.
    pub limit: RowCount,
}

/// A page, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokensPage {
    /// The tokens.
    pub rows: Vec<TokenRow>,
    /// What to give as `before` for the next page.
    pub next: Option<String>,
}

/// How many tokens are in each view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenCountsView {
    /// All of them.
    pub all: Seq,
    /// Usable.
    pub active: Seq,
    /// Klarna was never asked.
    pub never: Seq,
    /// The last check failed.
    pub unreachable: Seq,
    /// Klarna answered with a word that is not known.
    pub unknown: Seq,
    /// Accepted to end.
    pub pending: Seq,
    /// Blocked by Klarna.
    pub suspended: Seq,
    /// Dead for good.
    pub revoked: Seq,
    /// Replaced.
    pub superseded: Seq,
}

/// One thing that is known to have happened to a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenEvent {
    /// When.
    pub time: Millis,
    /// The kind of the audit entry.
    pub kind: String,
    /// `succeeded`, `refused`, `unknown`, or nothing.
    pub outcome: String,
    /// In few words; text from outside.
    pub told: String,
    /// The audit entry.
    pub seq: Option<Seq>,
    /// Who did it; text from outside.
    pub who: Option<String>,
}

/// What is known of a token that was given whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenFound {
    /// Few characters of both ends.
    pub hint: String,
    /// The same as in the log.
    pub fingerprint: String,
    /// The family, by its shape.
    pub family: TokenFamilyView,
    /// The environment that the shape tells.
    pub environment: Option<String>,
    /// What else it seems to be.
    pub mistaken_for: Option<String>,
    /// Whether it says another environment than the profile's.
    pub other_environment: bool,
    /// Its row, when it is kept.
    pub kept: Option<TokenRow>,
    /// The entries of the log that name it, newest first.
    pub entries: Vec<Seq>,
}

/// What is told of a token that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenTold {
    /// The merchant's account KRN.
    #[serde(default)]
    pub merchant_id: Option<Id>,
    /// The acquirer's own id of the token.
    #[serde(default)]
    pub reference: Option<Id>,
    /// Klarna's words.
    pub scopes: Words,
    /// The acquirer's id of the customer.
    #[serde(default)]
    pub customer: Option<Id>,
    /// The acquirer's id of the subscription.
    #[serde(default)]
    pub subscription: Option<Id>,
}

/// A token that lies on the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenCopied {
    /// When the clipboard is cleared.
    pub until: Millis,
}

/// A token that Klarna was asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenChecked {
    /// The token, as it is known now.
    pub row: TokenRow,
    /// Why it could not be asked; a sentence.
    pub trouble: Option<String>,
    /// What Klarna says of how it pays.
    pub payment_method: Option<String>,
}

/// A token to be revoked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenRevokeWish {
    /// Its number in the vault.
    pub id: Id,
    /// Its fingerprint, typed.
    pub confirmation: Id,
    /// Why.
    pub reason: Reason,
}

/// A token that was revoked, or is being.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenRevoked {
    /// The token, as it is known now.
    pub row: TokenRow,
    /// When Klarna had accepted it.
    pub accepted_at: Millis,
    /// Whether a second read found it dead.
    pub verified: bool,
    /// Whether it had been revoked before.
    pub revoked_before: bool,
    /// A text for the merchant.
    pub merchant_text: String,
}
