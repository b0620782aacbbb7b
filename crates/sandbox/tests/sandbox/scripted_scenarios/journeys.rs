//! Creating, charging, stepping up, and what is too late or too much.

use super::{agreed, stepped_up};
use crate::support::{House, assert_invalid, assert_refused};
use crate::support_tokens::{Mailroom, NOT_PRESENT, PRESENT, asking, charging, step_up, value, verdict, webhook};
use reqwest::Method;
use serde_json::Value;

#[tokio::test]
async fn s01_happy_with_the_customer_present() {
    let house = House::open().await;
    let (id, session) = agreed(&house, PRESENT, 1_299).await;
    let token = house.payment_request(&id).await["state_context"]["klarna_customer"]["customer_token"].clone();
    let done = value(house.finish(&session, 1_299).await).await;
    assert_eq!(verdict(&done), ("APPROVED", ""), "the first payment");
    let made = &done["customer_token_response"]["customer_token"];
    assert_eq!(made["customer_token"], token, "the same token as in the request");
    assert_eq!(
        (made["scopes"][0].as_str(), made["customer_token_reference"].as_str()),
        (Some(PRESENT), Some("crm-1")),
        "as asked for"
    );
    let again = value(house.charge(token.as_str().unwrap(), &charging(PRESENT, 500)).await).await;
    assert_eq!(verdict(&again), ("APPROVED", ""), "a later charge");
}

#[tokio::test]
async fn s02_happy_with_the_customer_not_present() {
    let house = House::open().await;
    let token = house.token(NOT_PRESENT).await;
    let answer = value(house.charge(&token, &charging(NOT_PRESENT, 999)).await).await;
    assert_eq!(verdict(&answer), ("APPROVED", ""), "nobody is asked");
    let transaction = &answer["payment_transaction_response"]["payment_transaction"];
    assert_eq!(
        (
            transaction["amount"].as_i64(),
            transaction["currency"].as_str(),
            transaction["payment_transaction_reference"].as_str()
        ),
        (Some(999), Some("EUR"), Some("inv-2")),
        "what was charged"
    );
    let id = transaction["payment_transaction_id"].as_str().unwrap();
    assert!(id.starts_with("krn:payment:eu1:transaction:"), "its id: {id}");
}

#[tokio::test]
async fn s03_a_charge_with_the_customer_present_asks_for_a_step_up() {
    let house = House::open().await;
    let token = house.token(PRESENT).await;
    let answer = value(house.charge(&token, &charging(PRESENT, 150_000)).await).await;
    assert_eq!(verdict(&answer), ("STEP_UP_REQUIRED", ""), "above charge.step_up_above");
    let (_, session) = stepped_up(&house, &answer).await;
    let done = value(house.finish(&session, 150_000).await).await;
    assert_eq!(verdict(&done), ("APPROVED", ""), "after the customer's consent");
}

#[tokio::test]
async fn s04_a_present_token_is_declined_without_the_customer() {
    let house = House::open().await;
    let token = house.token(PRESENT).await;
    let answer = value(house.charge(&token, &charging(NOT_PRESENT, 999)).await).await;
    assert_eq!(
        verdict(&answer),
        ("DECLINED", "SCOPE_MISMATCH"),
        "the scope does not fit"
    );
    let reverse = house.token(NOT_PRESENT).await;
    let answer = value(house.charge(&reverse, &charging(PRESENT, 999)).await).await;
    assert_eq!(
        verdict(&answer),
        ("DECLINED", "SCOPE_MISMATCH"),
        "nor the other way round"
    );
    house.set("charge.scope_mismatch", "403").await;
    let refused = house.charge(&token, &charging(NOT_PRESENT, 999)).await;
    assert_refused(refused, 403, "OPERATION_FORBIDDEN", "the other profile").await;
}

#[tokio::test]
async fn s05_step_up_config_without_the_customer_is_an_error() {
    let house = House::open().await;
    let token = house.token(NOT_PRESENT).await;
    let mut body = charging(NOT_PRESENT, 999);
    body["step_up_config"] = step_up();
    assert_invalid(house.charge(&token, &body).await, "step_up_config", "it must be absent").await;
    house.set("charge.cnp_step_up", "ignored").await;
    let answer = value(house.charge(&token, &body).await).await;
    assert_eq!(verdict(&answer), ("APPROVED", ""), "ignored where the settings say so");
}

#[tokio::test]
async fn s06_a_request_expires_and_is_told() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    webhook(&house, &url, &["payment.request.state-change.expired"]).await;
    let answer = value(house.authorize(&asking(NOT_PRESENT, None)).await).await;
    let request = &answer["payment_request"];
    house.advance(3 * 3_600 + 1).await;
    let read = house
        .payment_request(request["payment_request_id"].as_str().unwrap())
        .await;
    assert_eq!(read["state"], "EXPIRED", "after three hours");
    let page = request["state_context"]["customer_interaction"]["payment_request_url"]
        .as_str()
        .unwrap();
    assert!(
        house.page(page).await.1.contains("data-state=\"EXPIRED\""),
        "the customer sees it too"
    );
    let told = mailroom.wait(1).await;
    assert_eq!(told[0].body["payload"]["state"], "EXPIRED", "by webhook");
}

#[tokio::test]
async fn s07_a_session_token_works_once() {
    let house = House::open().await;
    let (_, session) = agreed(&house, PRESENT, 1_299).await;
    value(house.finish(&session, 1_299).await).await;
    let again = house.finish(&session, 1_299).await;
    assert_refused(again, 409, "RESOURCE_CONFLICT", "the second final call").await;
}

#[tokio::test]
async fn s08_a_session_token_lives_sixty_minutes() {
    let house = House::open().await;
    let (_, session) = agreed(&house, PRESENT, 1_299).await;
    house.advance(61 * 60).await;
    let late = house.finish(&session, 1_299).await;
    assert_invalid(late, "Klarna-Network-Session-Token", "after 61 minutes").await;
    let charges = house.control(Method::GET, "charges", &Value::Null).await;
    assert_eq!(charges["charges"].as_array().unwrap().len(), 0, "no money has moved");
}
