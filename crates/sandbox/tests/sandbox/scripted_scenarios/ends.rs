//! Tokens that have ended, are another's, or belong to the other environment.

use crate::support::{House, assert_refused};
use crate::support_tokens::{Mailroom, NOT_PRESENT, REVOKED, charging, other_merchant, value, verdict, webhook};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn s09_a_revoked_token_charges_no_more() {
    let house = House::open().await;
    let token = house.token(NOT_PRESENT).await;
    let answer = value(house.revoke_token(&token).await).await;
    assert_eq!(
        answer["customer_token_reference"], "crm-1",
        "the answer names the reference alone"
    );
    let charge = value(house.charge(&token, &charging(NOT_PRESENT, 999)).await).await;
    assert_eq!(verdict(&charge), ("DECLINED", "PERMANENT"), "for good");
    house.set("charge.revoked", "410").await;
    assert_eq!(
        house.charge(&token, &charging(NOT_PRESENT, 999)).await.status(),
        410,
        "the other profile"
    );
}

#[tokio::test]
async fn s10_a_second_revocation_is_an_error() {
    let house = House::open().await;
    let token = house.token(NOT_PRESENT).await;
    value(house.revoke_token(&token).await).await;
    assert_refused(
        house.revoke_token(&token).await,
        410,
        "RESOURCE_GONE",
        "it has been revoked",
    )
    .await;
    assert_refused(
        house.introspect(&token).await,
        410,
        "RESOURCE_GONE",
        "and reading says so",
    )
    .await;
    house.set("identity.second_revoke", "200").await;
    house.set("identity.revoked", "200").await;
    value(house.revoke_token(&token).await).await;
    assert_eq!(
        value(house.introspect(&token).await).await["status"],
        "REVOKED",
        "the other profile"
    );
}

#[tokio::test]
async fn s11_the_customer_revokes_and_only_a_webhook_tells() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    webhook(&house, &url, &["identity.*"]).await;
    let token = house.token(NOT_PRESENT).await;
    let body = json!({"customer_token_reference": "crm-1", "status": "REVOKED", "by": "customer"});
    house.control(Method::PUT, "tokens", &body).await;
    let told = mailroom.wait(1).await;
    let (metadata, payload) = (&told[0].body["metadata"], &told[0].body["payload"]);
    assert_eq!(metadata["event_type"], REVOKED, "the type");
    assert_eq!(
        metadata["subject_account_id"],
        house.merchant.account_id.as_str(),
        "whose"
    );
    assert_eq!(payload["customer_token"], token.as_str(), "which");
    assert_eq!(
        (payload["state"].as_str(), payload["previous_state"].as_str()),
        (Some("REVOKED"), Some("ACTIVE")),
        "what"
    );
    assert_eq!(house.introspect(&token).await.status(), 410, "it is over");
}

#[tokio::test]
async fn s14_a_token_of_another_merchant_is_refused() {
    let house = House::open().await;
    let token = house.minted(&json!({"partner_account_id": other_merchant()})).await;
    let why = "the merchant has no access to it";
    assert_refused(house.introspect(&token).await, 403, "OPERATION_FORBIDDEN", why).await;
    assert_refused(house.revoke_token(&token).await, 403, "OPERATION_FORBIDDEN", why).await;
    let charge = house.charge(&token, &charging(NOT_PRESENT, 999)).await;
    assert_refused(charge, 403, "OPERATION_FORBIDDEN", why).await;
    assert_eq!(house.alarms().await, ["foreign-token"; 3], "each time with an alarm");
    house.set("identity.foreign", "404").await;
    assert_refused(
        house.introspect(&token).await,
        404,
        "RESOURCE_NOT_FOUND",
        "the other profile",
    )
    .await;
}

#[tokio::test]
async fn s15_a_live_token_does_not_exist_in_test() {
    let house = House::open().await;
    let live = "krn:partner:eu1:live:identity:customer-token:AbCdEfGhIjKlMnOpQrStUvWxYz012345";
    let why = "the environments share nothing";
    assert_refused(house.introspect(live).await, 404, "RESOURCE_NOT_FOUND", why).await;
    let charge = house.charge(live, &charging(NOT_PRESENT, 999)).await;
    assert_refused(charge, 404, "RESOURCE_NOT_FOUND", why).await;
}
