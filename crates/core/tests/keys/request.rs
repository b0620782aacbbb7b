//! The signing request: a golden one, and openssl as the foreign judge.
#![allow(clippy::unwrap_used, reason = "tests")]

use gatehouse_core::signing_key::certificate_signing_request;
use gatehouse_klarna::AccountKrn;
use x509_cert::der::{DecodePem, Encode};
use x509_cert::request::CertReq;

use crate::fixtures::{account, key, openssl, said};

#[test]
fn the_same_key_and_account_give_the_same_request() {
    let golden = include_str!("vectors/rfc7517-key.csr.pem");
    assert_eq!(
        certificate_signing_request(&key(), &account()),
        golden,
        "RFC 6979 signatures make the request reproducible"
    );
}

#[test]
fn openssl_verifies_the_request_and_reads_the_one_name() {
    let folder = tempfile::tempdir().unwrap();
    let request = certificate_signing_request(&key(), &account());
    let verdict = openssl(
        folder.path(),
        &["req", "-verify", "-noout", "-subject", "-nameopt", "RFC2253"],
        request.as_bytes(),
    );
    assert!(
        said(&verdict).contains("verify OK"),
        "openssl verifies the request's signature: {}",
        said(&verdict)
    );
    assert!(
        said(&verdict).contains("subject=CN=LYABCDEI"),
        "the subject is the suffix alone: {}",
        said(&verdict)
    );
}

#[test]
fn the_signed_part_equals_what_openssl_makes() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key.pem"), key().to_pkcs8_pem().expose()).unwrap();
    let make = ["req", "-new", "-key", "key.pem", "-subj", "/CN=LYABCDEI"];
    let theirs = CertReq::from_pem(openssl(folder.path(), &make, b"").stdout).unwrap();
    let ours = CertReq::from_pem(certificate_signing_request(&key(), &account())).unwrap();
    assert_eq!(
        ours.info.to_der().unwrap(),
        theirs.info.to_der().unwrap(),
        "byte for byte what Klarna's guide produces"
    );
    assert_eq!(ours.algorithm, theirs.algorithm, "with the same algorithm");
}

#[test]
fn every_length_of_suffix_makes_a_request() {
    let folder = tempfile::tempdir().unwrap();
    for suffix in [
        "ABCD",
        "LYABCDEIXYZ",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        &"A".repeat(64),
    ] {
        let account = AccountKrn::parse(&format!("krn:partner:global:account:live:{suffix}")).unwrap();
        let request = certificate_signing_request(&key(), &account);
        let verdict = openssl(
            folder.path(),
            &["req", "-verify", "-noout", "-subject", "-nameopt", "RFC2253"],
            request.as_bytes(),
        );
        assert!(
            said(&verdict).contains(&format!("subject=CN={suffix}\n")),
            "suffix {suffix}: {}",
            said(&verdict)
        );
    }
}
