//! Whether a certificate may sign (14.2 row four, row 6 of 14.1): each check refuses, and has a switch.

use crate::support::{CERTIFICATES, House, Identity, assert_refused, signed};
use p256::ecdsa::SigningKey;
use p256::pkcs8::DecodePrivateKey;
use reqwest::Method;
use serde_json::{Value, json};

async fn open(house: &House, signer: &Identity) -> reqwest::Response {
    house.open_with(&signer.sign(&house.claims().await)).await
}

/// Refused by default, accepted once the switch is off.
async fn assert_switch(house: &House, signer: &Identity, switch: &str, why: &str) {
    assert_refused(open(house, signer).await, 403, "OPERATION_FORBIDDEN", why).await;
    house.set(switch, "false").await;
    assert_eq!(
        open(house, signer).await.status(),
        200,
        "{why}: tolerated when {switch} is off"
    );
}

async fn revoke(house: &House, signer: &Identity, body: &Value) {
    let path = format!("{CERTIFICATES}/{}/revoke", signer.credential_id);
    assert_eq!(house.send(Method::POST, &path, body).await.status(), 200, "revoked");
}

#[tokio::test]
async fn a_certificate_of_a_foreign_authority_is_refused() {
    let house = House::open().await;
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap();
    let foreign = Identity {
        key: SigningKey::from_pkcs8_der(&key.serialize_der()).unwrap(),
        key_der: key.serialize_der(),
        certificate_der: certificate.der().to_vec(),
        credential_id: String::new(),
    };
    assert_refused(open(&house, &foreign).await, 403, "OPERATION_FORBIDDEN", "self-signed").await;
    for switch in ["cert.check_usage", "cert.check_san"] {
        house.set(switch, "false").await;
    }
    assert_switch(&house, &foreign, "cert.check_issuer", "the issuer alone").await;
}

#[tokio::test]
async fn another_sandboxs_certificate_is_foreign_although_the_names_agree() {
    let (house, elsewhere) = (House::open().await, House::open().await);
    let signer = elsewhere.identity("JWT_SIGNING").await;
    assert_refused(
        open(&house, &signer).await,
        403,
        "OPERATION_FORBIDDEN",
        "same name, other key",
    )
    .await;
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.advance(1_095 * 86_400 + 1).await;
    assert_switch(&house, &signer, "cert.check_dates", "a day too late").await;
}

#[tokio::test]
async fn a_revoked_certificate_is_refused_from_its_moment_on() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let from = house.now_s().await + 600;
    let from = format!("{}", jiff::Timestamp::from_second(from).unwrap());
    revoke(&house, &signer, &json!({"revoked_from": from})).await;
    assert_eq!(open(&house, &signer).await.status(), 200, "it has not come yet");
    house.advance(601).await;
    assert_switch(&house, &signer, "cert.check_revoked", "revoked").await;
}

#[tokio::test]
async fn an_mtls_certificate_may_not_sign() {
    let house = House::open().await;
    let signer = house.identity("MTLS").await;
    assert_switch(&house, &signer, "cert.check_usage", "the wrong usage").await;
}

#[tokio::test]
async fn the_issuer_must_be_the_certificates_account_and_the_keys() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let claims = async || {
        let mut claims = house.claims().await;
        claims["iss"] = json!("krn:partner:global:account:test:SOMEBODY");
        claims["on_behalf_of"] = claims["account_id"].clone();
        signed(&signer.key, &signer.header(), &claims)
    };
    assert_refused(
        house.open_with(&claims().await).await,
        403,
        "OPERATION_FORBIDDEN",
        "not the certificate's",
    )
    .await;
    house.set("cert.check_san", "false").await;
    assert_refused(
        house.open_with(&claims().await).await,
        403,
        "OPERATION_FORBIDDEN",
        "not the API key's",
    )
    .await;
    house.set("iss.match_key", "false").await;
    assert_eq!(
        house.open_with(&claims().await).await.status(),
        200,
        "both switches are off"
    );
}

#[tokio::test]
async fn two_certificates_may_live_at_once_for_a_rotation() {
    let house = House::open().await;
    let (old, new) = (house.identity("JWT_SIGNING").await, house.identity("JWT_SIGNING").await);
    assert_eq!(open(&house, &old).await.status(), 200, "the old one");
    assert_eq!(open(&house, &new).await.status(), 200, "the new one");
    revoke(&house, &old, &json!({})).await;
    assert_refused(
        open(&house, &old).await,
        403,
        "OPERATION_FORBIDDEN",
        "the old one is revoked",
    )
    .await;
    assert_eq!(open(&house, &new).await.status(), 200, "the new one goes on");
    let key = house
        .get(&format!("{CERTIFICATES}/{}", new.credential_id))
        .await
        .json::<Value>()
        .await
        .unwrap();
    assert_eq!(key["state"], "ACTIVE", "as the list says");
}
