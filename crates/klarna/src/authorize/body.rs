//! The body of `authorizePayment`, and of a payment request: exactly the members of tokens.md 1.3.
//!
//! Deliberately absent: any token; those stand in headers.

use super::purchase::{OndemandService, Purchase, Subscriptions};
use super::request::{Authorization, ConsentFor, Payment, StepUp, TokenWish};
use crate::terms::{Amount, AppReturnUrl, Currency, Reference, ReturnUrl};
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
pub(crate) struct Body<'a> {
    currency: &'a Currency,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_payment_transaction: Option<Transaction<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_customer_token: Option<Wish<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step_up_config: Option<StepUpConfig<'a>>,
    supplementary_purchase_data: Supplement<'a>,
}

#[derive(Serialize)]
struct Transaction<'a> {
    amount: Amount,
    payment_transaction_reference: &'a Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_option_id: Option<&'a Reference>,
}

#[derive(Serialize)]
pub(crate) struct Wish<'a> {
    scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_token_reference: Option<&'a Reference>,
}

#[derive(Serialize)]
struct StepUpConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_request_reference: Option<&'a Reference>,
    customer_interaction_config: Interaction<'a>,
}

#[derive(Serialize)]
pub(crate) struct Interaction<'a> {
    method: &'static str,
    return_url: &'a ReturnUrl,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_return_url: Option<&'a AppReturnUrl>,
}

#[derive(Serialize)]
pub(crate) struct Supplement<'a> {
    #[serde(flatten)]
    purchase: &'a Purchase,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscriptions: Option<&'a Subscriptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ondemand_service: Option<&'a OndemandService>,
}

impl<'a> Wish<'a> {
    pub(crate) fn of(wish: &'a TokenWish) -> Self {
        let purposes = wish.purposes();
        Self {
            scopes: purposes.iter().map(|purpose| purpose.as_str().to_owned()).collect(),
            customer_token_reference: wish.reference.as_ref(),
        }
    }
}

impl<'a> Interaction<'a> {
    pub(crate) const fn of(step_up: &'a StepUp) -> Self {
        Self {
            method: "HANDOVER",
            return_url: &step_up.return_url,
            app_return_url: step_up.app_return_url.as_ref(),
        }
    }
}

impl<'a> Supplement<'a> {
    pub(crate) fn of(purchase: &'a Purchase) -> Self {
        let customer = &purchase.customer;
        Self {
            purchase,
            customer: (!customer.is_empty()).then_some(customer),
            subscriptions: None,
            ondemand_service: None,
        }
    }

    pub(crate) const fn serving(mut self, service: &'a OndemandService) -> Self {
        self.ondemand_service = Some(service);
        self
    }

    const fn paying(mut self, subscriptions: &'a Subscriptions) -> Self {
        self.subscriptions = Some(subscriptions);
        self
    }

    /// What goes with the wish for a token.
    pub(crate) const fn with(mut self, consent: &'a ConsentFor) -> Self {
        self.customer = Some(&self.purchase.customer);
        match consent {
            ConsentFor::CustomerPresent(service) => self.serving(service),
            ConsentFor::CustomerNotPresent(subscriptions) => self.paying(subscriptions),
        }
    }
}

const fn step_up_config(step_up: &StepUp) -> StepUpConfig<'_> {
    StepUpConfig {
        payment_request_reference: step_up.payment_request_reference.as_ref(),
        customer_interaction_config: Interaction::of(step_up),
    }
}

const fn transaction(payment: &Payment) -> Transaction<'_> {
    Transaction {
        amount: payment.amount,
        payment_transaction_reference: &payment.reference,
        payment_option_id: payment.option_id.as_ref(),
    }
}

impl<'a> Body<'a> {
    pub(crate) fn of(authorization: &'a Authorization) -> Self {
        let (wish, step_up, supplement) = parts(authorization);
        Self {
            currency: authorization.currency(),
            request_payment_transaction: authorization.payment().map(transaction),
            request_customer_token: wish.map(Wish::of),
            step_up_config: step_up.map(step_up_config),
            supplementary_purchase_data: supplement,
        }
    }
}

fn parts(authorization: &Authorization) -> (Option<&TokenWish>, Option<&StepUp>, Supplement<'_>) {
    match authorization {
        Authorization::CreateToken(creation) => {
            let supplement = Supplement::of(&creation.purchase).with(&creation.wish.consent);
            (Some(&creation.wish), Some(&creation.step_up), supplement)
        }
        Authorization::Finalise(finalisation) => {
            let supplement = Supplement::of(&finalisation.purchase);
            let wish = finalisation.wish.as_ref();
            let supplement = match wish {
                Some(wish) => supplement.with(&wish.consent),
                None => supplement,
            };
            (wish, None, supplement)
        }
        Authorization::ChargePresent(charge) => {
            let supplement = Supplement::of(&charge.purchase).serving(&charge.service);
            (None, Some(&charge.step_up), supplement)
        }
        Authorization::ChargeAbsent(charge) => {
            let supplement = Supplement::of(&charge.purchase).paying(&charge.subscriptions);
            (None, None, supplement)
        }
    }
}
