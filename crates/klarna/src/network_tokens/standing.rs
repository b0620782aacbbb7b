//! How a network token stands, and what its revocation did (tokens.md 3).
//!
//! Klarna tells of a revoked token by refusing (410), so that refusal is read as the state it tells of, and a second revocation
//! as one that was done already. Deliberately absent: a list of tokens and their history, which Klarna does not have.

use crate::answer::Answered;
use crate::customer_token::Purposes;
use crate::failure::{CallFailure, FailureKind, shape};
use crate::wire_value::{Wiped, number, purposes, text};

/// `status` of a token, of any generation (tokens.md 8.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TokenStatus {
    /// It can be used.
    Active,
    /// It can never be used again: `REVOKED`, or `CANCELLED` on v1.
    Revoked,
    /// Klarna blocked it; v1 alone.
    Suspended,
    /// A word that this version does not know.
    Other(String),
}

impl TokenStatus {
    /// Reads the word of either generation, in any case; an unknown one is kept.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word.to_ascii_uppercase().as_str() {
            "ACTIVE" => Self::Active,
            "REVOKED" | "CANCELLED" | "CANCELED" => Self::Revoked,
            "SUSPENDED" => Self::Suspended,
            _ => Self::Other(word.to_owned()),
        }
    }

    /// Returns our word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "ACTIVE",
            Self::Revoked => "REVOKED",
            Self::Suspended => "SUSPENDED",
            Self::Other(word) => word,
        }
    }
}

/// What Klarna tells of a network token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenStanding {
    /// Whether it can be used.
    pub status: TokenStatus,
    /// What for; empty when Klarna did not say.
    pub purposes: Purposes,
    /// When it was made, Unix milliseconds.
    pub issued_unix_ms: Option<i64>,
    /// The acquirer's own id of it.
    pub reference: Option<String>,
}

/// What a revocation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// It had been revoked before: Klarna answers a second revocation with an error.
    pub was_revoked_before: bool,
    /// The acquirer's own id of the token.
    pub reference: Option<String>,
}

pub(super) fn standing(body: &[u8]) -> Result<TokenStanding, FailureKind> {
    let whole = Wiped::object(body)?;
    let value = whole.value();
    let status = text(value, "status").ok_or(FailureKind::AnswerShape(shape::STATE_MISSING))?;
    Ok(TokenStanding {
        status: TokenStatus::from_word(&status),
        purposes: purposes(value),
        issued_unix_ms: number(value, "issued_at"),
        reference: text(value, "customer_token_reference"),
    })
}

/// Any 2xx is a revocation; its body tells the reference at most.
pub(super) fn revocation(body: &[u8]) -> Revocation {
    let reference = Wiped::object(body)
        .ok()
        .and_then(|whole| text(whole.value(), "customer_token_reference"));
    Revocation {
        was_revoked_before: false,
        reference,
    }
}

/// Reads "it has been revoked" as the answer that it is.
pub(super) fn or_revoked<T>(result: Result<Answered<T>, CallFailure>, revoked: T) -> Result<Answered<T>, CallFailure> {
    match result {
        Err(CallFailure {
            kind: FailureKind::OtherRefusal(410),
            meta: Some(meta),
            ..
        }) => Ok(Answered {
            value: revoked,
            meta: *meta,
        }),
        other => other,
    }
}
