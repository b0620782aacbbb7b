//! Client certificates: issuing, the rules for requests, and their life.

use crate::support::{CERTIFICATES, House, assert_invalid, assert_refused, request, suffix};
use reqwest::{Method, Response};
use serde_json::{Value, json};

async fn ask(house: &House, usage: &str, pem: &str) -> Response {
    let body = json!({"description": "a", "config": {"usage": usage, "certificate_signing_request": pem}});
    house.send(Method::POST, CERTIFICATES, &body).await
}

const CSR: &str = "config.certificate_signing_request";

#[tokio::test]
async fn a_request_must_be_whole_signed_and_on_p256() {
    let house = House::open().await;
    let (good, _) = request(Some(suffix(house.account())));
    assert_invalid(ask(&house, "JWT_SIGNING", "nonsense").await, CSR, "no PEM").await;
    assert_invalid(ask(&house, "SIGNING", &good).await, "config.usage", "no such usage").await;
    let broken: String = good.lines().rev().collect::<Vec<_>>().join("\n");
    assert_invalid(ask(&house, "MTLS", &broken).await, CSR, "scrambled").await;
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let other = rcgen::CertificateParams::default()
        .serialize_request(&key)
        .unwrap()
        .pem()
        .unwrap();
    assert_invalid(ask(&house, "MTLS", &other).await, CSR, "another curve").await;
    assert_invalid(
        ask(&house, "MTLS", &forged(&good)).await,
        CSR,
        "the signature is not the key's",
    )
    .await;
}

/// The same request with one bit of the signature turned.
fn forged(pem: &str) -> String {
    use base64::Engine;
    let mut der = crate::support::der(pem);
    *der.last_mut().unwrap() ^= 1;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN CERTIFICATE REQUEST-----\n{text}\n-----END CERTIFICATE REQUEST-----\n")
        .as_bytes()
        .split(|byte| *byte == b'\n')
        .flat_map(|line| {
            line.chunks(64)
                .map(|chunk| format!("{}\n", String::from_utf8_lossy(chunk)))
        })
        .collect()
}

#[tokio::test]
async fn the_common_name_rule_has_three_readings() {
    let house = House::open().await;
    let (named, other, unnamed) = (
        request(Some(suffix(house.account()))).0,
        request(Some("other")).0,
        request(None).0,
    );
    assert_eq!(ask(&house, "MTLS", &named).await.status(), 201, "the suffix");
    assert_invalid(
        ask(&house, "MTLS", &other).await,
        CSR,
        "default: another name is refused",
    )
    .await;
    assert_invalid(ask(&house, "MTLS", &unnamed).await, CSR, "default: no name is refused").await;
    house.set("csr.cn_rule", "any64").await;
    assert_eq!(ask(&house, "MTLS", &other).await.status(), 201, "any64: another name");
    assert_invalid(ask(&house, "MTLS", &unnamed).await, CSR, "any64: no name is refused").await;
    house.set("csr.cn_rule", "optional").await;
    assert_eq!(ask(&house, "MTLS", &unnamed).await.status(), 201, "optional: no name");
}

#[tokio::test]
async fn certificates_are_listed_renamed_and_revoked() {
    let house = House::open().await;
    let identity = house.identity("JWT_SIGNING").await;
    house.identity("MTLS").await;
    let list: Value = house.get(CERTIFICATES).await.json().await.unwrap();
    let usages: Vec<_> = list["credentials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["config"]["usage"].clone())
        .collect();
    assert_eq!(usages.len(), 2, "both are listed");
    let path = format!("{CERTIFICATES}/{}", identity.credential_id);
    let renamed: Value = house
        .send(Method::PATCH, &path, &json!({"description": "pool B"}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(renamed["description"], "pool B", "renamed");
    let revoke = format!("{path}/revoke");
    assert_invalid(
        house
            .send(Method::POST, &revoke, &json!({"revoked_from": "soon"}))
            .await,
        "revoked_from",
        "no time",
    )
    .await;
    let later = house
        .send(Method::POST, &revoke, &json!({"revoked_from": "2099-01-31T12:00:00Z"}))
        .await;
    assert_eq!(
        later.json::<Value>().await.unwrap()["state"],
        "ACTIVE",
        "revoked from a day that has not come"
    );
    let now = house.send(Method::POST, &revoke, &json!({})).await;
    assert_eq!(now.json::<Value>().await.unwrap()["state"], "REVOKED", "revoked now");
    let read: Value = house.get(&path).await.json().await.unwrap();
    assert_eq!(read["state"], "REVOKED", "and it stays so");
    assert!(read.get("secret").is_none(), "the certificate is shown whole only once");
    assert_refused(
        house.get(&format!("{CERTIFICATES}/krn:none")).await,
        404,
        "RESOURCE_NOT_FOUND",
        "no such one",
    )
    .await;
}
