//! Looking tokens up: views, and one field that finds a reference, a customer, a subscription or a fingerprint by its beginning.
//!
//! Pages follow the last number seen, newest first, so the first page of a vault of any size costs the same. Deliberately absent: a count
//! of what a search finds; counting half a million rows is what keyset pages are there to avoid.

use serde::{Deserialize, Serialize};

use super::token::Token;

/// A view of the vault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenView {
    /// Everything.
    #[default]
    All,
    /// Usable, as far as is known.
    Active,
    /// Never checked, or the last check failed.
    Unchecked,
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
    /// Revoked or replaced.
    Ended,
    /// Dead for good.
    Revoked,
    /// Another token took its place.
    Superseded,
}

impl TokenView {
    /// All of them, as they are listed.
    pub const ALL: [Self; 11] = [
        Self::All,
        Self::Active,
        Self::Unchecked,
        Self::Never,
        Self::Unreachable,
        Self::Unknown,
        Self::Pending,
        Self::Suspended,
        Self::Ended,
        Self::Revoked,
        Self::Superseded,
    ];

    /// The word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Active => "active",
            Self::Unchecked => "unchecked",
            Self::Never => "never",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
        }
    }

    /// The states that it shows; none means all.
    pub(super) fn states(self) -> &'static [&'static str] {
        match self {
            Self::All => &[],
            Self::Active => &["ACTIVE"],
            Self::Unchecked => &["UNKNOWN", "UNREACHABLE"],
            Self::Never | Self::Unknown => &["UNKNOWN"],
            Self::Unreachable => &["UNREACHABLE"],
            Self::Pending => &["PENDING_REVOKE"],
            Self::Suspended => &["SUSPENDED"],
            Self::Ended => &["REVOKED", "SUPERSEDED"],
            Self::Revoked => &["REVOKED"],
            Self::Superseded => &["SUPERSEDED"],
        }
    }

    /// Whether Klarna was asked, where the view tells those apart.
    pub(super) fn was_asked(self) -> Option<bool> {
        match self {
            Self::Never => Some(false),
            Self::Unknown => Some(true),
            Self::All
            | Self::Active
            | Self::Unchecked
            | Self::Unreachable
            | Self::Pending
            | Self::Suspended
            | Self::Ended
            | Self::Revoked
            | Self::Superseded => None,
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenQuery {
    /// The view.
    pub view: TokenView,
    /// The merchant's whole account KRN.
    pub merchant: Option<String>,
    /// The beginning of a reference, a customer id, a subscription id, or a fingerprint. Never a token: that comes through "find by token".
    pub text: String,
    /// Only tokens kept before this one: the last of the page before.
    pub before: Option<i64>,
    /// At most this many; 1 to 500.
    pub limit: u32,
}

/// A page, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenPage {
    /// The tokens.
    pub tokens: Vec<Token>,
    /// What to give as `before` for the next page; nothing on the last.
    pub next: Option<i64>,
}

/// How many tokens stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct TokenCounts {
    /// Usable, as far as is known.
    pub active: u64,
    /// Klarna was never asked.
    pub never: u64,
    /// The last check failed.
    pub unreachable: u64,
    /// Klarna answered with a word that is not known.
    pub unknown: u64,
    /// Accepted to end.
    pub pending: u64,
    /// Blocked by Klarna.
    pub suspended: u64,
    /// Dead for good.
    pub revoked: u64,
    /// Replaced.
    pub superseded: u64,
}

impl TokenCounts {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> u64 {
        let unsure = self.never + self.unreachable + self.unknown;
        self.active + unsure + self.pending + self.suspended + self.revoked + self.superseded
    }
}
