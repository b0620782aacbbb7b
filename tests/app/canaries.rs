//! What Rust says to the window in a day's work holds no secret: no key, no passphrase, no PIN, no link; and what the window says to Rust
//! holds one in the commands alone whose name begins with `secret_`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatehouse_core::KeysChoice;
use gatehouse_core::key_store::{KeyStore, MemoryKeyStore};
use gatehouse_core::profile::secrets;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::sealed_keys::{PASSPHRASE as KEY_FILE, sealed};

const LOCK: &str = "canary-lock-9c1f27e0b4";
const WRONG: &str = "canary-wrong-77aa01c3d9";
const PIN: &str = "canary-pin-5521";
/// What seals the key store of the second day.
const STORE: &str = "canary-store-31b08d7a55";

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
    assert!(
        desk.trace.lock().unwrap().contains("act-progress"),
        "events were said, and entries"
    );
    let links = desk.copied.lock().unwrap().clone();
    assert_eq!(links.len(), 1, "a link was made");
    let typed = [LOCK, WRONG, PIN].map(str::to_owned);
    outward_is_clean(&desk, planted.iter().chain(&links).chain(&typed));
    inward_is_named(&desk, &typed, 5);
}

/// Rust told the window none of these.
fn outward_is_clean<'a>(desk: &Desk, secrets: impl IntoIterator<Item = &'a String>) {
    let trace = desk.trace.lock().unwrap().clone();
    assert!(
        trace.contains("claims_sha256"),
        "the entries of the log are in the trace"
    );
    for secret in secrets {
        assert!(
            !trace.contains(secret.as_str()),
            "the window was told {} characters of a secret",
            secret.len()
        );
    }
}

/// The window told Rust these in commands that say so by their name; at least so many times.
fn inward_is_named(desk: &Desk, typed: &[String], least: usize) {
    let asked = desk.asked.lock().unwrap();
    let holding: Vec<&str> = asked
        .iter()
        .filter(|(_, arguments)| typed.iter().any(|secret| arguments.contains(secret.as_str())))
        .map(|(command, _)| command.as_str())
        .collect();
    assert!(holding.len() >= least, "the secrets came in: {holding:?}");
    for command in holding {
        assert!(
            command.starts_with("secret_"),
            "{command} carries a secret and does not say so"
        );
    }
}

/// The files below a folder that hold one of these.
fn holding(folder: &Path, secrets: &[String]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, secrets));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let held = |secret: &String| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            found.extend(secrets.iter().any(held).then_some(path));
        }
    }
    found
}

#[test]
fn the_passphrases_of_the_sealed_store_and_of_a_sealed_key_come_in_once_and_are_nowhere() {
    let by_directory = || KeysChoice::ByDataDir {
        passphrase: None,
        keyring: None,
    };
    let desk = Desk::with_sandbox_alone(by_directory());
    desk.ask("secret_try_sandbox", json!({ "passphrase": STORE })).unwrap();
    let desk = desk.again(by_directory());
    let wrong = format!("{STORE} is not it");
    assert_eq!(
        desk.code("secret_unlock", json!({ "passphrase": wrong })),
        "passphrase_wrong",
        "a wrong one is told"
    );
    desk.ask("secret_unlock", json!({ "passphrase": STORE })).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let [file, _] = sealed(elsewhere.path());
    *desk.chosen.lock().unwrap() = Some(file);
    let import = json!({ "name": "sandbox", "usage": "jwt-signing" });
    desk.ask("key_import", import).unwrap();
    let open = |passphrase: &str| json!({ "name": "sandbox", "usage": "jwt-signing", "passphrase": passphrase });
    assert_eq!(
        desk.code("secret_key_passphrase", open(WRONG)),
        "passphrase_wrong",
        "a wrong one is told"
    );
    desk.ask("secret_key_passphrase", open(KEY_FILE)).unwrap();
    desk.ask("portal_copy_link", copy_link(&desk)).unwrap();
    desk.ask("doctor_bundle", json!({})).unwrap();
    for seq in 1..=desk.ask("audit_verify", json!({})).unwrap()["size"].as_u64().unwrap() {
        desk.ask("audit_entry", json!({ "seq": seq })).unwrap();
    }
    let typed = [STORE, KEY_FILE, WRONG].map(str::to_owned);
    outward_is_clean(&desk, &typed);
    inward_is_named(&desk, &typed, 4);
    assert_eq!(
        holding(desk.dir.path(), &typed),
        Vec::<PathBuf>::new(),
        "no file of the data directory holds one, while the databases are open"
    );
    let wal = desk.dir.path().join("audit.db-wal");
    assert!(
        wal.metadata().is_ok_and(|wal| wal.len() > 0),
        "what is not yet in the databases was looked at, too"
    );
}
