//! A customer token as it is shown: everything that is known of it, and nothing that moves money.

use gatehouse_klarna::{Environment, TokenFamily};
use serde::{Deserialize, Serialize};

/// The family, by the token's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Made by `authorizePayment`; charged through the network.
    NetworkPayment,
    /// Made by account linking.
    NetworkLinking,
    /// Payments v1.
    V1,
    /// Another shape; kept and used as it is.
    Unknown,
}

impl TokenKind {
    const ALL: [Self; 4] = [Self::NetworkPayment, Self::NetworkLinking, Self::V1, Self::Unknown];

    /// The word in tables and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NetworkPayment => "network_payment",
            Self::NetworkLinking => "network_linking",
            Self::V1 => "v1",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word() == word)
            .unwrap_or(Self::Unknown)
    }

    /// The family that a shape tells, and the environment where it tells that too.
    #[must_use]
    pub fn of(family: &TokenFamily) -> (Self, Option<Environment>) {
        let kind = match family {
            TokenFamily::NetworkPayment { .. } => Self::NetworkPayment,
            TokenFamily::NetworkLinking { .. } => Self::NetworkLinking,
            TokenFamily::Classic => Self::V1,
            TokenFamily::Unknown => Self::Unknown,
        };
        (kind, family.environment())
    }
}

/// Where a token stands, as far as this tool knows (tokens.md 8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenState {
    /// Klarna said so at the last check.
    Active,
    /// Dead for good.
    Revoked,
    /// Blocked by Klarna; v1 alone.
    Suspended,
    /// Klarna accepted its end and has not said that it is done.
    PendingRevoke,
    /// Another token took its place.
    Superseded,
    /// Never checked.
    Unknown,
    /// The last check failed.
    Unreachable,
}

impl TokenState {
    /// All of them, as they are listed.
    pub const ALL: [Self; 7] = [
        Self::Active,
        Self::Unknown,
        Self::Unreachable,
        Self::Suspended,
        Self::PendingRevoke,
        Self::Superseded,
        Self::Revoked,
    ];

    /// The word in tables and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Revoked => "REVOKED",
            Self::Suspended => "SUSPENDED",
            Self::PendingRevoke => "PENDING_REVOKE",
            Self::Superseded => "SUPERSEDED",
            Self::Unknown => "UNKNOWN",
            Self::Unreachable => "UNREACHABLE",
        }
    }

    /// The state of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether nothing can be charged with it any more.
    #[must_use]
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Revoked | Self::PendingRevoke | Self::Superseded)
    }
}

/// How a token got here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenSource {
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

impl TokenSource {
    const ALL: [Self; 5] = [Self::Typed, Self::Imported, Self::Created, Self::Webhook, Self::Linked];

    /// The word in tables and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Imported => "imported",
            Self::Created => "created",
            Self::Webhook => "webhook",
            Self::Linked => "linked",
        }
    }

    pub(super) fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|source| source.word() == word)
            .unwrap_or(Self::Typed)
    }
}

/// A kept token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Its number in this vault; what commands and screens name it by.
    pub id: i64,
    /// Few characters of both ends; no secret.
    pub hint: String,
    /// 12 hex digits in groups of four, the same as in the log.
    pub fingerprint: String,
    /// The family.
    pub kind: TokenKind,
    /// The merchant's account KRN, when it is known.
    pub merchant: Option<String>,
    /// The acquirer's own id of it, `customer_token_reference`.
    pub reference: Option<String>,
    /// Klarna's words for what it may be used for; none when nobody said.
    pub scopes: Vec<String>,
    /// The acquirer's id of the customer.
    pub customer: Option<String>,
    /// The acquirer's id of the subscription.
    pub subscription: Option<String>,
    /// Where it stands.
    pub state: TokenState,
    /// Who ended it, when it ended: `us`, `customer`, `klarna`, or Klarna's own word.
    pub ended_by: Option<String>,
    /// The token that took its place.
    pub superseded_by: Option<i64>,
    /// How it got here.
    pub source: TokenSource,
    /// When Klarna made it, when that is known.
    pub created_ms: Option<i64>,
    /// When it was kept here first.
    pub kept_ms: i64,
    /// When it was charged last with this tool.
    pub last_used_ms: Option<i64>,
    /// When Klarna was asked last.
    pub last_checked_ms: Option<i64>,
}

impl Token {
    /// Whether it may be charged with the customer there, as far as its scopes say; nothing when nobody said.
    #[must_use]
    pub fn allows(&self, scope: &str) -> Option<bool> {
        (!self.scopes.is_empty()).then(|| self.scopes.iter().any(|known| known == scope))
    }
}

/// What is told of a token that is to be kept; the token itself comes beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewToken {
    /// Account KRN, its last segment, or a unique reference of the merchant.
    pub merchant: Option<String>,
    /// The acquirer's own id of the token.
    pub reference: Option<String>,
    /// Klarna's words.
    pub scopes: Vec<String>,
    /// The acquirer's id of the customer.
    pub customer: Option<String>,
    /// The acquirer's id of the subscription.
    pub subscription: Option<String>,
    /// When Klarna made it.
    pub created_ms: Option<i64>,
}
