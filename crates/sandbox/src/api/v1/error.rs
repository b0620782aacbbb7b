//! Errors as payments v1 writes them (tokens.md 4.5): `correlation_id`, `error_code`, `error_messages[]`.

use crate::api::answer::{ApiError, Refusal};

/// A refusal of payments v1.
pub(super) fn refused(status: u16, code: &'static str, message: &str) -> Refusal {
    Refusal::Api(ApiError {
        error_type: None,
        error_code: code,
        v1: true,
        ..ApiError::of(status, message)
    })
}

/// 400 that names the field.
pub(super) fn bad_value(field: &str) -> Refusal {
    refused(400, "BAD_VALUE", &format!("Bad value: {field}"))
}

/// An error of the common pipeline in the words of payments v1.
pub(super) fn as_v1(error: ApiError) -> ApiError {
    if error.v1 {
        return error;
    }
    let error_code = match error.status {
        400 if error.error_code == "INVALID_CONTENT_TYPE" => "BAD_REQUEST",
        400 | 409 => "BAD_VALUE",
        401 => "UNAUTHORIZED",
        403 => "INVALID_OPERATION",
        404 => "NOT_FOUND",
        429 => "TOO_MANY_REQUESTS",
        503 => "SERVICE_UNAVAILABLE",
        500..=599 => "INTERNAL_SERVER_ERROR",
        _ => "BAD_REQUEST",
    };
    ApiError {
        error_type: None,
        error_code,
        v1: true,
        ..error
    }
}
