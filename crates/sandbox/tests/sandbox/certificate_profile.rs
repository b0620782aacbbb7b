//! The issued certificate against portal-access.md 1.1, field by field, by parsing.

use crate::support::{House, suffix};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

async fn issued(house: &House, usage: &str) -> Certificate {
    Certificate::from_der(&house.identity(usage).await.certificate_der).unwrap()
}

#[tokio::test]
async fn the_certificate_has_klarnas_profile() {
    let house = House::open().await;
    let now_s = house.now_s().await;
    let certificate = issued(&house, "JWT_SIGNING").await;
    let body = certificate.tbs_certificate();
    assert_eq!(
        certificate.signature_algorithm().oid.to_string(),
        "1.2.840.10045.4.3.2",
        "ecdsa-with-SHA256"
    );
    assert_eq!(
        body.subject().to_string(),
        format!("CN={}", suffix(house.account())),
        "the subject is the suffix alone"
    );
    let issuer = body.issuer().to_string();
    assert_eq!(
        issuer, "CN=Klarna-Network-Clients-Sandbox-CA,O=Klarna Bank AB (simulated),C=SE",
        "C, O and CN, marked as simulated"
    );
    let (from, until) = (body.validity().not_before, body.validity().not_after);
    let (from, until) = (from.to_unix_duration().as_secs(), until.to_unix_duration().as_secs());
    assert_eq!(
        until - from,
        1_095 * 86_400 + 3_600,
        "1,095 days and the hour by which the start is backdated"
    );
    let backdated = u64::try_from(now_s).unwrap().abs_diff(from);
    assert!(backdated.abs_diff(3_600) < 30, "backdated by an hour: {backdated}");
}

#[tokio::test]
async fn the_extensions_are_klarnas_and_no_others() {
    let house = House::open().await;
    for (usage, value) in [("JWT_SIGNING", 1), ("MTLS", 2)] {
        let certificate = issued(&house, usage).await;
        let extensions = certificate.tbs_certificate().extensions().unwrap();
        let shown: Vec<_> = extensions
            .iter()
            .map(|one| {
                (
                    one.extn_id.to_string(),
                    one.critical,
                    hex::encode(one.extn_value.as_bytes()),
                )
            })
            .collect();
        let uri = house.account();
        let name = format!("30{:02x}86{:02x}{}", uri.len() + 2, uri.len(), hex::encode(uri));
        let expected = [
            ("2.5.29.19".to_owned(), true, "3000".to_owned()),
            ("2.5.29.15".to_owned(), true, "03020780".to_owned()),
            ("2.5.29.17".to_owned(), false, name),
            ("1.3.6.1.4.1.33194.1.1.2".to_owned(), true, format!("02010{value}")),
        ];
        assert_eq!(
            shown, expected,
            "CA:FALSE, digitalSignature, the account's URI, the private INTEGER of {usage}"
        );
    }
}

#[tokio::test]
async fn the_number_of_a_usage_is_a_setting() {
    let house = House::open().await;
    house.set("cert.usage_values", "JWT_SIGNING=7,MTLS=300").await;
    let certificate = issued(&house, "MTLS").await;
    let last = certificate
        .tbs_certificate()
        .extensions()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(hex::encode(last.extn_value.as_bytes()), "0202012c", "INTEGER 300");
    let signer = house.identity("JWT_SIGNING").await;
    assert_eq!(
        house.open_with(&signer.sign(&house.claims().await)).await.status(),
        200,
        "and the check knows it"
    );
}

#[tokio::test]
async fn serial_numbers_are_positive_and_differ() {
    let house = House::open().await;
    let (one, two) = (issued(&house, "MTLS").await, issued(&house, "MTLS").await);
    let serials = [one, two].map(|certificate| certificate.tbs_certificate().serial_number().to_der().unwrap());
    assert_ne!(serials[0], serials[1], "each has its own");
    assert!(serials.iter().all(|serial| serial[2] < 0x80), "none is negative");
}
