//! The paths and the header of the network calls, in one table.
//!
//! Verb and path of introspection and revocation are **not published** (tokens.md 3.2): what stands here is the sandbox's choice,
//! and a correction is one line. Deliberately absent: anything that differs between calls of one route.

use reqwest::Method;
use reqwest::header::HeaderName;

/// One route: how it is asked, its template for logs, and the header that carries the customer token there.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) template: &'static str,
    pub(super) token_header: HeaderName,
}

const PAYMENT_HEADER: HeaderName = HeaderName::from_static("klarna-customer-token");
/// The Identity pages name the same value with an `X-` (tokens.md 3.1, DOC).
const IDENTITY_HEADER: HeaderName = HeaderName::from_static("x-klarna-customer-token");
pub(super) const SESSION_HEADER: HeaderName = HeaderName::from_static("klarna-network-session-token");

const fn route(method: Method, template: &'static str, token_header: HeaderName) -> Route {
    Route {
        method,
        template,
        token_header,
    }
}

pub(super) const AUTHORIZE: Route = route(Method::POST, "/v2/accounts/{account}/payment/authorize", PAYMENT_HEADER);
pub(super) const CREATE_REQUEST: Route = route(Method::POST, "/v2/accounts/{account}/payment/requests", PAYMENT_HEADER);
pub(super) const READ_REQUEST: Route = route(
    Method::GET,
    "/v2/accounts/{account}/payment/requests/{id}",
    PAYMENT_HEADER,
);
pub(super) const CANCEL_REQUEST: Route = route(
    Method::DELETE,
    "/v2/accounts/{account}/payment/requests/{id}",
    PAYMENT_HEADER,
);
pub(super) const INTROSPECT: Route = route(
    Method::GET,
    "/v2/accounts/{account}/identity/customer-token",
    IDENTITY_HEADER,
);
pub(super) const REVOKE: Route = route(
    Method::DELETE,
    "/v2/accounts/{account}/identity/customer-token",
    IDENTITY_HEADER,
);
