//! Ids that Klarna makes: opaque, kept as given, safe as one path segment.
//!
//! They are KRNs today (portal-access.md 3, 7), but nothing here relies on that. Dot segments are refused, because a path would
//! swallow them and a delete would name another resource. Deliberately absent: any meaning read from an id.

use crate::text::checked_text;
use serde::{Deserialize, Serialize};

/// Says why a text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is not an id of Klarna. It has 1 to 255 bytes, without slashes and control characters.")]
pub struct IdRefusal;

fn checked(text: &str) -> Result<String, IdRefusal> {
    let banned = |c: char| c.is_control() || c == '/' || c == '\\';
    if text.is_empty() || text.len() > 255 || matches!(text, "." | "..") || text.contains(banned) {
        return Err(IdRefusal);
    }
    Ok(text.to_owned())
}

/// The id of a portal link.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeepLinkId {
    text: String,
}

checked_text!(DeepLinkId, IdRefusal);

impl DeepLinkId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`IdRefusal`] when it could not stand alone in a path.
    pub fn parse(text: &str) -> Result<Self, IdRefusal> {
        checked(text).map(|text| Self { text })
    }
}

/// The id of a credential: a client certificate or an API key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CredentialId {
    text: String,
}

checked_text!(CredentialId, IdRefusal);

impl CredentialId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`IdRefusal`] when it could not stand alone in a path.
    pub fn parse(text: &str) -> Result<Self, IdRefusal> {
        checked(text).map(|text| Self { text })
    }
}

/// The id of a payment request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaymentRequestId {
    text: String,
}

checked_text!(PaymentRequestId, IdRefusal);

impl PaymentRequestId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`IdRefusal`] when it could not stand alone in a path.
    pub fn parse(text: &str) -> Result<Self, IdRefusal> {
        checked(text).map(|text| Self { text })
    }
}

/// The id of a payments v1 session; it opens nothing without the merchant's password.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaymentSessionId {
    text: String,
}

checked_text!(PaymentSessionId, IdRefusal);

impl PaymentSessionId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`IdRefusal`] when it could not stand alone in a path.
    pub fn parse(text: &str) -> Result<Self, IdRefusal> {
        checked(text).map(|text| Self { text })
    }
}

/// The id of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebhookId {
    text: String,
}

checked_text!(WebhookId, IdRefusal);

impl WebhookId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`IdRefusal`] when it could not stand alone in a path.
    pub fn parse(text: &str) -> Result<Self, IdRefusal> {
        checked(text).map(|text| Self { text })
    }
}

/// The id of a key that signs webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SigningKeyId {
    text: String,
}

checked_text!(SigningKeyId, IdRefusal);

impl SigningKeyId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`IdRefusal`] when it could not stand alone in a path.
    pub fn parse(text: &str) -> Result<Self, IdRefusal> {
        checked(text).map(|text| Self { text })
    }
}
