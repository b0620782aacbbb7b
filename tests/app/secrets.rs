//! The passphrase of a sealed key file: it comes in once, opens the file for the app's run, and is found nowhere afterwards.

use std::path::Path;

use gatehouse_core::KeysChoice;
use serde_json::{Value, json};

use crate::desk::Desk;

const PASSPHRASE: &str = "canary of a passphrase";

fn by_directory() -> KeysChoice {
    KeysChoice::ByDataDir {
        passphrase: None,
        keyring: None,
    }
}

fn secret(passphrase: &str) -> Value {
    json!({ "passphrase": passphrase })
}

/// A desk whose sandbox profile keeps its secrets in a file that was sealed in the window.
fn sealed() -> Desk {
    let desk = Desk::with_sandbox_alone(by_directory());
    desk.ask("secret_try_sandbox", secret(PASSPHRASE)).unwrap();
    desk
}

fn state(desk: &Desk) -> Value {
    desk.ask("app_state", json!({})).unwrap()
}

fn copy_link(desk: &Desk) -> Value {
    let id = state(desk)["active"]["suggestedMerchant"]["id"].clone();
    json!({ "request": { "merchantId": id, "openAs": null, "reason": null, "roles": null, "unsigned": false } })
}

/// The files below a folder that hold the passphrase.
fn holding_it(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding_it(&path));
        } else if String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(PASSPHRASE) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_profile_is_made_with_a_file_that_the_person_seals() {
    let desk = Desk::with_sandbox_alone(by_directory());
    let made = desk.ask("secret_try_sandbox", secret(PASSPHRASE)).unwrap();
    assert_eq!(made["keyStore"], json!("file"), "its secrets are in the file");
    assert!(
        !made.to_string().contains(PASSPHRASE),
        "the passphrase does not come back"
    );
    assert!(desk.dir.path().join("keys.sealed").exists(), "the file is there");
    assert_eq!(
        holding_it(desk.dir.path()),
        Vec::<String>::new(),
        "and nothing holds the passphrase"
    );
    desk.ask("portal_copy_link", copy_link(&desk)).unwrap();
    let verified = desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(verified["verdict"], json!("intact"), "the log is anchored in the file");
}

#[test]
fn a_new_passphrase_has_twelve_characters_and_can_be_given_again() {
    let desk = Desk::with_sandbox_alone(by_directory());
    for refused in ["elevenchars", "", " begins with a space", "ends with a space "] {
        assert_eq!(
            desk.code("secret_try_sandbox", secret(refused)),
            "input_invalid",
            "{refused:?} is refused"
        );
    }
    assert!(!desk.dir.path().join("keys.sealed").exists(), "no file was made");
    assert_eq!(state(&desk)["firstRun"], json!(true), "and no profile");
    desk.ask("secret_try_sandbox", secret(PASSPHRASE)).unwrap();
}

#[test]
fn lists_need_no_passphrase_and_an_act_asks_for_it() {
    let desk = sealed().again(by_directory());
    let rows = json!({ "request": { "query": "", "first": 0, "count": 20 } });
    let found = desk.ask("merchants_search", rows).unwrap();
    assert!(found["of"].as_u64().unwrap() > 0, "merchants are listed");
    assert_eq!(desk.ask("sessions_list", json!({})).unwrap(), json!([]), "and sessions");
    let acts = json!({ "request": { "before": null, "limit": 50, "query": "" } });
    let before = desk.ask("audit_acts", acts.clone()).unwrap()["size"].clone();
    for (command, arguments) in [
        ("portal_copy_link", copy_link(&desk)),
        ("settings_save", json!({ "change": { "reasonRequired": true } })),
        ("merchants_import", json!({})),
        ("audit_verify", json!({})),
    ] {
        assert_eq!(
            desk.code(command, arguments),
            "passphrase_needed",
            "{command} asks for it"
        );
    }
    assert_eq!(
        desk.ask("audit_acts", acts).unwrap()["size"],
        before,
        "nothing was done meanwhile"
    );
    assert!(desk.copied.lock().unwrap().is_empty(), "no link was made");
}

#[test]
fn a_wrong_passphrase_loses_nothing_and_the_right_one_lets_the_act_go_on() {
    let desk = sealed().again(by_directory());
    assert_eq!(
        desk.code("secret_unlock", secret("not the passphrase")),
        "passphrase_wrong",
        "it is told"
    );
    assert_eq!(
        desk.code("portal_copy_link", copy_link(&desk)),
        "passphrase_needed",
        "the file stays closed"
    );
    assert_eq!(
        desk.ask("secret_unlock", secret(PASSPHRASE)).unwrap(),
        Value::Null,
        "nothing comes back"
    );
    desk.ask("portal_copy_link", copy_link(&desk)).unwrap();
    assert_eq!(desk.copied.lock().unwrap().len(), 1, "the same act is done now");
    desk.ask("settings_save", json!({ "change": { "reasonRequired": true } }))
        .unwrap();
    assert_eq!(
        holding_it(desk.dir.path()),
        Vec::<String>::new(),
        "nothing holds the passphrase"
    );
}

#[test]
fn a_sealed_file_that_is_gone_is_named_and_not_made_anew() {
    let desk = sealed().again(by_directory());
    std::fs::remove_file(desk.dir.path().join("keys.sealed")).unwrap();
    assert_eq!(
        desk.code("secret_unlock", secret(PASSPHRASE)),
        "key_store_damaged",
        "it is named"
    );
    assert!(
        !desk.dir.path().join("keys.sealed").exists(),
        "an empty one would hide the loss"
    );
}

#[test]
fn a_passphrase_opens_no_keyring() {
    let desk = Desk::with_sandbox_alone(by_directory());
    assert_eq!(
        desk.code("secret_unlock", secret(PASSPHRASE)),
        "input_invalid",
        "there is no file to open"
    );
}
