//! The app lock and the roles through the window's own commands, and that every command says which deed it is.

use std::sync::Arc;

use gatehouse_core::KeysChoice;
use gatehouse_core::key_store::{KeyStore, MemoryKeyStore};
use gatehouse_core::person::{asks, entry_points};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::surface;

const PASSPHRASE: &str = "a lock of nine horses";
const COLLEAGUE: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

fn secret() -> Value {
    json!({ "passphrase": PASSPHRASE })
}

fn set() -> Value {
    json!({ "passphrase": PASSPHRASE, "idleMinutes": 10, "absoluteHours": 12 })
}

fn copy_link(desk: &Desk) -> Value {
    let rows = json!({ "request": { "query": "SE-00417", "first": 0, "count": 1 } });
    let id = desk.ask("merchants_search", rows).unwrap()["rows"][0]["id"].clone();
    json!({ "request": { "merchantId": id, "openAs": null, "reason": null, "roles": null, "unsigned": false } })
}

fn lock(desk: &Desk) -> Value {
    desk.ask("app_state", json!({})).unwrap()["lock"].clone()
}

#[test]
fn every_command_says_which_deed_it_is() {
    let commands = surface::commands();
    let unknown: Vec<_> = commands.keys().filter(|name| asks(name).is_none()).collect();
    assert!(
        unknown.is_empty(),
        "add to crates/core/src/person/entry_points.rs, with a deed or a reason: {unknown:?}"
    );
    let gone: Vec<_> = entry_points()
        .map(|(name, _)| *name)
        .filter(|name| name.contains('_') && !commands.contains_key(*name))
        .collect();
    assert!(gone.is_empty(), "no command answers to these any more: {gone:?}");
}

#[test]
fn locked_the_window_reads_and_does_nothing_until_it_is_unlocked() {
    let keys = Arc::new(MemoryKeyStore::new());
    let desk = Desk::with_sandbox_and(KeysChoice::Given(Arc::clone(&keys) as Arc<dyn KeyStore>));
    let link = copy_link(&desk);
    assert_eq!(lock(&desk)["set"], json!(false), "nobody is asked for what nobody set");
    let view = desk.ask("secret_lock_set", set()).unwrap();
    assert_eq!(view["locked"], Value::Null, "setting it does not lock");
    assert!(
        !view.to_string().contains(PASSPHRASE),
        "the passphrase does not come back"
    );
    desk.ask("portal_warm", json!({})).unwrap();
    let locked = desk.ask("app_lock_now", json!({})).unwrap();
    assert_eq!(locked["locked"], json!("asked"), "and says why");
    for (command, arguments) in [
        ("portal_warm", json!({})),
        ("portal_copy_link", link.clone()),
        ("settings_save", json!({ "change": { "reasonRequired": true } })),
        ("sessions_revoke_all", json!({})),
        ("person_remove", json!({ "fingerprint": "12345678" })),
    ] {
        assert_eq!(desk.code(command, arguments), "app_locked", "{command} does nothing");
    }
    desk.ask("sessions_list", json!({})).unwrap();
    let wrong = json!({ "passphrase": "a lock of ten horses" });
    assert_eq!(desk.code("secret_unlock_app", wrong), "passphrase_wrong", "it is told");
    let open = desk.ask("secret_unlock_app", secret()).unwrap();
    assert_eq!(open["locked"], Value::Null, "the right one unlocks");
    assert_eq!(open["idleMinutes"], json!(10), "and the limits are known");
    desk.ask("portal_warm", json!({})).unwrap();
}

#[test]
fn a_risky_deed_is_confirmed_once_for_that_deed() {
    let desk = Desk::with_sandbox();
    let link = copy_link(&desk);
    desk.ask("secret_lock_set", set()).unwrap();
    assert_eq!(
        desk.code("portal_copy_link", link.clone()),
        "confirmation_needed",
        "a link that leaves"
    );
    let confirm = |deed: &str| json!({ "deed": deed, "passphrase": PASSPHRASE });
    assert_eq!(
        desk.code("secret_confirm", confirm("no_such_deed")),
        "input_invalid",
        "deeds are known"
    );
    desk.ask("secret_confirm", confirm("copy_link")).unwrap();
    desk.ask("portal_copy_link", link.clone()).unwrap();
    assert_eq!(
        desk.code("portal_copy_link", link),
        "confirmation_needed",
        "once is once"
    );
    assert_eq!(desk.copied.lock().unwrap().len(), 1, "one link was made");
}

