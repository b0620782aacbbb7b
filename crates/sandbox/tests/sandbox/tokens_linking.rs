//! Account linking: the stand-in page, orders and the token's rules (tokens.md 4.2 and 4.4).

use crate::support::{House, element, plain_client, unlimited, with};
use crate::support_shop::{Shop, cart};
use crate::support_tokens::{Mailroom, value};
use reqwest::{Method, Response};
use serde_json::{Value, json};

async fn page(house: &House, session: &Value) -> (String, String) {
    let url = house.url(&format!(
        "/portal/purchase/{}",
        session["client_token"].as_str().unwrap()
    ));
    let text = house.page(&url).await.1;
    (url, text)
}

async fn press(house: &House, url: &str, form: &str) -> u16 {
    let call = house.client.post(url).body(form.to_owned());
    call.send().await.unwrap().status().as_u16()
}

async fn assert_code(shop: &Shop<'_>, answer: Response, status: u16, code: &str) {
    let (got, got_code, _) = shop.trouble(answer).await;
    assert_eq!((got, got_code.as_str()), (status, code), "status and code");
}

#[tokio::test]
async fn the_stand_in_page_takes_a_customer_to_an_order() {
    let house = House::open().await;
    let (mailroom, hook) = Mailroom::open().await;
    let shop = house.own_shop().await;
    let session = shop.session(&json!({"merchant_urls": {"authorization": hook}})).await;
    let ask = house.url("/portal/purchase");
    assert!(
        house.page(&ask).await.1.contains("id=\"purchase-token-form\""),
        "it asks for the client_token"
    );
    let form = format!("client_token={}", session["client_token"].as_str().unwrap());
    assert_eq!(press(&house, &ask, &form).await, 303, "and takes it");
    assert_eq!(press(&house, &ask, "client_token=../x").await, 400, "but nothing else");
    let (url, text) = page(&house, &session).await;
    assert_eq!(element(&text, "purchase-amount"), "10.00 SEK", "how much");
    assert!(text.contains("id=\"purchase-link\""), "linking can be left");
    assert_eq!(
        press(&house, &url, "email=kim@customer.example&otp=999999&decision=agree").await,
        400,
        "a wrong code"
    );
    assert_eq!(press(&house, &url, "decision=refuse").await, 303, "refused");
    assert!(
        page(&house, &session).await.1.contains("data-state=\"refused\""),
        "and can be tried again"
    );
    let good = "email=kim@customer.example&otp=123456&link=yes&decision=agree";
    assert_eq!(press(&house, &url, good).await, 303, "agreed");
    let (_, text) = page(&house, &session).await;
    let authorization = element(&text, "purchase-authorization");
    let told = mailroom.wait(1).await;
    assert_eq!(
        told[0].body["authorization_token"],
        authorization.as_str(),
        "the shop is told"
    );
    assert!(
        !told[0].headers.contains_key("klarna-signature"),
        "by a callback, which is not signed"
    );
    let order = value(shop.order(&authorization, &json!({})).await).await;
    let token = order["customer_token"].as_str().unwrap().to_owned();
    assert!(
        page(&house, &session).await.1.contains("data-state=\"ordered\""),
        "the session is closed"
    );
    let back = shop.session(&json!({"customer": {"customer_token": token}})).await;
    let (url, text) = page(&house, &back).await;
    assert_eq!(
        element(&text, "purchase-known"),
        "Welcome back, kim@customer.example.",
        "a returning customer"
    );
    assert!(!text.contains("purchase-otp"), "need not log in");
    assert_eq!(press(&house, &url, "link=yes&decision=agree").await, 303, "agreed");
}

#[tokio::test]
async fn an_authorisation_makes_one_order_of_what_was_agreed() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let first = shop.authorized(&json!({}), &json!({})).await;
    let other = shop.order(&first, &json!({"order_amount": 5})).await;
    assert_code(&shop, other, 409, "BAD_VALUE").await;
    value(shop.order(&first, &json!({})).await).await;
    assert_code(&shop, shop.order(&first, &json!({})).await, 403, "INVALID_OPERATION").await;
    let released = shop.authorized(&json!({}), &json!({})).await;
    let path = format!("/payments/v1/authorizations/{released}");
    assert_eq!(
        shop.send(Method::DELETE, &path, &json!({})).await.status(),
        204,
        "released"
    );
    assert_code(&shop, shop.order(&released, &json!({})).await, 404, "NOT_FOUND").await;
    let late = shop.authorized(&json!({}), &json!({})).await;
    house.advance(3_601).await;
    assert_code(&shop, shop.order(&late, &json!({})).await, 404, "NOT_FOUND").await;
    let plain = shop.authorized(&json!({"intent": "buy"}), &json!({})).await;
    let tokenize = format!("/payments/v1/authorizations/{plain}/customer-token");
    assert_code(
        &shop,
        shop.send(Method::POST, &tokenize, &json!({})).await,
        403,
        "INVALID_OPERATION",
    )
    .await;
    let order = value(shop.order(&plain, &json!({"intent": "buy"})).await).await;
    assert!(order.get("customer_token").is_none(), "a plain purchase links nothing");
}

#[tokio::test]
async fn anothers_token_brings_a_fresh_one_and_an_alarm() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let token = shop.buy(None, &json!({})).await["customer_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = shop.buy(Some(&token), &json!({"email": "lee@customer.example"})).await;
    assert_ne!(
        answer["customer_token"],
        token.as_str(),
        "another customer gets a token of their own"
    );
    assert_eq!(house.alarms().await, ["foreign-token"], "with an alarm");
    let read = value(house.introspect(&token).await).await;
    assert_eq!(read["status"], "ACTIVE", "the first customer keeps theirs");
    let unknown = shop
        .buy(
            Some("krn:partner:eu1:test:identity:customer-token:unknown0"),
            &json!({}),
        )
        .await;
    assert!(
        unknown["customer_token"].is_string(),
        "an unknown one is replaced without an error"
    );
}

#[tokio::test]
async fn a_good_token_can_be_rotated_or_kept_back() {
    let house = House::with(with(
        unlimited(),
        &[("linking.valid_token", "rotate"), ("tokens.linking_format", "uuid")],
    ))
    .await;
    let shop = house.own_shop().await;
    let first = shop.buy(None, &json!({})).await["customer_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(uuid::Uuid::parse_str(&first).is_ok(), "the other form");
    let second = shop.buy(Some(&first), &json!({})).await["customer_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(first, second, "rotated although it was good");
    assert_eq!(house.introspect(&first).await.status(), 410, "the old one is over");
    house.set("linking.valid_token", "none").await;
    let none = shop.buy(Some(&second), &json!({})).await;
    assert!(none.get("customer_token").is_none(), "none at all");
}

#[tokio::test]
async fn one_idempotency_key_makes_one_order() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let authorization = shop.authorized(&json!({}), &json!({})).await;
    let send = async |body: Value| {
        let path = house.url(&format!("/payments/v1/authorizations/{authorization}/order"));
        let call = plain_client()
            .post(path)
            .basic_auth(&shop.username, Some(&shop.password));
        let call = call
            .header("Klarna-Idempotency-Key", "k-1")
            .header("Idempotency-Key", "k-1");
        call.json(&body).send().await.unwrap()
    };
    let first = value(send(cart(&json!({}))).await).await;
    assert_eq!(
        value(send(cart(&json!({}))).await).await,
        first,
        "the first answer again"
    );
    assert_code(&shop, send(cart(&json!({"locale": "en-SE"}))).await, 409, "BAD_VALUE").await;
}
