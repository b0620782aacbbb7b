//! Hostile arguments, sent past the isolation hook: each is refused with `input_invalid` and changes nothing.

use serde_json::{Value, json};
use tauri::ipc::InvokeBody;

use crate::desk::Desk;
use crate::surface;

fn portal(change: Value) -> Value {
    let mut request = json!({ "merchantId": "x", "openAs": null, "reason": null, "roles": null, "unsigned": false });
    request
        .as_object_mut()
        .unwrap()
        .extend(change.as_object().unwrap().clone());
    json!({ "request": request })
}

fn search(query: Value, first: Value, count: Value) -> Value {
    json!({ "request": { "query": query, "first": first, "count": count } })
}

#[test]
fn hostile_arguments_are_refused_with_a_code() {
    let desk = Desk::bare();
    let hostile = [
        ("profile_use", json!({})),
        ("profile_use", json!({ "name": 7 })),
        ("profile_use", json!({ "name": ["sandbox"] })),
        ("profile_use", json!({ "name": "x".repeat(256) })),
        ("profile_use", json!({ "name": "a\u{0}b" })),
        ("merchant_pin", json!({ "id": "x", "pinned": "yes" })),
        ("merchant_pin", json!({ "id": "x" })),
        ("merchants_search", search(json!("x".repeat(201)), json!(0), json!(10))),
        ("merchants_search", search(json!("x"), json!(-1), json!(10))),
        ("merchants_search", search(json!("x"), json!(0), json!(0))),
        ("merchants_search", search(json!("x"), json!(0), json!(201))),
        ("merchants_search", search(json!("x"), json!(1.5), json!(10))),
        ("merchants_search", search(json!("x\u{1b}[2J"), json!(0), json!(10))),
        (
            "merchants_search",
            json!({ "request": { "query": "x", "first": 0, "count": 1, "order": "name" } }),
        ),
        ("portal_open", portal(json!({ "url": "https://example.com/" }))),
        ("portal_open", portal(json!({ "roles": vec!["r"; 21] }))),
        ("portal_open", portal(json!({ "roles": "merchant:admin" }))),
        ("portal_open", portal(json!({ "reason": "x".repeat(501) }))),
        ("portal_open", portal(json!({ "unsigned": null }))),
        ("settings_save", json!({ "change": { "theme": "neon" } })),
        ("settings_save", json!({ "change": { "onBehalfOf": "klarna" } })),
        ("settings_save", json!({ "change": { "apiKey": "klarna_test_api_x" } })),
        ("audit_entry", json!({ "seq": -1 })),
        ("audit_entry", json!({ "seq": "1; DROP TABLE event" })),
        (
            "audit_acts",
            json!({ "request": { "before": null, "limit": 1000, "query": "" } }),
        ),
    ];
    for (command, arguments) in hostile {
        assert_eq!(
            desk.code(command, arguments.clone()),
            "input_invalid",
            "{command} refuses {arguments}"
        );
    }
}

#[test]
fn bytes_in_the_place_of_arguments_are_refused() {
    let desk = Desk::bare();
    for (command, arguments) in surface::commands() {
        if arguments.is_empty() {
            continue;
        }
        let error = desk
            .ask_from("tauri://localhost", &command, InvokeBody::Raw(vec![0xff; 64]))
            .unwrap_err();
        assert_eq!(
            error["code"],
            json!("input_invalid"),
            "{command} does not read raw bytes"
        );
    }
}

#[test]
fn no_arguments_of_any_kind_crash_a_command() {
    let desk = Desk::bare();
    let odd = [
        json!(null),
        json!([]),
        json!("x"),
        json!({ "request": null }),
        json!({ "id": {}, "name": {}, "seq": {}, "request": [] }),
    ];
    for (command, _) in surface::commands() {
        for arguments in &odd {
            if let Err(error) = desk.ask(&command, arguments.clone()) {
                assert_ne!(
                    error["code"],
                    json!("internal"),
                    "{command} with {arguments} is no defect of ours: {error}"
                );
                assert!(
                    error["code"].is_string(),
                    "{command} with {arguments} answers a coded error: {error}"
                );
            }
        }
    }
}
