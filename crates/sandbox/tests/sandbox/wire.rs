//! What every answer carries, and the sizes and routes that are refused before anything else.

use crate::support::{House, KEYS, assert_invalid, assert_refused, refusal};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn every_answer_has_the_documented_headers() {
    let house = House::open().await;
    for path in [
        format!("/v2/accounts/{}", house.merchant.account_id),
        "/v2/nowhere".to_owned(),
        "/".to_owned(),
    ] {
        let answer = house
            .api(Method::GET, &path)
            .header("partner-correlation-id", "0a1B")
            .send()
            .await
            .unwrap();
        let headers = answer.headers();
        assert_eq!(headers["klarna-correlation-id"].len(), 36, "an id to quote, on {path}");
        assert_eq!(headers["partner-correlation-id"], "0a1B", "ours comes back");
        assert!(headers["date"].to_str().unwrap().ends_with("GMT"), "a date");
    }
}

#[tokio::test]
async fn the_correlation_id_follows_the_pattern_only_when_strict() {
    let house = House::open().await;
    let send = || {
        house
            .api(Method::GET, KEYS)
            .header("partner-correlation-id", "a-b")
            .send()
    };
    let answer = send().await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["partner-correlation-id"].to_str().unwrap()
        ),
        (200, "a-b"),
        "as Klarna's own collection sends it"
    );
    house.set("headers.correlation_pattern", "true").await;
    assert_invalid(send().await.unwrap(), "Partner-Correlation-Id", "strict").await;
}

#[tokio::test]
async fn the_metadata_header_is_needed_only_when_strict() {
    let house = House::open().await;
    house.set("headers.metadata_required", "true").await;
    let send = |text: &str| {
        house
            .api(Method::GET, KEYS)
            .header("klarna-integration-metadata", text)
            .send()
    };
    assert_invalid(house.get(KEYS).await, "Klarna-Integration-Metadata", "missing").await;
    assert_invalid(
        send("{\"integrator\":{}}").await.unwrap(),
        "Klarna-Integration-Metadata",
        "nameless",
    )
    .await;
    assert_eq!(
        send("{\"integrator\":{\"name\":\"ACME\"}}").await.unwrap().status(),
        200,
        "named"
    );
}

#[tokio::test]
async fn an_unknown_route_is_404_without_a_type() {
    let house = House::open().await;
    for path in ["/v2/nowhere", "/v1/accounts", "/", "/v2/accounts/a/portal"] {
        let value: Value = house.get(path).await.json().await.unwrap();
        assert_eq!(
            (&value["error_code"], value.get("error_type")),
            (&json!("NOT_FOUND"), None),
            "{path}"
        );
    }
    let put = house.send(Method::PUT, KEYS, &json!({})).await;
    assert_refused(put, 404, "NOT_FOUND", "no such method").await;
}

#[tokio::test]
async fn a_body_beyond_a_megabyte_is_413_and_long_headers_are_431() {
    let house = House::open().await;
    let body = vec![b' '; 1_048_577];
    let answer = house
        .api(Method::POST, KEYS)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 413, "one byte too many");
    let long = house
        .api(Method::GET, KEYS)
        .header("x-note", "x".repeat(7_000))
        .send()
        .await
        .unwrap();
    assert_eq!(long.status(), 431, "one header of 7 KB");
    let mut many = house.api(Method::GET, KEYS);
    for index in 0..5 {
        many = many.header(format!("x-note-{index}"), "x".repeat(5_000));
    }
    assert_eq!(many.send().await.unwrap().status(), 431, "25 KB in all");
    house.set("limits.body_bytes", "10").await;
    let answer = house
        .send(Method::POST, KEYS, &json!({"description": "too long"}))
        .await;
    assert_eq!(refusal(answer).await.0, 413, "the limit is a setting");
}

#[tokio::test]
async fn a_connection_is_kept_alive() {
    let house = House::open().await;
    let began = std::time::Instant::now();
    for _ in 0..50 {
        assert_eq!(house.get(KEYS).await.version(), reqwest::Version::HTTP_11, "HTTP/1.1");
    }
    assert!(
        began.elapsed().as_millis() < 5_000,
        "fifty calls are quick: {:?}",
        began.elapsed()
    );
}
