//! Explains a failed charge: from a pasted answer or webhook to cause, whose matter it is, and whether to try again.
//!
//! A pure function over the tables of the facts. It takes a body alone, or a whole answer with its status line, and shows
//! unknown words as they are. Deliberately absent: the secrets in what was pasted; none of them is in the explanation.

mod table;
mod words;

pub use words::{Cause, Matter, Retry};

use crate::api_error::{ApiError, ParameterFault};
use crate::customer_token::masked;
use crate::failure::CallFailure;
use crate::network_tokens::{PaymentRequestState, TokenStatus};
use crate::webhook::{News, WebhookNotice};
use crate::wire_value::{Wiped, object, text};
use serde_json::Value;

/// What was pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pasted {
    /// An error of the network API.
    NetworkError,
    /// An error of payments v1 or customer tokens v1.
    ClassicError,
    /// An answer of `authorizePayment`.
    Authorization,
    /// A payment request.
    PaymentRequest,
    /// An answer about an order of payments v1.
    ClassicOrder,
    /// What Klarna tells of a token.
    TokenStanding,
    /// A webhook.
    Webhook,
    /// A status without a body that says anything.
    StatusAlone,
    /// Something else.
    Other,
}

/// Why it failed and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What was pasted.
    pub pasted: Pasted,
    /// Why.
    pub cause: Cause,
    /// Klarna's own word: code, reason or state; shown as it is.
    pub word: Option<String>,
    /// Whether that word is an invention of the sandbox, which Klarna has never been seen to use.
    pub is_invented: bool,
    /// The HTTP status, when it is known.
    pub status: Option<u16>,
    /// What to quote to Klarna: error id or correlation id.
    pub reference: Option<String>,
    /// The parameters that Klarna names.
    pub parameters: Vec<ParameterFault>,
}

impl Explanation {
    fn new(pasted: Pasted, cause: Cause, status: Option<u16>) -> Self {
        Self {
            pasted,
            cause,
            word: None,
            is_invented: false,
            status,
            reference: None,
            parameters: Vec::new(),
        }
    }

    fn said(mut self, word: &str) -> Self {
        self.is_invented = table::INVENTED.contains(&word);
        self.word = Some(masked(word));
        self
    }

    /// Returns what lies at the root: the token, the body, or something else.
    #[must_use]
    pub const fn matter(&self) -> Matter {
        self.cause.matter()
    }

    /// Returns whether to try again, and when.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        self.cause.retry()
    }
}

/// Explains a pasted answer or webhook; `status` is the HTTP status when it is known and not in the text.
#[must_use]
pub fn explain(pasted: &str, status: Option<u16>) -> Explanation {
    let (found, body) = divided(pasted);
    let status = found.or(status);
    if let Some(api) = ApiError::from_body(body.as_bytes()) {
        return of_error(&api, status);
    }
    let read = Wiped::object(body.as_bytes()).ok();
    let told = read.and_then(|whole| of_object(whole.value(), body, status));
    told.unwrap_or_else(
        || match status.and_then(|status| table::by_status(status, body.trim().is_empty())) {
            Some(cause) => Explanation::new(Pasted::StatusAlone, cause, status),
            None => Explanation::new(Pasted::Other, Cause::Unreadable, status),
        },
    )
}

/// Explains a call that failed here; nothing when Klarna did not answer it.
#[must_use]
pub fn explain_failure(failure: &CallFailure) -> Option<Explanation> {
    let status = failure.meta.as_ref()?.status;
    let explanation = match &failure.api {
        Some(api) => of_error(api, Some(status)),
        None => {
            let bodiless = failure.kind == crate::FailureKind::ForbiddenNoBody;
            let cause = table::by_status(status, bodiless).filter(|cause| *cause != Cause::NothingFailed)?;
            Explanation::new(Pasted::StatusAlone, cause, Some(status))
        }
    };
    Some(explanation)
}

/// Divides `HTTP/1.1 403 Forbidden`, headers and body; a body alone stays whole.
fn divided(pasted: &str) -> (Option<u16>, &str) {
    let trimmed = pasted.trim_start();
    if !trimmed.starts_with("HTTP/") {
        return (None, pasted.trim());
    }
    let status = trimmed.split_whitespace().nth(1).and_then(|word| word.parse().ok());
    let ends = ["\r\n\r\n", "\n\n"];
    let body = ends
        .iter()
        .filter_map(|end| trimmed.split_once(end))
        .min_by_key(|(head, _)| head.len())
        .map_or("", |(_, body)| body);
    (status, body.trim())
}

fn of_error(api: &ApiError, status: Option<u16>) -> Explanation {
    let code = api.error_code.as_str();
    let pasted = if is_network(api) {
        Pasted::NetworkError
    } else {
        Pasted::ClassicError
    };
    let mut explanation = Explanation::new(pasted, cause_of(api, status), status);
    explanation.word = (!code.is_empty()).then(|| masked(code));
    explanation.reference = (!api.error_id.is_empty()).then(|| api.error_id.clone());
    explanation.parameters.clone_from(&api.parameters);
    explanation
}

