//! Who may not call what, and how a refusal looks.

use std::collections::BTreeSet;

use gatehouse_core::{ErrorCode, Problem};
use serde_json::{Value, json};
use tauri::ipc::InvokeBody;

use crate::desk::Desk;

#[test]
fn a_granted_command_answers() {
    let state = Desk::bare().ask("app_state", json!({})).unwrap();
    assert_eq!(state["firstRun"], json!(true), "nothing is set up on a bare desk");
    assert_eq!(state["keyring"], json!("unknown"), "the keyring was not asked");
    assert_eq!(state["active"], Value::Null, "and there is no profile");
}

#[test]
fn what_is_not_granted_is_refused() {
    let desk = Desk::bare();
    let plugins = [
        "plugin:dialog|open",
        "plugin:window|close",
        "plugin:app|version",
        "plugin:event|emit",
        "plugin:path|resolve_directory",
    ];
    for command in plugins
        .into_iter()
        .chain(["isolation_refused", "portal_link_reveal", "APP_STATE"])
    {
        let error = desk.ask(command, json!({})).expect_err(command);
        let text = error.as_str().unwrap_or_default();
        assert!(
            text.contains("not allowed") || text.contains("not found"),
            "{command} is refused by Tauri: {error}"
        );
    }
}

#[test]
fn another_page_may_call_nothing() {
    let desk = Desk::bare();
    for origin in [
        "https://example.com",
        "http://localhost:1420",
        "http://tauri.localhost.example",
    ] {
        let answer = desk.ask_from(origin, "app_state", InvokeBody::Json(json!({})));
        assert!(answer.is_err(), "a page of {origin} is not ours");
    }
}

#[test]
fn another_window_may_call_nothing() {
    let desk = Desk::bare();
    let other = tauri::WebviewWindowBuilder::new(&desk.app, "other", Default::default())
        .build()
        .unwrap();
    let request = tauri::webview::InvokeRequest {
        cmd: "app_state".into(),
        callback: tauri::ipc::CallbackFn(0),
        error: tauri::ipc::CallbackFn(1),
        url: "tauri://localhost".parse().unwrap(),
        body: InvokeBody::default(),
        headers: Default::default(),
        invoke_key: tauri::test::INVOKE_KEY.to_string(),
    };
    assert!(
        tauri::test::get_ipc_response(&other, request).is_err(),
        "the capability names the window main alone"
    );
}

#[test]
fn an_error_has_exactly_four_members() {
    let error = Desk::bare()
        .ask(
            "merchants_search",
            json!({ "request": { "query": "", "first": 0, "count": 10 } }),
        )
        .unwrap_err();
    let members: BTreeSet<&str> = error.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        BTreeSet::from(["code", "message", "hint", "reference"]),
        "the UI reads these and no others"
    );
    assert_eq!(
        error["code"],
        json!("profile_missing"),
        "there is no profile on a bare desk"
    );
    for sentence in ["message", "hint"] {
        assert!(
            error[sentence].as_str().is_some_and(|text| text.ends_with('.')),
            "{sentence} is a full sentence"
        );
    }
}

#[test]
fn every_command_that_needs_a_profile_says_so() {
    let desk = Desk::bare();
    let portal =
        json!({ "request": { "merchantId": "x", "openAs": null, "reason": null, "roles": null, "unsigned": false } });
    let asked = [
        ("merchant_detail", json!({ "id": "x" })),
        ("merchant_pin", json!({ "id": "x", "pinned": true })),
        ("merchant_refresh", json!({ "id": "x" })),
        ("merchants_import", json!({})),
        ("portal_warm", json!({})),
        ("portal_open", portal.clone()),
        ("portal_copy_link", portal),
        ("sessions_list", json!({})),
        ("session_revoke", json!({ "id": "x" })),
        ("sessions_revoke_all", json!({})),
        ("session_reopen", json!({ "id": "x" })),
        ("settings_save", json!({ "change": { "reasonRequired": true } })),
        ("profile_use", json!({ "name": "x" })),
    ];
    for (command, arguments) in asked {
        assert_eq!(
            desk.code(command, arguments),
            "profile_missing",
            "{command} names what is missing"
        );
    }
}

#[test]
fn a_core_that_cannot_be_opened_says_why_at_every_command() {
    let problem = Problem::new(ErrorCode::DatabaseNewer, "It is newer.", "Update.");
    let desk = Desk::broken(problem);
    for command in ["app_state", "doctor", "sessions_list", "audit_verify"] {
        assert_eq!(
            desk.code(command, json!({})),
            "database_newer",
            "{command} gives the cause"
        );
    }
}

#[test]
fn an_empty_log_is_no_error_and_has_no_entries() {
    let desk = Desk::bare();
    let page = desk
        .ask(
            "audit_acts",
            json!({ "request": { "before": null, "limit": 50, "query": "" } }),
        )
        .unwrap();
    assert_eq!(
        page,
        json!({ "rows": [], "next": null, "size": 0, "first": 0, "indexed": 0 }),
        "the log begins with the first act"
    );
    assert_eq!(
        desk.code("audit_entry", json!({ "seq": 1 })),
        "audit_entry_missing",
        "an entry that is not there is named"
    );
}
