//! Pastes that are mended and say so, and files that are something else than a certificate.
#![allow(clippy::unwrap_used, reason = "tests")]

use gatehouse_core::signing_key::{
    Certificate, CertificateCheck, CertificateUsage, Mended, NotACertificate, Pasted, check_certificate, first_failure,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use rcgen::{CertificateParams, date_time_ymd};

use crate::fixtures::{Authority, NOW, account, certificate_with, in_rcgen, key, key_of, klarna_like};
use crate::import::{folder, made};

fn read(text: &str) -> Pasted {
    Pasted::read(text.as_bytes(), &key().spki_der()).unwrap()
}

#[test]
fn a_chain_in_the_wrong_order_is_sorted_and_told() {
    let authority = Authority::make();
    let leaf = authority.issue_pem(&klarna_like(), &in_rcgen(&key()));
    let (root, middle) = (authority.root_pem.as_str(), authority.intermediate_pem.as_str());
    let right = read(&format!("{leaf}{middle}{root}"));
    assert_eq!(right.mended, [], "nothing to mend");
    for wrong in [[root, middle, &leaf], [middle, &leaf, root], [&leaf, root, middle]] {
        let pasted = read(&wrong.concat());
        assert_eq!(pasted.mended, [Mended::ChainSorted], "told");
        assert_eq!(pasted.certificate, right.certificate, "and mended");
    }
    assert!(Mended::ChainSorted.to_string().contains("wrong order"), "by its name");
}

#[test]
fn the_leaf_is_found_by_the_key_among_several() {
    let authority = Authority::make();
    let own = authority.issue_pem(&klarna_like(), &in_rcgen(&key()));
    let foreign = authority.issue_pem(&klarna_like(), &in_rcgen(&key_of([7; 32])));
    let pasted = read(&format!("{foreign}{own}{}", authority.intermediate_pem));
    assert_eq!(pasted.certificate.spki_der(), key().spki_der(), "the key decides");
    assert_eq!(pasted.certificate.chain_der().len(), 1, "with what stands above it");
    assert_eq!(
        pasted.mended,
        [Mended::OthersLeftOut { count: 1 }],
        "the other one is left out, and told"
    );
}

#[test]
fn of_several_for_the_key_the_one_valid_longest_is_taken() {
    let authority = Authority::make();
    let until = |year| {
        let mut params: CertificateParams = klarna_like();
        params.not_after = date_time_ymd(year, 6, 1);
        authority.issue_pem(&params, &in_rcgen(&key()))
    };
    let (old, new) = (until(2027), until(2029));
    for text in [format!("{old}{new}"), format!("{new}{old}")] {
        let pasted = read(&text);
        let expected = Certificate::from_pem(&new).unwrap();
        assert_eq!(pasted.certificate, expected, "the newer one, whatever the order");
        assert_eq!(pasted.mended, [Mended::LongestTaken], "which is told");
    }
}

#[test]
fn a_certificate_for_another_key_is_left_to_its_check() {
    let foreign = Authority::make().issue_pem(&klarna_like(), &in_rcgen(&key_of([7; 32])));
    let pasted = read(&foreign);
    assert_eq!(pasted.mended, [], "nothing can be mended");
    let usage = CertificateUsage::JwtSigning;
    let lines = check_certificate(&pasted.certificate, &key().spki_der(), &account(), usage, NOW);
    let failed = first_failure(&lines).unwrap();
    assert_eq!(failed.check, CertificateCheck::KeyMatches, "the check names it");
}

#[test]
fn authorities_alone_are_told_apart_from_strangers() {
    let authority = Authority::make();
    let both = format!("{}{}", authority.root_pem, authority.intermediate_pem);
    let refused = Pasted::read(both.as_bytes(), &key().spki_der()).unwrap_err();
    assert_eq!(refused, NotACertificate::AuthoritiesAlone, "the leaf is missing");
    let one = read(&authority.root_pem);
    let usage = CertificateUsage::JwtSigning;
    let lines = check_certificate(&one.certificate, &key().spki_der(), &account(), usage, NOW);
    let failed = lines
        .iter()
        .any(|line| line.check == CertificateCheck::NotAnAuthority && !line.passed);
    assert!(failed, "one alone is left to its check");
}

#[test]
fn files_that_are_something_else_are_named() {
    let folder = folder();
    std::fs::write(folder.path().join("own.pem"), certificate_with(|_| {}).to_pem()).unwrap();
    let cases: [(&[&str], NotACertificate); 8] = [
        (
            &[
                "pkcs12", "-export", "-inkey", "key.pem", "-in", "own.pem", "-passout", "pass:p",
            ],
            NotACertificate::Pkcs12,
        ),
        (
            &["crl2pkcs7", "-nocrl", "-certfile", "own.pem", "-outform", "DER"],
            NotACertificate::Pkcs7,
        ),
        (&["crl2pkcs7", "-nocrl", "-certfile", "own.pem"], NotACertificate::Pkcs7),
        (
            &["pkey", "-in", "key.pem", "-outform", "DER"],
            NotACertificate::PrivateKey,
        ),
        (
            &["ec", "-in", "key.pem", "-outform", "DER"],
            NotACertificate::PrivateKey,
        ),
        (
            &[
                "pkcs8", "-topk8", "-in", "key.pem", "-passout", "pass:p", "-outform", "DER",
            ],
            NotACertificate::PrivateKey,
        ),
        (
            &["req", "-new", "-key", "key.pem", "-subj", "/CN=x", "-outform", "DER"],
            NotACertificate::SigningRequest,
        ),
        (
            &["pkey", "-in", "key.pem", "-pubout", "-outform", "DER"],
            NotACertificate::PublicKey,
        ),
    ];
    for (args, expected) in cases {
        let file = made(&folder, args);
        assert_eq!(Certificate::from_file_bytes(&file).unwrap_err(), expected, "{args:?}");
        assert_eq!(
            Pasted::read(&file, &key().spki_der()).unwrap_err(),
            expected,
            "{args:?}, for a key"
        );
    }
    let large = vec![0x30; 70_000];
    assert_eq!(
        Certificate::from_file_bytes(&large).unwrap_err(),
        NotACertificate::TooLarge,
        "a large file"
    );
}

#[test]
fn a_certificate_of_the_other_environment_is_told_as_such() {
    let live = gatehouse_klarna::AccountKrn::parse("krn:partner:global:account:live:LYABCDEI").unwrap();
    let usage = CertificateUsage::JwtSigning;
    let lines = check_certificate(&certificate_with(|_| {}), &key().spki_der(), &live, usage, NOW);
    let failed = first_failure(&lines).unwrap();
    assert_eq!(
        failed.check,
        CertificateCheck::AccountUri,
        "the account is not this one"
    );
    let told = "The certificate is for the test environment";
    assert!(
        failed.detail.starts_with(told),
        "and the environment is why: {}",
        failed.detail
    );
}

#[test]
fn no_damage_to_a_paste_makes_it_panic() {
    let authority = Authority::make();
    let leaf = authority.issue_pem(&klarna_like(), &in_rcgen(&key()));
    let text = format!("{leaf}{}{}", authority.intermediate_pem, authority.root_pem);
    let der = certificate_with(|_| {}).leaf_der().to_vec();
    let samples = [text.into_bytes(), der];
    let mut runner = TestRunner::new(ProptestConfig::with_cases(300));
    let damage = (0..samples.len(), vec((any::<Index>(), any::<u8>()), 1..6));
    let outcome = runner.run(&damage, |(which, changes)| {
        let mut file = samples[which].clone();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Ok(pasted) = Pasted::read(&file, &key().spki_der()) {
            let usage = CertificateUsage::JwtSigning;
            let lines = check_certificate(&pasted.certificate, &key().spki_der(), &account(), usage, NOW);
            prop_assert_eq!(lines.len(), 9, "whatever was read can be judged");
        }
        Ok(())
    });
    outcome.unwrap();
}
