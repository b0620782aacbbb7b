//! Each rule for certificates by name: kept by Klarna's profile, broken by exactly one change.
#![allow(clippy::unwrap_used, reason = "tests")]

use gatehouse_core::signing_key::{
    Certificate, CertificateCheck, CertificateUsage, CheckLine, SoftwareKey, check_certificate, first_failure,
};
use gatehouse_klarna::AccountKrn;
use rcgen::{BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, KeyPair, KeyUsagePurpose};

use crate::fixtures::{Authority, NOW, account, certificate_with, fill, key, klarna_like, uri, usage_mark};

fn judged(certificate: &Certificate, usage: CertificateUsage, now: i64) -> Vec<CheckLine> {
    check_certificate(certificate, &key().spki_der(), &account(), usage, now)
}

fn failures(lines: &[CheckLine]) -> Vec<CertificateCheck> {
    lines
        .iter()
        .filter(|line| !line.passed)
        .map(|line| line.check)
        .collect()
}

/// What fails for signing when Klarna's profile is changed.
fn broken_by(change: impl FnOnce(&mut CertificateParams)) -> Vec<CertificateCheck> {
    failures(&judged(&certificate_with(change), CertificateUsage::JwtSigning, NOW))
}

fn detail(lines: &[CheckLine], check: CertificateCheck) -> String {
    lines.iter().find(|line| line.check == check).unwrap().detail.clone()
}

#[test]
fn klarnas_profile_keeps_every_rule() {
    let lines = judged(&certificate_with(|_| {}), CertificateUsage::JwtSigning, NOW);
    assert_eq!(first_failure(&lines), None, "nothing is wrong with it");
    assert_eq!(lines.len(), 9, "and every rule was looked at");
    assert!(
        lines.iter().all(|line| line.detail.ends_with('.')),
        "each says what was found, as a sentence"
    );
}

#[test]
fn another_key_is_told() {
    let other = SoftwareKey::make(&mut fill).unwrap();
    let lines = check_certificate(
        &certificate_with(|_| {}),
        &other.spki_der(),
        &account(),
        CertificateUsage::JwtSigning,
        NOW,
    );
    assert_eq!(
        failures(&lines),
        [CertificateCheck::KeyMatches],
        "only the key is wrong"
    );
}

#[test]
fn another_curve_is_told() {
    let p384 = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let certificate = Certificate::from_pem(&Authority::make().issue_pem(&klarna_like(), &p384)).unwrap();
    let lines = judged(&certificate, CertificateUsage::JwtSigning, NOW);
    assert_eq!(
        failures(&lines),
        [CertificateCheck::KeyMatches, CertificateCheck::Curve],
        "P-384 is not P-256"
    );
    assert!(
        detail(&lines, CertificateCheck::Curve).contains("P-384"),
        "and the sentence says which it is"
    );
}

#[test]
fn a_missing_or_other_key_usage_is_told() {
    assert_eq!(
        broken_by(|p| p.key_usages.clear()),
        [CertificateCheck::KeyUsage],
        "nothing said"
    );
    let agreement = vec![KeyUsagePurpose::KeyAgreement];
    assert_eq!(
        broken_by(|p| p.key_usages = agreement),
        [CertificateCheck::KeyUsage],
        "another usage"
    );
}

#[test]
fn an_authority_is_told() {
    let ca = |p: &mut CertificateParams| p.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    assert_eq!(
        broken_by(ca),
        [CertificateCheck::NotAnAuthority],
        "a CA does not sign tokens"
    );
    assert_eq!(broken_by(|p| p.is_ca = IsCa::NoCa), [], "no word about it means no CA");
}

#[test]
fn the_account_must_be_the_one_uri() {
    let foreign = "krn:partner:global:account:test:LYABCDEJ";
    assert_eq!(
        broken_by(|p| p.subject_alt_names = vec![uri(foreign)]),
        [CertificateCheck::AccountUri],
        "a foreign account"
    );
    assert_eq!(
        broken_by(|p| p.subject_alt_names.clear()),
        [CertificateCheck::AccountUri],
        "no account"
    );
    assert_eq!(
        broken_by(|p| p.subject_alt_names.push(uri(foreign))),
        [CertificateCheck::AccountUri],
        "two accounts"
    );
    let live = AccountKrn::parse("krn:partner:global:account:live:LYABCDEI").unwrap();
    let certificate = certificate_with(|_| {});
    let lines = check_certificate(
        &certificate,
        &key().spki_der(),
        &live,
        CertificateUsage::JwtSigning,
        NOW,
    );
    assert_eq!(
        failures(&lines),
        [CertificateCheck::AccountUri],
        "the same suffix in the other environment"
    );
}

