//! Deliveries and the wire: signature, duplicate, rate, repeat.

use crate::support::{House, assert_refused, refusal, unlimited, with};
use crate::support_tokens::{COMPLETED, Mailroom, NOT_PRESENT, charging, signature, value, verdict, webhook};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn s17_a_signature_holds_with_its_own_key_only() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    let (id, secret) = webhook(&house, &url, &["payment.*"]).await;
    house.token(NOT_PRESENT).await;
    let told = mailroom.wait(3).await;
    let done = told.iter().find(|one| one.kind() == COMPLETED).unwrap();
    assert_eq!(done.header("klarna-signing-key-id"), id, "the key is named");
    let good = hex::encode(signature(&secret, &done.raw));
    assert_eq!(
        done.header("klarna-signature"),
        good,
        "lower-case hex over the raw body"
    );
    let wrong = hex::encode(signature("another key", &done.raw));
    assert_ne!(done.header("klarna-signature"), wrong, "another key signs otherwise");
}

#[tokio::test]
async fn s18_a_delivery_can_come_twice() {
    let house = House::with(with(unlimited(), &[("webhooks.duplicates", "1")])).await;
    let (mailroom, url) = Mailroom::open().await;
    webhook(&house, &url, &[COMPLETED]).await;
    let token = house.token(NOT_PRESENT).await;
    let told = mailroom.wait(2).await;
    assert_eq!(
        told[0].body["metadata"]["event_id"], told[1].body["metadata"]["event_id"],
        "the same event_id"
    );
    assert_eq!(told[0].raw, told[1].raw, "and the same body");
    assert_eq!(
        told[0].body["payload"]["klarna_customer"]["customer_token"],
        token.as_str(),
        "with the token"
    );
}

#[tokio::test]
async fn s19_beyond_the_rate_the_answer_is_429() {
    let house = House::with(with(unlimited(), &[("rate.partner_per_s", "2")])).await;
    let token = house.minted(&json!({})).await;
    house.set("rate.enabled", "true").await;
    let mut refused = None;
    for _ in 0..6 {
        refused = Some(house.introspect(&token).await)
            .filter(|answer| answer.status() == 429)
            .or(refused);
    }
    let refused = refused.expect("six calls in a moment are too many");
    assert_eq!(refused.headers()["x-ratelimit-remaining"], "0", "nothing is left");
    assert_eq!(refusal(refused).await.1, "RATE_LIMITED", "the code");
}

#[tokio::test]
async fn s20_a_503_is_repeated_with_the_same_key() {
    let house = House::open().await;
    let token = house.token(NOT_PRESENT).await;
    let fault = json!({"kind": "status", "status": 503, "path": "authorize", "when": "after"});
    house.fault(fault).await;
    let send = async |amount: i64| {
        let call = house.api(Method::POST, &house.path("payment/authorize"));
        let call = call
            .header("Klarna-Customer-Token", &token)
            .header("Klarna-Idempotency-Key", "k-1");
        call.json(&charging(NOT_PRESENT, amount)).send().await.unwrap()
    };
    assert_refused(send(999).await, 503, "TEMPORARY_UNAVAILABLE", "the answer is lost").await;
    let answer = value(send(999).await).await;
    assert_eq!(verdict(&answer), ("APPROVED", ""), "the repeat gets the first answer");
    let charges = house.control(Method::GET, "charges", &Value::Null).await;
    assert_eq!(
        charges["charges"].as_array().unwrap().len(),
        1,
        "and money has moved once"
    );
    assert_refused(
        send(1_000).await,
        409,
        "RESOURCE_CONFLICT",
        "another body is a conflict",
    )
    .await;
}
