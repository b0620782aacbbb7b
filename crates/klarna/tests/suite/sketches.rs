//! Calls drawn for an integrator: the same as what is sent, without a secret, and a shell reads them as they are meant.

use crate::classic_stage::{
    AUTHORIZATION, PASSWORD, authorization, payments, permit as classic_permit, session, terms,
};
use crate::customer_token::{CLASSIC, LINKING, PAYMENT, token};
use crate::network_stage::{
    REQUEST_ID, SESSION, absent_charge, answering, approved, body, client, creation, finalisation, payment, permit,
    present_charge, requests,
};
use crate::stage::{context, merchant};
use gatehouse_klarna::{CallSketch, ClassicCall, Intent, NetworkCall, PaymentRequestId, PaymentSessionId, TokenOrder};
use serde_json::{Value, json};
use std::process::Command;
use wiremock::ResponseTemplate;

const SECRETS: [&str; 6] = [PAYMENT, LINKING, CLASSIC, SESSION, AUTHORIZATION, PASSWORD];

fn hides_all(sketch: &CallSketch) {
    for text in [sketch.to_curl(), sketch.to_json(), format!("{sketch:?}")] {
        for secret in SECRETS {
            let core = secret.rsplit(':').next().unwrap();
            assert!(!text.contains(core), "no part of a secret is drawn: {text}");
        }
        assert!(!text.contains("klarna_test_api_"), "nor is the API key: {text}");
    }
}

