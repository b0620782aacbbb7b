//! What `authorizePayment` answers: one block for each thing that was asked for (tokens.md 1.5).
//!
//! A decline is an answer, not a failure: it comes with HTTP 200. An unknown word is kept. Deliberately absent: meaning of
//! transaction ids, whose spelling is not settled.

use crate::customer_token::GrantedToken;
use crate::failure::{FailureKind, shape};
use crate::network_tokens::PaymentRequest;
use crate::wire_value::{Wiped, moment, number, object, text};
use serde_json::Value;

/// `result`: what Klarna decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Approved,
    /// The customer must be asked first.
    StepUpRequired,
    /// No.
    Declined,
    /// A word that this version does not know.
    Other(String),
}

impl Decision {
    /// Reads the word; an unknown one is kept.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "APPROVED" => Self::Approved,
            "STEP_UP_REQUIRED" => Self::StepUpRequired,
            "DECLINED" => Self::Declined,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Returns the word as Klarna writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Approved => "APPROVED",
            Self::StepUpRequired => "STEP_UP_REQUIRED",
            Self::Declined => "DECLINED",
            Self::Other(word) => word,
        }
    }
}

/// A transaction that Klarna made; every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// Klarna's id.
    pub id: Option<String>,
    /// The acquirer's own id.
    pub reference: Option<String>,
    /// How much, in the smallest unit.
    pub amount: Option<i64>,
    /// In which currency.
    pub currency: Option<String>,
    /// Until when it can be captured, Unix seconds.
    pub expires_unix_s: Option<i64>,
}

/// What was decided about the payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentAnswer {
    /// The decision.
    pub decision: Decision,
    /// Klarna's word for the reason; shown as it is, because no list is published.
    pub reason: Option<String>,
    /// The transaction, when one was made.
    pub transaction: Option<Transaction>,
}

/// What was decided about the token.
#[derive(Debug)]
pub struct TokenAnswer {
    /// The decision.
    pub decision: Decision,
    /// Klarna's word for the reason.
    pub reason: Option<String>,
    /// The token, when one was made.
    pub granted: Option<GrantedToken>,
}

/// The whole answer.
#[derive(Debug)]
pub struct AuthorizationAnswer {
    /// About the payment, when money was to move.
    pub payment: Option<PaymentAnswer>,
    /// About the token, when one was wanted.
    pub token: Option<TokenAnswer>,
    /// The payment request in which the customer is asked.
    pub request: Option<PaymentRequest>,
}

/// Reads the answer; the block that the call was made for must be there.
pub(crate) fn understood(body: &[u8], pays: bool) -> Result<AuthorizationAnswer, FailureKind> {
    let whole = Wiped::object(body)?;
    let value = whole.value();
    let payment = object(value, "payment_transaction_response").and_then(payment);
    let token = object(value, "customer_token_response").and_then(token);
    if pays && payment.is_none() {
        return Err(FailureKind::AnswerShape(shape::PAYMENT_RESULT_MISSING));
    }
    if payment.is_none() && token.is_none() {
        return Err(FailureKind::AnswerShape(shape::TOKEN_RESULT_MISSING));
    }
    let request = object(value, "payment_request").and_then(|request| PaymentRequest::read(request).ok());
    Ok(AuthorizationAnswer {
        payment,
        token,
        request,
    })
}

fn payment(block: &Value) -> Option<PaymentAnswer> {
    Some(PaymentAnswer {
        decision: Decision::from_word(&text(block, "result")?),
        reason: text(block, "result_reason"),
        transaction: object(block, "payment_transaction").map(transaction),
    })
}

fn transaction(value: &Value) -> Transaction {
    Transaction {
        id: text(value, "payment_transaction_id"),
        reference: text(value, "payment_transaction_reference"),
        amount: number(value, "amount"),
        currency: text(value, "currency"),
        expires_unix_s: moment(value, "expires_at"),
    }
}

fn token(block: &Value) -> Option<TokenAnswer> {
    Some(TokenAnswer {
        decision: Decision::from_word(&text(block, "result")?),
        reason: text(block, "result_reason"),
        granted: GrantedToken::read(block),
    })
}
