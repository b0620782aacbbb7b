//! Account linking through the window's own commands: terms, log-in, sessions without and with a stored token, order, opt-out.
//!
//! A simulated Klarna answers, and the customer's part is done at its control. No password, authorization or token is ever in what Rust
//! says to the window. Deliberately absent: the browser, which the journey in the real window has.

use std::sync::Arc;

use gatehouse_core::KeysChoice;
use gatehouse_core::key_store::MemoryKeyStore;
use gatehouse_sandbox::Settings;
use serde_json::{Value, json};

use crate::desk::Desk;

/// User and password that the simulated Klarna gives out.
fn credentials(desk: &Desk) -> (Value, String) {
    let made = desk.control("enrolment")["payments_v1"].clone();
    (made["username"].clone(), made["password"].as_str().unwrap().to_owned())
}

/// A desk whose terms are accepted and whose log-in is set.
fn ready() -> Desk {
    let mut settings = Settings::default();
    settings.set("rate.enabled", "false").unwrap();
    let desk = Desk::beside_a_sandbox(settings, KeysChoice::Given(Arc::new(MemoryKeyStore::new())));
    desk.ask("profile_try_sandbox", json!({})).unwrap();
    desk.ask("linking_terms_accept", json!({})).unwrap();
    let (user, password) = credentials(&desk);
    let login = json!({ "region": "europe", "user": user, "password": password });
    desk.ask("secret_linking_login", login).unwrap();
    desk
}

fn wish(token: &Value) -> Value {
    json!({ "wish": { "merchantId": null, "tokenId": token, "customer": "cust-1", "order": {
        "country": "SE", "locale": "sv-SE", "currency": "SEK", "reference": "order-1",
        "lines": [{ "name": "Bread", "quantity": 2, "unitPrice": 4550 }, { "name": "Milk", "quantity": 1, "unitPrice": 1800 }] } } })
}

fn started(desk: &Desk, token: &Value) -> Value {
    desk.ask("linking_start", wish(token)).unwrap()
}

/// The customer pays on Klarna's page, and links or does not.
fn paid(desk: &Desk, session: &Value, link: bool) -> Value {
    let body = json!({ "session_id": session["sessionId"], "link": link });
    desk.post("consent", &body)["authorization_token"].clone()
}

fn ordered(desk: &Desk, session: &Value, authorization: &Value) -> Value {
    let order = json!({ "id": session["id"], "authorization": authorization });
    desk.ask("secret_linking_order", order).unwrap()
}

/// A whole purchase, from the start to the order.
fn purchase(desk: &Desk, token: &Value, link: bool) -> Value {
    let session = started(desk, token);
    let authorization = paid(desk, &session, link);
    ordered(desk, &session, &authorization)
}

#[test]
fn terms_and_log_in_come_first_and_the_password_never_comes_back() {
    let desk = Desk::with_sandbox();
    let terms = desk.ask("linking_terms", json!({})).unwrap();
    assert_eq!(terms["accepted"], json!(false), "nobody read them");
    assert!(
        terms["text"].as_str().unwrap().contains("liable"),
        "whose liability it is"
    );
    assert_eq!(terms["hosts"].as_array().unwrap().len(), 3, "three regions: {terms}");
    assert_eq!(desk.code("linking_start", wish(&Value::Null)), "linking_terms");
    let accepted = desk.ask("linking_terms_accept", json!({})).unwrap();
    assert_eq!(accepted["accepted"], json!(true), "now they are");
    assert_eq!(
        desk.ask("linking_login", json!({})).unwrap(),
        Value::Null,
        "there is none"
    );
    assert_eq!(
        desk.code("linking_start", wish(&Value::Null)),
        "payments_login_missing",
        "and nothing was sent"
    );
    let (user, password) = credentials(&desk);
    let login = |region: &str| json!({ "region": region, "user": user, "password": password });
    assert_eq!(desk.code("secret_linking_login", login("mars")), "input_invalid");
    let kept = desk.ask("secret_linking_login", login("oceania")).unwrap();
    assert_eq!((&kept["user"], &kept["region"]), (&user, &json!("oceania")), "{kept}");
    assert_eq!(
        desk.ask("linking_login", json!({})).unwrap(),
        kept,
        "without its password"
    );
    assert!(
        !desk.trace.lock().unwrap().contains(&password),
        "which never comes back"
    );
}

#[test]
fn a_customer_is_linked_and_needs_no_log_in_the_next_time() {
    let desk = ready();
    let session = started(&desk, &Value::Null);
    assert_eq!(session["amount"], json!(10_900), "the lines' sum: {session}");
    assert_eq!(session["orderId"], Value::Null, "no order came of it");
    let missing = json!({ "id": session["id"], "authorization": "nobody-has-this-one" });
    assert!(
        desk.ask("secret_linking_order", missing).is_err(),
        "an authorization of nobody makes no order"
    );
    let authorization = paid(&desk, &session, true);
    let order = ordered(&desk, &session, &authorization);
    assert_eq!(order["session"]["linking"], json!("linked"), "{order}");
    let token = order["token"].clone();
    assert_eq!(token["family"], json!("network_linking"), "the token is kept: {token}");
    assert_eq!(token["customer"], json!("cust-1"), "as this customer's");
    let again = json!({ "id": session["id"], "authorization": authorization });
    assert_eq!(desk.code("secret_linking_order", again), "consent_over", "once");
    let back = purchase(&desk, &token["id"], true);
    assert_eq!(back["session"]["linking"], json!("same"), "{back}");
    assert_eq!(
        back["session"]["sent"]["id"], token["id"],
        "the stored token went along"
    );
    let listed = desk.ask("linking_sessions", json!({})).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
    assert_eq!(listed[0]["id"], back["session"]["id"], "the newest first");
    let trace = desk.trace.lock().unwrap();
    assert!(
        !trace.contains(authorization.as_str().unwrap()),
        "no authorization came back"
    );
}

