//! How access ends by itself, on the sandbox's clock: its last day, and inactivity (rows 27 and 28).

use crate::support::House;
use crate::support_access::{DAY, PASSWORD, day};
use reqwest::Method;
use serde_json::json;

/// Stops the clock at the next noon UTC, so that days pass whole; never before the certificate was issued.
async fn noon(house: &House) {
    let now_s = house.now_s().await;
    let to_noon = (DAY / 2 - now_s).rem_euclid(DAY);
    let change = json!({"freeze": true, "advance_s": to_noon});
    house.control(Method::PUT, "clock", &change).await;
}

#[tokio::test]
async fn access_ends_as_the_day_begins_and_the_person_is_out() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    noon(&house).await;
    house
        .granted(&signer, json!({"expires_at": day(&house, 2).await}))
        .await;
    house.accept().await;
    let access = house.access().await;
    let ends = format!("{}T00:00:00Z", day(&house, 2).await);
    assert_eq!(access[0]["ends_at"], ends, "midnight UTC as that day begins");
    house.advance(DAY + DAY / 2 - 1).await;
    assert_eq!(house.states().await, ["ada@shop.example active"], "one second before");
    let signed_in = house
        .post_form(
            &house.url("/portal/sign-in"),
            &[("email", "ada@shop.example"), ("password", PASSWORD)],
        )
        .await;
    let home = house.after(&signed_in);
    assert_eq!(house.page(&home).await.0, 200, "she is inside");
    house.advance(1).await;
    assert_eq!(house.states().await, ["ada@shop.example expired"], "the day begins");
    assert_eq!(house.page(&home).await.0, 410, "and she is out");
    house.set("access.expires_at_ends", "day_ends").await;
    assert_eq!(house.states().await, ["ada@shop.example active"], "the other reading");
    house.advance(DAY).await;
    assert_eq!(house.states().await, ["ada@shop.example expired"], "ends a day later");
}

#[tokio::test]
async fn access_lapses_when_nobody_uses_it_and_a_write_renews_it() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    noon(&house).await;
    house.set("session.ttl_s", "604800").await;
    house.granted(&signer, json!({"inactivity_grace_period": "P3D"})).await;
    let home = house.accept().await;
    house.advance(2 * DAY).await;
    assert_eq!(house.page(&home).await.0, 200, "a look is use");
    house.advance(3 * DAY - 1).await;
    assert_eq!(
        house.page(&format!("{home}?watch=1")).await.0,
        200,
        "a page that looks after itself is none"
    );
    house.advance(1).await;
    assert_eq!(
        house.states().await,
        ["ada@shop.example lapsed"],
        "three days after the look"
    );
    assert_eq!(house.page(&home).await.0, 410, "too late");
    assert_eq!(house.states().await, ["ada@shop.example lapsed"], "and that was no use");
    house.granted(&signer, json!({"inactivity_grace_period": "P3D"})).await;
    assert_eq!(
        house.states().await,
        ["ada@shop.example active"],
        "a write begins the period anew"
    );
}

#[tokio::test]
async fn an_invitation_that_nobody_accepts_lapses_too() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    house.granted(&signer, json!({"inactivity_grace_period": "P1D"})).await;
    house.advance(DAY + 1).await;
    assert_eq!(
        house.states().await,
        ["ada@shop.example lapsed"],
        "a day after the grant"
    );
}
