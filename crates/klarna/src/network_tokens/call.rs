//! Each network call as data: what it is made of, the permit it takes, and how it is written, for the wire or for the eye.
//!
//! One place writes both, so what an integrator is shown is what is sent. Deliberately absent: sending.

use super::route::{self, Route, SESSION_HEADER};
use crate::authorize::body::{Body, Interaction, Supplement, Wish};
use crate::authorize::purchase::{OndemandService, Purchase};
use crate::authorize::request::{Authorization, Payment, StepUp, TokenWish};
use crate::bearer::sensitive;
use crate::customer_token::CustomerToken;
use crate::ids::PaymentRequestId;
use crate::krn::AccountKrn;
use crate::permit::Call;
use crate::sketch::Show;
use crate::terms::{Amount, Currency, Reference};
use crate::transport::{Outgoing, extended};
use crate::wire::json;
use serde::Serialize;
use url::Url;

/// What a payment request is made for, in the newer order of calls: the request first (tokens.md 1.6, generation C).
#[derive(Debug)]
pub enum RequestPurpose {
    /// A token, alone or with a first payment.
    Token {
        /// The token.
        wish: TokenWish,
        /// The first payment.
        first_payment: Option<Payment>,
    },
    /// A charge of a token with the customer there.
    PresentCharge {
        /// The token.
        token: CustomerToken,
        /// The payment.
        payment: Payment,
        /// What Klarna asks for with such a charge.
        service: OndemandService,
    },
}

/// A payment request to be made.
#[derive(Debug)]
pub struct PaymentRequestDraft {
    /// What for.
    pub purpose: RequestPurpose,
    /// The currency.
    pub currency: Currency,
    /// How the customer is asked.
    pub step_up: StepUp,
    /// What it is about.
    pub purchase: Purchase,
}

impl PaymentRequestDraft {
    pub(super) const fn payment(&self) -> Option<&Payment> {
        match &self.purpose {
            RequestPurpose::Token { first_payment, .. } => first_payment.as_ref(),
            RequestPurpose::PresentCharge { payment, .. } => Some(payment),
        }
    }

    const fn token(&self) -> Option<&CustomerToken> {
        match &self.purpose {
            RequestPurpose::Token { .. } => None,
            RequestPurpose::PresentCharge { token, .. } => Some(token),
        }
    }
}

