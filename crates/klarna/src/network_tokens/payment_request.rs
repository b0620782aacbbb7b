//! A payment request: the customer's step in making a token or a payment (tokens.md 1.6).
//!
//! Its completed form may carry the token and the session token, here as in the webhook. Deliberately absent: how long one lives;
//! Klarna says 3 hours and 48 hours, and the answer says it itself.

use crate::bearer::NetworkSessionToken;
use crate::consent_url::ConsentUrl;
use crate::customer_token::GrantedToken;
use crate::failure::{FailureKind, shape};
use crate::ids::PaymentRequestId;
use crate::wire_value::{moment, number, object, raw, text};
use serde_json::Value;

/// `state` of a payment request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaymentRequestState {
    /// The customer is to be sent to the page.
    Submitted,
    /// The customer is there.
    InProgress,
    /// The customer agreed; final.
    Completed,
    /// The acquirer cancelled it; final.
    Canceled,
    /// Too late; final.
    Expired,
    /// The customer refused, or no way to pay is possible; final.
    Declined,
    /// A word that this version does not know.
    Other(String),
}

impl PaymentRequestState {
    /// Reads the word, cancelled with one l or two; an unknown one is kept.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "SUBMITTED" => Self::Submitted,
            "IN_PROGRESS" => Self::InProgress,
            "COMPLETED" => Self::Completed,
            "CANCELED" | "CANCELLED" => Self::Canceled,
            "EXPIRED" => Self::Expired,
            "DECLINED" => Self::Declined,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Returns the word as Klarna writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Submitted => "SUBMITTED",
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Canceled => "CANCELED",
            Self::Expired => "EXPIRED",
            Self::Declined => "DECLINED",
            Self::Other(word) => word,
        }
    }

    /// Tells whether nothing follows any more.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Canceled | Self::Expired | Self::Declined)
    }

    /// Tells whether it may still be cancelled.
    #[must_use]
    pub const fn is_cancelable(&self) -> bool {
        matches!(self, Self::Submitted | Self::InProgress)
    }
}

/// A payment request as Klarna sees it.
#[derive(Debug)]
pub struct PaymentRequest {
    /// Klarna's id.
    pub id: PaymentRequestId,
    /// The acquirer's own id.
    pub reference: Option<String>,
    /// How much, in the smallest unit.
    pub amount: Option<i64>,
    /// In which currency.
    pub currency: Option<String>,
    /// How far it is.
    pub state: PaymentRequestState,
    /// Until when the customer may agree, Unix seconds.
    pub expires_unix_s: Option<i64>,
    /// When it was made, Unix seconds.
    pub created_unix_s: Option<i64>,
    /// When it was cancelled, Unix seconds.
    pub canceled_unix_s: Option<i64>,
    /// Where the customer agrees; missing when it is over, or when the address is not one to open.
    pub consent_url: Option<ConsentUrl>,
    /// What finishes the payment, when it is completed.
    pub session: Option<NetworkSessionToken>,
    /// The token, when one was made.
    pub granted: Option<GrantedToken>,
}

impl PaymentRequest {
    /// Reads a request; id and state must be there.
    pub(crate) fn read(value: &Value) -> Result<Self, FailureKind> {
        let id = raw(value, "payment_request_id").and_then(|id| PaymentRequestId::parse(id).ok());
        let state = text(value, "state").ok_or(FailureKind::AnswerShape(shape::STATE_MISSING))?;
        let context = object(value, "state_context");
        let page = context.and_then(|context| object(context, "customer_interaction"));
        Ok(Self {
            id: id.ok_or(FailureKind::AnswerShape(shape::PAYMENT_REQUEST_ID_MISSING))?,
            reference: text(value, "payment_request_reference"),
            amount: number(value, "amount"),
            currency: text(value, "currency"),
            state: PaymentRequestState::from_word(&state),
            expires_unix_s: moment(value, "expires_at"),
            created_unix_s: moment(value, "created_at"),
            canceled_unix_s: moment(value, "canceled_at"),
            consent_url: page
                .and_then(|page| raw(page, "payment_request_url"))
                .and_then(|address| ConsentUrl::parse(address).ok()),
            session: session(value),
            granted: GrantedToken::find(value),
        })
    }
}

/// The session token, here or under `state_context`: consumers of Klarna's webhooks disagree (tokens.md 7.3).
pub(crate) fn session(value: &Value) -> Option<NetworkSessionToken> {
    let levels = [Some(value), object(value, "state_context")];
    let text = levels
        .into_iter()
        .flatten()
        .find_map(|level| raw(level, "klarna_network_session_token"))?;
    NetworkSessionToken::parse(text.to_owned()).ok()
}
