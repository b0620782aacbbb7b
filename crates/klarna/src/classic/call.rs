//! Each call of payments v1 as data: its path, its body, and the permit it takes.
//!
//! Klarna's own paths carry the v1 token and the authorization token. What is logged is the template, and failures lose the
//! address; a network token, whose place is a header, is refused here. Deliberately absent: sending.

use super::lines::{OrderTerms, TermsBody};
use super::order::{TokenOrder, TokenOrderBody};
use super::session::{SessionBody, SessionDraft, SessionUpdate, UpdateBody};
use super::token::{CANCEL, ClassicTokenDraft, DraftBody};
use crate::bearer::AuthorizationToken;
use crate::customer_token::{CustomerToken, TokenFamily};
use crate::ids::PaymentSessionId;
use crate::permit::Call;
use crate::sketch::Show;
use crate::transport::{Outgoing, extended};
use crate::wire::json;
use reqwest::Method;
use std::borrow::Cow;
use url::Url;

/// One call of payments v1 and of the customer tokens v1.
#[derive(Clone, Copy, Debug)]
pub enum ClassicCall<'a> {
    /// `POST /payments/v1/sessions`
    CreateSession(&'a SessionDraft),
    /// `POST /payments/v1/sessions/{id}`
    UpdateSession(&'a PaymentSessionId, &'a SessionUpdate),
    /// `GET /payments/v1/sessions/{id}`
    ReadSession(&'a PaymentSessionId),
    /// `POST /payments/v1/authorizations/{authorization}/order`
    PlaceOrder(&'a AuthorizationToken, &'a OrderTerms),
    /// `DELETE /payments/v1/authorizations/{authorization}`
    Release(&'a AuthorizationToken),
    /// `POST /payments/v1/authorizations/{authorization}/customer-token`
    CreateToken(&'a AuthorizationToken, &'a ClassicTokenDraft),
    /// `GET /customer-token/v1/tokens/{token}`
    ReadToken(&'a CustomerToken),
    /// `POST /customer-token/v1/tokens/{token}/order`
    OrderWithToken(&'a CustomerToken, &'a TokenOrder),
    /// `PATCH /customer-token/v1/tokens/{token}/status`
    CancelToken(&'a CustomerToken),
}

const SESSIONS: &str = "/payments/v1/sessions";
const SESSION: &str = "/payments/v1/sessions/{id}";
const AUTHORIZATION: &str = "/payments/v1/authorizations/{authorization}";
const ORDER: &str = "/payments/v1/authorizations/{authorization}/order";
const NEW_TOKEN: &str = "/payments/v1/authorizations/{authorization}/customer-token";
const TOKEN: &str = "/customer-token/v1/tokens/{token}";
const TOKEN_ORDER: &str = "/customer-token/v1/tokens/{token}/order";
const TOKEN_STATUS: &str = "/customer-token/v1/tokens/{token}/status";

impl ClassicCall<'_> {
    const fn route(&self) -> (Method, &'static str) {
        match self {
            Self::CreateSession(_) => (Method::POST, SESSIONS),
            Self::UpdateSession(..) => (Method::POST, SESSION),
            Self::ReadSession(_) => (Method::GET, SESSION),
            Self::PlaceOrder(..) => (Method::POST, ORDER),
            Self::Release(_) => (Method::DELETE, AUTHORIZATION),
            Self::CreateToken(..) => (Method::POST, NEW_TOKEN),
            Self::ReadToken(_) => (Method::GET, TOKEN),
            Self::OrderWithToken(..) => (Method::POST, TOKEN_ORDER),
            Self::CancelToken(_) => (Method::PATCH, TOKEN_STATUS),
        }
    }

    /// The permit: the call, and what the subject says beside who asks.
    pub(super) fn permit(&self) -> Option<(Call, String)> {
        match self {
            Self::CreateSession(draft) => {
                let token = draft.customer_token.as_ref().map(CustomerToken::in_subject);
                let told = format!(
                    "{} {} {}",
                    draft.intent.as_str(),
                    sum(&draft.terms),
                    token.unwrap_or_default()
                );
                Some((Call::CreatePaymentSession, told))
            }
            Self::UpdateSession(id, update) => {
                Some((Call::UpdatePaymentSession, format!("{id} {}", sum(&update.terms))))
            }
            Self::PlaceOrder(authorization, terms) => Some((
                Call::PlaceOrder,
                format!("{} {}", authorization.in_subject(), sum(terms)),
            )),
            Self::Release(authorization) => Some((Call::ReleaseAuthorization, authorization.in_subject())),
            Self::CreateToken(authorization, _) => Some((Call::CreateClassicToken, authorization.in_subject())),
            Self::OrderWithToken(token, order) => {
                let told = format!("{} {}", token.in_subject(), sum(&order.terms));
                Some((Call::OrderWithClassicToken, told))
            }
            Self::CancelToken(token) => Some((Call::CancelClassicToken, token.in_subject())),
            Self::ReadSession(_) | Self::ReadToken(_) => None,
        }
    }

    pub(super) const fn moves_money(&self) -> bool {
        matches!(self, Self::PlaceOrder(..) | Self::OrderWithToken(..))
    }

    /// The secret in the path.
    fn secret(&self, show: Show) -> Option<Cow<'_, str>> {
        match self {
            Self::PlaceOrder(authorization, _) | Self::Release(authorization) | Self::CreateToken(authorization, _) => {
                Some(show.authorization(authorization))
            }
            Self::ReadToken(token) | Self::OrderWithToken(token, _) | Self::CancelToken(token) => {
                Some(show.token(token))
            }
            Self::CreateSession(_) | Self::UpdateSession(..) | Self::ReadSession(_) => None,
        }
    }

    /// Tells whether what stands in the path may stand there: no token of the network, and nothing that a path swallows.
    pub(super) fn fits_a_path(&self) -> bool {
        let is_network = match self {
            Self::ReadToken(token) | Self::OrderWithToken(token, _) | Self::CancelToken(token) => {
                match token.family() {
                    TokenFamily::NetworkPayment { .. } | TokenFamily::NetworkLinking { .. } => true,
                    TokenFamily::Classic | TokenFamily::Unknown => false,
                }
            }
            Self::CreateSession(_)
            | Self::UpdateSession(..)
            | Self::ReadSession(_)
            | Self::PlaceOrder(..)
            | Self::Release(_)
            | Self::CreateToken(..) => false,
        };
        let swallowed = self
            .secret(Show::Wire)
            .is_some_and(|secret| matches!(&*secret, "." | ".."));
        !is_network && !swallowed
    }

    /// Writes the call.
    pub(super) fn outgoing(&self, base: &Url, show: Show) -> Outgoing {
        let (method, template) = self.route();
        let secret = self.secret(show);
        let id = match self {
            Self::UpdateSession(id, _) | Self::ReadSession(id) => Some(id.as_str()),
            Self::CreateSession(_)
            | Self::PlaceOrder(..)
            | Self::Release(_)
            | Self::CreateToken(..)
            | Self::ReadToken(_)
            | Self::OrderWithToken(..)
            | Self::CancelToken(_) => None,
        };
        let value = secret.as_deref().or(id).unwrap_or_default();
        let mut out = Outgoing::new(method, address(base, template, value), template).classic();
        if let Some(secret) = self.secret(Show::Wire) {
            out = out.hiding(&secret);
        }
        if let Self::CreateSession(SessionDraft {
            customer_token: Some(token),
            ..
        }) = self
        {
            out = out.hiding(token.expose());
        }
        let out = self.with_body(out, show);
        if self.moves_money() { out.moving_money() } else { out }
    }

    fn with_body(&self, out: Outgoing, show: Show) -> Outgoing {
        match self {
            Self::CreateSession(draft) => out.with_json(json(&SessionBody::of(draft, show))),
            Self::UpdateSession(_, update) => out.with_json(json(&UpdateBody::of(update))),
            Self::PlaceOrder(_, terms) => out.with_json(json(&TermsBody::of(terms))),
            Self::CreateToken(_, draft) => out.with_json(json(&DraftBody::of(draft))),
            Self::OrderWithToken(_, order) => out.with_json(json(&TokenOrderBody::of(order))),
            Self::CancelToken(_) => out.with_json(json(&CANCEL)),
            Self::ReadSession(_) | Self::Release(_) | Self::ReadToken(_) => out,
        }
    }
}

fn sum(terms: &OrderTerms) -> String {
    format!("{} {} {}", terms.country, terms.currency, terms.lines.amount())
}

fn address(base: &Url, template: &str, value: &str) -> Url {
    let segments: Vec<&str> = template
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| if segment.starts_with('{') { value } else { segment })
        .collect();
    extended(base, &segments)
}
