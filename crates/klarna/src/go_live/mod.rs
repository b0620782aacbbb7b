//! Examines a body of `authorizePayment` before a merchant goes live: which rules of tokens.md 1.3 and 1.4 it breaks.
//!
//! Pure, over what an integrator pastes, together with what is known of the token and of the charge. Deliberately absent: the
//! members whose names nobody published.

mod rules;

pub use rules::BodyRule;

use crate::customer_token::{Purposes, TokenPurpose};
use serde_json::Value;

/// Whether the customer is there when the token is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// The customer is there.
    Present,
    /// Nobody can be asked.
    NotPresent,
}

impl Presence {
    /// Returns the purpose that a token needs for it.
    #[must_use]
    pub const fn purpose(self) -> TokenPurpose {
        match self {
            Self::Present => TokenPurpose::CustomerPresent,
            Self::NotPresent => TokenPurpose::CustomerNotPresent,
        }
    }
}

/// What a body is meant to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeantAs {
    /// Making a token.
    CreateToken,
    /// Charging a token.
    Charge {
        /// Whether the customer is there.
        presence: Presence,
        /// What the token may be used for, when it is known.
        purposes: Option<Purposes>,
    },
    /// Finishing after the customer's consent.
    Finalise,
}

/// One breach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyFinding {
    /// The rule.
    pub rule: BodyRule,
    /// Where, as a path; empty for the whole.
    pub path: String,
}

/// Looks a body over.
#[must_use]
pub fn examine_body(text: &str, meant: &MeantAs) -> Vec<BodyFinding> {
    let mut looked = Looked { found: Vec::new() };
    match serde_json::from_str::<Value>(text) {
        Ok(body) if body.is_object() => looked.body(&body, meant),
        Ok(_) | Err(_) => looked.note(BodyRule::NotJson, ""),
    }
    looked.found
}

struct Looked {
    found: Vec<BodyFinding>,
}

const DATA: &str = "supplementary_purchase_data";
const WISH: &str = "request_customer_token";
const PAYMENT: &str = "request_payment_transaction";
const STEP_UP: &str = "step_up_config";

impl Looked {
    fn note(&mut self, rule: BodyRule, path: &str) {
        let path = path.to_owned();
        self.found.push(BodyFinding { rule, path });
    }

    /// Notes a rule unless it is kept.
    fn keeps(&mut self, kept: bool, rule: BodyRule, path: &str) {
        if !kept {
            self.note(rule, path);
        }
    }

    fn body(&mut self, body: &Value, meant: &MeantAs) {
        let currency = body.get("currency").and_then(Value::as_str);
        let is_currency = currency.is_some_and(|text| crate::Currency::parse(text).is_ok());
        self.keeps(is_currency, BodyRule::Currency, "currency");
        self.tokens(body, "");
        self.lines(body);
        match meant {
            MeantAs::CreateToken => self.creation(body),
            MeantAs::Charge { presence, purposes } => self.charge(body, *presence, purposes.as_ref()),
            MeantAs::Finalise => {
                self.keeps(body.get(STEP_UP).is_none(), BodyRule::StepUpTooMuch, STEP_UP);
                self.payment(body);
            }
        }
    }

    fn creation(&mut self, body: &Value) {
        self.step_up(body);
        if body.get(PAYMENT).is_some() {
            self.payment(body);
        }
        let customer = body.get(DATA).and_then(|data| data.get("customer"));
        let is_there = customer.is_some_and(Value::is_object);
        self.keeps(
            is_there,
            BodyRule::CustomerMissing,
            "supplementary_purchase_data.customer",
        );
        let Some(wish) = body.get(WISH) else {
            return self.note(BodyRule::WishMissing, WISH);
        };
        let words = wish.get("scopes").and_then(Value::as_array);
        let purposes = Purposes::from_words(words.into_iter().flatten().filter_map(Value::as_str));
        let path = "request_customer_token.scopes";
        self.keeps(!purposes.is_empty(), BodyRule::NoPurpose, path);
        self.keeps(!purposes.is_odd(), BodyRule::BothPurposes, path);
        let unknown = purposes.iter().any(|purpose| matches!(purpose, TokenPurpose::Other(_)));
        self.keeps(!unknown, BodyRule::UnknownPurpose, path);
        for presence in [Presence::Present, Presence::NotPresent] {
            if purposes.allow(&presence.purpose()) {
                self.data(body, presence);
            }
        }
    }

