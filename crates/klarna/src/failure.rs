//! How a call can fail, and above all: whether it may have happened nevertheless.
//!
//! The audit log closes an act by the effect, so the effect errs on the side of *unknown*. Deliberately absent: user-facing
//! hints and codes (core has those) and anything secret; the detail never holds an address with a query, a token or a key.

use crate::answer::AnswerMeta;
use crate::api_error::ApiError;
use crate::ids::DeepLinkId;
use crate::network::NetworkFault;

/// What a failed call may have done at Klarna; ordered from nothing to possibly something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Certainly never left this machine, or was turned away by the other side's TLS before it read anything.
    NotSent,
    /// Klarna answered no (4xx), and no attempt before that one could have gone through.
    Refused,
    /// It may have happened: cut off, timed out, 5xx, or an answer that nobody can use. Of a reading call it says nothing.
    Unknown,
}

/// What went wrong. Recognised by types, status and `error_code`, never by text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FailureKind {
    /// The permit was made for another call or another subject; nothing was sent.
    #[error("The permit was made for something else, so nothing was sent.")]
    PermitMismatch,
    /// The address of a delete lacked what it must name; nothing was sent.
    #[error("The address of the delete lacked what it must name, so nothing was sent.")]
    UnsafeUrl,
    /// No connection: refused, unreachable, or not made in time.
    #[error("No connection to Klarna could be made.")]
    Connect,
    /// The host name could not be resolved.
    #[error("Klarna's host name could not be resolved.")]
    Dns,
    /// No trust in the server's certificate, or no common TLS.
    #[error("The secure connection to Klarna could not be set up.")]
    Tls,
    /// The other side's TLS turned our client certificate away, or missed it.
    #[error("Klarna's server did not accept the client certificate.")]
    MtlsRejected,
    /// The proxy could not be reached or did not let us through.
    #[error("The proxy did not let the connection through.")]
    Proxy,
    /// The answer did not come in time.
    #[error("Klarna did not answer in time.")]
    Timeout,
    /// The connection broke while sending or while answering.
    #[error("The connection to Klarna broke.")]
    CutOff,
    /// The answer is larger than 1 MB.
    #[error("The answer was larger than 1 MB and was dropped.")]
    AnswerTooLarge,
    /// The answer to a success is not JSON, for instance a page of a captive portal.
    #[error("The answer was not JSON.")]
    NotJson,
    /// The answer is JSON but lacks something or holds something unusable; see [`shape`].
    #[error("The answer lacked something or held something unusable.")]
    AnswerShape(&'static str),
    /// The server wanted to send us elsewhere (3xx); redirects are never followed.
    #[error("The server tried to redirect the call, which is never followed.")]
    Redirected,
    /// 400: the input was refused.
    #[error("Klarna refused the input.")]
    Invalid,
    /// 401: the API key is wrong, disabled, or of the other environment.
    #[error("Klarna refused the API key.")]
    Unauthorized,
    /// 403 with a reason.
    #[error("Klarna does not allow this.")]
    Forbidden,
    /// 403 without a body: Klarna's protection against floods, an IP restriction or mTLS (portal-access.md 6.2, 10.3).
    #[error("Klarna refused the call without giving a reason.")]
    ForbiddenNoBody,
    /// 404: the account or link is unknown.
    #[error("Klarna does not know this account or item.")]
    NotFound,
    /// 404: the route does not exist, as with a wrong base address.
    #[error("The address of the call does not exist at this server.")]
    RouteUnknown,
    /// 409.
    #[error("The call conflicts with another change.")]
    Conflict,
    /// 413.
    #[error("Klarna found the call too large.")]
    TooLarge,
    /// 429, or a pause that Klarna asked for and that does not fit the deadline.
    #[error("Klarna asked for a pause.")]
    RateLimited,
    /// Any other 4xx.
    #[error("Klarna refused the call.")]
    OtherRefusal(u16),
    /// Any other 5xx.
    #[error("Klarna's server failed.")]
    ServerFault(u16),
    /// 503.
    #[error("Klarna's server is not available now.")]
    Unavailable,
    /// The call's own deadline passed.
    #[error("The call did not finish within its deadline.")]
    DeadlinePassed,
}

