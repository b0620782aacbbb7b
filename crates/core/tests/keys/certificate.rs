//! Reading certificates: what is accepted, and that every wrong paste gets its own sentence.
#![allow(clippy::unwrap_used, reason = "tests")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse_core::signing_key::{Certificate, NotACertificate, certificate_signing_request};
use rcgen::KeyPair;

use crate::fixtures::{Authority, account, certificate_with, in_rcgen, key, klarna_like, openssl, said};

fn refusal(text: &str) -> NotACertificate {
    Certificate::from_pem(text).expect_err("this is not a certificate")
}

#[test]
fn facts_are_those_that_openssl_reads() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = certificate_with(|_| {});
    let facts = certificate.facts();
    let show = [
        "x509",
        "-noout",
        "-fingerprint",
        "-sha256",
        "-serial",
        "-subject",
        "-issuer",
        "-nameopt",
        "RFC2253",
    ];
    let theirs = said(&openssl(folder.path(), &show, certificate.to_pem().as_bytes()))
        .to_lowercase()
        .replace(':', "");
    assert!(
        theirs.contains(&facts.sha256_hex),
        "fingerprint {} in {theirs}",
        facts.sha256_hex
    );
    assert!(
        theirs.contains(&format!("serial={}", facts.serial_hex)),
        "serial {} in {theirs}",
        facts.serial_hex
    );
    assert!(
        theirs.contains(&format!("issuer={}", facts.issuer.to_lowercase())),
        "issuer {} in {theirs}",
        facts.issuer
    );
    assert_eq!(facts.subject_cn.as_deref(), Some("LYABCDEI"), "the common name");
    assert_eq!(facts.san_uris, [account().as_str()], "the account");
    assert_eq!(facts.key_usage, ["digitalSignature"], "the usage");
    assert_eq!(facts.curve, "P-256", "the curve");
    assert_eq!(facts.usage_extension, Some(1), "Klarna's mark");
    assert_eq!(
        (facts.not_before_unix_s, facts.not_after_unix_s),
        (1_767_225_600, 1_861_833_600),
        "2026-01-01 to 2028-12-31"
    );
}

#[test]
fn a_chain_in_any_order_is_put_leaf_first() {
    let authority = Authority::make();
    let leaf = authority.issue_pem(&klarna_like(), &in_rcgen(&key()));
    let alone = Certificate::from_pem(&leaf).unwrap();
    let orders = [
        [&leaf, &authority.intermediate_pem, &authority.root_pem],
        [&authority.root_pem, &leaf, &authority.intermediate_pem],
        [&authority.intermediate_pem, &authority.root_pem, &leaf],
    ];
    for order in orders {
        let certificate = Certificate::from_pem(&order.map(String::as_str).concat()).unwrap();
        assert_eq!(certificate.leaf_der(), alone.leaf_der(), "the leaf comes first");
        assert_eq!(certificate.chain_der().len(), 2, "with both above it");
        let again = Certificate::from_pem(&certificate.to_pem()).unwrap();
        assert_eq!(again, certificate, "and it comes back from the text that is stored");
        assert!(
            certificate.to_pem().starts_with(&alone.to_pem()),
            "leaf first in the text, too"
        );
    }
    assert_eq!(
        Certificate::from_pem(&leaf.repeat(2)).unwrap(),
        alone,
        "pasting it twice does no harm"
    );
}

#[test]
fn certificates_that_form_no_chain_are_refused() {
    let (one, other) = (Authority::make(), Authority::make());
    let leaf = one.issue_pem(&klarna_like(), &in_rcgen(&key()));
    let second = one.issue_pem(&klarna_like(), &KeyPair::generate().unwrap());
    assert_eq!(
        refusal(&format!("{leaf}{second}")),
        NotACertificate::NotOneChain,
        "two leaves"
    );
    let roots = format!("{}{}", one.root_pem, other.root_pem);
    assert_eq!(refusal(&roots), NotACertificate::AuthoritiesAlone, "authorities alone");
    let unrelated = rcgen::CertificateParams::default();
    let stranger = Authority::make().issue_pem(&unrelated, &KeyPair::generate().unwrap());
    assert_eq!(
        refusal(&format!("{leaf}{stranger}")),
        NotACertificate::NotOneChain,
        "a stranger beside it"
    );
}

