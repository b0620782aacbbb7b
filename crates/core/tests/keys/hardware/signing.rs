//! Signatures of a token, and foreign judges of them; keys that stay where they are.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass};
use gatehouse_core::signing_key::{HardwareFailure, HardwareKey, Signer, SigningIdentity, certificate_signing_request};
use gatehouse_klarna::{JwtSigner, sign_claims};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::{AssociatedOid, DecodePublicKey};
use x509_cert::der::Encode;

use super::bench::{Bench, cause, folder, foreign_session, made_key, verifies};
use crate::fixtures::{Authority, account, klarna_like, openssl, said};

#[test]
#[ignore = "runs in a process of its own"]
fn inside_round_trip() {
    let bench = Bench::with_tokens(&["klarna"]);
    let key = made_key(&bench.open("klarna"));
    let message = b"header.claims";
    let raw = key.sign_es256(message).unwrap();
    assert!(verifies(&key, message, &raw), "p256 verifies the signature");
    assert!(!verifies(&key, b"other", &raw), "of this message alone");
    let spki = folder().join("spki.der");
    fs::write(&spki, key.spki_der()).unwrap();
    let signature = Signature::from_slice(&raw).unwrap();
    fs::write(folder().join("signature.der"), signature.to_der().as_bytes()).unwrap();
    let verify = [
        "dgst",
        "-sha256",
        "-verify",
        "spki.der",
        "-keyform",
        "DER",
        "-signature",
        "signature.der",
    ];
    let verdict = said(&openssl(&folder(), &verify, message));
    assert!(verdict.contains("Verified OK"), "openssl verifies it, too: {verdict}");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_request() {
    let bench = Bench::with_tokens(&["klarna"]);
    let key = made_key(&bench.open("klarna"));
    let request = certificate_signing_request(&key, &account()).unwrap();
    let show = ["req", "-verify", "-noout", "-subject", "-pubkey", "-nameopt", "RFC2253"];
    let verdict = said(&openssl(&folder(), &show, request.as_bytes()));
    assert!(verdict.contains("verify OK"), "openssl accepts the request: {verdict}");
    assert!(
        verdict.contains("subject=CN=LYABCDEI"),
        "with the suffix as its name: {verdict}"
    );
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_jwt() {
    let bench = Bench::with_tokens(&["klarna"]);
    let key = made_key(&bench.open("klarna"));
    let authority = Authority::make();
    let point = VerifyingKey::from_public_key_der(&key.spki_der())
        .unwrap()
        .to_sec1_point(false);
    let certificate = authority.certificate_for(&klarna_like(), &Point(point.as_bytes().to_vec()));
    let identity = SigningIdentity::new(key, certificate).unwrap();
    assert!(
        !identity.key().reproducible(),
        "whoever repeats the call has to keep the token"
    );
    let token = sign_claims(r#"{"sub":"a@example.com","exp":4102444800}"#, &identity).unwrap();
    let decoded = decode::<serde_json::Value>(
        token.expose(),
        &DecodingKey::from_ec_der(point.as_bytes()),
        &Validation::new(Algorithm::ES256),
    );
    assert_eq!(
        decoded.unwrap().claims["sub"],
        "a@example.com",
        "jsonwebtoken verifies it"
    );
    assert!(!identity.certificate_der().is_empty(), "the leaf stands in x5c");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_not_reproducible() {
    let bench = Bench::with_tokens(&["klarna"]);
    let key = made_key(&bench.open("klarna"));
    let (one, two) = (key.sign_es256(b"m").unwrap(), key.sign_es256(b"m").unwrap());
    assert_ne!(one, two, "fresh randomness each time");
    assert!(!key.reproducible(), "which the port says");
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_not_extractable() {
    let bench = Bench::with_tokens(&["klarna"]);
    let key = made_key(&bench.open("klarna"));
    let session = foreign_session();
    let private = [Attribute::Class(ObjectClass::PRIVATE_KEY)];
    let handle = session.find_objects(&private).unwrap()[0];
    let flags = [
        AttributeType::Token,
        AttributeType::Private,
        AttributeType::Sensitive,
        AttributeType::AlwaysSensitive,
        AttributeType::Extractable,
        AttributeType::NeverExtractable,
        AttributeType::Sign,
        AttributeType::Decrypt,
        AttributeType::Unwrap,
        AttributeType::Derive,
    ];
    let expected = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::AlwaysSensitive(true),
        Attribute::Extractable(false),
        Attribute::NeverExtractable(true),
        Attribute::Sign(true),
        Attribute::Decrypt(false),
        Attribute::Unwrap(false),
        Attribute::Derive(false),
    ];
    assert_eq!(
        session.get_attributes(handle, &flags).unwrap(),
        expected,
        "it signs, and nothing else"
    );
    let read = session.get_attributes(handle, &[AttributeType::Value]);
    assert!(read.map_or(true, |values| values.is_empty()), "its value is not given");
    let wrapping = [
        Attribute::Wrap(true),
        Attribute::ValueLen(32.into()),
        Attribute::Token(false),
    ];
    let aes = session.generate_key(&Mechanism::AesKeyGen, &wrapping).unwrap();
    assert!(
        session.wrap_key(&Mechanism::AesKeyWrapPad, aes, handle).is_err(),
        "not even wrapped"
    );
    assert!(
        session
            .update_attributes(handle, &[Attribute::Extractable(true)])
            .is_err(),
        "nor made so"
    );
    drop(key);
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_extractable_refused() {
    let bench = Bench::with_tokens(&["klarna"]);
    let window = bench.open("klarna");
    let params = p256::NistP256::OID.to_der().unwrap();
    let public = [
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::EcParams(params),
        Attribute::Id(vec![7]),
    ];
    let private = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(false),
        Attribute::Extractable(true),
        Attribute::Sign(true),
        Attribute::Id(vec![7]),
    ];
    foreign_session()
        .generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private)
        .unwrap();
    let facts = bench.module.keys(window.serial()).unwrap();
    let key = HardwareKey::find(&window, &facts[0].key_id).unwrap();
    assert_eq!(
        cause(&key),
        HardwareFailure::NotKept,
        "a key that can leave its token proves nothing"
    );
}

#[test]
#[ignore = "runs in a process of its own"]
fn inside_many_threads() {
    let bench = Bench::with_tokens(&["klarna"]);
    let key = made_key(&bench.open("klarna"));
    std::thread::scope(|scope| {
        for thread in 0..8_u8 {
            let key = &key;
            scope.spawn(move || {
                for round in 0..10_u8 {
                    let message = [thread, round];
                    let raw = key.sign_es256(&message).unwrap();
                    assert!(
                        verifies(key, &message, &raw),
                        "each gets the signature of its own message"
                    );
                }
            });
        }
    });
}

/// A public key in rcgen's hands.
struct Point(Vec<u8>);

impl rcgen::PublicKeyData for Point {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}
