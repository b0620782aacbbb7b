//! What Klarna holds of an account, as the window shows it; no secret is in it.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::CommandError;
use crate::views::number::Millis;

/// Certificate or API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKindName {
    /// A client certificate.
    Certificate,
    /// An API key.
    ApiKey,
}

/// What is to become of calls without client certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DemandName {
    /// Refused from now on.
    Now,
    /// Refused from a moment on.
    From,
    /// Let through and reported.
    Report,
}

/// One credential as Klarna lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CredentialView {
    /// Certificate or API key.
    pub kind: CredentialKindName,
    /// Klarna's id.
    pub id: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its state, in Klarna's word.
    pub state: Option<String>,
    /// What a certificate is for, in Klarna's word.
    pub usage: Option<String>,
    /// When it was made.
    pub created_at: Option<Millis>,
    /// When a certificate ends.
    pub expires_at: Option<Millis>,
    /// From when on it is refused.
    pub ended_at: Option<Millis>,
    /// This profile's key that it belongs to.
    pub key_id: Option<String>,
    /// Whether it is in use here; an API key that was given by hand is not recognised.
    pub in_use: bool,
}

/// An API key that Klarna made and that is in use now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewApiKeyView {
    /// Klarna's id.
    pub credential_id: String,
    /// Its description; of the first request, where one whose answer was lost was repeated.
    pub description: String,
    /// Klarna's id of the key before, if it is known.
    pub before: Option<String>,
    /// Whether a request whose answer was lost was repeated.
    pub repeated: bool,
}

/// What Klarna holds of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AtKlarnaView {
    /// Certificates, then API keys.
    pub credentials: Vec<CredentialView>,
    /// `REPORTING`, `ENFORCED`, or Klarna's own word.
    pub enforcement: Option<String>,
    /// From when on.
    pub enforced_from: Option<Millis>,
    /// Why enforcement could not be read.
    pub enforcement_problem: Option<CommandError>,
    /// Klarna's word for its address rules.
    pub address_mode: Option<String>,
    /// The ranges that may call.
    pub allowed: Vec<String>,
    /// Why the address rules could not be read.
    pub address_problem: Option<CommandError>,
}
