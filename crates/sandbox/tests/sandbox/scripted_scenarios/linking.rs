//! Account linking: rotation, opt-out, extra merchant data.

use crate::support::House;
use crate::support_shop::cart;
use crate::support_tokens::value;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn s12_a_linking_token_is_rotated() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let first = shop.buy(None, &json!({})).await["customer_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let same = shop.buy(Some(&first), &json!({})).await;
    assert_eq!(same["customer_token"], first.as_str(), "a good token comes back");
    house
        .control(Method::PUT, "tokens", &json!({"token": first, "status": "SUPERSEDED"}))
        .await;
    let answer = shop.buy(Some(&first), &json!({})).await;
    let second = answer["customer_token"].as_str().unwrap();
    assert_ne!(second, first, "another token, and no error");
    assert!(
        second.starts_with("krn:partner:eu1:test:identity:customer-token:"),
        "its form: {second}"
    );
    house.set("linking.invalid_token", "none").await;
    let none = shop.buy(Some(&first), &json!({})).await;
    assert!(
        none.get("customer_token").is_none(),
        "or none at all, as the settings say"
    );
}

#[tokio::test]
async fn s13_a_customer_who_opts_out_gets_no_token() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let first = shop.buy(None, &json!({})).await["customer_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = shop.buy(Some(&first), &json!({"link": false})).await;
    assert!(answer["order_id"].is_string(), "the order stands");
    assert!(answer.get("customer_token").is_none(), "without a token");
    let read = value(house.introspect(&first).await).await;
    assert_eq!(read["status"], "ACTIVE", "which is no revocation of the old one");
}

#[tokio::test]
async fn s16_extra_merchant_data_as_an_object_is_a_bad_value() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let attached = |body: Value| json!({"attachment": {"content_type": "application/vnd.klarna.internal.emd-v2+json", "body": body}});
    let data = json!({"customer_account_info": [{"unique_account_identifier": "c-1"}]});
    let object = cart(&attached(data.clone()));
    let refused = shop.send(Method::POST, "/payments/v1/sessions", &object).await;
    let expected = (
        400,
        "BAD_VALUE".to_owned(),
        "Bad value: attachment.attachment".to_owned(),
    );
    assert_eq!(shop.trouble(refused).await, expected, "the body must be a string");
    let text = cart(&attached(json!(data.to_string())));
    let taken = shop.send(Method::POST, "/payments/v1/sessions", &text).await;
    assert_eq!(taken.status(), 200, "as a string it is taken");
}
