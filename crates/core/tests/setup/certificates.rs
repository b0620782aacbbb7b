//! Certificates that are installed, or refused by a named check while everything stays as it was.

use gatehouse_core::profile::KeyRemoval;
use gatehouse_core::profile::key_rows::KeyState;
use gatehouse_core::profile::steps::{Step, StepState};
use gatehouse_core::signing_key::{CertificateUsage, SoftwareKey};
use gatehouse_core::{ErrorCode, fill_random};
use rcgen::string::Ia5String;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};

use super::place::{ACCOUNT, Place};

const SIGN: CertificateUsage = CertificateUsage::JwtSigning;

/// A key that both sides know, so that the test can play Klarna.
pub fn known_key() -> (SoftwareKey, KeyPair) {
    let key = SoftwareKey::make(&mut |bytes| fill_random(bytes)).unwrap();
    let pair = KeyPair::try_from(key.to_pkcs8_der().expose()).unwrap();
    (key, pair)
}

/// Klarna's way of certificates for the account (portal-access.md 1.1), with a change.
pub fn klarna_like(change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2028, 12, 31);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "LYABCDEI");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.subject_alt_names = vec![uri(ACCOUNT)];
    params.custom_extensions = vec![mark(1)];
    change(&mut params);
    params
}

fn uri(text: &str) -> SanType {
    SanType::URI(Ia5String::try_from(text).unwrap())
}

fn mark(value: u8) -> CustomExtension {
    let oid = [1, 3, 6, 1, 4, 1, 33194, 1, 1, 2];
    let mut extension = CustomExtension::from_oid_content(&oid, vec![0x02, 0x01, value]);
    extension.set_criticality(true);
    extension
}

/// Leaf and authority in PEM.
pub fn issue(params: &CertificateParams, key: &KeyPair) -> (String, String) {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::default();
    ca.distinguished_name = DistinguishedName::new();
    ca.distinguished_name
        .push(DnType::CommonName, "Example-Clients-Test-CA");
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_pem = ca.self_signed(&ca_key).unwrap().pem();
    let issuer = Issuer::new(ca, ca_key);
    (params.signed_by(key, &issuer).unwrap().pem(), ca_pem)
}

#[test]
fn a_certificate_that_cannot_be_right_is_refused_and_nothing_is_lost() {
    let place = Place::new();
    let profile = place.begun();
    let (key, pair) = known_key();
    place
        .gatehouse
        .import_key(&profile, SIGN, &key.to_pkcs8_pem(), None)
        .unwrap();
    place.gatehouse.signing_request(&profile, SIGN).unwrap();
    let before = place.gatehouse.keys(&profile).unwrap().remove(0).row;
    let (_, stranger) = known_key();
    type Change = fn(&mut CertificateParams);
    let cases: [(Change, ErrorCode, &str); 6] = [
        (
            |p| p.not_after = date_time_ymd(2026, 11, 1),
            ErrorCode::CertificateExpired,
            "expired on",
        ),
        (
            |p| p.not_before = date_time_ymd(2027, 1, 1),
            ErrorCode::CertificateExpired,
            "not valid before",
        ),
        (
            |p| p.subject_alt_names = vec![uri("krn:partner:global:account:test:OTHER123")],
            ErrorCode::CertificateForeign,
            "OTHER123",
        ),
        (
            |p| p.subject_alt_names = vec![uri("krn:partner:global:account:live:LYABCDEI")],
            ErrorCode::EnvironmentMixed,
            ":live:",
        ),
        (
            |p| p.custom_extensions = vec![mark(2)],
            ErrorCode::CertificateForeign,
            "mark of usage",
        ),
        (
            |p| p.key_usages = vec![KeyUsagePurpose::KeyAgreement],
            ErrorCode::CertificateForeign,
            "digitalSignature",
        ),
    ];
    for (change, code, word) in cases {
        let (pem, _) = issue(&klarna_like(change), &pair);
        let problem = place
            .gatehouse
            .install_certificate(&profile, SIGN, pem.as_bytes(), None)
            .unwrap_err();
        assert_eq!(problem.code, code, "{problem}");
        assert!(
            problem.message.contains(word),
            "the check says what was found: {problem}"
        );
        assert_eq!(
            place.state(&profile, Step::SigningCertificate),
            StepState::Failed,
            "set-up shows it"
        );
    }
    let (pem, _) = issue(&klarna_like(|_| ()), &stranger);
    let problem = place
        .gatehouse
        .install_certificate(&profile, SIGN, pem.as_bytes(), None)
        .unwrap_err();
    assert_eq!(problem.code, ErrorCode::CertificateMismatch, "{problem}");
    assert_eq!(
        place.gatehouse.keys(&profile).unwrap().remove(0).row,
        before,
        "the key stays as it was"
    );
    let (pem, _) = issue(&klarna_like(|_| ()), &pair);
    let installed = place
        .gatehouse
        .install_certificate(&profile, SIGN, pem.as_bytes(), None)
        .unwrap();
    assert_eq!(installed.state, KeyState::Active, "the right one goes in afterwards");
    assert_eq!(
        place.state(&profile, Step::SigningCertificate),
        StepState::Done,
        "and the failure is forgotten"
    );
}

