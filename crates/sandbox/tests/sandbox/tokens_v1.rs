//! Customer tokens of payments v1: read, charged, cancelled, with the error table (tokens.md section 5).

use crate::support::House;
use crate::support_shop::{Shop, cart};
use crate::support_tokens::{other_merchant, value};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

const EMAIL: &str = "kim@customer.example";

impl Shop<'_> {
    async fn token_order(&self, token: &str, changes: &Value) -> Response {
        let path = format!("/customer-token/v1/tokens/{token}/order");
        self.send(Method::POST, &path, &cart(changes)).await
    }

    async fn token_status(&self, token: &str) -> Response {
        self.send(Method::GET, &format!("/customer-token/v1/tokens/{token}"), &json!({}))
            .await
    }

    async fn cancel(&self, token: &str, status: &str) -> Response {
        let path = format!("/customer-token/v1/tokens/{token}/status");
        self.send(Method::PATCH, &path, &json!({"status": status})).await
    }

    async fn assert_code(&self, answer: Response, status: u16, code: &str) {
        let (got, got_code, _) = self.trouble(answer).await;
        assert_eq!((got, got_code.as_str()), (status, code), "the error table");
    }
}

fn buy() -> Value {
    json!({"intent": "buy"})
}

#[tokio::test]
async fn a_token_is_made_read_and_charged() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let token = shop.v1_token(EMAIL).await;
    assert!(uuid::Uuid::parse_str(&token).is_ok(), "its form is a UUID");
    let read = value(shop.token_status(&token).await).await;
    assert_eq!(
        (read["status"].as_str(), read["card"]["brand"].as_str()),
        (Some("ACTIVE"), Some("VISA")),
        "read"
    );
    let order = value(shop.token_order(&token, &buy()).await).await;
    assert_eq!(order["fraud_status"], "ACCEPTED", "charged");
    house.set("v1.fraud_status", "PENDING").await;
    let order = value(shop.token_order(&token, &buy()).await).await;
    assert_eq!(order["fraud_status"], "PENDING", "or still looked at");
}

#[tokio::test]
async fn every_error_of_a_token_order_has_its_code() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let token = shop.v1_token(EMAIL).await;
    let unknown = shop.token_order("00000000-0000-4000-8000-000000000000", &buy()).await;
    shop.assert_code(unknown, 404, "TOKEN_NOT_FOUND").await;
    let other = house.shop(&other_merchant()).await;
    other
        .assert_code(other.token_order(&token, &buy()).await, 403, "TOKEN_FORBIDDEN")
        .await;
    let dollars = shop
        .token_order(&token, &json!({"intent": "buy", "purchase_currency": "USD"}))
        .await;
    shop.assert_code(dollars, 403, "PAYMENT_METHOD_CURRENCY_MISMATCH").await;
    let empty = shop.token_order(&token, &json!({"order_lines": []})).await;
    shop.assert_code(empty, 400, "BAD_REQUEST").await;
    for code in ["UNAVAILABLE_PAYMENT_METHOD", "PAYMENT_METHOD_FAILED"] {
        house
            .control(Method::PUT, "tokens", &json!({"token": token, "decline": code}))
            .await;
        shop.assert_code(shop.token_order(&token, &buy()).await, 403, code)
            .await;
    }
    let suspended = json!({"token": token, "decline": "", "status": "SUSPENDED"});
    house.control(Method::PUT, "tokens", &suspended).await;
    shop.assert_code(shop.token_order(&token, &buy()).await, 403, "TOKEN_SUSPENDED")
        .await;
    assert_eq!(
        value(shop.token_status(&token).await).await["status"],
        "SUSPENDED",
        "and reads so"
    );
    house
        .control(Method::PUT, "tokens", &json!({"token": token, "status": "ACTIVE"}))
        .await;
    assert_eq!(
        shop.token_order(&token, &buy()).await.status(),
        200,
        "Klarna lets it go on"
    );
    for (fault, code) in [(500, "INTERNAL_SERVER_ERROR"), (503, "SERVICE_UNAVAILABLE")] {
        house.fault(json!({"kind": "status", "status": fault})).await;
        shop.assert_code(shop.token_order(&token, &buy()).await, fault, code)
            .await;
    }
}

