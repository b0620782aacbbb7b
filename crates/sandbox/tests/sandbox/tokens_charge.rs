//! Charging a saved token: the shape for each scope, every reason to decline, the final call (tokens.md 1.4, 2.2 to 2.4).

use crate::support::{House, assert_invalid, assert_refused};
use crate::support_tokens::{NOT_PRESENT, PRESENT, asking, charging, data, step_up, value, verdict};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_body_must_fit_the_scope() {
    let house = House::open().await;
    let (present, absent) = (house.token(PRESENT).await, house.token(NOT_PRESENT).await);
    let bare = json!({"currency": "EUR", "request_payment_transaction": {"amount": 5}});
    let missing = house.charge(&absent, &bare).await;
    assert_invalid(missing, "supplementary_purchase_data.subscriptions", "to be repeated").await;
    let mut asked = bare.clone();
    asked["step_up_config"] = step_up();
    let missing = house.charge(&present, &asked).await;
    assert_invalid(missing, "supplementary_purchase_data.ondemand_service", "likewise").await;
    house.set("charge.purchase_data", "optional").await;
    assert_eq!(
        verdict(&value(house.charge(&absent, &bare).await).await).0,
        "APPROVED",
        "as the settings say"
    );
    assert_eq!(
        verdict(&value(house.charge(&present, &asked).await).await).0,
        "APPROVED",
        "for both"
    );
    let no_money = json!({"currency": "EUR", "supplementary_purchase_data": data(NOT_PRESENT)});
    assert_invalid(
        house.charge(&absent, &no_money).await,
        "request_payment_transaction",
        "no amount",
    )
    .await;
    let mut both = charging(NOT_PRESENT, 5);
    both["request_customer_token"] = json!({"scopes": [NOT_PRESENT]});
    assert_invalid(
        house.charge(&absent, &both).await,
        "request_customer_token",
        "one thing at a time",
    )
    .await;
}

#[tokio::test]
async fn every_reason_to_decline_is_told() {
    let house = House::open().await;
    let token = house.token(NOT_PRESENT).await;
    let mut dollars = charging(NOT_PRESENT, 5);
    dollars["currency"] = json!("USD");
    let answer = value(house.charge(&token, &dollars).await).await;
    assert_eq!(verdict(&answer), ("DECLINED", "TECHNICAL_ERROR"), "another currency");
    for reason in ["CUSTOMER_ACTION_REQUIRED", "SOMETHING_NEW"] {
        house
            .control(Method::PUT, "tokens", &json!({"token": token, "decline": reason}))
            .await;
        let answer = value(house.charge(&token, &charging(NOT_PRESENT, 5)).await).await;
        assert_eq!(verdict(&answer), ("DECLINED", reason), "as ordered");
    }
    house
        .control(Method::PUT, "tokens", &json!({"token": token, "decline": ""}))
        .await;
    let mut denied = charging(NOT_PRESENT, 5);
    denied["supplementary_purchase_data"]["customer"] = json!({"email": "kim+denied@customer.example"});
    let answer = value(house.charge(&token, &denied).await).await;
    assert_eq!(
        verdict(&answer),
        ("DECLINED", "CUSTOMER_ACTION_REQUIRED"),
        "a denied customer"
    );
    house.set("charge.revoked", "token_revoked").await;
    value(house.revoke_token(&token).await).await;
    let answer = value(house.charge(&token, &charging(NOT_PRESENT, 5)).await).await;
    assert_eq!(verdict(&answer), ("DECLINED", "TOKEN_REVOKED"), "the invented reason");
    let charges = house.control(Method::GET, "charges", &Value::Null).await;
    let results = charges["charges"].as_array().unwrap().iter();
    assert!(
        results.clone().all(|one| one["result"] == "DECLINED"),
        "no money has moved"
    );
    assert_eq!(results.count(), 5, "each is booked");
}

#[tokio::test]
async fn a_large_charge_without_step_up_config_is_declined() {
    let house = House::open().await;
    let token = house.token(PRESENT).await;
    let mut body = charging(PRESENT, 150_000);
    body.as_object_mut().unwrap().remove("step_up_config");
    let answer = value(house.charge(&token, &body).await).await;
    assert_eq!(
        verdict(&answer),
        ("DECLINED", "STEP_UP_REQUIRED"),
        "the customer cannot be asked"
    );
}

