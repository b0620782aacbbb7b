//! Faults on order: each kind does what its name says, to the calls it matches and no others.

use crate::support::{House, Identity, KEYS, refusal};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn house() -> (House, Identity) {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    (house, signer)
}

async fn open(house: &House, signer: &Identity) -> reqwest::Response {
    house.open_with(&signer.sign(&house.claims().await)).await
}

async fn sessions(house: &House) -> usize {
    house.control(Method::GET, "sessions", &Value::Null).await["sessions"]
        .as_array()
        .unwrap()
        .len()
}

#[tokio::test]
async fn every_status_comes_in_klarnas_shape_as_often_as_ordered() {
    let (house, _) = house().await;
    let expected = [
        (400, "VALIDATION_ERROR"),
        (401, "UNAUTHORIZED"),
        (403, "OPERATION_FORBIDDEN"),
        (404, "RESOURCE_NOT_FOUND"),
        (409, "RESOURCE_CONFLICT"),
        (429, "RATE_LIMITED"),
        (500, "INTERNAL_ERROR"),
        (503, "TEMPORARY_UNAVAILABLE"),
    ];
    for (status, code) in expected {
        house
            .fault(json!({"kind": "status", "status": status, "times": 2}))
            .await;
        for _ in 0..2 {
            let (got, got_code, _) = refusal(house.get(KEYS).await).await;
            assert_eq!((got, got_code.as_str()), (status, code), "as ordered");
        }
        assert_eq!(house.get(KEYS).await.status(), 200, "used up");
    }
    house
        .fault(json!({"kind": "status", "status": 500, "code": "TIMEOUT"}))
        .await;
    assert_eq!(refusal(house.get(KEYS).await).await.1, "TIMEOUT", "another code");
    house.fault(json!({"kind": "status", "status": 413})).await;
    assert!(
        house.get(KEYS).await.bytes().await.unwrap().is_empty(),
        "413 has no documented body"
    );
}

#[tokio::test]
async fn a_fault_before_has_no_effect_and_a_fault_after_has_one() {
    let (house, signer) = house().await;
    house
        .fault(json!({"kind": "status", "status": 500, "path": "deep-links"}))
        .await;
    assert_eq!(open(&house, &signer).await.status(), 500, "before");
    assert_eq!(sessions(&house).await, 0, "no link was made");
    house
        .fault(json!({"kind": "status", "status": 500, "path": "deep-links", "when": "after"}))
        .await;
    let body = json!({"jwt": signer.sign(&house.claims().await)});
    let send = || {
        house
            .api(Method::POST, &house.links())
            .header("klarna-idempotency-key", "k")
            .json(&body)
            .send()
    };
    assert_eq!(send().await.unwrap().status(), 500, "after");
    assert_eq!(sessions(&house).await, 1, "the link was made");
    assert_eq!(send().await.unwrap().status(), 200, "and the repeat gets it");
    assert_eq!(sessions(&house).await, 1, "it is the same link");
}

#[tokio::test]
async fn faults_match_method_and_path_and_can_be_cleared() {
    let (house, _) = house().await;
    house.fault(json!([{"kind": "bodiless_403", "method": "POST", "times": 0}, {"kind": "status", "status": 503, "path": "v2/accounts/*MB6K"}])).await;
    assert_eq!(house.get(KEYS).await.status(), 200, "another method and path");
    assert_eq!(
        house
            .get(&format!("/v2/accounts/{}", house.merchant.account_id))
            .await
            .status(),
        503,
        "the path fits"
    );
    for _ in 0..3 {
        let answer = house.send(Method::POST, KEYS, &json!({})).await;
        assert_eq!(answer.status(), 403, "until it is cleared");
        assert!(answer.bytes().await.unwrap().is_empty(), "without a body");
    }
    house.control(Method::DELETE, "faults", &Value::Null).await;
    assert_eq!(
        house.send(Method::POST, KEYS, &json!({})).await.status(),
        201,
        "cleared"
    );
}

#[tokio::test]
async fn latency_and_a_slow_body_take_their_time() {
    let (house, _) = house().await;
    house.fault(json!({"kind": "latency", "ms": 150})).await;
    let began = Instant::now();
    assert_eq!(house.get(KEYS).await.status(), 200, "late but whole");
    assert!(began.elapsed() >= Duration::from_millis(150), "late");
    house
        .fault(json!({"kind": "slow_body", "chunk": 100, "pause_ms": 30}))
        .await;
    let began = Instant::now();
    assert!(house.get(KEYS).await.json::<Value>().await.is_ok(), "slow but whole");
    assert!(
        began.elapsed() >= Duration::from_millis(90),
        "slow: {:?}",
        began.elapsed()
    );
    let began = Instant::now();
    house.get(KEYS).await.bytes().await.unwrap();
    assert!(
        began.elapsed() < Duration::from_millis(90),
        "the next answer is quick again"
    );
}

