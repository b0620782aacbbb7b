//! Idempotency (portal-access.md 10.1, row 34): the first answer again, before any look at the body.

use crate::support::{CERTIFICATES, House, KEYS, assert_invalid, assert_refused};
use reqwest::{Method, Response};
use serde_json::{Value, json};

async fn send(house: &House, key: &str, path: &str, body: &Value) -> Response {
    house
        .api(Method::POST, path)
        .header("klarna-idempotency-key", key)
        .json(body)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn the_same_key_gives_the_first_answer_again() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let body = json!({"jwt": signer.sign(&house.claims().await)});
    let first = send(&house, "k1", &house.links(), &body).await;
    let first_correlation = first.headers()["klarna-correlation-id"].clone();
    let first: Value = first.json().await.unwrap();
    house.advance(1_000).await;
    let again = send(&house, "k1", &house.links(), &body).await;
    assert_eq!(again.status(), 200, "although the token is used and dead by now");
    assert_ne!(
        again.headers()["klarna-correlation-id"],
        first_correlation,
        "each call has its own correlation id"
    );
    assert_eq!(
        again.json::<Value>().await.unwrap(),
        first,
        "the very same link: the trap of reusing a key"
    );
    assert!(house.alarms().await.is_empty(), "a repeat is nothing bad");
}

#[tokio::test]
async fn the_same_key_with_another_body_or_path_is_a_conflict() {
    let house = House::open().await;
    let first = send(&house, "k", KEYS, &json!({"description": "a"})).await;
    assert_eq!(first.status(), 201, "made");
    assert_refused(
        send(&house, "k", KEYS, &json!({"description": "b"})).await,
        409,
        "RESOURCE_CONFLICT",
        "another body",
    )
    .await;
    assert_refused(
        send(&house, "k", KEYS, &json!([])).await,
        409,
        "RESOURCE_CONFLICT",
        "before any look at it",
    )
    .await;
    assert_refused(
        send(&house, "k", CERTIFICATES, &json!({"description": "a"})).await,
        409,
        "RESOURCE_CONFLICT",
        "another path",
    )
    .await;
    assert_eq!(house.alarms().await[0], "idempotency-conflict", "it is noted");
    house.set("idem.conflict", "replay").await;
    assert_eq!(
        send(&house, "k", KEYS, &json!({"description": "b"})).await.status(),
        201,
        "lenient: the first answer"
    );
}

#[tokio::test]
async fn a_key_is_forgotten_after_24_hours() {
    let house = House::open().await;
    let id = async || {
        let made: Value = send(&house, "k", KEYS, &json!({})).await.json().await.unwrap();
        made["credential_id"].as_str().unwrap().to_owned()
    };
    let first = id().await;
    house.advance(86_399 - 30).await;
    assert_eq!(id().await, first, "within the day");
    house.advance(60).await;
    assert_ne!(id().await, first, "after it");
}

#[tokio::test]
async fn a_refusal_is_repeated_too_but_a_missing_key_is_not_kept() {
    let house = House::open().await;
    let bad = json!({"description": "ä"});
    let first: Value = send(&house, "k", KEYS, &bad).await.json().await.unwrap();
    let again: Value = send(&house, "k", KEYS, &bad).await.json().await.unwrap();
    assert_eq!(first, again, "the same error_id");
    let url = house.url(KEYS);
    let anonymous = house
        .client
        .post(url)
        .header("klarna-idempotency-key", "k2")
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(anonymous.status(), 401, "no key");
    assert_eq!(
        send(&house, "k2", KEYS, &json!({})).await.status(),
        201,
        "the first sight of the key counts from here"
    );
}

#[tokio::test]
async fn patch_honours_the_key_and_delete_does_not() {
    let house = House::open().await;
    let made: Value = send(&house, "k", KEYS, &json!({})).await.json().await.unwrap();
    let path = format!("{KEYS}/{}", made["credential_id"].as_str().unwrap());
    let patch = |text: &str| {
        house
            .api(Method::PATCH, &path)
            .header("klarna-idempotency-key", "p")
            .json(&json!({"description": text}))
            .send()
    };
    assert_eq!(patch("a").await.unwrap().status(), 200, "renamed");
    assert_eq!(patch("b").await.unwrap().status(), 409, "the key is known");
    let delete = house
        .api(Method::DELETE, &path)
        .header("klarna-idempotency-key", "p")
        .send()
        .await
        .unwrap();
    assert_eq!(delete.status(), 204, "DELETE is repeatable by nature");
}

#[tokio::test]
async fn without_a_key_nothing_is_kept() {
    let house = House::open().await;
    let first = house
        .send(Method::POST, KEYS, &json!({}))
        .await
        .json::<Value>()
        .await
        .unwrap();
    let second = house
        .send(Method::POST, KEYS, &json!({}))
        .await
        .json::<Value>()
        .await
        .unwrap();
    assert_ne!(first["credential_id"], second["credential_id"], "two keys");
    assert_invalid(
        send(&house, "", KEYS, &json!({"description": 1})).await,
        "description",
        "an empty key is none",
    )
    .await;
}
