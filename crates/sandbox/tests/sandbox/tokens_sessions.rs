//! Sessions of payments v1: who may open them, what they must hold, their end (tokens.md 4.1 to 4.3 and 4.6).

use crate::support::{House, plain_client};
use crate::support_shop::{Shop, cart};
use crate::support_tokens::{other_merchant, value};
use reqwest::{Method, Response};
use serde_json::{Value, json};

const SESSIONS: &str = "/payments/v1/sessions";

async fn assert_code(shop: &Shop<'_>, answer: Response, status: u16, code: &str) {
    let (got, got_code, _) = shop.trouble(answer).await;
    assert_eq!((got, got_code.as_str()), (status, code), "status and code");
}

#[tokio::test]
async fn only_a_merchants_own_pair_or_an_api_key_gets_in() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    assert!(
        shop.session(&json!({})).await["session_id"].is_string(),
        "user name and password"
    );
    let send = async |username: &str, password: &str| {
        let call = plain_client()
            .post(house.url(SESSIONS))
            .basic_auth(username, Some(password));
        call.json(&cart(&json!({}))).send().await.unwrap()
    };
    assert_code(&shop, send(&shop.username, "wrong").await, 401, "UNAUTHORIZED").await;
    let nobody = plain_client()
        .post(house.url(SESSIONS))
        .json(&cart(&json!({})))
        .send()
        .await
        .unwrap();
    assert_code(&shop, nobody, 401, "UNAUTHORIZED").await;
    let key = async || house.send(Method::POST, SESSIONS, &cart(&json!({}))).await;
    assert_eq!(key().await.status(), 200, "the newer API key");
    house.set("v1.api_key", "false").await;
    assert_code(&shop, key().await, 401, "UNAUTHORIZED").await;
    let enrolled = house.control(Method::GET, "enrolment", &Value::Null).await["payments_v1"].clone();
    assert_eq!(
        enrolled["username"],
        shop.username.as_str(),
        "the enrolment tells the first merchant's"
    );
    let closed = json!({"partner_account_id": house.merchant.account_id, "state": "DISABLED"});
    house.control(Method::PUT, "merchant", &closed).await;
    assert_code(
        &shop,
        send(&shop.username, &shop.password).await,
        403,
        "MERCHANT_INACTIVE",
    )
    .await;
}

#[tokio::test]
async fn a_session_has_one_of_five_intents_and_every_field_is_checked() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    for intent in [
        "buy",
        "tokenize",
        "buy_and_tokenize",
        "buy_and_link",
        "buy_and_default_tokenize",
    ] {
        let session = shop.session(&json!({"intent": intent})).await;
        assert!(session["client_token"].is_string(), "{intent}");
        assert_eq!(
            session["payment_method_categories"][0]["identifier"], "klarna",
            "{intent}"
        );
    }
    let cases = [
        (json!({"intent": "steal"}), "intent"),
        (json!({"purchase_country": "Sweden"}), "purchase_country"),
        (json!({"purchase_currency": 5}), "purchase_currency"),
        (json!({"order_amount": "10"}), "order_amount"),
        (json!({"order_lines": []}), "order_lines"),
        (json!({"order_lines": [{"name": "x"}]}), "order_lines"),
        (json!({"locale": "swedish"}), "locale"),
        (
            json!({"customer": {"customer_token": "a b"}}),
            "customer.customer_token",
        ),
    ];
    for (changes, field) in cases {
        let refused = shop.send(Method::POST, SESSIONS, &cart(&changes)).await;
        let expected = (400, "BAD_VALUE".to_owned(), format!("Bad value: {field}"));
        assert_eq!(shop.trouble(refused).await, expected, "the field is named");
    }
}

#[tokio::test]
async fn a_session_is_changed_read_and_forgotten() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let session = shop.session(&json!({"customer": {"customer_token": "secret"}})).await;
    let path = format!("{SESSIONS}/{}", session["session_id"].as_str().unwrap());
    let changed = shop.send(Method::POST, &path, &json!({"order_amount": 2000})).await;
    assert_eq!(
        (changed.status().as_u16(), changed.text().await.unwrap()),
        (204, String::new()),
        "changed"
    );
    let read = value(shop.send(Method::GET, &path, &json!({})).await).await;
    assert_eq!(
        (read["order_amount"].as_i64(), read["status"].as_str()),
        (Some(2_000), Some("incomplete")),
        "read"
    );
    assert!(!read.to_string().contains("secret"), "without the customer token");
    let other = house.shop(&other_merchant()).await;
    assert_code(
        &other,
        other.send(Method::GET, &path, &json!({})).await,
        404,
        "NOT_FOUND",
    )
    .await;
    house.advance(48 * 3_600 + 1).await;
    assert_code(&shop, shop.send(Method::GET, &path, &json!({})).await, 404, "NOT_FOUND").await;
}

#[tokio::test]
async fn a_session_with_an_order_is_not_changed() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let session = shop.session(&json!({})).await;
    let agreed = json!({"session_id": session["session_id"]});
    let authorization = house.control(Method::POST, "consent", &agreed).await["authorization_token"].clone();
    value(shop.order(authorization.as_str().unwrap(), &json!({})).await).await;
    let path = format!("{SESSIONS}/{}", session["session_id"].as_str().unwrap());
    assert_code(
        &shop,
        shop.send(Method::POST, &path, &json!({})).await,
        404,
        "SESSION_COMPLETED",
    )
    .await;
    let read = value(shop.send(Method::GET, &path, &json!({})).await).await;
    assert_eq!(read["status"], "complete", "done");
}

#[tokio::test]
async fn strange_merchant_data_raises_an_alarm_or_is_refused() {
    let house = House::open().await;
    let shop = house.own_shop().await;
    let attached = |data: &Value| json!({"attachment": {"content_type": "application/vnd.klarna.internal.emd-v2+json", "body": data.to_string()}});
    let strange = attached(&json!({"customer_account_info": [{"ip_address": "10.0.0.1"}], "weather": []}));
    shop.session(&strange).await;
    assert_eq!(house.alarms().await, ["emd-unknown"], "an alarm");
    house.set("emd.unknown", "400").await;
    assert_code(
        &shop,
        shop.send(Method::POST, SESSIONS, &cart(&strange)).await,
        400,
        "BAD_VALUE",
    )
    .await;
    for wrong in [
        json!({"customer_account_info": {}}),
        json!([]),
        json!({"customer_account_info": ["x"]}),
    ] {
        let refused = shop.send(Method::POST, SESSIONS, &cart(&attached(&wrong))).await;
        let expected = (
            400,
            "BAD_VALUE".to_owned(),
            "Bad value: attachment.attachment".to_owned(),
        );
        assert_eq!(
            shop.trouble(refused).await,
            expected,
            "each package is a list of objects"
        );
    }
}
