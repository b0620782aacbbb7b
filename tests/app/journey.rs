//! The main job through IPC: sandbox, search, open, second visit, revoke, log verified.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::desk::Desk;

fn search(desk: &Desk, query: &str) -> Value {
    desk.ask(
        "merchants_search",
        json!({ "request": { "query": query, "first": 0, "count": 20 } }),
    )
    .unwrap()
}

pub fn openable(desk: &Desk) -> String {
    let state = desk.ask("app_state", json!({})).unwrap();
    state["active"]["suggestedMerchant"]["id"]
        .as_str()
        .expect("a fresh sandbox suggests a merchant")
        .to_owned()
}

pub fn portal(id: &str) -> Value {
    json!({ "request": { "merchantId": id, "openAs": null, "reason": null, "roles": null, "unsigned": false } })
}

/// Makes the profile's browser a program that writes down what it was given.
#[cfg(unix)]
fn use_a_browser_that_writes_down(desk: &Desk) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let (program, given) = (desk.dir.path().join("browser.sh"), desk.dir.path().join("given"));
    std::fs::write(
        &program,
        format!(
            "#!/bin/sh\nprintf %s \"$1\" > {0}.part && mv {0}.part {0}\n",
            given.display()
        ),
    )
    .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let saved = desk
        .ask("settings_save", json!({ "change": { "browser": program } }))
        .unwrap();
    assert_eq!(saved["browser"], json!(program), "the profile keeps its browser");
    given
}

fn wait_for(file: &std::path::Path) -> String {
    let until = Instant::now() + Duration::from_secs(10);
    while Instant::now() < until {
        if let Ok(text) = std::fs::read_to_string(file) {
            return text;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the browser was not asked within ten seconds");
}

fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
#[cfg(unix)]
fn a_portal_is_opened_used_revoked_and_the_log_is_intact() {
    let desk = Desk::with_sandbox();
    let given = use_a_browser_that_writes_down(&desk);
    let opened = desk.ask("portal_open", portal(&openable(&desk))).unwrap();
    assert!(
        !opened.to_string().contains("http"),
        "the window learns ids and times, never a link"
    );
    let loopback = wait_for(&given);
    assert!(
        loopback.starts_with("http://127.0.0.1:"),
        "the browser is given the loopback address, not the link: {loopback}"
    );
    let answer = get(&loopback);
    assert!(answer.contains(" 302 "), "which leads on to the link, once: {answer}");

    let row = search(&desk, "")["rows"][0].clone();
    assert_eq!(row["id"], opened["merchantId"], "what was opened stands on top");
    assert!(row["openedAt"].is_number(), "and says when: {row}");

    let sessions = desk.ask("sessions_list", json!({})).unwrap();
    assert_eq!(sessions[0]["id"], opened["sessionId"], "the session is listed");
    let revoked = desk
        .ask("session_revoke", json!({ "id": opened["sessionId"] }))
        .unwrap();
    assert_eq!(
        revoked["state"],
        json!("revoking"),
        "Klarna has accepted; it bites within five minutes"
    );

    let verified = desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(verified["verdict"], json!("intact"), "every entry is what was written");
    let acts = desk
        .ask(
            "audit_acts",
            json!({ "request": { "before": null, "limit": 50, "query": "" } }),
        )
        .unwrap();
    let kinds: Vec<&str> = acts["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["kind"].as_str())
        .collect();
    assert!(
        kinds.contains(&"portal.open") && kinds.contains(&"portal.revoke"),
        "both acts stand in the log: {kinds:?}"
    );
    let entry = desk.ask("audit_entry", json!({ "seq": opened["intentSeq"] })).unwrap();
    assert!(
        entry["bytes"].as_str().unwrap().contains("\"intent\""),
        "the intent is there with its exact bytes"
    );
}

#[test]
fn a_copied_link_goes_to_the_clipboard_and_nowhere_else() {
    let desk = Desk::with_sandbox();
    let opened = desk.ask("portal_copy_link", portal(&openable(&desk))).unwrap();
    let copied = desk.copied.lock().unwrap().clone();
    assert_eq!(copied.len(), 1, "one link was made");
    assert!(copied[0].starts_with("http://127.0.0.1:"), "the sandbox's link");
    assert!(!opened.to_string().contains(&copied[0]), "the window does not learn it");
}

#[test]
fn merchants_are_found_pinned_and_imported() {
    let desk = Desk::with_sandbox();
    let all = search(&desk, "");
    assert!(all["of"].as_u64().unwrap() >= 900, "the sandbox's merchants are there");
    let id = all["rows"][3]["id"].clone();
    desk.ask("merchant_pin", json!({ "id": id, "pinned": true })).unwrap();
    let detail = desk.ask("merchant_detail", json!({ "id": id })).unwrap();
    assert_eq!(detail["row"]["pinned"], json!(true), "the pin is kept");

    assert_eq!(
        desk.ask("merchants_import", json!({})).unwrap(),
        Value::Null,
        "a dialog that was cancelled is no error"
    );
    let file = desk.dir.path().join("more.csv");
    std::fs::write(&file, "partner_account_id,name\nnot-a-krn,Nobody\n").unwrap();
    *desk.chosen.lock().unwrap() = Some(file);
    assert_eq!(
        desk.code("merchants_import", json!({})),
        "import_nothing_usable",
        "a file without a good row is refused"
    );
}

#[test]
fn appearance_is_kept_without_a_profile() {
    let desk = Desk::bare();
    assert_eq!(
        desk.ask("settings_save", json!({ "change": { "theme": "dark" } }))
            .unwrap(),
        Value::Null,
        "there is no profile to answer"
    );
    assert_eq!(
        desk.ask("app_state", json!({})).unwrap()["theme"],
        json!("dark"),
        "the choice is kept"
    );
}

#[test]
fn the_bundle_is_saved_as_it_was_shown_and_not_before() {
    let desk = Desk::with_sandbox();
    let file = desk.dir.path().join("bundle.json");
    *desk.chosen.lock().unwrap() = Some(file.clone());
    assert_eq!(
        desk.code("doctor_bundle_save", json!({})),
        "input_invalid",
        "nobody has seen it"
    );
    let text = desk.ask("doctor_bundle", json!({})).unwrap();
    let saved = desk.ask("doctor_bundle_save", json!({})).unwrap();
    assert_eq!(saved, json!("bundle.json"), "the file's name alone");
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(json!(written), text, "to the letter");
    assert!(!written.contains("klarna_test_api"), "no API key is in it");
    assert_eq!(
        desk.code("doctor_bundle_save", json!({})),
        "input_invalid",
        "no file is written over"
    );
}

#[test]
fn the_doctor_names_every_part() {
    let lines = Desk::with_sandbox().ask("doctor", json!({})).unwrap()["lines"].clone();
    assert!(
        lines.as_array().is_some_and(|lines| lines.len() >= 5),
        "data directory, keys, log, certificates, connection: {lines}"
    );
}