    fn charge(&mut self, body: &Value, presence: Presence, purposes: Option<&Purposes>) {
        let fits = purposes.is_none_or(|purposes| purposes.is_empty() || purposes.allow(&presence.purpose()));
        self.keeps(fits, BodyRule::PurposeMismatch, "");
        self.keeps(body.get(WISH).is_none(), BodyRule::WishTooMuch, WISH);
        match presence {
            Presence::Present => self.step_up(body),
            Presence::NotPresent => self.keeps(body.get(STEP_UP).is_none(), BodyRule::StepUpTooMuch, STEP_UP),
        }
        self.payment(body);
        self.data(body, presence);
    }

    fn step_up(&mut self, body: &Value) {
        let Some(step_up) = body.get(STEP_UP) else {
            return self.note(BodyRule::StepUpMissing, STEP_UP);
        };
        let config = step_up.get("customer_interaction_config");
        let member = |name| config.and_then(|config| config.get(name)).and_then(Value::as_str);
        let path = |name: &str| format!("{STEP_UP}.customer_interaction_config.{name}");
        self.keeps(member("method").is_some(), BodyRule::MethodMissing, &path("method"));
        let returns = member("return_url").or_else(|| member("app_return_url"));
        self.keeps(returns.is_some(), BodyRule::ReturnMissing, &path("return_url"));
    }

    fn payment(&mut self, body: &Value) {
        let Some(payment) = body.get(PAYMENT) else {
            return self.note(BodyRule::PaymentMissing, PAYMENT);
        };
        let amount = payment.get("amount").and_then(Value::as_i64);
        let is_amount = amount.is_some_and(|amount| amount > 0);
        self.keeps(is_amount, BodyRule::Amount, "request_payment_transaction.amount");
        let reference = payment.get("payment_transaction_reference").and_then(Value::as_str);
        let path = "request_payment_transaction.payment_transaction_reference";
        self.keeps(
            reference.is_some_and(|text| !text.is_empty()),
            BodyRule::ReferenceMissing,
            path,
        );
    }

    /// What Klarna demands beside a token of a purpose.
    fn data(&mut self, body: &Value, presence: Presence) {
        let member = |name| body.get(DATA).and_then(|data| data.get(name));
        match presence {
            Presence::Present => {
                let there = member("ondemand_service").is_some_and(Value::is_object);
                let path = "supplementary_purchase_data.ondemand_service";
                self.keeps(there, BodyRule::OndemandMissing, path);
            }
            Presence::NotPresent => {
                let list = member("subscriptions").and_then(Value::as_array);
                let path = "supplementary_purchase_data.subscriptions";
                self.keeps(
                    list.is_some_and(|list| !list.is_empty()),
                    BodyRule::SubscriptionsMissing,
                    path,
                );
            }
        }
    }

    fn lines(&mut self, body: &Value) {
        let list = body
            .get(DATA)
            .and_then(|data| data.get("line_items"))
            .and_then(Value::as_array);
        for (at, line) in list.into_iter().flatten().enumerate() {
            let quantity = line.get("quantity").and_then(Value::as_i64);
            let path = format!("{DATA}.line_items[{at}].quantity");
            self.keeps(
                quantity.is_some_and(|quantity| quantity >= 1),
                BodyRule::Quantity,
                &path,
            );
        }
    }

    /// A token anywhere in a body.
    fn tokens(&mut self, value: &Value, path: &str) {
        match value {
            Value::String(text) => {
                let is_token = crate::customer_token::masked(text) != *text;
                self.keeps(!is_token, BodyRule::TokenInBody, path);
            }
            Value::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    self.tokens(value, &format!("{path}[{at}]"));
                }
            }
            Value::Object(members) => {
                for (name, value) in members {
                    let dot = if path.is_empty() { "" } else { "." };
                    self.tokens(value, &format!("{path}{dot}{name}"));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}
