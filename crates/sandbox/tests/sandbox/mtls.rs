//! https with an optional client certificate: reported, enforced by setting or by the account, or off (section 6, row 31).

use crate::support::{
    CERTIFICATES, ENFORCEMENT, House, Identity, assert_invalid, assert_refused, request, suffix, with,
};
use gatehouse_sandbox::Settings;
use reqwest::{Client, Method, Response};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use std::sync::Arc;

/// A client that trusts the sandbox's authority alone. rustls' own check of a client's certificate refuses the private
/// extension, hence the resolver.
fn client(
    house: &House,
    identity: Option<&Identity>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Client {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(house.running.address.ca_pem.as_bytes()).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .unwrap();
    let config = config.with_root_certificates(roots);
    let config = match identity {
        None => config.with_no_client_auth(),
        Some(identity) => {
            let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key_der.clone()));
            let key = provider.key_provider.load_private_key(key).unwrap();
            let certificate = CertificateDer::from(identity.certificate_der.clone());
            config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(CertifiedKey::new(
                vec![certificate],
                key,
            ))))
        }
    };
    Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(config)
        .build()
        .unwrap()
}

async fn get(house: &House, identity: Option<&Identity>) -> Response {
    let url = format!(
        "{}/v2/accounts/{}",
        house.running.address.https, house.merchant.account_id
    );
    let key = format!("Basic {}", house.running.address.api_key);
    client(house, identity, rustls::ALL_VERSIONS)
        .get(url)
        .header("authorization", key)
        .send()
        .await
        .unwrap()
}

fn status(answer: &Response) -> Option<&str> {
    answer
        .headers()
        .get("klarna-mtls-verification-status")
        .map(|value| value.to_str().unwrap())
}

async fn reported(house: &House, identity: Option<&Identity>) -> String {
    let answer = get(house, identity).await;
    assert_eq!(answer.status(), 200, "reporting lets everybody pass");
    status(&answer).unwrap().to_owned()
}

#[tokio::test]
async fn the_certificate_is_reported_as_what_it_is() {
    let (house, elsewhere) = (House::open().await, House::open().await);
    let mtls = house.identity("MTLS").await;
    assert_eq!(reported(&house, None).await, "NOT_PRESENT", "none");
    assert_eq!(
        reported(&house, Some(&mtls)).await,
        "VALID",
        "ours, in spite of its critical extension"
    );
    assert_eq!(
        reported(&house, Some(&house.identity("JWT_SIGNING").await)).await,
        "INVALID",
        "another usage"
    );
    assert_eq!(
        reported(&house, Some(&elsewhere.identity("MTLS").await)).await,
        "INVALID",
        "another authority"
    );
    house
        .send(
            Method::POST,
            &format!("{CERTIFICATES}/{}/revoke", mtls.credential_id),
            &json!({}),
        )
        .await;
    assert_eq!(reported(&house, Some(&mtls)).await, "INVALID", "revoked");
    let fresh = house.identity("MTLS").await;
    house.advance(1_096 * 86_400).await;
    assert_eq!(reported(&house, Some(&fresh)).await, "INVALID", "expired");
    let plain = house.get(&format!("/v2/accounts/{}", house.merchant.account_id)).await;
    assert_eq!(status(&plain), Some("NOT_PRESENT"), "plain http has none");
    house.set("mtls.mode", "off").await;
    assert_eq!(status(&get(&house, Some(&fresh)).await), None, "not looked at");
}

#[tokio::test]
async fn a_deep_link_is_made_and_visited_over_https_and_tls_1_2() {
    let house = House::open().await;
    let (signer, mtls) = (house.identity("JWT_SIGNING").await, house.identity("MTLS").await);
    for versions in [&[&rustls::version::TLS12][..], &[&rustls::version::TLS13]] {
        let url = format!("{}{}", house.running.address.https, house.links()).replace("127.0.0.1", "localhost");
        let key = format!("Basic {}", house.running.address.api_key);
        let body = json!({"jwt": signer.sign(&house.claims().await)});
        let call = client(&house, Some(&mtls), versions)
            .post(url)
            .header("authorization", key)
            .json(&body);
        let answer = call.send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), status(&answer)),
            (200, Some("VALID")),
            "made over {versions:?}"
        );
        let link: Value = answer.json().await.unwrap();
        assert_eq!(house.page(link["url"].as_str().unwrap()).await.0, 200, "visited");
    }
}

