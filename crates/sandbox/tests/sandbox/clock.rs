//! The controllable clock: it moves the Date header, tokens, links and certificates, and survives.

use crate::support::House;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn the_date_header_follows_the_clock() {
    let house = House::open().await;
    house
        .control(Method::PUT, "clock", &json!({"offset_s": -3600, "freeze": true}))
        .await;
    let date = async || {
        house.get("/v2/accounts/x").await.headers()["date"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let (first, second) = (date().await, date().await);
    assert_eq!(first, second, "it stands still");
    let shown = jiff::fmt::rfc2822::parse(&first).unwrap().timestamp().as_second();
    assert_eq!(shown, house.now_s().await, "it is the sandbox's time");
    let machine = i64::try_from(
        std::fs::metadata(house.dir.path().join("sandbox.json"))
            .unwrap()
            .modified()
            .unwrap()
            .elapsed()
            .unwrap()
            .as_secs(),
    )
    .unwrap();
    assert!(machine < 60, "the machine's clock was not touched");
    house.advance(7_200).await;
    assert_eq!(house.now_s().await, shown + 7_200, "a frozen clock advances by steps");
}

#[tokio::test]
async fn a_token_of_yesterday_is_good_again_when_the_clock_goes_back() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let claims = house.claims().await;
    house.advance(86_400).await;
    assert_eq!(house.open_with(&signer.sign(&claims)).await.status(), 400, "expired");
    house.advance(-86_400).await;
    assert_eq!(house.open_with(&signer.sign(&claims)).await.status(), 200, "in time");
}

#[tokio::test]
async fn a_change_that_cannot_be_read_is_refused() {
    let house = House::open().await;
    let call = house
        .client
        .put(house.url("/_sandbox/clock"))
        .header("x-sandbox-control", &house.running.address.control_token);
    let answer = call.json(&json!({"ofset_s": 1})).send().await.unwrap();
    assert_eq!(answer.status(), 400, "a typing mistake does not pass silently");
    assert!(
        answer.json::<Value>().await.unwrap()["message"].is_string(),
        "with a sentence"
    );
}