/// Runs a drawn command with a `curl` that tells its arguments, one a line.
fn arguments(curl: &str) -> Vec<String> {
    let script = format!("curl() {{ for word in \"$@\"; do printf '%s\\0' \"$word\"; done; }}\n{curl}\n");
    let out = Command::new("sh")
        .args(["-c", &script])
        .env("KLARNA_CUSTOMER_TOKEN", "the token")
        .env("KLARNA_API_KEY", "key")
        .env("KLARNA_USERNAME", "user")
        .env("KLARNA_PASSWORD", "it's $HOME")
        .output()
        .unwrap();
    assert!(out.status.success(), "the shell reads it: {curl}");
    let text = String::from_utf8(out.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[tokio::test]
async fn what_is_drawn_is_what_is_sent() {
    for authorization in [
        creation(Some(payment())),
        finalisation(),
        present_charge(),
        absent_charge(),
    ] {
        let server = answering(ResponseTemplate::new(200).set_body_json(approved())).await;
        let client = client(&server);
        let call = NetworkCall::Authorize(&authorization);
        let drawn = client.sketch(&merchant(), call, &context());
        assert_eq!(requests(&server).await.len(), 0, "drawing sends nothing");
        let _ = client
            .authorize_payment(permit(call), &merchant(), &authorization, &context())
            .await;
        let sent = requests(&server).await;
        assert_eq!(drawn.body, Some(body(&sent[0])), "the same body");
        assert_eq!(
            (drawn.method.as_str(), drawn.url.ends_with(sent[0].url.path())),
            (sent[0].method.as_str(), true),
            "the same line"
        );
        for (name, value) in &drawn.headers {
            let real = sent[0].headers.get(name.as_str()).unwrap().to_str().unwrap();
            assert!(value.contains('$') || value == real, "{name}: {value} is {real}");
        }
        hides_all(&drawn);
    }
}

#[test]
fn every_call_is_drawn_without_its_secrets() {
    gatehouse_klarna::install_crypto();
    let network = crate::stage::client("https://api-global.test.klarna.com");
    let (id, charge, payment_token) = (
        PaymentRequestId::parse(REQUEST_ID).unwrap(),
        absent_charge(),
        token(PAYMENT),
    );
    for call in [
        NetworkCall::Authorize(&charge),
        NetworkCall::ReadRequest(&id),
        NetworkCall::CancelRequest(&id),
        NetworkCall::Introspect(&payment_token),
        NetworkCall::Revoke(&payment_token),
    ] {
        let drawn = network.sketch(&merchant(), call, &context());
        hides_all(&drawn);
        assert!(
            drawn.to_curl().contains("\"$KLARNA_API_KEY\""),
            "the key is a variable: {}",
            drawn.to_curl()
        );
    }
    let v1 = payments("https://api.playground.klarna.com");
    let (authorization, terms, classic) = (authorization(), terms(), token(CLASSIC));
    let mut linking = session(Intent::BuyAndLink);
    linking.customer_token = Some(token(LINKING));
    let order = TokenOrder {
        terms: terms.clone(),
        step_up_supported: false,
    };
    for call in [
        ClassicCall::CreateSession(&linking),
        ClassicCall::ReadSession(&PaymentSessionId::parse("s-1").unwrap()),
        ClassicCall::PlaceOrder(&authorization, &terms),
        ClassicCall::Release(&authorization),
        ClassicCall::ReadToken(&classic),
        ClassicCall::OrderWithToken(&classic, &order),
        ClassicCall::CancelToken(&classic),
    ] {
        let drawn = v1.sketch(call, &context());
        hides_all(&drawn);
        let curl = drawn.to_curl();
        assert!(
            curl.contains("-u \"$KLARNA_USERNAME:$KLARNA_PASSWORD\""),
            "the log-in is two variables: {curl}"
        );
    }
}

#[test]
fn shell_reads_variables_and_nothing_else() {
    let v1 = payments("https://api.playground.klarna.com");
    let mut linking = session(Intent::BuyAndLink);
    linking.customer_token = Some(token(LINKING));
    let mut lines = vec![crate::classic_stage::line(100)];
    lines[0].name = "Ann's \"$HOME\" `id` $(id) \\ ü\n!".into();
    linking.terms.lines = gatehouse_klarna::OrderLines::new(lines).unwrap();
    let drawn = v1.sketch(ClassicCall::CreateSession(&linking), &context());
    let words = arguments(&drawn.to_curl());
    assert_eq!(
        words[..3],
        ["-X", "POST", "https://api.playground.klarna.com/payments/v1/sessions"],
        "method and address"
    );
    let login = words.iter().position(|word| word == "-u").unwrap();
    assert_eq!(words[login + 1], "user:it's $HOME", "variables are filled in once");
    let body: Value = serde_json::from_str(words.last().unwrap()).unwrap();
    assert_eq!(
        body["customer"],
        json!({ "customer_token": "the token" }),
        "in the body too"
    );
    assert_eq!(
        body["order_lines"][0]["name"], "Ann's \"$HOME\" `id` $(id) \\ ü\n!",
        "and nothing else is"
    );
    let classic = token(CLASSIC);
    let drawn = v1.sketch(ClassicCall::ReadToken(&classic), &context());
    let words = arguments(&drawn.to_curl());
    assert!(
        words[2].ends_with("/customer-token/v1/tokens/the token"),
        "in the path too: {words:?}"
    );
}

#[tokio::test]
async fn v1_is_drawn_as_it_is_sent() {
    let server = answering(ResponseTemplate::new(200).set_body_json(json!({ "order_id": "o" }))).await;
    let client = payments(&server.uri());
    let (authorization, terms) = (authorization(), terms());
    let call = ClassicCall::PlaceOrder(&authorization, &terms);
    let drawn = client.sketch(call, &context());
    client
        .place_order(classic_permit(&client, call), &authorization, &terms, &context())
        .await
        .unwrap();
    let sent = requests(&server).await;
    assert_eq!(drawn.body, Some(body(&sent[0])), "the same body");
    let url = drawn.url.replace("$KLARNA_AUTHORIZATION_TOKEN", AUTHORIZATION);
    assert!(
        url.ends_with(sent[0].url.path()),
        "the same address but for the secret: {url}"
    );
    let json: Value = serde_json::from_str(&drawn.to_json()).unwrap();
    assert_eq!(
        json["headers"]["Idempotency-Key"], json["headers"]["Klarna-Idempotency-Key"],
        "both names"
    );
}