#[test]
fn the_common_name_must_be_the_suffix() {
    assert_eq!(
        broken_by(|p| p.distinguished_name.push(DnType::CommonName, "lyabcdei")),
        [CertificateCheck::CommonName],
        "case counts"
    );
    assert_eq!(
        broken_by(|p| p.distinguished_name = rcgen::DistinguishedName::new()),
        [CertificateCheck::CommonName],
        "no name"
    );
}

#[test]
fn dates_are_judged_to_the_second() {
    let certificate = certificate_with(|_| {});
    let facts = certificate.facts();
    let (first, last) = (facts.not_before_unix_s, facts.not_after_unix_s);
    for (now, passes) in [(first - 1, false), (first, true), (last, true), (last + 1, false)] {
        let lines = judged(&certificate, CertificateUsage::JwtSigning, now);
        assert_eq!(
            failures(&lines).is_empty(),
            passes,
            "at {now}, valid from {first} to {last}"
        );
    }
    let early = detail(
        &judged(&certificate, CertificateUsage::JwtSigning, first - 1),
        CertificateCheck::InDate,
    );
    assert!(early.contains("not valid before 2026-01-01"), "too early: {early}");
    let late = detail(
        &judged(&certificate, CertificateUsage::JwtSigning, last + 1),
        CertificateCheck::InDate,
    );
    assert!(late.contains("expired on 2028-12-31"), "too late: {late}");
    let near = detail(
        &judged(&certificate, CertificateUsage::JwtSigning, last - 86_400),
        CertificateCheck::InDate,
    );
    assert!(near.contains("1 day left"), "days left: {near}");
}

#[test]
fn klarnas_mark_must_be_there_critical_and_for_signing() {
    let mark = |der: &'static [u8], critical| {
        move |p: &mut CertificateParams| p.custom_extensions = vec![usage_mark(der, critical)]
    };
    assert_eq!(
        broken_by(|p| p.custom_extensions.clear()),
        [CertificateCheck::UsageMark],
        "missing"
    );
    assert_eq!(
        broken_by(mark(&[2, 1, 1], false)),
        [CertificateCheck::UsageMark],
        "not critical"
    );
    assert_eq!(
        broken_by(mark(&[2, 1, 2], true)),
        [CertificateCheck::UsageMark],
        "another value"
    );
    assert_eq!(
        broken_by(mark(&[4, 1, 1], true)),
        [CertificateCheck::UsageMark],
        "not a number"
    );
    assert_eq!(
        broken_by(mark(&[2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 1], true)),
        [CertificateCheck::UsageMark],
        "a number too large"
    );
    for (der, value) in [(&[2, 1, 0xff][..], -1), (&[2, 2, 1, 0][..], 256), (&[2, 1, 0][..], 0)] {
        let certificate = certificate_with(|p| p.custom_extensions = vec![usage_mark(der, true)]);
        assert_eq!(certificate.facts().usage_extension, Some(value), "the value of {der:?}");
    }
}

#[test]
fn a_connection_certificate_passes_with_a_remark_unless_it_is_for_signing() {
    let judge = |change: fn(&mut CertificateParams)| judged(&certificate_with(change), CertificateUsage::Mtls, NOW);
    assert_eq!(
        failures(&judge(|_| {})),
        [CertificateCheck::UsageMark],
        "a signing certificate in the wrong place"
    );
    let other = judge(|p| p.custom_extensions = vec![usage_mark(&[2, 1, 2], true)]);
    assert_eq!(first_failure(&other), None, "the value for connections is not known");
    assert!(
        detail(&other, CertificateCheck::UsageMark).contains("not published"),
        "which the remark says"
    );
    assert_eq!(
        first_failure(&judge(|p| p.custom_extensions.clear())),
        None,
        "nor whether the mark is there at all"
    );
}

#[test]
fn an_unknown_critical_extension_is_told_and_an_uncritical_one_is_not() {
    let extension = |critical| {
        let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
        extension.set_criticality(critical);
        extension
    };
    assert_eq!(
        broken_by(|p| p.custom_extensions.push(extension(true))),
        [CertificateCheck::NoUnknownCritical],
        "critical"
    );
    assert_eq!(
        broken_by(|p| p.custom_extensions.push(extension(false))),
        [],
        "not critical"
    );
    let lines = judged(
        &certificate_with(|p| p.custom_extensions.push(extension(true))),
        CertificateUsage::JwtSigning,
        NOW,
    );
    assert!(
        detail(&lines, CertificateCheck::NoUnknownCritical).contains("1.2.3.4"),
        "the sentence names it"
    );
}

#[test]
fn the_words_in_json_are_the_stable_words() {
    for line in judged(&certificate_with(|_| {}), CertificateUsage::JwtSigning, NOW) {
        let json = serde_json::to_value(&line).unwrap();
        assert_eq!(json["check"], line.check.as_str(), "one word per rule, everywhere");
    }
}