#[test]
fn text_around_and_odd_line_ends_do_no_harm() {
    let pem = certificate_with(|_| {}).to_pem();
    let certificate = Certificate::from_pem(&pem).unwrap();
    let variants = [
        pem.replace('\n', "\r\n"),
        format!("\u{feff}Here it is:\n\n{pem}\nregards\n"),
        pem.replace('\n', "\n    "),
        pem.replace('\n', "\\n"),
        format!(
            r#"{{"credential_id":"krn:x","secret":{{"certificate":"{}"}}}}"#,
            pem.replace('\n', "\\r\\n")
        ),
        pem.replace("BEGIN CERTIFICATE", "BEGIN X509 CERTIFICATE")
            .replace("END CERTIFICATE", "END X509 CERTIFICATE"),
        pem.trim_end().to_owned(),
    ];
    for variant in variants {
        assert_eq!(
            Certificate::from_pem(&variant).as_ref(),
            Ok(&certificate),
            "this is the same certificate: {variant}"
        );
    }
}

#[test]
fn a_file_may_be_text_or_binary() {
    let certificate = certificate_with(|_| {});
    assert_eq!(
        Certificate::from_file_bytes(certificate.leaf_der()).unwrap(),
        certificate,
        "DER"
    );
    assert_eq!(
        Certificate::from_file_bytes(certificate.to_pem().as_bytes()).unwrap(),
        certificate,
        "PEM"
    );
    assert_eq!(
        Certificate::from_der(certificate.leaf_der()).unwrap(),
        certificate,
        "DER, known to be DER"
    );
    let key_der = key().to_pkcs8_der();
    assert_eq!(
        Certificate::from_file_bytes(key_der.expose()).unwrap_err(),
        NotACertificate::PrivateKey,
        "a key in DER"
    );
    assert_eq!(
        Certificate::from_file_bytes(&[0xff, 0xfe, 0x00]).unwrap_err(),
        NotACertificate::Garbage,
        "something else"
    );
    assert_eq!(
        Certificate::from_file_bytes(b"").unwrap_err(),
        NotACertificate::Empty,
        "an empty file"
    );
}

#[test]
fn each_wrong_paste_gets_its_own_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = certificate_with(|_| {});
    let pem = certificate.to_pem();
    let key_pem = key().to_pkcs8_pem().expose_str().unwrap().to_owned();
    let request = certificate_signing_request(&key(), &account()).unwrap();
    let public = said(&openssl(folder.path(), &["pkey", "-pubout"], key_pem.as_bytes()));
    let sec1 = said(&openssl(folder.path(), &["ec"], key_pem.as_bytes()));
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let half: String = pem.chars().take(pem.len() / 2).collect();
    let damaged = pem.replacen("MII", "M*I", 1);
    let not_x509 = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(b"not at all")
    );
    let lost_start = pem.replace("-----BEGIN CERTIFICATE-----", "");
    let binary = String::from_utf8_lossy(certificate.leaf_der()).into_owned();
    let cases = [
        ("", NotACertificate::Empty),
        (" \n\t", NotACertificate::Empty),
        (&key_pem, NotACertificate::PrivateKey),
        (&format!("{pem}{key_pem}"), NotACertificate::PrivateKey),
        (&sec1, NotACertificate::PrivateKey),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA",
            NotACertificate::PrivateKey,
        ),
        (&request, NotACertificate::SigningRequest),
        (&public, NotACertificate::PublicKey),
        (
            "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----",
            NotACertificate::Pkcs7,
        ),
        (&body, NotACertificate::NoArmour),
        (&half, NotACertificate::CutOff),
        (&lost_start, NotACertificate::CutOff),
        (&damaged, NotACertificate::CutOff),
        (&not_x509, NotACertificate::NotX509),
        (&binary, NotACertificate::Binary),
        ("krn:partner:global:account:test:LYABCDEI", NotACertificate::Garbage),
        ("<html>502</html>", NotACertificate::Garbage),
        (&pem.repeat(100), NotACertificate::TooLarge),
        (&pem.repeat(11), NotACertificate::TooLarge),
    ];
    for (text, expected) in cases {
        let start: String = text.chars().take(60).collect();
        assert_eq!(refusal(text), expected, "pasted: {start:?}");
    }
}

#[test]
fn der_that_is_cut_off_or_longer_is_refused() {
    let certificate = certificate_with(|_| {});
    let der = certificate.leaf_der();
    for len in 0..der.len() {
        assert!(Certificate::from_der(&der[..len]).is_err(), "cut off after {len} bytes");
    }
    assert!(
        Certificate::from_der(&[der, &[0]].concat()).is_err(),
        "bytes after its end"
    );
}