#[test]
fn the_app_starts_locked_and_is_changed_and_removed() {
    let keys = Arc::new(MemoryKeyStore::new());
    let given = || KeysChoice::Given(Arc::clone(&keys) as Arc<dyn KeyStore>);
    let desk = Desk::with_sandbox_and(given());
    desk.ask("secret_lock_set", set()).unwrap();
    let desk = desk.again(given());
    assert_eq!(lock(&desk)["locked"], json!("start"), "a new run asks first");
    let change = json!({ "passphrase": PASSPHRASE, "next": null, "idleMinutes": 3, "absoluteHours": 2 });
    let changed = desk.ask("secret_lock_change", change).unwrap();
    assert_eq!(changed["idleMinutes"], json!(3), "the limits are the new ones");
    let removed = desk.ask("secret_lock_remove", secret()).unwrap();
    assert_eq!(removed["set"], json!(false), "and it is gone");
    desk.ask("portal_warm", json!({})).unwrap();
}

#[test]
fn persons_are_listed_added_and_refused_by_role() {
    let desk = Desk::with_sandbox();
    let alone = desk.ask("persons_list", json!({})).unwrap();
    assert_eq!(alone["listed"], json!(false), "a lone account manager has every role");
    let own = alone["persons"][0]["fingerprint"].clone();
    let bea = json!({ "key": COLLEAGUE, "name": "Bea", "roles": ["administrator"] });
    let both = desk.ask("person_add", bea).unwrap();
    assert_eq!(both["persons"].as_array().map(Vec::len), Some(2), "both are there");
    let reviewer = json!({ "fingerprint": own, "roles": ["reviewer"] });
    desk.ask("person_roles", reviewer).unwrap();
    for (command, arguments) in [
        ("portal_warm", json!({})),
        ("portal_copy_link", copy_link(&desk)),
        ("sessions_revoke_all", json!({})),
        ("merchants_import", json!({})),
        ("settings_save", json!({ "change": { "reasonRequired": true } })),
        ("person_remove", json!({ "fingerprint": "12345678" })),
    ] {
        assert_eq!(desk.code(command, arguments), "role_missing", "{command} takes a role");
    }
    assert!(desk.copied.lock().unwrap().is_empty(), "no link was made");
    let acts = json!({ "request": { "before": null, "limit": 10, "query": "" } });
    desk.ask("audit_acts", acts).unwrap();
    desk.ask("audit_verify", json!({})).unwrap();
}

#[test]
fn whoever_is_taken_off_the_list_sees_the_profile_and_nothing_in_it() {
    let desk = Desk::with_sandbox();
    let own = desk.ask("persons_list", json!({})).unwrap()["persons"][0]["fingerprint"].clone();
    let bea = json!({ "key": COLLEAGUE, "name": "Bea", "roles": ["administrator"] });
    desk.ask("person_add", bea).unwrap();
    desk.ask("person_remove", json!({ "fingerprint": own })).unwrap();
    let state = desk.ask("app_state", json!({})).unwrap();
    assert_eq!(
        (&state["active"]["name"], &state["liveSessions"]),
        (&json!("sandbox"), &json!(0)),
        "the window stands, and another profile can be chosen in it: {state}"
    );
    assert_eq!(
        state["active"]["signing"],
        serde_json::Value::Null,
        "no fact of its keys"
    );
    desk.ask("profile_use", json!({ "name": "sandbox" })).unwrap();
    let search = json!({ "request": { "query": "a", "first": 0, "count": 10 } });
    assert_eq!(
        desk.ask("keys_notices", json!({})).unwrap(),
        json!([]),
        "it has nothing to tell"
    );
    for (command, arguments) in [("merchants_search", search), ("sessions_list", json!({}))] {
        assert_eq!(desk.code(command, arguments), "role_missing", "{command}");
    }
}
