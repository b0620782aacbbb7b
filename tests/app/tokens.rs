//! Customer tokens through the window's own commands: kept, found, checked, copied, made with a customer's consent, charged, revoked.
//!
//! A simulated Klarna answers. No token is ever in what Rust says to the window. Deliberately absent: the rules, which the core tests.

use serde_json::{Value, json};

use crate::desk::Desk;

/// A token that somebody has; the sandbox does not know it.
const PASTED: &str = "krn:customer-token:eu1:7a1b2c3d-1111-4222-8333-abcdefabcdef";

fn bakery(desk: &Desk) -> Value {
    let rows = json!({ "request": { "query": "SE-00417", "first": 0, "count": 1 } });
    desk.ask("merchants_search", rows).unwrap()["rows"][0]["id"].clone()
}

fn told(desk: &Desk, reference: &str) -> Value {
    json!({ "token": PASTED, "told": { "merchantId": bakery(desk), "reference": reference, "customer": "c-1",
            "subscription": "S-1", "scopes": ["payment:customer_not_present"] } })
}

fn page(view: &str, text: &str) -> Value {
    json!({ "request": { "view": view, "text": text, "merchantId": null, "before": null, "limit": 100 } })
}

fn rows(desk: &Desk, view: &str, text: &str) -> Vec<Value> {
    let page = desk.ask("tokens_page", page(view, text)).unwrap();
    page["rows"].as_array().unwrap().clone()
}

fn terms(amount: Option<u32>, payment: &str) -> Value {
    json!({ "currency": "EUR", "amount": amount, "paymentReference": payment, "ondemand": null,
            "subscription": { "reference": "sub-1", "amount": null, "interval": null },
            "returnUrl": "https://shop.example/back" })
}

fn creating(desk: &Desk, amount: Option<u32>, payment: &str) -> Value {
    json!({ "wish": { "merchantId": bakery(desk), "presence": "customer_not_present", "logIn": false,
            "reference": format!("crm-{payment}"), "customer": "c-1", "terms": terms(amount, payment) } })
}

/// The customer agrees on the simulated page.
fn agree(desk: &Desk, consent: &Value) {
    desk.post("consent", &json!({ "payment_request_id": consent["requestId"] }));
}

fn id(of: &Value) -> Value {
    json!({ "id": of["id"] })
}

/// A token that a customer agreed to.
fn made(desk: &Desk, payment: &str) -> Value {
    let consent = desk.ask("token_create", creating(desk, None, payment)).unwrap();
    assert_eq!(consent["state"], json!("submitted"), "the customer is asked first");
    agree(desk, &consent);
    let looked = desk.ask("token_consent_look", id(&consent)).unwrap();
    assert_eq!(looked["state"], json!("completed"), "the customer agreed");
    desk.ask("token_show", json!({ "id": looked["tokenId"] })).unwrap()
}

fn charge(token: &Value, payment: &str) -> Value {
    json!({ "wish": { "id": token["id"], "presence": "customer_not_present", "reason": null,
            "terms": { "currency": "EUR", "amount": 1299, "paymentReference": payment } } })
}

#[test]
fn a_pasted_token_is_kept_found_and_never_said_back() {
    let desk = Desk::with_sandbox();
    let unknown = desk.ask("secret_token_find", json!({ "token": PASTED })).unwrap();
    assert_eq!(unknown["kept"], Value::Null, "the vault is empty");
    let row = desk.ask("secret_token_add", told(&desk, "crm-1")).unwrap();
    assert_eq!(row["state"], json!("UNKNOWN"), "Klarna was not asked");
    assert_eq!(row["merchantName"], json!("Bageri Åsa"), "its merchant has a name");
    assert!(row["hint"].as_str().unwrap().contains('…'), "its ends alone: {row}");
    let found = desk.ask("secret_token_find", json!({ "token": PASTED })).unwrap();
    assert_eq!(found["kept"]["id"], row["id"], "it is found by itself");
    assert!(!found["entries"].as_array().unwrap().is_empty(), "and in the log");
    assert_eq!(rows(&desk, "never", "crm")[0]["id"], row["id"], "and by its reference");
    assert!(rows(&desk, "active", "").is_empty(), "it is in its view alone");
    let counts = desk.ask("tokens_counts", json!({})).unwrap();
    assert_eq!(
        (&counts["all"], &counts["never"]),
        (&json!(1), &json!(1)),
        "and counted"
    );
    let of = desk.ask("tokens_count_of", json!({ "id": bakery(&desk) })).unwrap();
    assert_eq!(of, json!(1), "as its merchant's");
    let story = desk.ask("token_story", id(&row)).unwrap();
    assert_eq!(story[0]["kind"], json!("token.add"), "its history begins");
    assert!(story[0]["who"].is_string(), "with who did it: {story}");
    let entry = desk.ask("audit_entry", json!({ "seq": story[0]["seq"] })).unwrap();
    let bytes: Value = serde_json::from_str(entry["bytes"].as_str().unwrap()).unwrap();
    assert!(
        bytes
            .to_string()
            .contains(&format!("\"token\":{}", row["id"].as_str().unwrap())),
        "and its entry names it by its number: {bytes}"
    );
    assert!(
        !desk.trace.lock().unwrap().contains(PASTED),
        "the token never came back"
    );
}