#[tokio::test]
async fn the_token_header_has_two_names_and_limits() {
    let house = House::open().await;
    let token = house.token(NOT_PRESENT).await;
    let send = async |name: &'static str, value: &str| {
        let call = house.api(Method::POST, &house.path("payment/authorize"));
        call.header(name, value)
            .json(&charging(NOT_PRESENT, 5))
            .send()
            .await
            .unwrap()
    };
    assert_eq!(
        send("X-Klarna-Customer-Token", &token).await.status(),
        200,
        "the other name"
    );
    assert_invalid(
        send("Klarna-Customer-Token", &"x".repeat(1_025)).await,
        "Klarna-Customer-Token",
        "too long",
    )
    .await;
    assert_invalid(
        send("Klarna-Customer-Token", "a b").await,
        "Klarna-Customer-Token",
        "a blank",
    )
    .await;
    assert_refused(
        send("Klarna-Customer-Token", "opaque").await,
        404,
        "RESOURCE_NOT_FOUND",
        "unknown",
    )
    .await;
    let missing = house.get(&house.path("identity/customer-token")).await;
    assert_invalid(missing, "X-Klarna-Customer-Token", "no header").await;
}

#[tokio::test]
async fn the_final_call_is_checked_against_the_consent() {
    let house = House::open().await;
    let answer = value(house.authorize(&asking(PRESENT, Some(1_000))).await).await;
    let id = answer["payment_request"]["payment_request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    house
        .control(Method::POST, "consent", &json!({"payment_request_id": id}))
        .await;
    let context = house.payment_request(&id).await["state_context"].clone();
    let session = context["klarna_network_session_token"].as_str().unwrap();
    let token = context["klarna_customer"]["customer_token"].as_str().unwrap();
    let parameter = "request_payment_transaction.amount";
    assert_invalid(house.finish(session, 1_001).await, parameter, "another amount").await;
    let call = || house.api(Method::POST, &house.path("payment/authorize"));
    let both = call()
        .header("Klarna-Network-Session-Token", session)
        .header("Klarna-Customer-Token", token);
    let both = both.json(&charging(PRESENT, 1_000)).send().await.unwrap();
    assert_invalid(both, "Klarna-Customer-Token", "one of the two").await;
    let asks = call()
        .header("Klarna-Network-Session-Token", session)
        .json(&charging(PRESENT, 1_000));
    assert_invalid(asks.send().await.unwrap(), "step_up_config", "nobody is asked again").await;
    let elsewhere = format!(
        "/v2/accounts/{}/payment/authorize",
        crate::support_tokens::other_merchant()
    );
    let body = json!({"currency": "EUR", "request_payment_transaction": {"amount": 1000}});
    let foreign = house
        .api(Method::POST, &elsewhere)
        .header("Klarna-Network-Session-Token", session)
        .json(&body);
    assert_refused(
        foreign.send().await.unwrap(),
        403,
        "OPERATION_FORBIDDEN",
        "another merchant",
    )
    .await;
    assert_eq!(
        house.finish(session, 1_000).await.status(),
        200,
        "none of these used it up"
    );
    assert_refused(house.finish("unknown", 5).await, 404, "RESOURCE_NOT_FOUND", "unknown").await;
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_one_token() {
    let house = House::open().await;
    let (one, two) = (house.minted(&json!({})).await, house.minted(&json!({})).await);
    let send = async |token: &str, name: &'static str| {
        let call = house.api(Method::POST, &house.path("payment/authorize"));
        let call = call.header("Klarna-Customer-Token", token).header(name, "k-7");
        call.json(&charging(NOT_PRESENT, 5)).send().await.unwrap()
    };
    let first = value(send(&one, "Klarna-Idempotency-Key").await).await;
    let second = value(send(&one, "Idempotency-Key").await).await;
    assert_eq!(first, second, "both names of the header mean the same key");
    let other = send(&two, "Klarna-Idempotency-Key").await;
    assert_refused(other, 409, "RESOURCE_CONFLICT", "another token is another request").await;
}

#[tokio::test]
async fn method_and_path_of_the_identity_calls_are_settings() {
    let house = House::open().await;
    let token = house.minted(&json!({})).await;
    house
        .set("identity.introspect", "POST /v2/accounts/{account}/identity/introspect")
        .await;
    assert_eq!(house.introspect(&token).await.status(), 404, "the former place is gone");
    let call = house.api(Method::POST, &house.path("identity/introspect"));
    let answer = value(call.header("Klarna-Customer-Token", &token).send().await.unwrap()).await;
    assert_eq!(answer["status"], "ACTIVE", "the new one answers");
}
