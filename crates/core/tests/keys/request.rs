//! The signing request: a golden one, and openssl as the foreign judge.
#![allow(clippy::unwrap_used, reason = "tests")]

use gatehouse_core::signing_key::{
    NotRequested, Signer, SigningIdentity, SoftwareKey, certificate_signing_request, certificate_signing_request_named,
};
use gatehouse_klarna::{AccountKrn, SignFailure, sign_claims};
use x509_cert::der::{DecodePem, Encode};
use x509_cert::request::CertReq;

use crate::fixtures::{account, certificate_with, key, openssl, said};

#[test]
fn the_same_key_and_account_give_the_same_request() {
    let golden = include_str!("vectors/rfc7517-key.csr.pem");
    assert_eq!(
        certificate_signing_request(&key(), &account()).unwrap(),
        golden,
        "RFC 6979 signatures make the request reproducible"
    );
}

#[test]
fn openssl_verifies_the_request_and_reads_the_one_name() {
    let folder = tempfile::tempdir().unwrap();
    let request = certificate_signing_request(&key(), &account()).unwrap();
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
    let ours = CertReq::from_pem(certificate_signing_request(&key(), &account()).unwrap()).unwrap();
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
        let request = certificate_signing_request(&key(), &account).unwrap();
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

#[test]
fn a_name_that_no_certificate_carries_is_refused_before_the_key_signs() {
    let refused = |name: &str| certificate_signing_request_named(&NeverSigns(key()), name).unwrap_err();
    assert!(matches!(refused(" \n"), NotRequested::NameEmpty), "no name");
    let long = refused(&"\u{e4}".repeat(65));
    assert!(
        matches!(long, NotRequested::NameTooLong { found: 65 }),
        "65 characters: {long}"
    );
    assert!(long.to_string().contains("65"), "the sentence counts them: {long}");
    assert!(
        matches!(refused("a\nb"), NotRequested::NameNotPlain),
        "a line end inside"
    );
    assert!(
        matches!(refused("LYABCDEI"), NotRequested::Unsigned(_)),
        "and a good name reaches the key"
    );
}

#[test]
fn a_name_of_ones_own_stays_one_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["A, O=B", "a/b=c+d", "#1 \"q\" \\ ;<>", "\u{d6}rebro 7", &"x".repeat(64)] {
        let request = certificate_signing_request_named(&key(), name).unwrap();
        let show = [
            "req",
            "-verify",
            "-noout",
            "-subject",
            "-nameopt",
            "multiline,-esc_msb,utf8",
        ];
        let verdict = said(&openssl(folder.path(), &show, request.as_bytes()));
        assert!(verdict.contains("verify OK"), "{name}: {verdict}");
        let line = verdict
            .lines()
            .find(|line| line.contains("commonName"))
            .unwrap()
            .to_owned();
        let shown = line.split_once("= ").unwrap().1.replace("\\\\", "\\");
        assert_eq!(shown, name, "openssl reads the same name");
        assert!(!verdict.contains("organizationName"), "and no other: {verdict}");
    }
}

/// A key that fails whenever it is asked to sign, as an unplugged one does.
#[derive(Debug)]
struct NeverSigns(SoftwareKey);

impl Signer for NeverSigns {
    fn spki_der(&self) -> Vec<u8> {
        self.0.spki_der()
    }

    fn key_id(&self) -> String {
        self.0.key_id()
    }

    fn sign_es256(&self, _message: &[u8]) -> Result<[u8; 64], SignFailure> {
        Err(SignFailure("unplugged".into()))
    }

    fn reproducible(&self) -> bool {
        false
    }
}

#[test]
fn a_key_that_does_not_sign_gives_no_request_and_no_token() {
    let refused = certificate_signing_request(&NeverSigns(key()), &account()).unwrap_err();
    assert!(matches!(refused, NotRequested::Unsigned(_)), "no request: {refused:?}");
    let identity = SigningIdentity::new(NeverSigns(key()), certificate_with(|_| {})).unwrap();
    assert!(sign_claims("{}", &identity).is_err(), "no token");
    assert!(
        !identity.key().reproducible(),
        "whether a token can be made again is asked through the identity"
    );
}
