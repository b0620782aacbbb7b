//! What Rust says to the window in a day's work holds no secret: no key, no passphrase, no PIN, no link.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatehouse_core::KeysChoice;
use gatehouse_core::key_store::{KeyStore, MemoryKeyStore};
use gatehouse_core::profile::secrets;
use serde_json::{Value, json};

use crate::desk::Desk;

const LOCK: &str = "canary-lock-9c1f27e0b4";
const WRONG: &str = "canary-wrong-77aa01c3d9";
const PIN: &str = "canary-pin-5521";

fn copy_link(desk: &Desk) -> Value {
    let id = desk.ask("app_state", json!({})).unwrap()["active"]["suggestedMerchant"]["id"].clone();
    json!({ "request": { "merchantId": id, "openAs": null, "reason": null, "roles": null, "unsigned": false } })
}

/// The secrets of the profile in use, in each form that they could be said in.
fn kept(keys: &MemoryKeyStore, desk: &Desk) -> Vec<String> {
    let shell = gatehouse_core::database::open(desk.dir.path()).unwrap();
    let profile: String = shell.query_row("SELECT id FROM profile", [], |row| row.get(0)).unwrap();
    let item = keys.get(&secrets::item(profile.parse().unwrap())).unwrap().unwrap();
    let members: Value = serde_json::from_slice(item.expose()).unwrap();
    let texts = members.as_object().unwrap().iter().filter(|(name, _)| *name != "v");
    texts
        .flat_map(|(name, text)| {
            let text = text.as_str().unwrap().to_owned();
            // A key is told apart by its private scalar: octets 36 to 67 of a P-256 key in PKCS#8.
            let der = STANDARD.decode(&text).unwrap_or_default();
            let scalar = der.get(36..68).map(|scalar| (hex(scalar), STANDARD.encode(scalar)));
            let (hex, base64) = scalar.filter(|_| name != "api_key").unzip();
            [
                Some(text),
                hex,
                base64.map(|text| text.trim_end_matches('=').to_owned()),
            ]
        })
        .flatten()
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_rust_says_to_the_window_holds_no_secret() {
    let keys = Arc::new(MemoryKeyStore::new());
    let desk = Desk::with_sandbox_and(KeysChoice::Given(Arc::clone(&keys) as Arc<dyn KeyStore>));
    let name = desk.ask("app_state", json!({})).unwrap()["active"]["name"].clone();
    let rotate = json!({ "name": name, "usage": "jwt-signing", "ask": true, "serial": null });
    desk.ask("key_rotate", rotate).unwrap();
    let planted = kept(&keys, &desk);
    assert!(planted.len() > 9, "an API key and three private keys are looked for");
    let set = json!({ "passphrase": LOCK, "idleMinutes": 10, "absoluteHours": 12 });
    desk.ask("secret_lock_set", set).unwrap();
    desk.code("secret_unlock_app", json!({ "passphrase": WRONG }));
    desk.code("secret_hardware_pin", json!({ "pin": PIN }));
    desk.code(
        "secret_api_key",
        json!({ "name": name, "key": format!("klarna_test_api_{WRONG}") }),
    );
    desk.ask("secret_confirm", json!({ "deed": "copy_link", "passphrase": LOCK }))
        .unwrap();
    desk.ask("portal_copy_link", copy_link(&desk)).unwrap();
    *desk.chosen.lock().unwrap() = Some(desk.dir.path().join("out.json"));
    for (command, arguments) in [
        ("keys_list", json!({ "name": name })),
        ("credentials_list", json!({ "name": name })),
        ("setup_state", json!({ "name": name })),
        ("sessions_list", json!({})),
        (
            "audit_acts",
            json!({ "request": { "before": null, "limit": 200, "query": "" } }),
        ),
        ("audit_verify", json!({})),
        ("doctor", json!({})),
        ("doctor_bundle", json!({})),
        ("profile_export", json!({ "name": name })),
    ] {
        desk.ask(command, arguments)
            .unwrap_or_else(|refused| panic!("{command}: {refused}"));
    }
    let size = desk.ask("audit_verify", json!({})).unwrap()["size"].as_u64().unwrap();
    for seq in 1..=size {
        desk.ask("audit_entry", json!({ "seq": seq })).unwrap();
    }
    let trace = desk.trace.lock().unwrap().clone();
    assert!(
        trace.contains("act-progress") && trace.contains("claims_sha256"),
        "events and entries were said"
    );
    let links = desk.copied.lock().unwrap().clone();
    assert_eq!(links.len(), 1, "a link was made");
    let typed = [LOCK, WRONG, PIN].map(str::to_owned);
    for secret in planted.iter().chain(&links).chain(&typed) {
        assert!(
            !trace.contains(secret.as_str()),
            "the window was told {} characters of a secret",
            secret.len()
        );
    }
}
