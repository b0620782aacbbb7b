//! What can be wrong with a call before anybody looks at what it is: sizes and header forms (portal-access.md 10.1).
//!
//! Klarna documents the limits and 413 for the body; the status for headers is unknown, 431 is used (RFC 6585).

use super::Call;
use super::answer::{ApiError, flaw};
use crate::settings::{Key, Settings};
use serde_json::Value;

pub(super) fn check(call: &Call, settings: &Settings) -> Result<(), ApiError> {
    let size = |key| usize::try_from(settings.count(key)).unwrap_or(usize::MAX);
    if call.body.len() > size(Key::LimitsBodyBytes) {
        return Err(ApiError::of(413, "The body is too large."));
    }
    let lengths: Vec<usize> = call
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .collect();
    let longest = lengths.iter().max().copied().unwrap_or(0);
    if longest > size(Key::LimitsHeaderBytes) || lengths.iter().sum::<usize>() > size(Key::LimitsHeadersBytes) {
        return Err(ApiError::of(431, "The headers are too large."));
    }
    check_correlation(call, settings)?;
    check_metadata(call, settings)
}

/// The documented pattern is `^[A-Za-z0-9]+$`; Klarna's own collection breaks it, so only the strict set insists.
fn check_correlation(call: &Call, settings: &Settings) -> Result<(), ApiError> {
    let fits = |id: &str| (1..=255).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let holds = call.header("partner-correlation-id").is_none_or(fits);
    if settings.on(Key::HeadersCorrelationPattern) && !holds {
        return Err(bad(
            "Partner-Correlation-Id",
            "The value must be 1 to 255 letters and digits.",
        ));
    }
    Ok(())
}

fn check_metadata(call: &Call, settings: &Settings) -> Result<(), ApiError> {
    if !settings.on(Key::HeadersMetadataRequired) {
        return Ok(());
    }
    let metadata = call
        .header("klarna-integration-metadata")
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let named = metadata
        .as_ref()
        .and_then(|value| value.pointer("/integrator/name"))
        .and_then(Value::as_str);
    if named.is_none_or(str::is_empty) {
        return Err(bad(
            "Klarna-Integration-Metadata",
            "The header must be JSON with an integrator's name.",
        ));
    }
    Ok(())
}

fn bad(header: &str, message: &str) -> ApiError {
    ApiError {
        flaws: vec![flaw(header, message)],
        ..ApiError::of(400, "The request is not valid.")
    }
}
