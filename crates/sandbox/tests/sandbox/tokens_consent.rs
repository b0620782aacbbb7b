//! The customer's side of a Payment Request: the page, its outcomes, its end (tokens.md 1.6).

use crate::support::{House, assert_refused, element};
use crate::support_tokens::{NOT_PRESENT, PRESENT, asking, data, other_merchant, value, verdict};
use reqwest::Method;
use serde_json::{Value, json};

async fn asked(house: &House, body: &Value) -> (String, String) {
    let answer = value(house.authorize(body).await).await;
    let request = &answer["payment_request"];
    let url = &request["state_context"]["customer_interaction"]["payment_request_url"];
    (
        request["payment_request_id"].as_str().unwrap().to_owned(),
        url.as_str().unwrap().to_owned(),
    )
}

async fn post(house: &House, url: &str, form: &str) -> (u16, String) {
    let call = house.client.post(url).body(form.to_owned());
    let answer = call.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn the_consent_page_asks_for_a_code_and_takes_one_answer() {
    let house = House::open().await;
    let (id, url) = asked(&house, &asking(NOT_PRESENT, Some(1_299))).await;
    assert_eq!(
        house.payment_request(&id).await["state"],
        "SUBMITTED",
        "nobody has looked"
    );
    let (status, page) = house.page(&url).await;
    assert_eq!(
        (status.as_u16(), element(&page, "consent-merchant")),
        (200, house.merchant.name.clone()),
        "who asks"
    );
    assert_eq!(element(&page, "consent-amount"), "12.99 EUR", "how much");
    assert_eq!(
        house.payment_request(&id).await["state"],
        "IN_PROGRESS",
        "the first look begins"
    );
    for (form, why) in [
        (
            "email=kim@customer.example&otp=999999&decision=agree",
            "the refused code",
        ),
        ("email=kim@customer.example&otp=12345&decision=agree", "five digits"),
        ("email=kim&otp=123456&decision=agree", "no address"),
    ] {
        let (status, page) = post(&house, &url, form).await;
        assert_eq!((status, page.contains("id=\"consent-flaw\"")), (400, true), "{why}");
    }
    let page = house.agree(&url, "kim@customer.example").await;
    assert!(page.contains("data-state=\"COMPLETED\""), "agreed");
    assert!(
        page.contains("id=\"consent-return\"") && page.contains("back?s=COMPLETED"),
        "the placeholder is filled"
    );
    assert!(!page.contains("customer-token"), "no token is on the page");
    let (_, page) = post(&house, &url, "decision=refuse").await;
    assert!(
        page.contains("data-state=\"COMPLETED\""),
        "a second answer changes nothing"
    );
}

#[tokio::test]
async fn a_refusal_and_a_denied_customer_end_in_declined() {
    let house = House::open().await;
    let (id, url) = asked(&house, &asking(NOT_PRESENT, None)).await;
    assert_eq!(post(&house, &url, "decision=refuse").await.0, 303, "refused");
    assert_eq!(house.payment_request(&id).await["state"], "DECLINED", "by the customer");
    let (id, url) = asked(&house, &asking(NOT_PRESENT, None)).await;
    house.agree(&url, "kim+denied@customer.example").await;
    assert_eq!(house.payment_request(&id).await["state"], "DECLINED", "by Klarna");
    house.set("declines.trigger", "amount").await;
    let (id, url) = asked(&house, &asking(NOT_PRESENT, Some(66_600))).await;
    house.agree(&url, "kim+denied@customer.example").await;
    let request = house.payment_request(&id).await;
    assert_eq!(request["state"], "DECLINED", "for its amount");
    assert_eq!(request["state_context"], json!({}), "and brings nothing");
}

#[tokio::test]
async fn an_open_request_is_cancelled_once() {
    let house = House::open().await;
    let (id, url) = asked(&house, &asking(NOT_PRESENT, None)).await;
    let path = house.path(&format!("payment/requests/{id}"));
    let cancel = async || house.api(Method::DELETE, &path).send().await.unwrap();
    let done = value(cancel().await).await;
    assert_eq!(done["state"], "CANCELED", "called off");
    assert!(done["canceled_at"].is_string(), "with its time");
    assert_refused(cancel().await, 409, "RESOURCE_CONFLICT", "it is final").await;
    assert!(
        house.page(&url).await.1.contains("data-state=\"CANCELED\""),
        "the customer sees it"
    );
    let unknown = house
        .get(&house.path("payment/requests/krn:payment:eu1:request:none"))
        .await;
    assert_refused(unknown, 404, "RESOURCE_NOT_FOUND", "no such request").await;
    let elsewhere = format!("/v2/accounts/{}/payment/requests/{id}", other_merchant());
    assert_refused(
        house.get(&elsewhere).await,
        404,
        "RESOURCE_NOT_FOUND",
        "another merchant's",
    )
    .await;
}

#[tokio::test]
async fn a_request_can_be_made_first_and_with_a_token() {
    let house = House::open().await;
    let body = json!({
        "currency": "EUR", "amount": 700, "payment_request_reference": "cart-9",
        "customer_interaction_config": {"method": "HANDOVER", "return_url": "https://shop.example/", "interaction_expiry": "PT10M"},
        "request_customer_token": {"scopes": [PRESENT]},
        "supplementary_purchase_data": data(PRESENT),
    });
    let made = house.send(Method::POST, &house.path("payment/requests"), &body).await;
    assert_eq!(made.status(), 201, "made");
    let made: Value = made.json().await.unwrap();
    assert_eq!(
        (made["state"].as_str(), made["amount"].as_i64()),
        (Some("SUBMITTED"), Some(700)),
        "it waits"
    );
    let id = made["payment_request_id"].as_str().unwrap();
    let agreed = json!({"payment_request_id": id, "email": "kim@customer.example"});
    let state = house.control(Method::POST, "consent", &agreed).await;
    assert_eq!(state["state"], "COMPLETED", "agreed without a page");
    let context = house.payment_request(id).await["state_context"].clone();
    let done = value(
        house
            .finish(context["klarna_network_session_token"].as_str().unwrap(), 700)
            .await,
    )
    .await;
    assert_eq!(verdict(&done), ("APPROVED", ""), "authorizePayment finishes it");
    let token = context["klarna_customer"]["customer_token"].as_str().unwrap();
    let again = house.api(Method::POST, &house.path("payment/requests"));
    let mut charge = body.clone();
    charge.as_object_mut().unwrap().remove("request_customer_token");
    let again = value(
        again
            .header("Klarna-Customer-Token", token)
            .json(&charge)
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(again["state"], "COMPLETED", "with a token at once");
    assert!(
        again["state_context"]["klarna_network_session_token"].is_string(),
        "ready to be finished"
    );
    let third = house.send(Method::POST, &house.path("payment/requests"), &body).await;
    let third: Value = third.json().await.unwrap();
    house.advance(601).await;
    let late = house
        .payment_request(third["payment_request_id"].as_str().unwrap())
        .await;
    assert_eq!(late["state"], "EXPIRED", "interaction_expiry shortens its life");
}

#[tokio::test]
async fn a_request_with_a_dead_or_wrong_token_is_declined_at_once() {
    let house = House::open().await;
    let wrong = house.minted(&json!({"scopes": [NOT_PRESENT]})).await;
    let dead = house.minted(&json!({"scopes": [PRESENT]})).await;
    value(house.revoke_token(&dead).await).await;
    let body = json!({
        "currency": "EUR", "amount": 700,
        "customer_interaction_config": {"method": "HANDOVER", "return_url": "https://shop.example/"},
        "supplementary_purchase_data": data(PRESENT),
    });
    let send = async |token: &str| {
        let call = house.api(Method::POST, &house.path("payment/requests"));
        call.header("Klarna-Customer-Token", token)
            .json(&body)
            .send()
            .await
            .unwrap()
    };
    for token in [&wrong, &dead] {
        let made = value(send(token).await).await;
        assert_eq!(made["state"], "DECLINED", "as a direct charge would be");
    }
    house.set("charge.scope_mismatch", "403").await;
    assert_refused(send(&wrong).await, 403, "OPERATION_FORBIDDEN", "as the settings say").await;
}