#[tokio::test]
async fn a_certificate_without_its_key_does_not_shake_hands() {
    let house = House::open().await;
    let mut thief = house.identity("MTLS").await;
    thief.key_der = request(None).1;
    let url = format!("{}/v2/accounts/x", house.running.address.https);
    let outcome = client(&house, Some(&thief), rustls::ALL_VERSIONS).get(url).send().await;
    assert!(
        outcome.is_err(),
        "the signature of the handshake is not the certificate's key"
    );
}

#[tokio::test]
async fn enforced_refuses_who_has_none_with_an_empty_403_or_a_401() {
    let house = House::with(with(
        Settings::default(),
        &[("mtls.mode", "enforced"), ("rate.enabled", "false")],
    ))
    .await;
    let mtls = house.identity("MTLS").await;
    let refused = get(&house, None).await;
    assert_eq!(
        (refused.status().as_u16(), status(&refused)),
        (403, Some("NOT_PRESENT")),
        "absent"
    );
    assert!(refused.bytes().await.unwrap().is_empty(), "without a body");
    assert_eq!(get(&house, Some(&mtls)).await.status(), 200, "present and valid");
    let body =
        json!({"config": {"usage": "MTLS", "certificate_signing_request": request(Some(suffix(house.account()))).0}});
    let second = house.send(Method::POST, CERTIFICATES, &body).await;
    assert_eq!(
        second.status(),
        403,
        "the first certificate could be had without one, the second cannot"
    );
    house.set("mtls.absent_answer", "401_body").await;
    assert_refused(get(&house, None).await, 401, "UNAUTHORIZED", "the variant with a body").await;
}

#[tokio::test]
async fn the_account_enforces_from_a_moment_and_goes_back_to_reporting() {
    let house = House::open().await;
    let mtls = house.identity("MTLS").await;
    let mode = async |answer: Response| {
        answer.json::<Value>().await.unwrap()["enforcement_mode"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(mode(house.get(ENFORCEMENT).await).await, "REPORTING", "at first");
    for bad in ["yesterday", "2020-01-01T00:00:00Z", "2199-01-01T00:00:00Z"] {
        let answer = house
            .send(Method::PUT, ENFORCEMENT, &json!({"enforced_from": bad}))
            .await;
        assert_invalid(answer, "enforced_from", "not a time, past, or beyond three months").await;
    }
    let soon = jiff::Timestamp::from_second(house.now_s().await + 3_600)
        .unwrap()
        .to_string();
    assert_eq!(
        mode(
            house
                .send(Method::PUT, ENFORCEMENT, &json!({"enforced_from": soon}))
                .await
        )
        .await,
        "REPORTING",
        "in an hour"
    );
    assert_eq!(get(&house, None).await.status(), 200, "not yet");
    house.advance(3_601).await;
    assert_eq!(get(&house, None).await.status(), 403, "now");
    assert_eq!(get(&house, Some(&mtls)).await.status(), 200, "but not who has one");
    let url = format!("{}{ENFORCEMENT}", house.running.address.https);
    let key = format!("Basic {}", house.running.address.api_key);
    let clear = client(&house, Some(&mtls), rustls::ALL_VERSIONS)
        .delete(url)
        .header("authorization", key);
    assert_eq!(clear.send().await.unwrap().status(), 204, "cleared");
    assert_eq!(mode(house.get(ENFORCEMENT).await).await, "REPORTING", "as before");
    let now = house
        .send(Method::PUT, ENFORCEMENT, &json!({"enforced_from": "NOW"}))
        .await;
    assert_eq!(mode(now).await, "ENFORCED", "at once");
}

#[tokio::test]
async fn going_back_to_reporting_is_answered_with_or_without_a_body() {
    let house = House::open().await;
    let clear = async || house.api(Method::DELETE, ENFORCEMENT).send().await.unwrap();
    let bare = clear().await;
    assert_eq!(bare.status(), 204, "nothing to say");
    assert_eq!(bare.text().await.unwrap(), "", "and nothing said");
    house.set("mtls.clear_answer", "200_body").await;
    let told: Value = clear().await.json().await.unwrap();
    assert_eq!(told["enforcement_mode"], "REPORTING", "the variant tells the state");
}
