//! Webhooks: set up, signed, repeated, lost, doubled; on this machine only (tokens.md section 7).

use crate::support::{House, assert_invalid, assert_refused, refusal};
use crate::support_tokens::{COMPLETED, Mailroom, NOT_PRESENT, REVOKED, asking, signature, value, webhook};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

const HOOKS: &str = "/v2/notification/webhooks";
const KEYS: &str = "/v2/notification/signing-keys";

async fn revoked(house: &House, by: &str) -> String {
    let token = house.minted(&json!({"customer_token_reference": "crm-9"})).await;
    let body = json!({"token": token, "status": "REVOKED", "by": by});
    house.control(Method::PUT, "tokens", &body).await;
    token
}

async fn deliveries(house: &House) -> Vec<Value> {
    let list = house.control(Method::GET, "deliveries", &Value::Null).await;
    list["deliveries"].as_array().unwrap().clone()
}

/// Waits until the newest delivery is in this state after so many tries.
async fn settled(house: &House, state: &str, attempts: i64) {
    for _ in 0..200 {
        let newest = deliveries(house).await.into_iter().next().unwrap();
        if newest["state"] == state && newest["attempts"] == attempts {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!(
        "the delivery is not {state} after {attempts} tries: {:?}",
        deliveries(house).await
    );
}

#[tokio::test]
async fn every_change_of_a_request_is_told_in_order() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    webhook(&house, &url, &["payment.request.*"]).await;
    let token = house.token(NOT_PRESENT).await;
    let told = mailroom.wait(3).await;
    let states: Vec<_> = told
        .iter()
        .map(|one| one.body["payload"]["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["SUBMITTED", "IN_PROGRESS", "COMPLETED"], "each step");
    let payload = &told[2].body["payload"];
    assert_eq!(payload["previous_state"], "IN_PROGRESS", "from what");
    assert_eq!(payload["payment_request_reference"], "signup-1", "which");
    assert_eq!(
        payload["klarna_customer"]["customer_token"],
        token.as_str(),
        "what came of it"
    );
    assert!(
        payload.get("klarna_network_session_token").is_none(),
        "no money, no session token"
    );
    let metadata = &told[2].body["metadata"];
    assert_eq!(
        (metadata["event_version"].as_str(), metadata["live"].as_bool()),
        (Some("v2"), Some(false)),
        "the rest"
    );
}

#[tokio::test]
async fn tries_follow_klarnas_pauses_until_it_gives_up() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    webhook(&house, &url, &[REVOKED]).await;
    mailroom.answer(&[500, 404, 503, 400, 500, 302, 500]);
    revoked(&house, "klarna").await;
    settled(&house, "WAITING", 1).await;
    for (tries, pause_s) in [(2, 10), (3, 120), (4, 900), (5, 10_800), (6, 21_600)] {
        house.advance(pause_s - 2).await;
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        assert_eq!(
            deliveries(&house).await[0]["attempts"],
            tries - 1,
            "not before {pause_s} s"
        );
        house.advance(3).await;
        settled(&house, "WAITING", tries).await;
    }
    house.advance(43_201).await;
    settled(&house, "GIVEN_UP", 7).await;
    assert_eq!(mailroom.seen().len(), 7, "seven tries in all");
    let id = deliveries(&house).await[0]["id"].clone();
    house.control(Method::POST, "deliveries", &json!({"id": id})).await;
    settled(&house, "DELIVERED", 1).await;
    let told = mailroom.seen();
    assert_eq!(told[0].raw, told[7].raw, "support sends the same again");
}

#[tokio::test]
async fn deliveries_are_lost_and_dropped_as_the_settings_say() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    webhook(&house, &url, &[REVOKED]).await;
    house.set("webhooks.lose_every", "2").await;
    for _ in 0..4 {
        revoked(&house, "customer").await;
    }
    mailroom.wait(2).await;
    let states: Vec<_> = deliveries(&house)
        .await
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(
        states.iter().filter(|state| *state == "LOST").count(),
        2,
        "every second is lost: {states:?}"
    );
    house.set("webhooks.lose_every", "0").await;
    house.set("webhooks.revoked", "dropped").await;
    revoked(&house, "customer").await;
    assert_eq!(deliveries(&house).await.len(), 4, "nothing is told at all");
}

#[tokio::test]
async fn what_a_delivery_looks_like_can_be_switched() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    let (_, secret) = webhook(&house, &url, &[REVOKED, COMPLETED]).await;
    house.set("webhooks.signature", "base64").await;
    house.set("webhooks.revoked_fields", "customer_token_reference").await;
    house.set("webhooks.live", "quoted").await;
    let token = revoked(&house, "klarna").await;
    let told = mailroom.wait(1).await;
    let good = STANDARD.encode(signature(&secret, &told[0].raw));
    assert_eq!(told[0].header("klarna-signature"), good, "base64 over the raw body");
    assert_eq!(
        told[0].body["payload"]["customer_token_reference"], "crm-9",
        "the reference"
    );
    assert!(
        !String::from_utf8_lossy(&told[0].raw).contains(&token),
        "and not the token"
    );
    assert_eq!(told[0].body["metadata"]["live"], "false", "a word");
    house.set("webhooks.nesting", "state_context").await;
    let answer = value(house.authorize(&asking(NOT_PRESENT, Some(100))).await).await;
    let id = &answer["payment_request"]["payment_request_id"];
    house
        .control(Method::POST, "consent", &json!({"payment_request_id": id}))
        .await;
    let told = mailroom.wait(2).await;
    let context = &told[1].body["payload"]["state_context"];
    assert!(
        context["klarna_customer"]["customer_token"].is_string(),
        "the token is nested"
    );
    assert!(
        context["klarna_network_session_token"].is_string(),
        "so is the session token"
    );
}

