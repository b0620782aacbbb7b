//! The compact form of a signed token, its header, and its signature (RFC 7515, RFC 7518 3.4).
//!
//! Only ES256 exists here. An encrypted token, a `none` or an HMAC algorithm, and critical header members are refused.

use crate::api::answer::{Refusal, invalid};
use crate::ca::check::Facts;
use crate::settings::{Key, Settings};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Verifier;
use serde_json::{Map, Value};

/// A token whose form and signature hold.
pub(super) struct Token {
    pub(super) payload: Map<String, Value>,
    pub(super) leaf: Facts,
}

pub(super) fn read(jwt: &str, settings: &Settings) -> Result<Token, Refusal> {
    let mut parts = jwt.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(invalid("jwt", "The token does not have three parts."));
    };
    let members =
        object(header).ok_or_else(|| invalid("jwt.header", "The header is not base64url of a JSON object."))?;
    check_header(&members)?;
    let leaf = leaf(&members, settings)?;
    check_signature(&leaf, &format!("{header}.{payload}"), signature)?;
    let payload =
        object(payload).ok_or_else(|| invalid("jwt.payload", "The payload is not base64url of a JSON object."))?;
    Ok(Token { payload, leaf })
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn check_header(members: &Map<String, Value>) -> Result<(), Refusal> {
    if members.get("alg").and_then(Value::as_str) != Some("ES256") {
        return Err(invalid("jwt.header.alg", "The algorithm must be ES256."));
    }
    if members.get("typ").and_then(Value::as_str) != Some("JWT") {
        return Err(invalid("jwt.header.typ", "The type must be JWT."));
    }
    if members.contains_key("crit") {
        return Err(invalid("jwt.header.crit", "Critical header members are not supported."));
    }
    Ok(())
}

/// Reads `x5c`: standard base64 of DER (RFC 7515 4.1.6), the leaf first.
fn leaf(members: &Map<String, Value>, settings: &Settings) -> Result<Facts, Refusal> {
    let bad = |message: &str| invalid("jwt.header.x5c", message);
    let chain = members
        .get("x5c")
        .and_then(Value::as_array)
        .ok_or_else(|| bad("The certificate is missing."))?;
    let most = usize::try_from(settings.count(Key::JwtX5cMax)).unwrap_or(1);
    if chain.is_empty() || chain.len() > most {
        return Err(bad("The number of certificates is not accepted."));
    }
    let facts: Option<Vec<Facts>> = chain.iter().map(certificate).collect();
    let facts = facts.ok_or_else(|| bad("An entry is not standard base64 of a P-256 certificate in DER."))?;
    facts
        .into_iter()
        .next()
        .ok_or_else(|| bad("The certificate is missing."))
}

fn certificate(entry: &Value) -> Option<Facts> {
    Facts::read(&STANDARD.decode(entry.as_str()?).ok()?)
}

fn check_signature(leaf: &Facts, signed: &str, signature: &str) -> Result<(), Refusal> {
    let bad = |message: &str| invalid("jwt.signature", message);
    let raw = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| bad("The signature is not base64url."))?;
    if raw.len() != 64 {
        return Err(bad("The signature is not the raw 64 bytes of r and s."));
    }
    let signature = Signature::from_slice(&raw).map_err(|_| bad("The signature is out of range."))?;
    leaf.key
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| bad("The signature does not match the certificate."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_text_is_a_token_by_accident_and_none_brings_the_sandbox_down(
            text in ".{0,200}",
            header in "[ -~]{0,80}",
            signature in proptest::collection::vec(any::<u8>(), 0..80),
        ) {
            let settings = Settings::default();
            let parts = [header.as_bytes(), text.as_bytes(), &signature].map(|part| URL_SAFE_NO_PAD.encode(part));
            prop_assert!(read(&text, &settings).is_err(), "free text");
            prop_assert!(read(&parts.join("."), &settings).is_err(), "three parts of base64url");
        }

        #[test]
        fn bytes_that_are_no_certificate_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let header = serde_json::json!({"alg": "ES256", "typ": "JWT", "x5c": [STANDARD.encode(bytes)]});
            let token = format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(header.to_string()));
            prop_assert!(read(&token, &Settings::default()).is_err(), "no certificate");
        }
    }
}
