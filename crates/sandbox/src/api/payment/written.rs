//! The blocks of an answer of authorizePayment (tokens.md 1.5).

use super::order::Money;
use crate::store::customer_tokens::Token;
use crate::store::payment_requests::Request;
use serde_json::{Map, Value, json};

/// One answer, block by block.
#[derive(Default)]
pub(super) struct Blocks(Map<String, Value>);

/// What was decided about one thing that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    StepUp,
    Declined { reason: &'a str },
}

impl Verdict<'_> {
    fn value(self) -> Value {
        match self {
            Self::StepUp => json!({"result": "STEP_UP_REQUIRED"}),
            Self::Declined { reason } => json!({"result": "DECLINED", "result_reason": reason}),
        }
    }
}

impl Blocks {
    pub(super) fn money(mut self, verdict: Verdict<'_>) -> Self {
        self.0.insert("payment_transaction_response".into(), verdict.value());
        self
    }

    pub(super) fn token(mut self, verdict: Verdict<'_>) -> Self {
        self.0.insert("customer_token_response".into(), verdict.value());
        self
    }

    pub(super) fn approved(mut self, id: &str, money: &Money, currency: &str) -> Self {
        let mut transaction = json!({"payment_transaction_id": id, "amount": money.amount, "currency": currency});
        if let Some(reference) = &money.reference {
            transaction["payment_transaction_reference"] = json!(reference);
        }
        let value = json!({"result": "APPROVED", "payment_transaction": transaction});
        self.0.insert("payment_transaction_response".into(), value);
        self
    }

    pub(super) fn made(mut self, token: &Token) -> Self {
        let mut inner = json!({"customer_token": token.token, "scopes": token.scopes});
        if let Some(reference) = &token.reference {
            inner["customer_token_reference"] = json!(reference);
        }
        let value = json!({"result": "APPROVED", "customer_token": inner});
        self.0.insert("customer_token_response".into(), value);
        self
    }

    /// Says STEP_UP_REQUIRED for everything that the request asks for, with the request.
    pub(super) fn step_up(self, request: &Request, shown: Value) -> Self {
        let mut blocks = self;
        if request.amount.is_some() {
            blocks = blocks.money(Verdict::StepUp);
        }
        if request.scopes.is_some() {
            blocks = blocks.token(Verdict::StepUp);
        }
        blocks.0.insert("payment_request".into(), shown);
        blocks
    }

    pub(super) fn value(self) -> Value {
        Value::Object(self.0)
    }
}
