//! API keys: the three encodings, and their life.

use crate::support::{House, KEYS, assert_invalid, assert_refused};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn status_with(house: &House, authorization: &str) -> StatusCode {
    let url = house.url(&format!("/v2/accounts/{}", house.merchant.account_id));
    house
        .client
        .get(url)
        .header("authorization", authorization)
        .send()
        .await
        .unwrap()
        .status()
}

#[tokio::test]
async fn the_key_is_accepted_in_three_encodings_and_refused_in_others() {
    let house = House::open().await;
    let key = &house.running.address.api_key;
    let keys: Value = house.get(KEYS).await.json().await.unwrap();
    let uuid = keys["credentials"][0]["credential_id"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap()
        .to_owned();
    let empty_user = format!("Basic {}", STANDARD.encode(format!(":{key}")));
    let uuid_user = format!("Basic {}", STANDARD.encode(format!("{uuid}:{key}")));
    let wrong_user = format!("Basic {}", STANDARD.encode(format!("somebody:{key}")));
    for form in [&format!("Basic {key}"), &empty_user, &uuid_user] {
        assert_eq!(status_with(&house, form).await, 200, "a documented form");
    }
    for form in [
        &wrong_user,
        &format!("Bearer {key}"),
        &format!("Basic {key}x"),
        "Basic klarna_live_api_x",
        "Basic",
        "x",
    ] {
        assert_eq!(status_with(&house, form).await, 401, "{form} is no key");
    }
    house.set("auth.forms", "raw").await;
    assert_eq!(
        status_with(&house, &empty_user).await,
        401,
        "the strict set knows the raw form only"
    );
    house.set("auth.forms", "uuid_user").await;
    assert_eq!(status_with(&house, &format!("Basic {key}")).await, 401, "raw is off");
}

#[tokio::test]
async fn a_missing_key_is_401_in_klarnas_shape() {
    let house = House::open().await;
    let answer = house.client.get(house.url("/v2/accounts/x")).send().await.unwrap();
    let value: Value = answer.json().await.unwrap();
    assert_eq!(value["error_type"], "ACCESS_ERROR", "the type");
    assert_eq!(value["error_code"], "UNAUTHORIZED", "the code");
    assert!(
        value["error_id"].is_string() && value["error_message"].is_string(),
        "an id and a message"
    );
}

#[tokio::test]
async fn keys_are_made_listed_renamed_and_disabled() {
    let house = House::open().await;
    let made = house.send(Method::POST, KEYS, &json!({"description": "relay A"})).await;
    assert_eq!(made.status(), 201, "made");
    let made: Value = made.json().await.unwrap();
    let (id, secret) = (
        made["credential_id"].as_str().unwrap(),
        made["secret"]["secret"].as_str().unwrap(),
    );
    assert!(secret.starts_with("klarna_test_api_"), "the documented form");
    assert_eq!(status_with(&house, &format!("Basic {secret}")).await, 200, "it works");
    let read: Value = house.get(&format!("{KEYS}/{id}")).await.json().await.unwrap();
    assert!(read.get("secret").is_none(), "the key is shown once");
    let renamed = house
        .send(
            Method::PATCH,
            &format!("{KEYS}/{id}"),
            &json!({"description": "relay B"}),
        )
        .await;
    assert_eq!(
        renamed.json::<Value>().await.unwrap()["description"],
        "relay B",
        "renamed"
    );
    assert_eq!(
        house
            .api(Method::DELETE, &format!("{KEYS}/{id}"))
            .send()
            .await
            .unwrap()
            .status(),
        204,
        "disabled"
    );
    assert_eq!(
        status_with(&house, &format!("Basic {secret}")).await,
        401,
        "a disabled key is none"
    );
    let list: Value = house.get(KEYS).await.json().await.unwrap();
    assert_eq!(list["credentials"].as_array().unwrap().len(), 2, "it stays in the list");
    assert_refused(
        house.get(&format!("{KEYS}/krn:none")).await,
        404,
        "RESOURCE_NOT_FOUND",
        "no such key",
    )
    .await;
}

#[tokio::test]
async fn a_description_must_fit_the_pattern() {
    let house = House::open().await;
    for bad in [json!("ä"), json!("x".repeat(101)), json!(7)] {
        let answer = house.send(Method::POST, KEYS, &json!({"description": bad})).await;
        assert_invalid(answer, "description", "the pattern of portal-access.md section 1").await;
    }
}

const DAY_S: i64 = 86_400;

async fn new_key(house: &House) -> (String, String) {
    let made = house.send(Method::POST, KEYS, &json!({"description": "relay"})).await;
    let made: Value = made.json().await.unwrap();
    let text = |pointer| made.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
    (text("/credential_id"), format!("Basic {}", text("/secret/secret")))
}

#[tokio::test]
async fn a_key_that_nobody_uses_for_two_months_is_disabled_and_later_deleted() {
    let house = House::open().await;
    house.set("api_keys.idle_s", &(61 * DAY_S).to_string()).await;
    let (id, key) = new_key(&house).await;
    for _ in 0..3 {
        house.advance(60 * DAY_S).await;
        assert_eq!(
            status_with(&house, &key).await,
            200,
            "used within two months, it lives on"
        );
        assert_eq!(house.get(KEYS).await.status(), 200, "so does the first one");
    }
    house.advance(60 * DAY_S).await;
    assert_eq!(house.get(KEYS).await.status(), 200, "the first one is used");
    house.advance(2 * DAY_S).await;
    assert_eq!(status_with(&house, &key).await, 401, "the other was not");
    let path = format!("{KEYS}/{id}");
    let read: Value = house.get(&path).await.json().await.unwrap();
    assert_eq!(read["state"], "DISABLED", "and says so");
    for _ in 0..6 {
        house.advance(51 * DAY_S).await;
        house.get(KEYS).await;
    }
    assert_refused(
        house.get(&path).await,
        404,
        "RESOURCE_NOT_FOUND",
        "ten months later it is gone",
    )
    .await;
}

#[tokio::test]
async fn a_disabled_key_stays_disabled_when_the_clock_goes_back() {
    let house = House::open().await;
    house.set("api_keys.idle_s", "100").await;
    let (_, key) = new_key(&house).await;
    house.advance(90).await;
    assert_eq!(house.get(KEYS).await.status(), 200, "the first key is used");
    house.advance(20).await;
    assert_eq!(status_with(&house, &key).await, 401, "idle for 110 s");
    house.advance(-110).await;
    house.set("api_keys.idle_s", "0").await;
    assert_eq!(
        status_with(&house, &key).await,
        401,
        "Klarna has no call that enables again"
    );
}

#[tokio::test]
async fn a_reset_makes_the_first_key_good_again() {
    let house = House::open().await;
    house.set("api_keys.idle_s", "100").await;
    house.advance(200).await;
    assert_eq!(house.get(KEYS).await.status(), 401, "nobody used it");
    house.control(Method::POST, "reset", &json!({})).await;
    assert_eq!(house.get(KEYS).await.status(), 200, "so that a profile goes on working");
}