/// The words inside [`FailureKind::AnswerShape`].
pub mod shape {
    /// A member has another JSON type than documented.
    pub const MEMBER_TYPE: &str = "member_type";
    /// `url` is missing or empty.
    pub const URL_MISSING: &str = "url_missing";
    /// `url` is no address.
    pub const URL_MALFORMED: &str = "url_malformed";
    /// `url` is neither https nor http on this machine.
    pub const URL_NOT_HTTPS: &str = "url_not_https";
    /// `url` carries a user name or password.
    pub const URL_CREDENTIALS: &str = "url_credentials";
    /// `deep_link_id` is missing or empty.
    pub const DEEP_LINK_ID_MISSING: &str = "deep_link_id_missing";
    /// `deep_link_id` could not stand in a path.
    pub const DEEP_LINK_ID_UNUSABLE: &str = "deep_link_id_unusable";
    /// The answer is about another account than the one asked for.
    pub const OTHER_ACCOUNT: &str = "other_account";
    /// `state` is missing.
    pub const STATE_MISSING: &str = "state_missing";
    /// `credential_id` is missing or unusable.
    pub const CREDENTIAL_ID_MISSING: &str = "credential_id_missing";
    /// `secret.certificate` is missing.
    pub const CERTIFICATE_MISSING: &str = "certificate_missing";
    /// `secret.secret` is missing or no API key.
    pub const API_KEY_MISSING: &str = "api_key_missing";
    /// `credentials` is missing.
    pub const CREDENTIALS_MISSING: &str = "credentials_missing";
    /// The answer is about another credential than the one asked for.
    pub const OTHER_CREDENTIAL: &str = "other_credential";
    /// The block about the payment, or its `result`, is missing.
    pub const PAYMENT_RESULT_MISSING: &str = "payment_result_missing";
    /// Every block that was asked for is missing.
    pub const TOKEN_RESULT_MISSING: &str = "token_result_missing";
    /// `payment_request_id` is missing or could not stand in a path.
    pub const PAYMENT_REQUEST_ID_MISSING: &str = "payment_request_id_missing";
    /// The answer is about another payment request than the one asked for.
    pub const OTHER_PAYMENT_REQUEST: &str = "other_payment_request";
    /// `session_id` or `client_token` is missing or unusable.
    pub const SESSION_MISSING: &str = "session_missing";
    /// `order_id` is missing.
    pub const ORDER_ID_MISSING: &str = "order_id_missing";
    /// `token_id` is missing or unusable.
    pub const TOKEN_MISSING: &str = "token_missing";
    /// A webhook, a signing key or their list is missing something.
    pub const WEBHOOK_MISSING: &str = "webhook_missing";
    /// No list of address ranges was found.
    pub const RANGES_MISSING: &str = "ranges_missing";
}

/// A call that failed, with everything that is known about it.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct CallFailure {
    /// What went wrong in the last attempt.
    pub kind: FailureKind,
    /// What the call may have done, over all attempts.
    pub effect: Effect,
    /// The last attempt's status and headers, when there was an answer.
    pub meta: Option<Box<AnswerMeta>>,
    /// Klarna's own words, when the answer held them.
    pub api: Option<Box<ApiError>>,
    /// What the network did, when that is known: which fault of the proxy, or whose certificate.
    pub network: Option<Box<NetworkFault>>,
    /// The chain of causes below the transport, for logs and diagnosis; holds no secret.
    pub detail: Option<String>,
    /// The id from an answer whose address was unusable, so that the link can still be deleted.
    pub deep_link_id: Option<DeepLinkId>,
    /// How many attempts were made; 0 when nothing was tried.
    pub attempts: u32,
}

impl CallFailure {
    /// Makes a failure of which no more is known.
    #[must_use]
    pub const fn new(kind: FailureKind, effect: Effect) -> Self {
        Self {
            kind,
            effect,
            meta: None,
            api: None,
            network: None,
            detail: None,
            deep_link_id: None,
            attempts: 0,
        }
    }
}