#[tokio::test]
async fn a_webhook_delivers_on_this_machine_only() {
    let house = House::open().await;
    let key = value(house.send(Method::POST, KEYS, &json!({})).await).await;
    let body = |url: &str| json!({"url": url, "event_types": ["payment.*"], "event_version": "v2", "signing_key_id": key["signing_key_id"]});
    for url in [
        "https://127.0.0.1:8443/",
        "http://example.com/",
        "http://127.0.0.1@example.com/",
        "file:///etc",
    ] {
        assert_invalid(house.send(Method::POST, HOOKS, &body(url)).await, "url", url).await;
    }
    let made = value(house.send(Method::POST, HOOKS, &body("http://localhost:9/hook")).await).await;
    let path = format!("{HOOKS}/{}", made["webhook_id"].as_str().unwrap());
    let patch = async |body: Value| house.send(Method::PATCH, &path, &body).await;
    assert_invalid(patch(json!({"url": "http://example.com/"})).await, "url", "nor later").await;
    assert_invalid(
        patch(json!({"event_types": ["Anything"]})).await,
        "event_types",
        "no type",
    )
    .await;
    assert_invalid(patch(json!({"event_version": "v1"})).await, "event_version", "v2 only").await;
    assert_invalid(patch(json!({"status": "ASLEEP"})).await, "status", "no status").await;
    assert_invalid(patch(json!({"signing_key_id": "x"})).await, "signing_key_id", "no key").await;
    assert_eq!(
        value(patch(json!({"status": "DISABLED"})).await).await["status"],
        "DISABLED",
        "switched off"
    );
    house.token(NOT_PRESENT).await;
    assert!(deliveries(&house).await.is_empty(), "then nothing is told");
    let used = house.api(
        Method::DELETE,
        &format!("{KEYS}/{}", key["signing_key_id"].as_str().unwrap()),
    );
    assert_refused(
        used.send().await.unwrap(),
        409,
        "RESOURCE_CONFLICT",
        "its key is in use",
    )
    .await;
    assert_eq!(
        house.api(Method::DELETE, &path).send().await.unwrap().status(),
        204,
        "deleted"
    );
    assert_eq!(house.get(&path).await.status(), 404, "gone");
    let missing = refusal(house.send(Method::POST, HOOKS, &json!({})).await).await;
    assert_eq!(missing.2.len(), 4, "every missing member is named");
}

#[tokio::test]
async fn a_signing_key_is_shown_once_and_there_are_fifty() {
    let house = House::open().await;
    let first = value(house.send(Method::POST, KEYS, &json!({})).await).await;
    let id = first["signing_key_id"].as_str().unwrap();
    assert!(first["signing_key"].is_string(), "shown once");
    let read = value(house.get(&format!("{KEYS}/{id}")).await).await;
    assert!(read.get("signing_key").is_none(), "and never again");
    for _ in 1..50 {
        value(house.send(Method::POST, KEYS, &json!({})).await).await;
    }
    let more = house.send(Method::POST, KEYS, &json!({})).await;
    assert_refused(more, 409, "RESOURCE_CONFLICT", "no more than fifty").await;
    let list = value(house.get(KEYS).await).await;
    assert_eq!(list["signing_keys"].as_array().unwrap().len(), 50, "all are listed");
    let gone = house.api(Method::DELETE, &format!("{KEYS}/{id}")).send().await.unwrap();
    assert_eq!(gone.status(), 204, "one can go");
}

#[tokio::test]
async fn a_delivery_can_be_simulated() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    webhook(&house, &url, &["payment.*"]).await;
    let hook = value(house.get(HOOKS).await).await["webhooks"][0]["webhook_id"].clone();
    let path = format!("{HOOKS}/{}/simulate", hook.as_str().unwrap());
    let asked = json!({"event_type": REVOKED, "event_version": "v2"});
    let answer = value(house.send(Method::POST, &path, &asked).await).await;
    let told = mailroom.wait(1).await;
    assert_eq!(
        told[0].body["metadata"]["event_id"], answer["event_id"],
        "the one that was asked for"
    );
    let unknown = house.send(Method::POST, &path, &json!({"event_type": "x"})).await;
    assert_invalid(unknown, "event_type", "no such type").await;
}