#[test]
fn what_is_no_token_is_refused_with_a_code() {
    let desk = Desk::with_sandbox();
    assert_eq!(
        desk.code("secret_token_find", json!({ "token": "two words" })),
        "token_invalid"
    );
    assert_eq!(desk.code("secret_token_find", json!({ "token": "" })), "input_invalid");
    let api_key = json!({ "token": "klarna_test_api_abcdefghijkl", "told": { "scopes": [] } });
    assert_eq!(
        desk.code("secret_token_add", api_key),
        "token_invalid",
        "an API key is none"
    );
    assert_eq!(desk.code("token_show", json!({ "id": "77" })), "token_unknown");
    let place = json!({ "request": { "view": "all", "text": "", "before": "x", "limit": 1 } });
    assert_eq!(desk.code("tokens_page", place), "input_invalid", "no place");
    let shape = json!({ "request": { "view": "odd", "text": "", "limit": 1 } });
    assert_eq!(desk.code("tokens_page", shape), "input_invalid", "no view");
}

#[test]
fn a_copy_goes_to_the_clipboard_alone_and_stands_in_the_log() {
    let desk = Desk::with_sandbox();
    let row = desk.ask("secret_token_add", told(&desk, "crm-1")).unwrap();
    let copied = desk
        .ask("token_copy", json!({ "id": row["id"], "reason": null }))
        .unwrap();
    assert!(copied["until"].as_i64().unwrap() > 0, "for a minute");
    assert_eq!(*desk.copied.lock().unwrap(), [PASTED], "the clipboard has it");
    let acts = json!({ "request": { "before": null, "limit": 10, "query": "act:token.copy" } });
    let acts = desk.ask("audit_acts", acts).unwrap();
    assert_eq!(acts["rows"].as_array().unwrap().len(), 1, "and the log says so");
    assert!(!desk.trace.lock().unwrap().contains(PASTED), "the window never saw it");
}

#[test]
fn a_copy_by_one_person_alone_is_refused_where_the_rules_ask_for_others() {
    let desk = Desk::with_sandbox();
    let row = desk.ask("secret_token_add", told(&desk, "crm-1")).unwrap();
    let rule = json!({ "change": { "tokenCopies": { "approvers": 1, "roles": ["approver"], "over": 0 } } });
    desk.ask("settings_save", rule).unwrap();
    let copy = json!({ "id": row["id"], "reason": "asked" });
    assert_eq!(desk.code("token_copy", copy), "approval_required");
    assert!(desk.copied.lock().unwrap().is_empty(), "nothing lies on the clipboard");
}

