//! Is it Klarna's signature, and if not, why does it look so: HMAC-SHA-256 in lower-case hex over the exact body (tokens.md 7.4).
//!
//! Only that form is good. A value that would be right in another form, for another key, or for a body before somebody touched
//! it, is still wrong, but is said to be so, because that is what people search for. Deliberately absent: leniency.

use super::delivery::Delivery;
use super::key::WebhookKey;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;

/// What was found about a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureFinding {
    /// It is Klarna's.
    Good {
        /// Which key made it.
        key_id: String,
    },
    /// One of our keys made it, but the delivery names another key, or none.
    OtherKey {
        /// The key that the delivery names.
        named: Option<String>,
        /// The key that made it.
        key_id: String,
    },
    /// It is not the signature of this body.
    Wrong {
        /// Why it may be so.
        hint: Option<SignatureHint>,
    },
    /// The key that the delivery names is none of ours, and no other fits.
    UnknownKey {
        /// The key that the delivery names.
        named: String,
    },
    /// There is no `Klarna-Signature`.
    Missing,
    /// There are several.
    Repeated,
    /// No key was given to check with.
    NoKey,
}

impl SignatureFinding {
    /// Tells whether the delivery may be trusted.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Good { .. })
    }
}

/// Why a wrong signature may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureHint {
    /// The right value in base64; Klarna writes lower-case hex.
    Base64,
    /// The right value in upper-case hex.
    UpperHex,
    /// The right value with something before or after it, such as `sha256=`.
    Wrapped,
    /// Right for the body without the line end that an editor added.
    LineEndAdded,
    /// Right for the same JSON written without spaces: somebody formatted the body.
    Reformatted,
    /// Neither hex nor base64 of 32 bytes: cut, or another header's value.
    NotAMac,
}

impl SignatureHint {
    /// Says what it means and what to do.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Base64 => {
                "The value is right but written in base64. Klarna writes lower-case hex: compare with that."
            }
            Self::UpperHex => "The value is right but in capital letters. Klarna writes lower-case hex.",
            Self::Wrapped => "The right value stands in it, with something around it. Take the header's value alone.",
            Self::LineEndAdded => {
                "It fits the body without its last line end. An editor added that: verify the bytes as received."
            }
            Self::Reformatted => {
                "It fits the same JSON without spaces. Something formatted the body: verify the bytes as received."
            }
            Self::NotAMac => "It is not 64 hex digits. It may be cut off, or another header's value.",
        }
    }
}

/// Checks the signature of a delivery.
pub(super) fn check(delivery: &Delivery, keys: &[WebhookKey]) -> SignatureFinding {
    let signatures = delivery.values("Klarna-Signature");
    let given = match signatures.as_slice() {
        [] | [""] => return SignatureFinding::Missing,
        [given] => *given,
        _ => return SignatureFinding::Repeated,
    };
    if keys.is_empty() {
        return SignatureFinding::NoKey;
    }
    let named = delivery
        .values("Klarna-Signing-Key-Id")
        .first()
        .map(|id| (*id).to_owned());
    let body = delivery.body();
    if let Some(key) = keys.iter().find(|key| is_good(key, given, body)) {
        let key_id = key.id().to_owned();
        return if named.as_deref() == Some(key.id()) {
            SignatureFinding::Good { key_id }
        } else {
            SignatureFinding::OtherKey { named, key_id }
        };
    }
    why_wrong(given, named, body, keys)
}

fn why_wrong(given: &str, named: Option<String>, body: &[u8], keys: &[WebhookKey]) -> SignatureFinding {
    let hint = keys.iter().find_map(|key| hint(key, given, body));
    match named {
        Some(named) if hint.is_none() && !keys.iter().any(|key| key.id() == named) => {
            SignatureFinding::UnknownKey { named }
        }
        _ => SignatureFinding::Wrong {
            hint: hint.or_else(|| mac_of(given).is_none().then_some(SignatureHint::NotAMac)),
        },
    }
}

/// Lower-case hex of the MAC, and nothing else.
fn is_good(key: &WebhookKey, given: &str, body: &[u8]) -> bool {
    let is_lower = !given.bytes().any(|byte| byte.is_ascii_uppercase());
    is_lower && hex::decode(given).is_ok_and(|mac| key.made(&mac, body))
}

fn hint(key: &WebhookKey, given: &str, body: &[u8]) -> Option<SignatureHint> {
    if hex::decode(given).is_ok_and(|mac| key.made(&mac, body)) {
        return Some(SignatureHint::UpperHex);
    }
    if based(given).is_some_and(|mac| key.made(&mac, body)) {
        return Some(SignatureHint::Base64);
    }
    let inner = given
        .split(|c: char| !c.is_ascii_hexdigit())
        .find(|part| part.len() == 64);
    if inner.is_some_and(|part| is_good(key, &part.to_ascii_lowercase(), body)) {
        return Some(SignatureHint::Wrapped);
    }
    let mac = mac_of(given)?;
    let trimmed = body.strip_suffix(b"\r\n").or_else(|| body.strip_suffix(b"\n"));
    if trimmed.is_some_and(|body| key.made(&mac, body)) {
        return Some(SignatureHint::LineEndAdded);
    }
    let compact = compact(body)?;
    key.made(&mac, &compact).then_some(SignatureHint::Reformatted)
}

/// The MAC in any encoding.
fn mac_of(given: &str) -> Option<Vec<u8>> {
    let mac = hex::decode(given).ok().or_else(|| based(given))?;
    (mac.len() == 32).then_some(mac)
}

fn based(given: &str) -> Option<Vec<u8>> {
    STANDARD.decode(given).or_else(|_| URL_SAFE.decode(given)).ok()
}

/// The same JSON without the spaces between its parts, members in their order.
fn compact(body: &[u8]) -> Option<Vec<u8>> {
    serde_json::from_slice::<Value>(body).ok()?;
    let (mut in_text, mut escaped) = (false, false);
    let kept = body.iter().copied().filter(|byte| {
        let outside = !in_text;
        if in_text && !escaped && *byte == b'\\' {
            escaped = true;
            return true;
        }
        if *byte == b'"' && !escaped {
            in_text = !in_text;
        }
        escaped = false;
        !(outside && byte.is_ascii_whitespace())
    });
    Some(kept.collect())
}
