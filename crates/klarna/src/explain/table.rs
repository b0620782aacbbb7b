//! From Klarna's codes and words to causes: the tables of tokens.md 1.7, 2.4, 4.5 and 5.
//!
//! Where one code stands for two things, the status tells them apart. Both spellings of *cancelled* are taken. Deliberately
//! absent: anything recognised by a message.

use super::words::Cause;

/// Codes of both error envelopes; a status narrows a code down where it must.
const CODES: &[(&str, Option<u16>, Cause)] = &[
    ("TOKEN_NOT_FOUND", None, Cause::TokenUnknown),
    ("TOKEN_SUSPENDED", None, Cause::TokenBlocked),
    ("TOKEN_CANCELLED", None, Cause::TokenRevoked),
    ("TOKEN_CANCELED", None, Cause::TokenRevoked),
    ("TOKEN_REVOKED", None, Cause::TokenRevoked),
    ("TOKEN_FORBIDDEN", None, Cause::TokenOfAnother),
    ("UNAVAILABLE_PAYMENT_METHOD", None, Cause::MethodUnusable),
    ("PAYMENT_METHOD_CURRENCY_MISMATCH", None, Cause::WrongCurrency),
    ("PAYMENT_METHOD_FAILED", None, Cause::RefusedNow),
    ("BAD_VALUE", Some(409), Cause::OrderDiffers),
    ("BAD_VALUE", None, Cause::BodyFault),
    ("BAD_REQUEST", None, Cause::BodyFault),
    ("VALIDATION_ERROR", None, Cause::BodyFault),
    ("INVALID_CONTENT_TYPE", None, Cause::NoJsonSent),
    ("UNAUTHORIZED", None, Cause::Unauthorized),
    ("OPERATION_FORBIDDEN", None, Cause::Forbidden),
    ("INVALID_OPERATION", None, Cause::NotAllowedHere),
    ("MERCHANT_INACTIVE", None, Cause::MerchantInactive),
    ("REJECTED", None, Cause::RefusedByRisk),
    ("SESSION_COMPLETED", None, Cause::OrderExists),
    ("RESOURCE_NOT_FOUND", None, Cause::Gone),
    ("RESOURCE_CONFLICT", None, Cause::UsedTwice),
    ("RATE_LIMITED", None, Cause::RateLimited),
    ("INTERNAL_ERROR", None, Cause::KlarnaFault),
    ("INTERNAL_SERVER_ERROR", None, Cause::KlarnaFault),
    ("SERVER_CONFIGURATION_ERROR", None, Cause::KlarnaFault),
    ("TIMEOUT", None, Cause::KlarnaFault),
    ("TEMPORARY_UNAVAILABLE", None, Cause::KlarnaUnavailable),
    ("SERVICE_UNAVAILABLE", None, Cause::KlarnaUnavailable),
];

/// Words of `result_reason` and of a request's state reason.
const REASONS: &[(&str, Cause)] = &[
    ("CUSTOMER_ACTION_REQUIRED", Cause::CustomerMustAct),
    ("PERMANENT", Cause::TokenDead),
    ("STEP_UP_REQUIRED", Cause::StepUpNeeded),
    ("TECHNICAL_ERROR", Cause::TechnicalFault),
    ("PURCHASE_FLOW_ABORTED", Cause::Aborted),
    ("PARTNER_CANCELED", Cause::RequestCanceled),
    ("PARTNER_CANCELLED", Cause::RequestCanceled),
    ("CONFIRMATION_TOKEN_EXPIRED", Cause::RequestExpired),
    ("PAYMENT_REQUEST_SUBMITTED", Cause::Waiting),
    ("TOKEN_REVOKED", Cause::TokenRevoked),
    ("SCOPE_MISMATCH", Cause::PurposeMismatch),
];

/// Words that no document has: the sandbox made them up (tokens.md 2.4).
pub(super) const INVENTED: &[&str] = &["TOKEN_REVOKED", "SCOPE_MISMATCH"];

/// Parameters that name a rule of their own.
const PARAMETERS: &[(&str, Cause)] = &[
    ("step_up_config", Cause::StepUpForbidden),
    ("subscriptions", Cause::SubscriptionsMissing),
    ("ondemand_service", Cause::OndemandMissing),
];

pub(super) fn by_code(code: &str, status: Option<u16>) -> Option<Cause> {
    let named = CODES.iter().filter(|(known, ..)| *known == code);
    let fitting = named.filter(|(_, narrowed, _)| narrowed.is_none() || *narrowed == status);
    let mut fitting: Vec<_> = fitting.collect();
    fitting.sort_by_key(|(_, narrowed, _)| narrowed.is_none());
    fitting.first().map(|(.., cause)| *cause)
}

pub(super) fn by_reason(reason: &str) -> Option<Cause> {
    let found = REASONS.iter().find(|(known, _)| *known == reason);
    found.map(|(_, cause)| *cause)
}

/// The last name of a parameter's path that has a rule of its own.
pub(super) fn by_parameter(parameter: &str) -> Option<Cause> {
    let mut names = parameter.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let found = names.find_map(|name| PARAMETERS.iter().find(|(known, _)| *known == name));
    found.map(|(_, cause)| *cause)
}

pub(super) const fn by_status(status: u16, bodiless: bool) -> Option<Cause> {
    match status {
        200..=299 => Some(Cause::NothingFailed),
        400 | 413 | 415 | 422 => Some(Cause::BodyFault),
        401 => Some(Cause::Unauthorized),
        403 if bodiless => Some(Cause::Blocked),
        403 => Some(Cause::Forbidden),
        404 => Some(Cause::RouteUnknown),
        409 => Some(Cause::UsedTwice),
        410 => Some(Cause::TokenRevoked),
        429 => Some(Cause::RateLimited),
        503 => Some(Cause::KlarnaUnavailable),
        500..=599 => Some(Cause::KlarnaFault),
        400..=499 => Some(Cause::UnknownRefusal),
        _ => None,
    }
}