#[test]
fn a_chain_in_the_wrong_order_is_put_right() {
    let place = Place::new();
    let profile = place.begun();
    let (key, pair) = known_key();
    place
        .gatehouse
        .import_key(&profile, SIGN, &key.to_pkcs8_der(), None)
        .unwrap();
    let (leaf, authority) = issue(&klarna_like(|_| ()), &pair);
    let upside_down = format!("{authority}{leaf}");
    place
        .gatehouse
        .install_certificate(&profile, SIGN, upside_down.as_bytes(), None)
        .unwrap();
    let held = place.gatehouse.keys(&profile).unwrap().remove(0).row.pem.unwrap();
    let first = held.lines().nth(1).unwrap().to_owned();
    assert!(leaf.contains(&first), "the leaf comes first");
    assert_eq!(held.matches("BEGIN").count(), 2, "and its authority after it");
    place
        .gatehouse
        .dry_signature(&profile)
        .expect("the signature fits the leaf");
    assert_eq!(
        place.state(&profile, Step::DrySignature),
        StepState::Done,
        "which is kept"
    );
}

#[test]
fn one_key_does_not_serve_both_uses() {
    let place = Place::new();
    let profile = place.begun();
    let (key, _) = known_key();
    place
        .gatehouse
        .import_key(&profile, SIGN, &key.to_pkcs8_der(), None)
        .unwrap();
    let again = place
        .gatehouse
        .import_key(&profile, CertificateUsage::Mtls, &key.to_pkcs8_der(), None)
        .unwrap_err();
    assert_eq!(again.code, ErrorCode::InputInvalid, "{again}");
    let second = place.gatehouse.create_key(&profile, SIGN).unwrap_err();
    assert_eq!(
        second.code,
        ErrorCode::InputInvalid,
        "one key of a usage is on its way at a time: {second}"
    );
}

#[test]
fn each_change_of_a_key_stands_in_the_log() {
    let place = Place::new();
    let profile = place.begun();
    let (key, pair) = known_key();
    let id = place
        .gatehouse
        .import_key(&profile, SIGN, &key.to_pkcs8_der(), None)
        .unwrap()
        .key_id;
    place.gatehouse.signing_request(&profile, SIGN).unwrap();
    let (pem, _) = issue(&klarna_like(|_| ()), &pair);
    place
        .gatehouse
        .install_certificate(&profile, SIGN, pem.as_bytes(), None)
        .unwrap();
    place
        .gatehouse
        .destroy_key(
            &profile,
            &id,
            KeyRemoval {
                even_active: true,
                ..KeyRemoval::default()
            },
        )
        .unwrap();
    let wanted = [
        "profile.create",
        "key.import",
        "key.csr",
        "key.install",
        "key.activate",
        "key.destroy",
    ];
    assert_eq!(
        place.kinds().split_off(1),
        wanted,
        "in the order in which they happened"
    );
}
