//! The three sets of settings, each with a client that does everything right, and where they differ.

use crate::support::{House, Identity, assert_invalid, refusal, with};
use gatehouse_sandbox::Settings;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const METADATA: &str = r#"{"integrator":{"name":"ACME_PAYMENTS"}}"#;

fn careful(call: RequestBuilder) -> RequestBuilder {
    call.header("partner-correlation-id", "0123456789abcdef")
        .header("klarna-integration-metadata", METADATA)
}

async fn open(house: &House, signer: &Identity, changes: &Value) -> reqwest::Response {
    let mut claims = house.claims().await;
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let body = json!({"jwt": signer.sign(&claims)});
    careful(house.api(Method::POST, &house.links()))
        .json(&body)
        .send()
        .await
        .unwrap()
}

/// The strict set without what needs https, which has its own tests.
fn strict() -> Settings {
    with(Settings::strict(), &[("mtls.mode", "off"), ("rate.enabled", "false")])
}

async fn careful_identity(house: &House) -> Identity {
    house.set("headers.metadata_required", "false").await;
    let signer = house.identity("JWT_SIGNING").await;
    house.set("headers.metadata_required", "true").await;
    signer
}

#[tokio::test]
async fn a_careful_client_passes_in_every_set() {
    for settings in [Settings::default(), strict(), Settings::lenient()] {
        let house = House::with(settings).await;
        let signer = careful_identity(&house).await;
        let answer = open(&house, &signer, &json!({})).await;
        assert_eq!(
            answer.status(),
            200,
            "short-lived, one certificate, a fresh UUID, staff"
        );
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(
            house.page(answer["url"].as_str().unwrap()).await.0,
            200,
            "and the portal opens"
        );
        let id = answer["deep_link_id"].as_str().unwrap();
        let delete = careful(house.api(Method::DELETE, &format!("{}/{id}", house.links())));
        assert_eq!(delete.send().await.unwrap().status(), 204, "and is left again");
    }
}

#[tokio::test]
async fn strict_refuses_what_default_lets_pass() {
    let house = House::with(strict()).await;
    let signer = careful_identity(&house).await;
    let now_s = house.now_s().await;
    assert_invalid(
        open(&house, &signer, &json!({"exp": now_s + 3_700})).await,
        "jwt.exp",
        "over an hour",
    )
    .await;
    assert_invalid(
        open(&house, &signer, &json!({"jti": "click-1"})).await,
        "jwt.jti",
        "no UUID",
    )
    .await;
    assert_invalid(
        open(&house, &signer, &json!({"iat": now_s + 30})).await,
        "jwt.iat",
        "30 s fast",
    )
    .await;
    assert_invalid(
        house.get("/v2/accounts/x").await,
        "Klarna-Integration-Metadata",
        "no metadata",
    )
    .await;
}

#[tokio::test]
async fn lenient_lets_pass_what_default_refuses() {
    let house = House::with(Settings::lenient()).await;
    let signer = house.identity("MTLS").await;
    let now_s = house.now_s().await;
    let changes = json!({
        "exp": now_s + 1_000_000, "amr": [], "roles": ["merchant:agent"],
        "iss": "krn:partner:global:account:live:SOMEBODY", "on_behalf_of": "krn:partner:global:account:live:ANYBODY",
        "jti": "same",
    });
    for _ in 0..2 {
        assert_eq!(open(&house, &signer, &changes).await.status(), 200, "even twice");
    }
    let default = House::open().await;
    let signer = default.identity("JWT_SIGNING").await;
    let mut changes = changes;
    changes.as_object_mut().unwrap().remove("iss");
    let (status, _, parameters) = refusal(open(&default, &signer, &changes).await).await;
    let expected = [
        "jwt.exp",
        "jwt.amr",
        "jwt.on_behalf_of",
        "jwt.roles",
        "jwt.on_behalf_of",
    ];
    assert_eq!(
        (status, parameters),
        (400, expected.map(str::to_owned).to_vec()),
        "default refuses each of them"
    );
}
