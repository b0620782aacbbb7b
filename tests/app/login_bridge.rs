//! The login bridge through the window's own commands: chosen, edited, tried, saved; and what the window never gets.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::desk::Desk;

const SECRET: &str = "canary-provider-secret";
const CONFIG: &str = "# ours\npublic_url = 'http://127.0.0.1:9'\nacquirer = 'Acme'\noperations_listen = '127.0.0.1:9'\n[provider]\nissuer = 'https://id.example'\nclient_id = 'c'\n\
client_secret = 'canary-provider-secret'\n[people]\ntable = 'people.csv'\nroles_claim = 'groups'\nroles.boss = ['merchant:admin']\n";

/// A bridge's files, chosen in the window.
fn chosen(desk: &Desk, table: &str) -> (PathBuf, Value) {
    let file = desk.dir.path().join("bridge.toml");
    fs::write(&file, CONFIG).unwrap();
    fs::write(file.with_file_name("people.csv"), table).unwrap();
    *desk.chosen.lock().unwrap() = Some(file.clone());
    let view = desk.ask("bridge_choose", json!({})).unwrap();
    (file, view)
}

fn row(act: &str, number: Option<u32>, email: &str) -> Value {
    json!({ "wish": { "number": number, "act": act, "email": email, "merchant": "SE-00417", "roles": ["merchant:admin"] } })
}

fn rows(desk: &Desk, query: &str) -> Value {
    let request = json!({ "query": query, "which": "all", "first": 0, "count": 100 });
    desk.ask("bridge_rows", json!({ "request": request })).unwrap()
}

#[test]
fn a_mapping_is_edited_tried_and_saved() {
    let desk = Desk::with_sandbox();
    let none = desk.ask("bridge_show", json!({ "again": false })).unwrap();
    assert_eq!(none, Value::Null, "a profile begins without a bridge");
    let (file, view) = chosen(&desk, "email,merchant,roles\nann@bakery.example,SE-00417,\n");
    assert_eq!(
        (&view["rows"], &view["changed"]),
        (&json!(1), &json!(false)),
        "as the files are: {view}"
    );
    let changed = desk.ask("bridge_row", row("set", None, "zoe@bakery.example")).unwrap();
    assert_eq!(
        (&changed["rows"], &changed["changed"]),
        (&json!(2), &json!(true)),
        "in the draft alone"
    );
    let found = rows(&desk, "zoe");
    assert_eq!(
        found["rows"][0]["state"],
        json!("added"),
        "the new row is told from the others: {found}"
    );
    assert_ne!(
        found["rows"][0]["merchantName"],
        json!(""),
        "the directory knows the merchant"
    );
    let tried = desk
        .ask("bridge_try", json!({ "claims": "ZOE@bakery.example" }))
        .unwrap();
    assert_eq!(
        tried["choices"][0]["roles"],
        json!(["merchant:admin"]),
        "what is not saved can be tried: {tried}"
    );
    let kept = desk.ask("bridge_show", json!({ "again": false })).unwrap();
    assert_eq!(kept["changed"], json!(true), "leaving the page loses nothing");
    let saved = desk.ask("bridge_save", json!({})).unwrap();
    assert_eq!(saved["changed"], json!(false), "saved");
    let table = fs::read_to_string(file.with_file_name("people.csv")).unwrap();
    assert!(
        table.ends_with("zoe@bakery.example,SE-00417,merchant:admin\n"),
        "in the file: {table}"
    );
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        CONFIG,
        "and nothing else was written"
    );
    let acts = json!({ "request": { "before": null, "limit": 5, "query": "act:bridge.people" } });
    let log = desk.ask("audit_acts", acts).unwrap();
    assert_eq!(
        log["rows"].as_array().map(Vec::len),
        Some(1),
        "it stands in the log: {log}"
    );
}

#[test]
fn nothing_of_the_configuration_but_its_outline_reaches_the_window() {
    let desk = Desk::with_sandbox();
    let (_, view) = chosen(&desk, "email,merchant\n");
    let served = desk.ask("bridge_served", json!({})).unwrap();
    for (what, answer) in [("the view", &view), ("what is served", &served)] {
        assert!(!answer.to_string().contains(SECRET), "{what} holds no secret: {answer}");
    }
    assert_eq!(
        served["items"][0]["value"],
        json!("http://127.0.0.1:9/login"),
        "what Klarna is told first"
    );
    assert_eq!(
        served["health"],
        json!("silent"),
        "an unnamed operators' address is the usual one of this machine, where nobody listens: {served}"
    );
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let desk = Desk::with_sandbox();
    assert_eq!(
        desk.code("bridge_save", json!({})),
        "input_invalid",
        "there is no bridge yet"
    );
    let (file, _) = chosen(&desk, "email,merchant,roles\nann@bakery.example,SE-00417,\n");
    assert_eq!(
        desk.code("bridge_row", row("set", Some(0), "ann")),
        "bridge_rules_invalid",
        "no address"
    );
    assert_eq!(
        desk.code("bridge_row", row("remove", Some(7), "")),
        "input_invalid",
        "no such row"
    );
    assert_eq!(
        desk.code("bridge_row", row("remove", None, "")),
        "input_invalid",
        "no row at all"
    );
    let rules = json!({ "emailClaim": "email", "verified": true, "merchantsClaim": "", "rolesClaim": "",
        "defaultRoles": [], "words": [] });
    assert_eq!(
        desk.code("bridge_rules", json!({ "rules": rules })),
        "bridge_rules_invalid",
        "no default role"
    );
    let rules = json!({ "emailClaim": "upn", "verified": true, "merchantsClaim": "", "rolesClaim": "",
        "defaultRoles": ["merchant:developer"], "words": [] });
    assert_eq!(
        desk.code("bridge_rules", json!({ "rules": rules })),
        "bridge_rules_invalid",
        "verified addresses of a claim that nobody vouches for"
    );
    assert_eq!(
        desk.code("bridge_try", json!({ "claims": "[]" })),
        "input_invalid",
        "no claims"
    );
    desk.ask("bridge_row", row("remove", Some(0), "")).unwrap();
    fs::write(file.with_file_name("people.csv"), "email,merchant\n").unwrap();
    assert_eq!(
        desk.code("bridge_save", json!({})),
        "bridge_file_changed",
        "somebody else was there"
    );
    let again = desk.ask("bridge_show", json!({ "again": true })).unwrap();
    assert_eq!(
        (&again["rows"], &again["changed"]),
        (&json!(0), &json!(false)),
        "read again, as it is now"
    );
}

#[test]
fn what_is_handed_to_klarna_is_saved_as_it_was_shown() {
    let desk = Desk::with_sandbox();
    chosen(&desk, "email,merchant\n");
    let out = desk.dir.path().join("klarna-login.txt");
    *desk.chosen.lock().unwrap() = Some(out.clone());
    assert_eq!(
        desk.code("bridge_hand_over_save", json!({})),
        "input_invalid",
        "nothing was shown yet"
    );
    let served = desk.ask("bridge_served", json!({})).unwrap();
    let name = desk.ask("bridge_hand_over_save", json!({})).unwrap();
    assert_eq!(name, json!("klarna-login.txt"), "the file's name alone");
    assert_eq!(json!(fs::read_to_string(out).unwrap()), served["text"], "the very text");
    desk.ask("bridge_forget", json!({})).unwrap();
    let none = desk.ask("bridge_show", json!({ "again": false })).unwrap();
    assert_eq!(none, Value::Null, "a bridge that was forgotten is shown no more");
}
