//! What Klarna holds of the account, through IPC: an API key that Klarna makes never comes to the window.

use std::sync::Arc;

use gatehouse_core::KeysChoice;
use gatehouse_core::key_store::MemoryKeyStore;
use gatehouse_core::profile::secrets;
use serde_json::{Value, json};

use crate::set_up::Strict;

/// The API key in the key store, which no answer of the app tells.
fn key_in_use(world: &Strict, keys: &MemoryKeyStore) -> String {
    let profile = world.desk.core.upgrade().unwrap().profile(Some("acme")).unwrap();
    let held = secrets::load(keys, profile.id).unwrap();
    held.api_key.unwrap().expose().to_owned()
}

fn api_keys(held: &Value) -> Vec<&Value> {
    let all = held["credentials"].as_array().unwrap();
    all.iter().filter(|one| one["kind"] == "api_key").collect()
}

#[test]
fn a_new_api_key_is_in_use_and_never_comes_to_the_window() {
    let keys = Arc::new(MemoryKeyStore::new());
    let world = Strict::start_with(KeysChoice::Given(keys.clone())).with_keys();
    let made = world.ask("api_key_create", json!({ "description": "laptop 7" }));
    let mut names: Vec<_> = made.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["before", "credentialId", "description", "repeated"],
        "what is known of it, and nothing else"
    );
    let held = world.ask("credentials_list", json!({}));
    let ours: Vec<_> = api_keys(&held).into_iter().filter(|one| one["inUse"] == true).collect();
    assert_eq!(
        (ours.len(), &ours[0]["id"]),
        (1, &made["credentialId"]),
        "the list shows which is in use: {held}"
    );
    assert_eq!(
        world.code(
            "credential_end",
            json!({ "kind": "api_key", "id": made["credentialId"] })
        ),
        "input_invalid",
        "which is not ended by a slip"
    );
    let old = api_keys(&held).into_iter().find(|one| one["inUse"] == false).unwrap()["id"].clone();
    let held = world.ask("credential_end", json!({ "kind": "api_key", "id": old }));
    assert!(
        api_keys(&held).iter().any(|one| one["endedAt"].is_number()),
        "the one before is disabled with the new one: {held}"
    );
    assert_eq!(
        world.ask("setup_first_call", json!({}))["http"],
        json!(200),
        "and the new one goes on to work"
    );
    let standing = world.ask("keys_list", json!({}))["apiKey"].clone();
    assert_eq!(
        (&standing["proved"], &standing["waitsForNext"]),
        (&json!(true), &json!(false)),
        "{standing}"
    );
    let acts = json!({ "request": { "before": null, "limit": 50, "query": "" } });
    let acts = world.desk.ask("audit_acts", acts).unwrap();
    let new = key_in_use(&world, &keys);
    assert_ne!(&new, &world.desk.served().api_key, "it is another key");
    for (what, shown) in [
        ("answer", &made),
        ("list", &held),
        ("standing", &standing),
        ("log", &acts),
    ] {
        assert!(!shown.to_string().contains(&new), "the {what} holds the key");
    }
    assert_eq!(
        found_in(world.desk.dir.path(), &new),
        Vec::<String>::new(),
        "no file of ours does"
    );
}

/// The files below a folder that hold a text.
fn found_in(folder: &std::path::Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(found_in(&path, text));
        } else if String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(text) {
            found.push(path.display().to_string());
        }
    }
    found
}
