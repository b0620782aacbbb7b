//! Sessions of payments v1: the start of a purchase, and of linking a customer's account (tokens.md 4.3).
//!
//! A returning customer's token is the one token that Klarna wants in a body. Extra merchant data goes with an update and not
//! with the start, where customer data must not be in the EU (tokens.md 4.6). Deliberately absent: billing addresses and other
//! customer data; the browser brings them.

use super::lines::{OrderTerms, TermsBody};
use crate::bearer::ClientToken;
use crate::customer_token::CustomerToken;
use crate::emd::Attachment;
use crate::failure::{FailureKind, shape};
use crate::ids::PaymentSessionId;
use crate::sketch::Show;
use crate::terms::Reference;
use crate::wire_value::{Wiped, raw, text};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// What a session is for (tokens.md 4.3: the specification knows three, the prose five).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// A purchase.
    Buy,
    /// A token alone.
    Tokenize,
    /// A purchase and a token.
    BuyAndTokenize,
    /// A purchase, and linking the customer's account.
    BuyAndLink,
    /// A purchase, and a token where that is possible.
    BuyAndDefaultTokenize,
}

impl Intent {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Buy,
        Self::Tokenize,
        Self::BuyAndTokenize,
        Self::BuyAndLink,
        Self::BuyAndDefaultTokenize,
    ];

    /// Returns Klarna's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Tokenize => "tokenize",
            Self::BuyAndTokenize => "buy_and_tokenize",
            Self::BuyAndLink => "buy_and_link",
            Self::BuyAndDefaultTokenize => "buy_and_default_tokenize",
        }
    }

    /// Reads Klarna's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|intent| intent.as_str() == word)
    }
}

/// Where a purchase is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AcquiringChannel {
    /// A web shop; Klarna's word is `ECOMMERCE`.
    Ecommerce,
    /// A shop.
    InStore,
    /// By telephone.
    Telesales,
}

/// A session to be started.
#[derive(Debug)]
pub struct SessionDraft {
    /// What for.
    pub intent: Intent,
    /// What is bought.
    pub terms: OrderTerms,
    /// The token of a customer who was linked before; it spares the log-in.
    pub customer_token: Option<CustomerToken>,
    /// Where it is bought.
    pub acquiring_channel: Option<AcquiringChannel>,
    /// From a token charge that failed, to repair it (tokens.md 2.5).
    pub step_up_id: Option<Reference>,
}

/// A change of a session.
#[derive(Debug)]
pub struct SessionUpdate {
    /// What is bought now.
    pub terms: OrderTerms,
    /// Extra merchant data.
    pub attachment: Option<Attachment>,
}

/// A session just started.
#[derive(Debug)]
pub struct StartedSession {
    /// Its id.
    pub id: PaymentSessionId,
    /// What starts the purchase in the browser.
    pub client_token: ClientToken,
    /// The identifiers of the ways to pay that may be shown.
    pub categories: Vec<String>,
}

/// A session as Klarna sees it.
#[derive(Debug)]
pub struct SessionState {
    /// Whether an order came of it; nothing when Klarna did not say or used a new word.
    pub is_complete: Option<bool>,
    /// What starts the purchase in the browser, when Klarna tells it again.
    pub client_token: Option<ClientToken>,
    /// What it is for.
    pub intent: Option<Intent>,
}

#[derive(Serialize)]
pub(super) struct SessionBody<'a> {
    intent: Intent,
    #[serde(flatten)]
    terms: TermsBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<CustomerBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acquiring_channel: Option<AcquiringChannel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step_up_id: Option<&'a Reference>,
}

#[derive(Serialize)]
struct CustomerBody<'a> {
    customer_token: Cow<'a, str>,
}

impl<'a> SessionBody<'a> {
    pub(super) fn of(draft: &'a SessionDraft, show: Show) -> Self {
        let customer = draft.customer_token.as_ref().map(|token| CustomerBody {
            customer_token: show.token(token),
        });
        Self {
            intent: draft.intent,
            terms: TermsBody::of(&draft.terms),
            customer,
            acquiring_channel: draft.acquiring_channel,
            step_up_id: draft.step_up_id.as_ref(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct UpdateBody<'a> {
    #[serde(flatten)]
    terms: TermsBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<&'a Attachment>,
}

impl<'a> UpdateBody<'a> {
    pub(super) fn of(update: &'a SessionUpdate) -> Self {
        Self {
            terms: TermsBody::of(&update.terms),
            attachment: update.attachment.as_ref(),
        }
    }
}

pub(super) fn started(body: &[u8]) -> Result<StartedSession, FailureKind> {
    let missing = || FailureKind::AnswerShape(shape::SESSION_MISSING);
    let whole = Wiped::object(body)?;
    let value = whole.value();
    let id = raw(value, "session_id").and_then(|id| PaymentSessionId::parse(id).ok());
    let categories = value.get("payment_method_categories").and_then(Value::as_array);
    Ok(StartedSession {
        id: id.ok_or_else(missing)?,
        client_token: client_token(value).ok_or_else(missing)?,
        categories: categories
            .into_iter()
            .flatten()
            .filter_map(|category| text(category, "identifier"))
            .collect(),
    })
}

pub(super) fn state(body: &[u8]) -> Result<SessionState, FailureKind> {
    let whole = Wiped::object(body)?;
    let value = whole.value();
    let is_complete = text(value, "status").and_then(|status| match status.to_ascii_lowercase().as_str() {
        "complete" => Some(true),
        "incomplete" => Some(false),
        _ => None,
    });
    Ok(SessionState {
        is_complete,
        client_token: client_token(value),
        intent: text(value, "intent").and_then(|word| Intent::from_word(&word)),
    })
}

fn client_token(value: &Value) -> Option<ClientToken> {
    ClientToken::parse(raw(value, "client_token")?.to_owned()).ok()
}
