//! The signed token of a deep link: claims in a fixed order, and the JWS put together over a signer that may be hardware.
//!
//! Assembled here rather than by a JWT library, so that exactly the claim bytes that were recorded are signed, by the profile's
//! own signer (docs/decisions/0002-jwt-assembly.md). Deliberately absent: verifying; nobody sends us tokens.

use crate::email::Email;
use crate::krn::AccountKrn;
use crate::person::Role;
use crate::secret::SignedJwt;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Serialize;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The claims of a deep link (portal-access.md 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeepLinkClaims {
    /// How the acquirer authenticated the person; `["pwd"]` is the known value.
    pub amr: Vec<String>,
    /// The acquirer's account, which owns the certificate.
    pub iss: AccountKrn,
    /// Fresh for each token.
    pub jti: String,
    /// The person who enters.
    pub sub: Email,
    /// When the token was made, Unix seconds.
    pub iat: i64,
    /// When it stops being valid, Unix seconds.
    pub exp: i64,
    /// The merchant to enter.
    pub account_id: AccountKrn,
    /// Whom the person represents; left out, Klarna takes the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<AccountKrn>,
    /// What the person may do there; at least one.
    pub roles: Vec<Role>,
}

impl DeepLinkClaims {
    /// Writes the claims as compact JSON, members in the order of the fields: the same claims give the same bytes.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, integers and lists of strings always serialise")
    }
}

/// Says that a signature could not be made; the reason is the signer's own.
#[derive(Debug, thiserror::Error)]
#[error("The signing key could not sign. Check that the key store is unlocked and holds the key.")]
pub struct SignFailure(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A P-256 key that signs tokens, with the certificate Klarna issued for it.
///
/// A port: the key may live in a keyring, in hardware, or behind a relay.
pub trait JwtSigner {
    /// Returns the certificate in DER; the leaf alone (portal-access.md 1.2).
    fn certificate_der(&self) -> &[u8];

    /// Signs with ECDSA over SHA-256 and returns the raw `r || s` (RFC 7518 section 3.4).
    ///
    /// # Errors
    /// [`SignFailure`] when the key cannot be used now.
    fn sign_es256(&self, signing_input: &[u8]) -> Result<[u8; 64], SignFailure>;
}

/// Signs the very bytes of `claims_json` as a compact JWS with the header `{"alg":"ES256","typ":"JWT","x5c":[leaf]}`.
///
/// # Errors
/// [`SignFailure`] from the signer.
pub fn sign_claims(claims_json: &str, signer: &dyn JwtSigner) -> Result<SignedJwt, SignFailure> {
    let leaf = STANDARD.encode(signer.certificate_der());
    let header = format!(r#"{{"alg":"ES256","typ":"JWT","x5c":["{leaf}"]}}"#);
    let length = (header.len() + claims_json.len()) * 4 / 3 + 96;
    let mut token = Zeroizing::new(String::with_capacity(length));
    URL_SAFE_NO_PAD.encode_string(header, &mut token);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(claims_json, &mut token);
    let signature = signer.sign_es256(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(SignedJwt::new(token))
}

/// Derives the idempotency key of a token: UUID version 5 of its `jti` in the URL namespace (portal-access.md 10.1).
#[must_use]
pub fn idempotency_key_for(jti: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, jti.as_bytes())
}