#[tokio::test]
async fn a_cancellation_is_accepted_and_takes_effect_later() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let token = shop.v1_token(EMAIL).await;
    shop.assert_code(shop.cancel(&token, "PAUSED").await, 400, "BAD_VALUE")
        .await;
    let answer = shop.cancel(&token, "cancelled").await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED, "in any case of letters");
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain"),
        "as plain text"
    );
    assert_eq!(
        value(shop.token_status(&token).await).await["status"],
        "ACTIVE",
        "not yet"
    );
    house.advance(3).await;
    assert_eq!(
        value(shop.token_status(&token).await).await["status"],
        "CANCELLED",
        "after two seconds"
    );
    shop.assert_code(shop.token_order(&token, &buy()).await, 403, "TOKEN_CANCELLED")
        .await;
    shop.assert_code(shop.cancel(&token, "CANCELLED").await, 400, "BAD_VALUE")
        .await;
    house.set("v1.cancelled_spelling", "CANCELED").await;
    shop.assert_code(shop.token_order(&token, &buy()).await, 403, "TOKEN_CANCELED")
        .await;
    house.set("v1.cancel", "never").await;
    let second = shop.v1_token(EMAIL).await;
    assert_eq!(
        shop.cancel(&second, "CANCELED").await.status(),
        StatusCode::ACCEPTED,
        "accepted"
    );
    house.advance(1_000).await;
    assert_eq!(
        value(shop.token_status(&second).await).await["status"],
        "ACTIVE",
        "and never done"
    );
    house.set("v1.cancel", "immediate").await;
    assert_eq!(
        shop.cancel(&second, "CANCELLED").await.status(),
        StatusCode::ACCEPTED,
        "accepted"
    );
    assert_eq!(
        value(shop.token_status(&second).await).await["status"],
        "CANCELED",
        "and done"
    );
}

#[tokio::test]
async fn one_revocation_serves_both_families() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let token = shop.v1_token(EMAIL).await;
    assert_eq!(
        house.introspect(&token).await.status(),
        404,
        "it cannot be read as a network token"
    );
    assert_eq!(house.revoke_token(&token).await.status(), 200, "but revoked");
    assert_eq!(
        value(shop.token_status(&token).await).await["status"],
        "CANCELLED",
        "at once"
    );
    let gone = shop.token_status("unknown").await;
    let (status, code, message) = shop.trouble(gone).await;
    assert_eq!(
        (status, code.as_str(), message.as_str()),
        (404, "NOT_FOUND", "Invalid token."),
        "an unknown one"
    );
}

#[tokio::test]
async fn a_failed_charge_is_recovered_with_the_customer() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let token = shop.v1_token(EMAIL).await;
    let failing = json!({"token": token, "decline": "UNAVAILABLE_PAYMENT_METHOD"});
    house.control(Method::PUT, "tokens", &failing).await;
    let plain: Value = shop.token_order(&token, &buy()).await.json().await.unwrap();
    assert!(plain.get("step_up_id").is_none(), "the order does not support it");
    let supported = json!({"intent": "buy", "step_up": "SUPPORTED"});
    let failed: Value = shop.token_order(&token, &supported).await.json().await.unwrap();
    let changes = json!({"intent": "buy", "step_up_id": failed["step_up_id"].as_str().unwrap()});
    let authorization = shop.authorized(&changes, &json!({})).await;
    value(shop.order(&authorization, &json!({"intent": "buy"})).await).await;
    assert_eq!(
        shop.token_order(&token, &buy()).await.status(),
        200,
        "the token works again"
    );
}
