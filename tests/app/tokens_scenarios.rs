//! The scripted scenarios through the window's own commands: each as it ends, ended between two, saved; and where they are not for.
//!
//! A simulated Klarna is steered as its own. Deliberately absent: what each scenario must come to, which the core tests.

use serde_json::{Value, json};

use crate::desk::Desk;

/// A desk whose sandbox is the data directory's own, as the shell finds it.
fn desk() -> Desk {
    let desk = Desk::with_sandbox();
    let served = desk.served();
    let health = gatehouse_sandbox::read_page(&served.http, "/_sandbox/health").unwrap();
    let health: Value = serde_json::from_slice(&health).unwrap();
    let address = json!({
        "pid": std::process::id(), "instance": health["instance"], "http": served.http, "https": served.https,
        "ca_pem": served.ca_pem, "account": served.account, "api_key": served.api_key,
        "control_token": served.control_token, "merchants_csv_url": served.merchants_csv_url,
    });
    std::fs::write(desk.dir.path().join("sandbox.json"), address.to_string()).unwrap();
    desk
}

fn begin(desk: &Desk) -> Result<Value, Value> {
    let wish = json!({ "merchantId": desk.bakery(), "returnUrl": "https://shop.example/back" });
    desk.ask("tokens_scenarios", json!({ "wish": wish }))
}

fn until(desk: &Desk, wanted: impl Fn(&Value) -> bool) -> Value {
    desk.until("tokens_scenarios_look", wanted)
}

fn ended(stands: &Value) -> usize {
    let steps = stands["steps"].as_array().unwrap();
    steps.iter().filter(|step| step["found"].is_string()).count()
}

#[test]
fn all_twenty_scenarios_end_one_by_one_and_are_saved() {
    let desk = desk();
    let login = desk.served().payments_v1.clone().unwrap();
    let given = json!({ "region": "europe", "user": login.username, "password": login.password });
    desk.ask("linking_terms_accept", json!({})).unwrap();
    desk.ask("secret_linking_login", given).unwrap();
    assert_eq!(
        desk.code("tokens_scenarios_save", json!({ "form": "csv" })),
        "input_invalid",
        "none have ended yet"
    );
    begin(&desk).unwrap();
    let running = until(&desk, |stands| ended(stands) > 0);
    assert_eq!(
        running["steps"].as_array().unwrap().len(),
        20,
        "those to come are shown, too"
    );
    let stands = until(&desk, |stands| stands["running"] == json!(false));
    let bad: Vec<&Value> = stands["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["good"] != json!(true))
        .collect();
    assert!(bad.is_empty(), "{bad:#?} {}", stands["problem"]);
    assert_eq!(stands["done"]["passed"], json!(true), "{stands}");
    let table = String::from_utf8(desk.saved("tokens_scenarios_save", "csv")).unwrap();
    assert_eq!(table.lines().count(), 21, "a head and twenty rows: {table}");
    let document: Value = serde_json::from_slice(&desk.saved("tokens_scenarios_save", "json")).unwrap();
    assert_eq!(document["rows"].as_array().unwrap().len(), 20, "for programs");
    assert_eq!(
        desk.control("clock")["offset_s"],
        json!(0),
        "the clock goes right again"
    );
    desk.ask("tokens_scenarios_forget", json!({})).unwrap();
    let stands = until(&desk, |_| true);
    assert!(stands["done"].is_null() && ended(&stands) == 0, "put away: {stands}");
}

#[test]
fn scenarios_are_ended_between_two_and_begun_once_at_a_time() {
    let desk = desk();
    begin(&desk).unwrap();
    assert_eq!(
        begin(&desk).unwrap_err()["code"],
        json!("input_invalid"),
        "one at a time"
    );
    until(&desk, |stands| ended(stands) > 0);
    desk.ask("tokens_scenarios_stop", json!({})).unwrap();
    let stands = until(&desk, |stands| stands["running"] == json!(false));
    let done = &stands["done"];
    assert_eq!(
        (&done["stopped"], &done["passed"]),
        (&json!(true), &json!(false)),
        "{stands}"
    );
    assert!(
        (1..20).contains(&ended(&stands)),
        "those that had ended are kept: {stands}"
    );
}

#[test]
fn where_the_sandbox_cannot_be_steered_nothing_is_begun() {
    let desk = Desk::with_sandbox();
    let refused = begin(&desk).unwrap_err();
    assert_eq!(
        refused["code"],
        json!("sandbox_failed"),
        "its address is in no file here: {refused}"
    );
    assert!(
        refused["message"].as_str().unwrap().contains("served elsewhere"),
        "{refused}"
    );
    let stands = until(&desk, |_| true);
    assert!(
        stands["running"] == json!(false) && stands["problem"].is_null(),
        "{stands}"
    );
}

#[test]
fn what_fails_before_the_first_scenario_is_shown() {
    let desk = desk();
    let wish = json!({ "merchantId": "nobody", "returnUrl": "https://shop.example/back" });
    desk.ask("tokens_scenarios", json!({ "wish": wish })).unwrap();
    let stands = until(&desk, |stands| stands["running"] == json!(false));
    assert_eq!(stands["problem"]["code"], json!("merchant_unknown"), "{stands}");
}
