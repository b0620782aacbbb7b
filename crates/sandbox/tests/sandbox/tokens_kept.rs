//! What is kept over a restart, forgotten by a reset, and never written into a log or a list.

use crate::support::{House, MERCHANTS, options};
use crate::support_tokens::{Mailroom, NOT_PRESENT, PRESENT, asking, charging, value, verdict, webhook};
use gatehouse_sandbox::serve;
use reqwest::Method;
use serde_json::{Value, json};
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

#[tokio::test]
async fn tokens_outlive_a_restart_and_a_reset_ends_them() {
    let house = House::open().await;
    let token = house.token(NOT_PRESENT).await;
    let answer = value(house.authorize(&asking(PRESENT, Some(100))).await).await;
    let id = answer["payment_request"]["payment_request_id"]
        .as_str()
        .unwrap()
        .to_owned();
    house.running.shutdown().await;
    let running = serve(options(&house.dir, None)).await.unwrap();
    let house = House { running, ..house };
    let charge = value(house.charge(&token, &charging(NOT_PRESENT, 5)).await).await;
    assert_eq!(verdict(&charge).0, "APPROVED", "the token is kept");
    assert_eq!(
        house.payment_request(&id).await["state"],
        "SUBMITTED",
        "and the request"
    );
    house
        .control(Method::POST, "reset", &json!({"merchants": MERCHANTS}))
        .await;
    assert_eq!(house.introspect(&token).await.status(), 404, "a reset forgets it");
}

#[tokio::test]
async fn a_delivery_that_failed_is_tried_again_after_a_restart() {
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    webhook(&house, &url, &["identity.*"]).await;
    mailroom.answer(&[500]);
    let token = house.minted(&json!({})).await;
    value(house.revoke_token(&token).await).await;
    mailroom.wait(1).await;
    house.running.shutdown().await;
    let running = serve(options(&house.dir, None)).await.unwrap();
    let house = House { running, ..house };
    house.advance(11).await;
    let told = mailroom.wait(2).await;
    assert_eq!(told[0].raw, told[1].raw, "the same delivery, ten seconds later");
}

#[tokio::test]
async fn tokens_are_made_and_listed_in_bulk() {
    let house = House::open().await;
    let body = json!({
        "partner_account_id": house.merchant.account_id, "family": "payment", "customer_token_reference": "bulk",
        "scopes": [PRESENT], "count": 250,
    });
    let made = house.control(Method::POST, "tokens", &body).await;
    assert_eq!(made["tokens"].as_array().unwrap().len(), 250, "all of them");
    let list = house
        .control(Method::GET, "tokens?limit=100&after=50", &Value::Null)
        .await;
    let list = list["tokens"].as_array().unwrap();
    assert_eq!((list.len(), list[0]["id"].as_i64()), (100, Some(51)), "a page of them");
    let one = house
        .control(Method::GET, "tokens?reference=bulk-250", &Value::Null)
        .await;
    assert_eq!(one["tokens"][0]["status"], "ACTIVE", "by reference");
    let change = async |name: &str, status: &str| {
        let call = house.client.put(house.url("/_sandbox/tokens"));
        let call = call.header("x-sandbox-control", &house.running.address.control_token);
        let body = json!({"customer_token_reference": name, "status": status});
        call.json(&body).send().await.unwrap().status().as_u16()
    };
    assert_eq!(
        change("nobody", "REVOKED").await,
        404,
        "an unknown reference changes nothing"
    );
    assert_eq!(
        change("bulk-1", "SUSPENDED").await,
        404,
        "a network token cannot be suspended"
    );
    assert_eq!(change("bulk-1", "REVOKED").await, 200, "but revoked");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0.lock().unwrap(), " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn no_log_and_no_list_shows_a_token() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    tracing::info!(canary = "the log is heard");
    let house = House::open().await;
    let (mailroom, url) = Mailroom::open().await;
    let (_, signing) = webhook(&house, &url, &["payment.*", "identity.*"]).await;
    let network = house.token(NOT_PRESENT).await;
    value(house.charge(&network, &charging(NOT_PRESENT, 5)).await).await;
    let elsewhere = json!({"partner_account_id": crate::support_tokens::other_merchant()});
    let foreign = house.minted(&elsewhere).await;
    house.introspect(&foreign).await;
    let shop = house.own_shop().await;
    let linking = shop.buy(None, &json!({})).await["customer_token"]
        .as_str()
        .unwrap()
        .to_owned();
    shop.buy(Some(&linking), &json!({"email": "lee@customer.example"}))
        .await;
    let old = shop.v1_token("kim@customer.example").await;
    let path = format!("/customer-token/v1/tokens/{old}");
    shop.send(Method::GET, &path, &json!({})).await;
    house.fault(json!({"kind": "cut", "path": "customer-token"})).await;
    let _ = house.client.get(house.url(&path)).send().await;
    value(house.revoke_token(&network).await).await;
    mailroom.wait(4).await;
    let session = mailroom.seen().iter().find_map(|one| {
        one.body["payload"]["klarna_network_session_token"]
            .as_str()
            .map(str::to_owned)
    });
    let mut shown = log.0.lock().unwrap().clone();
    assert!(shown.contains("the log is heard"), "the search would find something");
    for name in [
        "alarms",
        "tokens",
        "charges",
        "payment-requests",
        "deliveries",
        "mailbox",
        "calls",
    ] {
        shown.push_str(&house.control(Method::GET, name, &Value::Null).await.to_string());
    }
    let secrets = [network, foreign, linking, old, signing, shop.password.clone()];
    for secret in secrets.into_iter().chain(session) {
        assert!(!shown.contains(&secret), "a secret is shown: {shown}");
    }
}
