//! A running sandbox is asked without a client library: answers, refusals, silence, and whether an address is its own.

use crate::support::House;
use gatehouse_sandbox::{Address, AskError, read_page};
use serde_json::{Value, json};

/// Asks on a thread of its own, since asking blocks and the sandbox answers on this one.
async fn ask(
    address: &Address,
    method: &'static str,
    name: &'static str,
    body: Option<Value>,
) -> Result<Value, AskError> {
    let address = address.clone();
    let asking = move || address.control(method, name, body.as_ref());
    tokio::task::spawn_blocking(asking).await.unwrap()
}

#[tokio::test]
async fn a_running_sandbox_is_steered_and_its_refusals_are_told() {
    let house = House::open().await;
    let address = house.running.address.clone();
    let turned = ask(&address, "PUT", "clock", Some(json!({ "offset_s": 90 })))
        .await
        .unwrap();
    let read = ask(&address, "GET", "clock", None).await.unwrap();
    assert_eq!((&read["offset_s"], read.is_object()), (&json!(90), true), "{turned}");
    match ask(&address, "PUT", "settings", Some(json!({ "no.such": "x" }))).await {
        Err(AskError::Refused { status: 400, said }) => assert!(said.contains("no.such"), "it names the key: {said}"),
        other => panic!("a key that is none: {other:?}"),
    }
    let guess = Address {
        control_token: "guess".into(),
        ..address.clone()
    };
    let refused = ask(&guess, "GET", "clock", None).await.unwrap_err();
    assert!(matches!(refused, AskError::Refused { status: 401, .. }), "{refused}");
    house.running.shutdown().await;
    let silent = ask(&address, "GET", "clock", None).await.unwrap_err();
    assert!(silent.to_string().contains("does not answer"), "{silent}");
}

#[tokio::test]
async fn a_page_is_read_whole() {
    let house = House::open().await;
    let http = house.running.address.http.clone();
    let (page, expected) = (
        format!("{http}/_sandbox/merchants.csv"),
        house.page(&house.running.address.merchants_csv_url).await,
    );
    let read = move || read_page(&http, "/_sandbox/merchants.csv");
    let bytes = tokio::task::spawn_blocking(read).await.unwrap().unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), expected.1, "{page}");
}

#[tokio::test]
async fn an_address_is_its_own_by_the_whole_port() {
    let house = House::open().await;
    let own = &house.running.address;
    assert!(
        own.answers_at(&own.http) && own.answers_at(&format!("{}/v2", own.https)),
        "both of its addresses"
    );
    assert!(
        !own.answers_at(&format!("{}0", own.http)),
        "another port that begins alike"
    );
    assert!(!own.answers_at("http://127.0.0.1"), "no port at all");
}
