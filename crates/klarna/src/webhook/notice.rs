//! What a webhook tells: a payment request that moved on, or a token that was revoked (tokens.md 7.2, 7.3).
//!
//! Klarna publishes the metadata and little of the payloads, and consumers disagree on nesting, so a payload is looked into in
//! `payload` and in `payload.state_context`. Deliberately absent: who revoked a token, unless the payload says so in a word, and
//! events about tokens made, rotated or charged, which nobody found.

use crate::bearer::NetworkSessionToken;
use crate::customer_token::{CustomerToken, GrantedToken};
use crate::ids::PaymentRequestId;
use crate::krn::{AccountKrn, Environment};
use crate::network_tokens::{PaymentRequestState, session};
use crate::wire_value::{Wiped, moment, object, raw, text, token};
use serde_json::Value;

/// Says why a body is no webhook of Klarna's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeRefusal {
    /// It is no JSON object.
    #[error("The body is no JSON object. Paste the body of the delivery alone, as received.")]
    NotJson,
    /// `metadata` is missing.
    #[error("The body has no metadata, so it is no webhook of the Klarna network.")]
    NoMetadata,
    /// `metadata.event_id` is missing.
    #[error("The webhook has no event id, so it cannot be told from a repeated one.")]
    NoId,
    /// `metadata.event_type` is missing.
    #[error("The webhook does not say what it is about: metadata.event_type is missing.")]
    NoKind,
}

/// A webhook. Texts are from outside.
#[derive(Debug)]
pub struct WebhookNotice {
    /// Klarna's id of it: the same on every delivery.
    pub event_id: String,
    /// Such as `payment.request.state-change.completed`.
    pub event_type: String,
    /// Such as `v2`.
    pub event_version: Option<String>,
    /// When it happened, Unix seconds.
    pub occurred_unix_s: Option<i64>,
    /// What to quote to Klarna.
    pub correlation_id: Option<String>,
    /// The merchant.
    pub subject: Option<AccountKrn>,
    /// The acquirer.
    pub recipient: Option<AccountKrn>,
    /// The webhook at Klarna.
    pub webhook_id: Option<String>,
    /// Whether it is of the live environment; Klarna writes a boolean or a text.
    pub live: Option<bool>,
    /// What happened.
    pub news: News,
}

/// What happened.
#[derive(Debug)]
pub enum News {
    /// A payment request moved on.
    PaymentRequest(Box<PaymentRequestNews>),
    /// A token was revoked.
    TokenRevoked(RevocationNews),
    /// Something else.
    Other,
}

/// A payment request that moved on.
#[derive(Debug)]
pub struct PaymentRequestNews {
    /// Klarna's id.
    pub id: Option<PaymentRequestId>,
    /// The acquirer's own id.
    pub reference: Option<String>,
    /// How far it is.
    pub state: PaymentRequestState,
    /// How far it was.
    pub previous_state: Option<PaymentRequestState>,
    /// Klarna's word for the reason.
    pub reason: Option<String>,
    /// What finishes the payment, within 60 minutes.
    pub session: Option<NetworkSessionToken>,
    /// The token, when one was made.
    pub granted: Option<GrantedToken>,
}

/// A token that was revoked: known by its reference where the token is missing, by the token where the reference is.
#[derive(Debug)]
pub struct RevocationNews {
    /// The token, when Klarna tells it.
    pub token: Option<CustomerToken>,
    /// The acquirer's own id of it.
    pub reference: Option<String>,
    /// Klarna's word for who or why, when there is one; shown as it is.
    pub told: Option<String>,
}

const REQUEST: &str = "payment.request.state-change.";
const REVOKED: &str = "identity.customer-token.state-change.revoked";

impl WebhookNotice {
    /// Reads the body of a delivery.
    ///
    /// # Errors
    /// [`NoticeRefusal`] says what is missing.
    pub fn read(body: &[u8]) -> Result<Self, NoticeRefusal> {
        let whole = Wiped::object(body).map_err(|_| NoticeRefusal::NotJson)?;
        let metadata = object(whole.value(), "metadata").ok_or(NoticeRefusal::NoMetadata)?;
        let event_type = text(metadata, "event_type").ok_or(NoticeRefusal::NoKind)?;
        let payload = whole.value().get("payload").unwrap_or(&Value::Null);
        let account = |name| text(metadata, name).and_then(|krn| AccountKrn::parse(&krn).ok());
        Ok(Self {
            event_id: text(metadata, "event_id").ok_or(NoticeRefusal::NoId)?,
            event_version: text(metadata, "event_version"),
            occurred_unix_s: moment(metadata, "occurred_at"),
            correlation_id: text(metadata, "correlation_id"),
            subject: account("subject_account_id"),
            recipient: account("recipient_account_id"),
            webhook_id: text(metadata, "webhook_id"),
            live: metadata.get("live").and_then(truth),
            news: news(&event_type, payload),
            event_type,
        })
    }

    /// Returns the environment, as far as the webhook says: by `live`, else by the acquirer's account.
    #[must_use]
    pub fn environment(&self) -> Option<Environment> {
        let said = self
            .live
            .map(|live| if live { Environment::Live } else { Environment::Test });
        said.or_else(|| self.recipient.as_ref().map(AccountKrn::environment))
    }
}

/// `true`, or `"true"`: a sample prints it quoted.
fn truth(value: &Value) -> Option<bool> {
    let quoted = || match value.as_str()?.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    value.as_bool().or_else(quoted)
}

fn news(event_type: &str, payload: &Value) -> News {
    if let Some(word) = event_type.strip_prefix(REQUEST) {
        return News::PaymentRequest(Box::new(request(word, payload)));
    }
    if event_type == REVOKED {
        return News::TokenRevoked(RevocationNews {
            token: token(payload, "customer_token"),
            reference: text(payload, "customer_token_reference"),
            told: reason(payload),
        });
    }
    News::Other
}

/// The state stands in the payload, or in the last word of the event's type.
fn request(word: &str, payload: &Value) -> PaymentRequestNews {
    let state = text(payload, "state").unwrap_or_else(|| word.to_ascii_uppercase().replace('-', "_"));
    PaymentRequestNews {
        id: raw(payload, "payment_request_id").and_then(|id| PaymentRequestId::parse(id).ok()),
        reference: text(payload, "payment_request_reference"),
        state: PaymentRequestState::from_word(&state),
        previous_state: text(payload, "previous_state").map(|word| PaymentRequestState::from_word(&word)),
        reason: reason(payload),
        session: session(payload),
        granted: GrantedToken::find(payload),
    }
}

fn reason(payload: &Value) -> Option<String> {
    let names = ["state_reason", "reason", "initiator"];
    names.iter().find_map(|name| text(payload, name))
}