#[tokio::test]
async fn a_cut_connection_gives_no_answer_or_half_of_one() {
    let (house, signer) = house().await;
    let get = || house.api(Method::GET, KEYS).send();
    house.fault(json!({"kind": "cut", "method": "GET", "times": 0})).await;
    assert!(get().await.is_err(), "not one byte");
    house.control(Method::DELETE, "faults", &Value::Null).await;
    house.fault(json!({"kind": "cut_body", "bytes": 5})).await;
    let half = get().await.unwrap();
    assert_eq!(half.status(), 200, "the head arrives");
    assert!(half.bytes().await.is_err(), "the body breaks off");
    house
        .fault(json!({"kind": "cut", "when": "after", "path": "deep-links"}))
        .await;
    let body = json!({"jwt": signer.sign(&house.claims().await)});
    let cut = house.api(Method::POST, &house.links()).json(&body).send().await;
    assert!(cut.is_err(), "no answer");
    assert_eq!(sessions(&house).await, 1, "although the link was made");
    assert_eq!(get().await.unwrap().status(), 200, "the next connection is whole");
}

#[tokio::test]
async fn answers_of_another_kind() {
    let (house, signer) = house().await;
    house.fault(json!({"kind": "html"})).await;
    let html = open(&house, &signer).await;
    assert_eq!(
        html.headers()["content-type"],
        "text/html; charset=utf-8",
        "a proxy's page"
    );
    assert_eq!(sessions(&house).await, 0, "Klarna never saw the call");
    house.fault(json!({"kind": "media_type"})).await;
    assert_eq!(
        open(&house, &signer).await.headers()["content-type"],
        "text/plain; charset=utf-8",
        "another media type"
    );
    house.fault(json!({"kind": "truncated_json"})).await;
    assert!(
        open(&house, &signer).await.json::<Value>().await.is_err(),
        "JSON that stops"
    );
    house.fault(json!({"kind": "too_large"})).await;
    let large = open(&house, &signer).await.bytes().await.unwrap();
    assert!(large.len() > 2_000_000, "2 MB");
    assert!(
        serde_json::from_slice::<Value>(&large).unwrap()["url"].is_string(),
        "and yet a true answer"
    );
}

#[tokio::test]
async fn links_that_must_not_be_opened() {
    let (house, signer) = house().await;
    let link = async |kind: &str| {
        house.fault(json!({"kind": kind})).await;
        open(&house, &signer).await.json::<Value>().await.unwrap()
    };
    let missing = link("missing_url").await;
    assert!(
        missing.get("url").is_none() && missing["deep_link_id"].is_string(),
        "no url"
    );
    let foreign = link("foreign_url").await;
    assert!(
        foreign["url"]
            .as_str()
            .unwrap()
            .starts_with("https://portal.klarna.example.net/portal/open/"),
        "another host"
    );
    let http = link("http_url").await;
    assert!(
        http["url"]
            .as_str()
            .unwrap()
            .starts_with("http://portal.klarna.com/portal/open/"),
        "no https"
    );
}

#[tokio::test]
async fn headers_that_mislead() {
    let (house, _) = house().await;
    house.fault(json!({"kind": "date_skew", "seconds": 600})).await;
    let date = house.get(KEYS).await.headers()["date"].to_str().unwrap().to_owned();
    let ahead = jiff::fmt::rfc2822::parse(&date).unwrap().timestamp().as_second() - house.now_s().await;
    assert!((590..=610).contains(&ahead), "ten minutes ahead: {ahead}");
    house.fault(json!({"kind": "doubled_mtls"})).await;
    let doubled = house.get(KEYS).await;
    assert_eq!(
        doubled.headers()["klarna-mtls-verification-status"],
        "NOT_PRESENT, NOT_PRESENT",
        "doubled"
    );
    house
        .fault(json!({"kind": "redirect", "location": "http://127.0.0.1:9/x"}))
        .await;
    let redirect = house.get(KEYS).await;
    assert_eq!(
        (
            redirect.status().as_u16(),
            redirect.headers()["location"].to_str().unwrap()
        ),
        (307, "http://127.0.0.1:9/x"),
        "elsewhere"
    );
}

#[tokio::test]
async fn a_fault_that_cannot_be_read_is_refused() {
    let (house, _) = house().await;
    let call = house
        .client
        .post(house.url("/_sandbox/faults"))
        .header("x-sandbox-control", &house.running.address.control_token);
    assert_eq!(
        call.json(&json!({"kind": "earthquake"})).send().await.unwrap().status(),
        400,
        "no such kind"
    );
}
