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
    /// Accepted to end, and not known to be over.
    Pending,
    /// Blocked by Klarna.
    Suspended,
    /// Revoked or replaced.
    Ended,
}

impl TokenView {
    /// All of them, as they are listed.
    pub const ALL: [Self; 6] = [
        Self::All,
        Self::Active,
        Self::Unchecked,
        Self::Pending,
        Self::Suspended,
        Self::Ended,
    ];

    /// The word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Active => "active",
            Self::Unchecked => "unchecked",
            Self::Pending => "pending",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
        }
    }

    /// The states that it shows; none means all.
    pub(super) fn states(self) -> &'static [&'static str] {
        match self {
            Self::All => &[],
            Self::Active => &["ACTIVE"],
            Self::Unchecked => &["UNKNOWN", "UNREACHABLE"],
            Self::Pending => &["PENDING_REVOKE"],
            Self::Suspended => &["SUSPENDED"],
            Self::Ended => &["REVOKED", "SUPERSEDED"],
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
    /// Never checked, or the last check failed.
    pub unchecked: u64,
    /// Accepted to end.
    pub pending: u64,
    /// Blocked by Klarna.
    pub suspended: u64,
    /// Revoked or replaced.
    pub ended: u64,
}