/// Errors of v1 have no class.
const fn is_network(api: &ApiError) -> bool {
    !api.error_type.is_empty()
}

fn cause_of(api: &ApiError, status: Option<u16>) -> Cause {
    let code = api.error_code.as_str();
    match table::by_code(code, status) {
        // The parameter says more than "faulty".
        Some(Cause::BodyFault) => {
            let named = api
                .parameters
                .iter()
                .find_map(|fault| table::by_parameter(&fault.parameter));
            named.unwrap_or(Cause::BodyFault)
        }
        Some(cause) => cause,
        // On v1 this names what is gone; on the network, a route (tokens.md 1.7, 4.5).
        None if code == "NOT_FOUND" && is_network(api) => Cause::RouteUnknown,
        None if code == "NOT_FOUND" => Cause::Gone,
        None => {
            let by_status = status.and_then(|status| table::by_status(status, false));
            let told = by_status.filter(|cause| *cause != Cause::NothingFailed);
            told.unwrap_or(Cause::UnknownRefusal)
        }
    }
}

fn of_object(value: &Value, body: &str, status: Option<u16>) -> Option<Explanation> {
    if object(value, "metadata").is_some() {
        return of_webhook(body, status);
    }
    let blocks = ["payment_transaction_response", "customer_token_response"];
    let block = blocks.iter().find_map(|name| object(value, name));
    if let Some(block) = block {
        return Some(of_decision(block, status));
    }
    let request = object(value, "payment_request").unwrap_or(value);
    if request.get("payment_request_id").is_some() {
        let state = text(request, "state")?;
        let reason = text(request, "state_reason");
        return Some(of_state(Pasted::PaymentRequest, &state, reason.as_deref(), status));
    }
    of_order(value, status).or_else(|| of_standing(value, status))
}

fn of_order(value: &Value, status: Option<u16>) -> Option<Explanation> {
    let word = text(value, "fraud_status")?;
    let cause = if word == "REJECTED" {
        Cause::RefusedByRisk
    } else {
        Cause::NothingFailed
    };
    Some(Explanation::new(Pasted::ClassicOrder, cause, status).said(&word))
}

fn of_standing(value: &Value, status: Option<u16>) -> Option<Explanation> {
    let word = text(value, "status")?;
    let cause = match TokenStatus::from_word(&word) {
        TokenStatus::Active => Cause::NothingFailed,
        TokenStatus::Revoked => Cause::TokenRevoked,
        TokenStatus::Suspended => Cause::TokenBlocked,
        TokenStatus::Other(_) => return None,
    };
    Some(Explanation::new(Pasted::TokenStanding, cause, status).said(&word))
}

fn of_decision(block: &Value, status: Option<u16>) -> Explanation {
    let (result, reason) = (text(block, "result"), text(block, "result_reason"));
    let explained = |cause| Explanation::new(Pasted::Authorization, cause, status);
    match (result.as_deref(), reason) {
        (Some("APPROVED"), _) => explained(Cause::NothingFailed).said("APPROVED"),
        (Some("STEP_UP_REQUIRED"), _) => explained(Cause::StepUpNeeded).said("STEP_UP_REQUIRED"),
        (_, Some(reason)) => {
            let cause = table::by_reason(&reason).unwrap_or(Cause::DeclinedOtherwise);
            explained(cause).said(&reason)
        }
        (Some("DECLINED"), None) => explained(Cause::DeclinedWithoutReason).said("DECLINED"),
        (Some(word), None) => explained(Cause::DeclinedOtherwise).said(word),
        (None, None) => explained(Cause::Unreadable),
    }
}

fn of_state(pasted: Pasted, state: &str, reason: Option<&str>, status: Option<u16>) -> Explanation {
    let by_state = match PaymentRequestState::from_word(state) {
        PaymentRequestState::Submitted | PaymentRequestState::InProgress => Cause::Waiting,
        PaymentRequestState::Completed => Cause::NothingFailed,
        PaymentRequestState::Canceled => Cause::RequestCanceled,
        PaymentRequestState::Expired => Cause::RequestExpired,
        PaymentRequestState::Declined => Cause::RequestDeclined,
        PaymentRequestState::Other(_) => Cause::DeclinedOtherwise,
    };
    let cause = match (by_state, reason.and_then(table::by_reason)) {
        (Cause::NothingFailed | Cause::Waiting, _) | (_, None) => by_state,
        (_, Some(cause)) => cause,
    };
    Explanation::new(pasted, cause, status).said(reason.unwrap_or(state))
}

fn of_webhook(body: &str, status: Option<u16>) -> Option<Explanation> {
    let notice = WebhookNotice::read(body.as_bytes()).ok()?;
    let mut explanation = match &notice.news {
        News::PaymentRequest(news) => of_state(Pasted::Webhook, news.state.as_str(), news.reason.as_deref(), status),
        News::TokenRevoked(news) => {
            let told = Explanation::new(Pasted::Webhook, Cause::TokenRevoked, status);
            told.said(news.told.as_deref().unwrap_or("REVOKED"))
        }
        News::Other => return None,
    };
    explanation.reference.clone_from(&notice.correlation_id);
    Some(explanation)
}
