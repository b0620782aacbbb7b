//! IP restrictions: reported in a header, enforced, or off (portal-access.md 6.4).

use crate::support::{ALLOWED_IPS, House, assert_refused};
use reqwest::{Method, Response};
use serde_json::{Value, json};

fn status(answer: &Response) -> Option<&str> {
    let value = answer.headers().get("klarna-ip-validation-status")?;
    Some(value.to_str().unwrap())
}

async fn account(house: &House) -> Response {
    house.get(&format!("/v2/accounts/{}", house.merchant.account_id)).await
}

#[tokio::test]
async fn the_address_is_reported_as_what_it_is() {
    let house = House::open().await;
    assert_eq!(status(&account(&house).await), None, "nobody restricts at first");
    house.set("ip.mode", "reporting").await;
    for (ranges, word) in [
        ("127.0.0.0/8", "ALLOWED"),
        ("198.51.100.0/24 127.0.0.1", "ALLOWED"),
        ("198.51.100.0/24", "DENIED"),
        ("", "INVALID"),
    ] {
        house.set("ip.allowed", ranges).await;
        let answer = account(&house).await;
        assert_eq!(
            (answer.status().as_u16(), status(&answer)),
            (200, Some(word)),
            "{ranges:?}"
        );
    }
}

#[tokio::test]
async fn an_enforced_list_blocks_others_and_the_header_vanishes() {
    let house = House::open().await;
    house.set("ip.mode", "enforced").await;
    let within = account(&house).await;
    assert_eq!(
        (within.status().as_u16(), status(&within)),
        (200, None),
        "loopback may call"
    );
    house.set("ip.allowed", "198.51.100.0/24").await;
    let beyond = account(&house).await;
    assert_eq!(
        (beyond.status().as_u16(), status(&beyond)),
        (403, None),
        "others may not"
    );
    assert_eq!(beyond.text().await.unwrap(), "", "and are not told why");
    house.set("ip.blocked_answer", "403_body").await;
    assert_refused(
        account(&house).await,
        403,
        "OPERATION_FORBIDDEN",
        "the variant tells why",
    )
    .await;
}

#[tokio::test]
async fn the_list_is_read_and_never_written_by_the_api() {
    let house = House::open().await;
    let read = async |house: &House| house.get(ALLOWED_IPS).await.json::<Value>().await.unwrap();
    assert_eq!(read(&house).await["enforcement_mode"], "NOT_ENABLED", "off");
    house.set("ip.mode", "reporting").await;
    house.set("ip.allowed", "198.51.100.0/24, 2001:db8::/32").await;
    let expected = json!({"allowed_ips": ["198.51.100.0/24", "2001:db8::/32"], "enforcement_mode": "REPORTING"});
    assert_eq!(read(&house).await, expected, "the ranges and the mode");
    let put = house.send(Method::PUT, ALLOWED_IPS, &json!({})).await;
    assert_refused(put, 404, "NOT_FOUND", "no such operation").await;
}

#[tokio::test]
async fn what_is_no_range_is_refused_by_the_setting() {
    let house = House::open().await;
    let token = &house.running.address.control_token;
    for bad in ["10.0.0.1/8", "klarna.example", "*"] {
        let put = house
            .client
            .put(house.url("/_sandbox/settings"))
            .header("x-sandbox-control", token);
        let answer = put.json(&json!({"ip.allowed": bad})).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{bad} is no range");
    }
}
