//! Payments v1 on the wire: hosts, log-in, both idempotency headers, and sessions.

use crate::classic_stage::{PASSWORD, USER, config, line, payments, permit, session, terms};
use crate::customer_token::{LINKING, token};
use crate::network_stage::{answering, body, header, requests};
use crate::stage::context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse_klarna::{
    ClassicCall, ConfigFailure, Emd, Environment, Intent, OrderLines, PaymentHistorySimple, PaymentSessionId,
    PaymentsClient, PaymentsLogin, PaymentsPassword, Region, SessionUpdate, TermRefusal,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

fn started() -> Value {
    json!({ "session_id": "s-1", "client_token": "eyJ.client.token", "payment_method_categories": [
        { "identifier": "klarna", "name": "Pay", "asset_urls": {} }, { "name": "nameless" }] })
}

fn session_id() -> PaymentSessionId {
    PaymentSessionId::parse("s-1").unwrap()
}

#[test]
fn each_region_has_a_live_and_a_test_host() {
    let mut hosts: Vec<_> = Region::ALL
        .into_iter()
        .flat_map(|region| [Environment::Live, Environment::Test].map(|environment| region.base_url(environment)))
        .collect();
    assert!(
        hosts
            .iter()
            .all(|host| host.starts_with("https://api") && host.ends_with(".klarna.com")),
        "{hosts:?}"
    );
    hosts.sort_unstable();
    hosts.dedup();
    assert_eq!(hosts.len(), 6, "three regions, two environments");
    for region in Region::ALL {
        assert!(
            region.base_url(Environment::Test).contains("playground"),
            "test is called playground"
        );
        assert_eq!(Region::from_word(region.as_str()), Some(region), "words are read back");
    }
}

#[test]
fn log_in_and_hosts_are_checked() {
    for user in ["", "a:b", "a b", "a\n"] {
        let password = PaymentsPassword::parse(PASSWORD.into()).unwrap();
        assert!(
            PaymentsLogin::password(user, password).is_err(),
            "{user:?} is no user name"
        );
    }
    assert!(PaymentsPassword::parse("  ".into()).is_err(), "nothing is no password");
    gatehouse_klarna::install_crypto();
    let plain = PaymentsClient::new(&config("http://api.klarna.com"));
    assert!(
        matches!(plain, Err(ConfigFailure::PlainHttp)),
        "no password leaves without TLS"
    );
    assert!(
        !format!("{:?}", config("http://127.0.0.1").login).contains(PASSWORD),
        "nor is it shown"
    );
}

#[test]
fn order_amount_is_the_sum_of_one_to_a_thousand_lines() {
    assert_eq!(terms().lines.amount(), 25_900, "the sum");
    let of = |lines: Vec<_>| OrderLines::new(lines).map(|lines| lines.amount());
    assert_eq!(of(vec![]), Err(TermRefusal::Nothing), "at least one");
    assert_eq!(of(vec![line(1); 1001]), Err(TermRefusal::TooMany), "at most 1000");
    assert_eq!(of(vec![line(1); 1000]), Ok(1000), "1000 are taken");
    assert_eq!(of(vec![line(5), line(-6)]), Err(TermRefusal::Amount), "not below zero");
    assert_eq!(
        of(vec![line(5), line(-5)]),
        Ok(0),
        "nothing to pay is possible for a token"
    );
    assert_eq!(
        of(vec![line(1 << 53)]),
        Err(TermRefusal::Amount),
        "nor beyond what JSON keeps"
    );
}

#[tokio::test]
async fn session_is_started_for_each_intent_with_and_without_a_token() {
    for intent in Intent::ALL {
        let server = answering(ResponseTemplate::new(200).set_body_json(started())).await;
        let client = payments(&server.uri());
        let draft = session(intent);
        let made = client
            .create_session(permit(&client, ClassicCall::CreateSession(&draft)), &draft, &context())
            .await
            .unwrap()
            .value;
        assert_eq!(
            (made.id.as_str(), made.client_token.expose()),
            ("s-1", "eyJ.client.token"),
            "both are read"
        );
        assert_eq!(made.categories, ["klarna"], "the ways to pay");
        let sent = requests(&server).await;
        assert_eq!(sent[0].url.path(), "/payments/v1/sessions", "the path");
        let basic = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
        assert_eq!(header(&sent[0], "authorization"), Some(basic), "user and password");
        let keys = ["klarna-idempotency-key", "idempotency-key"].map(|name| header(&sent[0], name));
        assert!(keys[0].is_some() && keys[0] == keys[1], "both names, one key");
        let body = body(&sent[0]);
        assert_eq!(body["intent"], intent.as_str(), "Klarna's word");
        assert_eq!(
            (&body["order_amount"], &body["order_tax_amount"]),
            (&json!(25_900), &json!(4_135)),
            "sums"
        );
        assert!(
            body.get("customer").is_none() && body.get("attachment").is_none(),
            "no customer data: {body}"
        );
    }
    let server = answering(ResponseTemplate::new(200).set_body_json(started())).await;
    let client = payments(&server.uri());
    let mut draft = session(Intent::BuyAndLink);
    draft.customer_token = Some(token(LINKING));
    client
        .create_session(permit(&client, ClassicCall::CreateSession(&draft)), &draft, &context())
        .await
        .unwrap();
    let sent = requests(&server).await;
    assert_eq!(
        body(&sent[0])["customer"],
        json!({ "customer_token": LINKING }),
        "the token spares the log-in"
    );
    assert!(
        !sent[0].url.as_str().contains("customer-token"),
        "and stands in no address"
    );
}

#[tokio::test]
async fn session_is_updated_with_extra_data_as_a_text_and_read() {
    let server = answering(ResponseTemplate::new(204)).await;
    let client = payments(&server.uri());
    let emd = Emd {
        payment_history_simple: vec![PaymentHistorySimple {
            unique_account_identifier: None,
            paid_before: Some(true),
        }],
        ..Emd::default()
    };
    let update = SessionUpdate {
        terms: terms(),
        attachment: Some(emd.build().unwrap()),
    };
    let id = session_id();
    let call = ClassicCall::UpdateSession(&id, &update);
    client
        .update_session(permit(&client, call), &id, &update, &context())
        .await
        .unwrap();
    let sent = requests(&server).await;
    assert_eq!(
        (sent[0].method.as_str(), sent[0].url.path()),
        ("POST", "/payments/v1/sessions/s-1"),
        "the path"
    );
    let attachment = &body(&sent[0])["attachment"];
    assert_eq!(
        attachment["body"], "{\"payment_history_simple\":[{\"paid_before\":true}]}",
        "a text that holds JSON"
    );

    for (status, complete) in [("complete", Some(true)), ("incomplete", Some(false)), ("new", None)] {
        let answer = json!({ "status": status, "intent": "buy_and_link", "client_token": "eyJ.c.t" });
        let server = answering(ResponseTemplate::new(200).set_body_json(answer)).await;
        let state = payments(&server.uri())
            .read_session(&id, &context())
            .await
            .unwrap()
            .value;
        assert_eq!(
            (state.is_complete, state.intent),
            (complete, Some(Intent::BuyAndLink)),
            "{status}"
        );
    }
}
