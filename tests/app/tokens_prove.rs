//! A proof of an integration through the window's own commands: its steps as they end, the customer waited for, the report saved.
//!
//! A simulated Klarna answers, and its customer agrees by control. Deliberately absent: what each step must come to, which the core tests.

use serde_json::{Value, json};

use crate::desk::Desk;

fn begin(desk: &Desk) {
    let wish = json!({ "merchantId": desk.bakery(), "returnUrl": "https://shop.example/back" });
    desk.ask("tokens_prove", json!({ "wish": wish })).unwrap();
}

fn until(desk: &Desk, wanted: impl Fn(&Value) -> bool) -> Value {
    desk.until("tokens_proof_look", wanted)
}

#[test]
fn an_integration_is_proven_step_by_step_and_its_report_saved() {
    let desk = Desk::with_sandbox();
    assert_eq!(
        desk.code("tokens_proof_save", json!({ "form": "pdf" })),
        "input_invalid",
        "none yet"
    );
    begin(&desk);
    let waits = until(&desk, |stands| stands["consent"].is_string());
    assert_eq!(
        waits["steps"].as_array().unwrap().len(),
        6,
        "those to come are shown too: {waits}"
    );
    assert_eq!(
        (&waits["steps"][0]["good"], &waits["steps"][1]["found"]),
        (&json!(true), &Value::Null)
    );
    let listed = desk.ask("token_consents", json!({})).unwrap();
    let asked = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == waits["consent"])
        .unwrap()
        .clone();
    desk.post("consent", &json!({ "payment_request_id": asked["requestId"] }));
    let ended = until(&desk, |stands| !stands["proof"].is_null());
    assert_eq!(ended["proof"]["passed"], json!(true), "{ended}");
    assert!(
        ended["steps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|step| step["good"] == json!(true)),
        "{ended}"
    );
    assert!(
        desk.saved("tokens_proof_save", "pdf").starts_with(b"%PDF-"),
        "for people"
    );
    let document: Value = serde_json::from_slice(&desk.saved("tokens_proof_save", "json")).unwrap();
    assert_eq!(document["steps"].as_array().unwrap().len(), 6, "for programs");
    assert!(
        String::from_utf8(desk.saved("tokens_proof_save", "page"))
            .unwrap()
            .contains("is proven"),
        "for a browser"
    );
    desk.ask("tokens_proof_forget", json!({})).unwrap();
    let stands = until(&desk, |_| true);
    assert!(stands["proof"].is_null(), "put away: {stands}");
}

#[test]
fn a_proof_whose_customer_never_answers_is_ended_and_the_request_taken_back() {
    let desk = Desk::with_sandbox();
    begin(&desk);
    let waits = until(&desk, |stands| stands["consent"].is_string());
    let wish = json!({ "merchantId": "x", "returnUrl": "https://shop.example/back" });
    assert_eq!(
        desk.code("tokens_prove", json!({ "wish": wish })),
        "input_invalid",
        "one at a time"
    );
    desk.ask("tokens_proof_stop", json!({})).unwrap();
    let ended = until(&desk, |stands| !stands["proof"].is_null());
    assert_eq!(ended["proof"]["passed"], json!(false), "nothing is proven: {ended}");
    let listed = desk.ask("token_consents", json!({})).unwrap();
    let asked = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == waits["consent"])
        .unwrap()
        .clone();
    assert_eq!(
        asked["state"],
        json!("canceled"),
        "the customer is asked no more: {asked}"
    );
}

#[test]
fn what_keeps_a_proof_from_its_first_step_is_the_answer() {
    let desk = Desk::with_sandbox();
    let wish = json!({ "merchantId": "nobody", "returnUrl": "https://shop.example/back" });
    assert_eq!(desk.code("tokens_prove", json!({ "wish": wish })), "merchant_unknown");
    let stands = until(&desk, |_| true);
    assert!(
        stands["problem"].is_null() && stands["running"] == json!(false),
        "nothing was begun: {stands}"
    );
}

#[test]
fn the_scope_that_fits_is_said_with_its_reason() {
    let desk = Desk::bare();
    let said = desk
        .ask("token_scope_advice", json!({ "there": true, "fixed": false }))
        .unwrap();
    assert_eq!(said["presence"], json!("customer_present"), "{said}");
    let said = desk
        .ask("token_scope_advice", json!({ "there": false, "fixed": false }))
        .unwrap();
    assert!(
        said["why"].as_str().unwrap().contains("vary"),
        "amounts that vary are told of: {said}"
    );
}