/// One call of the network API about tokens.
#[derive(Clone, Copy, Debug)]
pub enum NetworkCall<'a> {
    /// `POST …/payment/authorize`
    Authorize(&'a Authorization),
    /// `POST …/payment/requests`
    CreateRequest(&'a PaymentRequestDraft),
    /// `GET …/payment/requests/{id}`
    ReadRequest(&'a PaymentRequestId),
    /// `DELETE …/payment/requests/{id}`
    CancelRequest(&'a PaymentRequestId),
    /// `GET …/identity/customer-token`
    Introspect(&'a CustomerToken),
    /// `DELETE …/identity/customer-token`
    Revoke(&'a CustomerToken),
}

impl NetworkCall<'_> {
    /// Returns the permit that the call takes: call and subject; nothing for a call that reads.
    #[must_use]
    pub fn permit_for(&self, account: &AccountKrn) -> Option<(Call, String)> {
        match self {
            Self::Authorize(authorization) => Some((authorization.call(), authorization.permit_subject(account))),
            Self::CreateRequest(draft) => Some((Call::CreatePaymentRequest, draft_subject(draft, account))),
            Self::CancelRequest(id) => Some((Call::CancelPaymentRequest, format!("{account} {id}"))),
            Self::Revoke(token) => Some((Call::RevokeCustomerToken, format!("{account} {}", token.in_subject()))),
            Self::ReadRequest(_) | Self::Introspect(_) => None,
        }
    }

    const fn route(&self) -> Route {
        match self {
            Self::Authorize(_) => route::AUTHORIZE,
            Self::CreateRequest(_) => route::CREATE_REQUEST,
            Self::ReadRequest(_) => route::READ_REQUEST,
            Self::CancelRequest(_) => route::CANCEL_REQUEST,
            Self::Introspect(_) => route::INTROSPECT,
            Self::Revoke(_) => route::REVOKE,
        }
    }

    const fn token(&self) -> Option<&CustomerToken> {
        match self {
            Self::Authorize(authorization) => authorization.token(),
            Self::CreateRequest(draft) => draft.token(),
            Self::Introspect(token) | Self::Revoke(token) => Some(token),
            Self::ReadRequest(_) | Self::CancelRequest(_) => None,
        }
    }

    pub(super) const fn moves_money(&self) -> bool {
        match self {
            Self::Authorize(authorization) => authorization.payment().is_some(),
            Self::CreateRequest(draft) => draft.payment().is_some(),
            Self::ReadRequest(_) | Self::CancelRequest(_) | Self::Introspect(_) | Self::Revoke(_) => false,
        }
    }

    /// Writes the call.
    pub(crate) fn outgoing(&self, base: &Url, account: &AccountKrn, show: Show) -> Outgoing {
        let route = self.route();
        let id = match self {
            Self::ReadRequest(id) | Self::CancelRequest(id) => id.as_str(),
            Self::Authorize(_) | Self::CreateRequest(_) | Self::Introspect(_) | Self::Revoke(_) => "",
        };
        let mut out = Outgoing::new(route.method, address(base, route.template, account, id), route.template);
        if let Some(token) = self.token() {
            let value = sensitive(&show.token(token));
            out = out.with_header(route.token_header, value).hiding(token.expose());
        }
        if let Self::Authorize(Authorization::Finalise(finalisation)) = self {
            let session = &finalisation.session;
            let value = sensitive(&show.session(session));
            out = out.with_header(SESSION_HEADER, value).hiding(session.expose());
        }
        let out = match self {
            Self::Authorize(authorization) => out.with_json(json(&Body::of(authorization))),
            Self::CreateRequest(draft) => out.with_json(json(&DraftBody::of(draft))),
            Self::ReadRequest(_) | Self::CancelRequest(_) | Self::Introspect(_) | Self::Revoke(_) => out,
        };
        if self.moves_money() { out.moving_money() } else { out }
    }
}

/// Fills a template: the values are percent-encoded as far as a segment needs it.
fn address(base: &Url, template: &str, account: &AccountKrn, id: &str) -> Url {
    let segments: Vec<&str> = template
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| match segment {
            "{account}" => account.as_str(),
            "{id}" => id,
            fixed => fixed,
        })
        .collect();
    extended(base, &segments)
}

fn draft_subject(draft: &PaymentRequestDraft, account: &AccountKrn) -> String {
    let mut subject = format!("{account} {}", draft.currency);
    if let Some(payment) = draft.payment() {
        subject.push_str(&format!(" {} {}", payment.amount.minor(), payment.reference));
    }
    if let Some(token) = draft.token() {
        subject.push(' ');
        subject.push_str(&token.in_subject());
    }
    subject
}

#[derive(Serialize)]
struct DraftBody<'a> {
    currency: &'a Currency,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_request_reference: Option<&'a Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_customer_token: Option<Wish<'a>>,
    customer_interaction_config: Interaction<'a>,
    supplementary_purchase_data: Supplement<'a>,
}

impl<'a> DraftBody<'a> {
    fn of(draft: &'a PaymentRequestDraft) -> Self {
        let supplement = Supplement::of(&draft.purchase);
        let (wish, supplement) = match &draft.purpose {
            RequestPurpose::Token { wish, .. } => (Some(Wish::of(wish)), supplement.with(&wish.consent)),
            RequestPurpose::PresentCharge { service, .. } => (None, supplement.serving(service)),
        };
        Self {
            currency: &draft.currency,
            amount: draft.payment().map(|payment| payment.amount),
            payment_request_reference: draft.step_up.payment_request_reference.as_ref(),
            request_customer_token: wish,
            customer_interaction_config: Interaction::of(&draft.step_up),
            supplementary_purchase_data: supplement,
        }
    }
}