#[test]
fn a_token_is_made_charged_and_revoked_with_a_second_read() {
    let desk = Desk::with_sandbox();
    let token = made(&desk, "one");
    assert_eq!(token["state"], json!("ACTIVE"), "Klarna just made it");
    let paid = desk.ask("token_charge", charge(&token, "inv-1")).unwrap();
    assert_eq!(paid["outcome"], json!("approved"), "{paid}");
    assert!(paid["transactionId"].is_string(), "with Klarna's id");
    let checked = desk.ask("token_check", id(&token)).unwrap();
    assert_eq!(checked["trouble"], Value::Null, "Klarna knows it: {checked}");
    let stops = desk.ask("token_foresee_revoke", id(&token)).unwrap();
    assert!(!stops.as_array().unwrap().is_empty(), "what will stop is said first");
    let wish = json!({ "wish": { "id": token["id"], "confirmation": "", "reason": "" } });
    assert_eq!(
        desk.code("token_revoke", wish),
        "reason_required",
        "never without a reason"
    );
    let wish = json!({ "wish": { "id": token["id"], "confirmation": token["fingerprint"], "reason": "asked" } });
    let revoked = desk.ask("token_revoke", wish.clone()).unwrap();
    assert_eq!(revoked["verified"], json!(true), "a second read found it dead");
    assert_eq!(revoked["row"]["state"], json!("REVOKED"));
    assert!(
        revoked["merchantText"].as_str().unwrap().contains("final"),
        "a text for the merchant"
    );
    assert_eq!(desk.code("token_charge", charge(&token, "inv-2")), "token_ended");
    assert_eq!(desk.code("token_revoke", wish), "token_ended", "and not twice");
}

#[test]
fn a_first_payment_is_finished_after_the_customer_agreed() {
    let desk = Desk::with_sandbox();
    let consent = desk.ask("token_create", creating(&desk, Some(990), "first")).unwrap();
    assert_eq!(consent["finishBy"], Value::Null, "nothing is to be finished yet");
    assert_eq!(desk.code("token_consent_finalise", id(&consent)), "consent_not_given");
    agree(&desk, &consent);
    let looked = desk.ask("token_consent_look", id(&consent)).unwrap();
    assert!(
        looked["finishBy"].is_i64() || looked["finishBy"].is_u64(),
        "60 minutes run: {looked}"
    );
    let paid = desk.ask("token_consent_finalise", id(&consent)).unwrap();
    assert_eq!(paid["outcome"], json!("approved"), "{paid}");
    let listed = desk.ask("token_consents", json!({})).unwrap();
    assert!(!listed[0]["paidAt"].is_null(), "it is said to be paid: {listed}");
    let other = desk.ask("token_create", creating(&desk, None, "other")).unwrap();
    let canceled = desk.ask("token_consent_cancel", id(&other)).unwrap();
    assert_eq!(
        (&canceled["state"], &canceled["open"]),
        (&json!("canceled"), &json!(false))
    );
}

#[test]
fn what_is_pasted_is_looked_over_and_never_said_back() {
    let desk = Desk::with_sandbox();
    let declined = json!({ "payment_transaction_response": { "result": "DECLINED", "result_reason": "CUSTOMER_ACTION_REQUIRED" },
        "customer_token_response": { "customer_token": { "customer_token": PASTED } } });
    let text = json!({ "text": declined.to_string(), "status": null });
    let explained = desk.ask("secret_charge_explain", text).unwrap();
    assert_eq!(explained["word"], json!("CUSTOMER_ACTION_REQUIRED"), "{explained}");
    let body = json!({ "currency": "EUR", "step_up_config": {}, "request_payment_transaction": { "amount": 1 } });
    let body = json!({ "text": body.to_string(), "meant": "charge_absent", "id": null });
    let flaws = desk.ask("secret_body_examine", body).unwrap();
    assert!(
        flaws
            .as_array()
            .unwrap()
            .iter()
            .any(|flaw| flaw["path"] == "step_up_config"),
        "{flaws}"
    );
    let emd = json!({ "text": json!({ "body": {} }).to_string(), "place": null });
    let flaws = desk.ask("secret_emd_lint", emd).unwrap();
    assert!(
        flaws
            .as_array()
            .unwrap()
            .iter()
            .any(|flaw| flaw["breach"] == json!(true)),
        "{flaws}"
    );
    let capture = "Klarna-Signature: 00\nKlarna-Signing-Key-Id: key-1\n\n{}";
    let delivery = json!({ "text": capture, "keyId": "key-1", "key": "a signing key of the merchant's" });
    let delivery = desk.ask("secret_webhook_examine", delivery).unwrap();
    assert_eq!(delivery["good"], json!(false), "{delivery}");
    assert_eq!(
        delivery["timely"],
        json!(false),
        "what says no time is not known to be new: {delivery}"
    );
    assert!(!desk.trace.lock().unwrap().contains(PASTED), "no token was said back");
}