#[test]
fn an_opt_out_is_said_as_one_and_revokes_nothing() {
    let desk = ready();
    let none = purchase(&desk, &Value::Null, false);
    assert_eq!(none["session"]["linking"], json!("opted_out"), "{none}");
    assert_eq!(none["token"], Value::Null, "nothing is kept");
    let token = purchase(&desk, &Value::Null, true)["token"].clone();
    let out = purchase(&desk, &token["id"], false);
    assert_eq!(out["session"]["linking"], json!("opted_out"), "{out}");
    let kept = desk.ask("token_show", json!({ "id": token["id"] })).unwrap();
    assert_eq!(kept["state"], token["state"], "what is kept stays as it was");
}

#[test]
fn what_cannot_be_an_order_is_refused_with_a_code() {
    let desk = ready();
    let with = |member: &str, value: Value| {
        let mut wish = wish(&Value::Null);
        wish["wish"]["order"][member] = value;
        desk.code("linking_start", wish)
    };
    assert_eq!(with("country", json!("Sweden")), "input_invalid");
    assert_eq!(with("currency", json!("kr")), "input_invalid");
    assert_eq!(with("lines", json!([])), "input_invalid", "there is no line");
    let line = json!({ "name": "Bread", "quantity": 0, "unitPrice": 100 });
    assert_eq!(with("lines", json!([line])), "input_invalid", "none of it");
    assert_eq!(desk.code("linking_open", json!({ "id": "77" })), "consent_unknown");
    let mut unknown = wish(&Value::Null);
    unknown["wish"]["tokenId"] = json!("4711");
    assert_eq!(desk.code("linking_start", unknown), "token_unknown");
}

#[test]
fn an_open_session_is_changed_and_its_calls_are_drawn_without_a_secret() {
    let desk = ready();
    let token = purchase(&desk, &Value::Null, true)["token"].clone();
    let session = started(&desk, &token["id"]);
    let order = json!({ "country": "SE", "currency": "SEK", "reference": "order-2",
        "lines": [{ "name": "Bread", "quantity": 1, "unitPrice": 4550 }] });
    let parts = json!({ "parts": [{ "package": "customer_account_info", "entry": 0,
        "member": "unique_account_identifier", "value": "cust-1" }] });
    let built = desk.ask("emd_build", parts).unwrap();
    let lint = json!({ "text": built["attachment"], "place": "update" });
    assert_eq!(
        desk.ask("secret_emd_lint", lint).unwrap(),
        json!([]),
        "what is built is right: {built}"
    );
    let change = json!({ "id": session["id"], "order": order, "merchantData": built["attachment"] });
    let changed = desk.ask("secret_linking_update", change).unwrap();
    assert_eq!(
        (&changed["amount"], &changed["reference"]),
        (&json!(4550), &json!("order-2")),
        "{changed}"
    );
    let drawn = desk.ask("linking_calls", json!({ "id": session["id"] })).unwrap();
    assert_eq!(
        drawn["order"]["lines"][0]["unitPrice"],
        json!(4550),
        "as it is about now"
    );
    let steps: Vec<&str> = drawn["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["step"].as_str().unwrap())
        .collect();
    assert_eq!(
        steps,
        ["start", "read", "update", "order"],
        "each call of an open session"
    );
    let text = drawn.to_string();
    assert!(
        text.contains("$KLARNA_CUSTOMER_TOKEN") && text.contains("buy_and_link"),
        "{text}"
    );
    assert!(!text.contains(&credentials(&desk).1), "without the password");
    let authorization = paid(&desk, &session, true);
    assert_eq!(
        ordered(&desk, &session, &authorization)["session"]["linking"],
        json!("same"),
        "and is ordered"
    );
    let over = json!({ "id": session["id"], "order": null, "merchantData": built["attachment"] });
    assert_eq!(desk.code("secret_linking_update", over), "consent_over");
}

#[test]
fn extra_merchant_data_is_built_by_klarnas_members_alone() {
    let desk = Desk::with_sandbox();
    let packages = desk.ask("emd_packages", json!({})).unwrap();
    let first = &packages[0];
    assert!(
        first["name"].is_string() && first["members"][0]["holds"].is_string(),
        "a form can be made: {first}"
    );
    let part = |member: &str, value: &str| json!({ "parts": [{ "package": "customer_account_info", "entry": 0, "member": member, "value": value }] });
    assert_eq!(
        desk.code("emd_build", part("ip_address", "203.0.113.7")),
        "input_invalid"
    );
    assert_eq!(
        desk.code("emd_build", part("account_registration_date", "yesterday")),
        "input_invalid"
    );
    let whole = desk
        .ask("emd_build", part("account_registration_date", "2024-02-29"))
        .unwrap();
    let attachment: Value = serde_json::from_str(whole["attachment"].as_str().unwrap()).unwrap();
    assert!(attachment["body"].is_string(), "the body is a text: {attachment}");
}
