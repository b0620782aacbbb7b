//! From where an account may be used: reported in a header, or demanded (portal-access.md 6.4).
//!
//! Klarna changes the list in its portal, so here it is a setting and the API only reads it. The shape of the list is
//! invented after Klarna's habit of a named array; that an empty list reports INVALID is invented too.

use super::answer::{Answer, Refusal, forbidden};
use super::{Call, Context};
use crate::settings::{IpRange, Key, Settings};
use serde_json::json;

/// The header's value; nothing when addresses are not looked at, and nothing once they are enforced (DOC).
pub(super) fn header(call: &Call, settings: &Settings) -> Option<(&'static str, String)> {
    let word = match (settings.text(Key::IpMode), settings.words(Key::IpAllowed)) {
        ("reporting", []) => "INVALID",
        ("reporting", _) if is_allowed(call, settings) => "ALLOWED",
        ("reporting", _) => "DENIED",
        _ => return None,
    };
    Some(("klarna-ip-validation-status", word.to_owned()))
}

/// Refuses a call from elsewhere where the list is enforced.
pub(super) fn gate(context: &Context<'_>) -> Result<Option<Answer>, Refusal> {
    if context.settings.text(Key::IpMode) != "enforced" || is_allowed(context.call, context.settings) {
        return Ok(None);
    }
    match context.settings.text(Key::IpBlockedAnswer) {
        "403_body" => Err(forbidden("The address of the caller is not allowed.")),
        _ => Ok(Some(Answer::empty(403))),
    }
}

fn is_allowed(call: &Call, settings: &Settings) -> bool {
    let ranges = settings.words(Key::IpAllowed).iter();
    ranges
        .filter_map(|word| IpRange::read(word))
        .any(|range| range.holds(call.connection.peer))
}

pub(super) fn read(context: &Context<'_>) -> Answer {
    let mode = match context.settings.text(Key::IpMode) {
        "reporting" => "REPORTING",
        "enforced" => "ENFORCED",
        _ => "NOT_ENABLED",
    };
    let allowed = context.settings.words(Key::IpAllowed);
    Answer::json(200, &json!({"allowed_ips": allowed, "enforcement_mode": mode}))
}
