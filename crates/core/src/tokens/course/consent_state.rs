//! How far a customer's step is, as it is kept and shown.
//!
//! Deliberately absent: the page's address.

use gatehouse_klarna::PaymentRequestState;
use serde::{Deserialize, Serialize};

/// How long a session token finishes a payment (tokens.md 1.6).
pub(crate) const FINISH_MS: i64 = 60 * 60_000;

/// How far a customer's step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentState {
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
    /// A word of Klarna's that this version does not know.
    Other,
}

impl ConsentState {
    const ALL: [Self; 7] = [
        Self::Submitted,
        Self::InProgress,
        Self::Completed,
        Self::Canceled,
        Self::Expired,
        Self::Declined,
        Self::Other,
    ];

    pub(crate) fn of(state: &PaymentRequestState) -> Self {
        match state {
            PaymentRequestState::Submitted => Self::Submitted,
            PaymentRequestState::InProgress => Self::InProgress,
            PaymentRequestState::Completed => Self::Completed,
            PaymentRequestState::Canceled => Self::Canceled,
            PaymentRequestState::Expired => Self::Expired,
            PaymentRequestState::Declined => Self::Declined,
            PaymentRequestState::Other(_) => Self::Other,
        }
    }

    /// The word in tables and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
            Self::Declined => "declined",
            Self::Other => "other",
        }
    }

    pub(crate) fn from_word(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.word() == word)
            .unwrap_or(Self::Other)
    }

    /// Whether the customer may still agree.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::InProgress | Self::Other)
    }
}

/// A customer who was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consent {
    /// Its number here.
    pub id: String,
    /// The merchant's account KRN.
    pub merchant: String,
    /// Klarna's id of the payment request.
    pub request_id: String,
    /// How far it is.
    pub state: ConsentState,
    /// When the customer was asked.
    pub asked_ms: i64,
    /// Until when the customer may agree.
    pub expires_ms: Option<i64>,
    /// When the customer agreed, as far as this tool saw it; a payment is to be finished within 60 minutes of it.
    pub completed_ms: Option<i64>,
    /// Whether a charge asked, and not the making of a token.
    pub is_charge: bool,
    /// Whether money is to move.
    pub pays: bool,
    /// When it moved.
    pub paid_ms: Option<i64>,
    /// The token that came of it, or that was charged.
    pub token: Option<i64>,
}

impl Consent {
    /// Whether the payment is to be finished now.
    #[must_use]
    pub fn waits_to_be_finished(&self, now_ms: i64) -> bool {
        let agreed = self.completed_ms.is_some_and(|at_ms| now_ms - at_ms < FINISH_MS);
        self.state == ConsentState::Completed && self.pays && self.paid_ms.is_none() && agreed
    }
}
