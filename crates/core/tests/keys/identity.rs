//! The signer that core hands to the client: only a pair that matches, and tokens that another library accepts.
#![allow(clippy::unwrap_used, reason = "tests")]

use gatehouse_core::signing_key::{ForeignCertificate, SigningIdentity, SoftwareKey};
use gatehouse_klarna::{JwtSigner, sign_claims};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use p256::pkcs8::DecodePublicKey;

use crate::fixtures::{certificate_with, fill, key};

#[test]
fn a_pair_that_does_not_match_is_refused() {
    let other = SoftwareKey::make(&mut fill).unwrap();
    assert_eq!(
        SigningIdentity::new(other, certificate_with(|_| {})).unwrap_err(),
        ForeignCertificate,
        "another key's certificate"
    );
}

#[test]
fn another_library_accepts_the_token_with_the_certificates_key() {
    let identity = SigningIdentity::new(key(), certificate_with(|_| {})).unwrap();
    let claims = r#"{"iss":"krn:partner:global:account:test:LYABCDEI","sub":"a@example.com","exp":4102444800}"#;
    let token = sign_claims(claims, &identity).unwrap();
    let header = decode_header(token.expose()).unwrap();
    assert_eq!(header.alg, Algorithm::ES256, "the one algorithm");
    let leaf = header.x5c_der().unwrap().unwrap();
    assert_eq!(leaf, [identity.certificate_der()], "x5c holds the leaf alone");
    let public = p256::PublicKey::from_public_key_der(&identity.certificate().spki_der()).unwrap();
    let point = public.to_sec1_bytes();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_aud = false;
    let decoded = decode::<serde_json::Value>(token.expose(), &DecodingKey::from_ec_der(&point), &validation).unwrap();
    assert_eq!(decoded.claims["sub"], "a@example.com", "the claims as they were signed");
}

#[test]
fn the_same_claims_give_the_same_token() {
    let identity = SigningIdentity::new(key(), certificate_with(|_| {})).unwrap();
    let (one, two) = (
        sign_claims("{}", &identity).unwrap(),
        sign_claims("{}", &identity).unwrap(),
    );
    assert_eq!(
        one.expose(),
        two.expose(),
        "reconciling an act needs the very same bytes"
    );
}
