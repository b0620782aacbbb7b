//! The way to Klarna through the window's own commands: proxy, exceptions, sign-in, added authorities, hosts of a profile.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use gatehouse_core::KeysChoice;
use gatehouse_core::key_store::{KeyStore, MemoryKeyStore};
use gatehouse_core::network::{Desktop, ProxyTexts};
use serde_json::{Value, json};

use crate::desk::Desk;

const USER: &str = "canary-proxy-anna";
const PASSWORD: &str = "canary proxy passphrase";

fn show(desk: &Desk) -> Value {
    desk.ask("network_show", json!({})).unwrap()
}

fn through(address: &str, no_proxy: &str) -> Value {
    json!({ "request": { "mode": "address", "address": address, "noProxy": no_proxy } })
}

fn sign_in() -> Value {
    json!({ "user": USER, "password": PASSWORD })
}

fn notes(desk: &Desk) -> Vec<String> {
    let acts = json!({ "request": { "before": null, "limit": 50, "query": "" } });
    let page = desk.ask("audit_acts", acts).unwrap();
    let rows = page["rows"].as_array().unwrap();
    let kinds = rows.iter().map(|row| row["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind == "network.change").collect()
}

/// The files below a folder that hold a text.
fn found_in(folder: &Path, text: &str) -> Vec<String> {
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

#[test]
fn a_proxy_is_set_with_its_exceptions_and_taken_away_again() {
    let desk = Desk::with_sandbox();
    let before = show(&desk);
    assert_eq!(
        (&before["mode"], &before["signIn"], &before["authorities"]),
        (&json!("system"), &json!(false), &json!([])),
        "the system's way, until somebody chooses: {before}"
    );
    let set = desk
        .ask(
            "network_proxy",
            through("proxy.corp.example:3128", ".corp.example 10.0.0.0/8"),
        )
        .unwrap();
    assert_eq!(
        (&set["mode"], &set["address"], &set["noProxy"]),
        (
            &json!("address"),
            &json!("http://proxy.corp.example:3128"),
            &json!(".corp.example,10.0.0.0/8")
        ),
        "written in one form: {set}"
    );
    assert_eq!(show(&desk), set, "and kept");
    desk.ask(
        "network_proxy",
        through("http://proxy.corp.example:3128", ".corp.example,10.0.0.0/8"),
    )
    .unwrap();
    assert_eq!(notes(&desk).len(), 1, "what is set already is no change");
    let direct = desk
        .ask("network_proxy", json!({ "request": { "mode": "direct" } }))
        .unwrap();
    assert_eq!(
        (&direct["mode"], &direct["address"]),
        (&json!("direct"), &json!("")),
        "directly, with nothing left of the proxy"
    );
    assert_eq!(notes(&desk).len(), 2, "each change stands in the log");
}

#[test]
fn what_cannot_be_a_proxy_is_refused_with_its_cause_and_changes_nothing() {
    let desk = Desk::with_sandbox();
    for (request, cause) in [
        (through("ftp://proxy.example:21", ""), "not a proxy address"),
        (through("", ""), "not a proxy address"),
        (
            through("http://anna:secret@proxy.example:3128", ""),
            "holds a user name or password",
        ),
        (through("proxy.example:3128", "10.0.0.0/99"), "10.0.0.0/99"),
        (
            json!({ "request": { "mode": "direct", "address": "proxy.example:3128" } }),
            "belong to a proxy with an address",
        ),
    ] {
        let refused = desk.ask("network_proxy", request).unwrap_err();
        assert_eq!(refused["code"], json!("input_invalid"), "{cause}");
        let message = refused["message"].as_str().unwrap();
        assert!(message.contains(cause), "{message:?} names {cause:?}");
        assert!(
            !refused.to_string().contains("secret"),
            "it repeats no password: {refused}"
        );
    }
    let hint = desk.ask("secret_proxy_sign_in", sign_in()).unwrap_err();
    assert_eq!(hint["code"], json!("input_invalid"), "no proxy, no sign-in: {hint}");
    for request in [
        json!({ "request": { "mode": "pac" } }),
        json!({ "request": { "mode": "address", "password": "x" } }),
    ] {
        assert_eq!(
            desk.code("network_proxy", request),
            "input_invalid",
            "hostile arguments"
        );
    }
    assert_eq!(show(&desk)["mode"], json!("system"), "the way is the same");
    assert!(notes(&desk).is_empty(), "and nothing stands in the log");
}

#[test]
fn a_sign_in_goes_in_once_stays_with_its_address_and_never_comes_out() {
    let keys = Arc::new(MemoryKeyStore::new());
    let desk = Desk::with_sandbox_and(KeysChoice::Given(Arc::clone(&keys) as Arc<dyn KeyStore>));
    desk.ask("network_proxy", through("proxy.example:3128", "")).unwrap();
    let kept = desk.ask("secret_proxy_sign_in", sign_in()).unwrap();
    assert_eq!(kept["signIn"], json!(true), "only that there is one is told: {kept}");
    let holds = || {
        let items = keys.items();
        items.iter().any(|item| format!("{item:?}").contains("proxy-sign-in"))
    };
    assert!(holds(), "it lies in the key store");
    let kept = desk
        .ask("network_proxy", through("proxy.example:3128", ".corp.example"))
        .unwrap();
    assert_eq!(kept["signIn"], json!(true), "another exception leaves it");
    let moved = desk
        .ask("network_proxy", through("other.example:3128", ".corp.example"))
        .unwrap();
    assert_eq!(moved["signIn"], json!(false), "another proxy is not told it");
    assert!(!holds(), "and it is gone from the key store");
    desk.ask("secret_proxy_sign_in", sign_in()).unwrap();
    let cleared = desk
        .ask("secret_proxy_sign_in", json!({ "user": null, "password": null }))
        .unwrap();
    assert_eq!(
        (&cleared["signIn"], &cleared["address"]),
        (&json!(false), &json!("http://other.example:3128")),
        "it can be removed alone"
    );
    for (half, why) in [
        (json!({ "user": USER, "password": null }), "a name alone"),
        (json!({ "user": "", "password": PASSWORD }), "a password alone"),
        (json!({ "user": "an:na", "password": PASSWORD }), "a name with a colon"),
    ] {
        assert_eq!(desk.code("secret_proxy_sign_in", half), "input_invalid", "{why}");
    }
    assert_eq!(show(&desk)["signIn"], json!(false), "a refused one is not kept");
    let trace = desk.trace.lock().unwrap().clone();
    for secret in [USER, PASSWORD] {
        assert!(!trace.contains(secret), "no answer and no event holds {secret:?}");
        assert_eq!(
            found_in(desk.dir.path(), secret),
            Vec::<String>::new(),
            "no file holds {secret:?}"
        );
    }
}

#[test]
fn an_authority_comes_from_a_chosen_file_and_is_taken_away_by_its_fingerprint() {
    let desk = Desk::with_sandbox();
    let pem = desk.served().ca_pem.clone();
    let file = |name: &str, bytes: &[u8]| {
        let path = desk.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        *desk.chosen.lock().unwrap() = Some(path);
    };
    assert_eq!(
        desk.ask("network_ca_add", json!({})).unwrap(),
        Value::Null,
        "nothing was chosen, nothing is changed"
    );
    file(
        "notes.pem",
        b"-----BEGIN PRIVATE KEY-----\ncanaryKEY\n-----END PRIVATE KEY-----\n",
    );
    let refused = desk.ask("network_ca_add", json!({})).unwrap_err();
    assert_eq!(
        refused["code"],
        json!("certificate_unreadable"),
        "a key is no authority"
    );
    file("broken.der", &[0x30, 0x82, 0xff, 0x00]);
    assert_eq!(
        desk.code("network_ca_add", json!({})),
        "certificate_unreadable",
        "nor is this"
    );
    assert!(
        !desk.trace.lock().unwrap().contains("canaryKEY"),
        "what is in a file is not repeated"
    );
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = base64::engine::general_purpose::STANDARD.decode(body).unwrap();
    for (name, bytes) in [("corp.pem", pem.as_bytes()), ("corp.cer", der.as_slice())] {
        file(name, bytes);
        let added = desk.ask("network_ca_add", json!({})).unwrap();
        let authorities = added["authorities"].as_array().unwrap();
        assert_eq!(authorities.len(), 1, "{name} is trusted, once: {added}");
        assert_eq!(authorities[0]["ended"], json!(false), "and in force");
    }
    let kept = show(&desk)["authorities"][0].clone();
    assert_eq!(
        kept["sha256"].as_str().map(str::len),
        Some(64),
        "known by its fingerprint"
    );
    assert!(kept["notAfter"].as_i64().unwrap() > 0, "with its end: {kept}");
    assert_eq!(notes(&desk).len(), 1, "the repetition is no change");
    let wrong = json!({ "sha256": "0".repeat(64) });
    assert_eq!(
        desk.code("network_ca_remove", wrong),
        "input_invalid",
        "another one is not guessed"
    );
    let left = desk
        .ask("network_ca_remove", json!({ "sha256": kept["sha256"] }))
        .unwrap();
    assert_eq!(left["authorities"], json!([]), "it is gone");
    assert_eq!(notes(&desk).len(), 2, "both changes stand in the log");
}

#[test]
fn the_network_is_an_administrators_and_everybody_may_see_the_way() {
    let desk = Desk::with_sandbox();
    let own = desk.ask("persons_list", json!({})).unwrap()["persons"][0]["fingerprint"].clone();
    let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let bea = json!({ "key": key, "name": "Bea", "roles": ["administrator"] });
    desk.ask("person_add", bea).unwrap();
    desk.ask("person_roles", json!({ "fingerprint": own, "roles": ["operator"] }))
        .unwrap();
    *desk.chosen.lock().unwrap() = Some(desk.dir.path().join("corp.pem"));
    std::fs::write(desk.dir.path().join("corp.pem"), &desk.served().ca_pem).unwrap();
    for (command, arguments) in [
        ("network_proxy", through("proxy.example:3128", "")),
        ("network_proxy", json!({ "request": { "mode": "direct" } })),
        ("network_ca_add", json!({})),
        ("network_ca_remove", json!({ "sha256": "0".repeat(64) })),
        ("secret_proxy_sign_in", sign_in()),
        (
            "settings_save",
            json!({ "change": { "allowedHosts": ["portal.klarna.com"] } }),
        ),
    ] {
        assert_eq!(desk.code(command, arguments), "role_missing", "{command} takes a role");
    }
    assert_eq!(
        (&show(&desk)["mode"], &show(&desk)["authorities"]),
        (&json!("system"), &json!([])),
        "nothing changed, and it can be looked at"
    );
}

#[test]
fn a_network_that_names_its_proxy_in_a_pac_file_alone_is_told() {
    let texts = ProxyTexts {
        gnome: Some(["'auto'", "'http://wpad.corp.example/proxy.pac'", "", "", ""].map(str::to_owned)),
        ..ProxyTexts::default()
    };
    let desk = Desk::in_session(Desktop::saying(BTreeMap::new(), texts));
    assert_eq!(
        show(&desk)["system"],
        json!({ "word": "pac", "address": "http://wpad.corp.example/proxy.pac" }),
        "so that the field can say what to do"
    );
    let variables = [(
        "HTTPS_PROXY".to_owned(),
        "http://anna:canary@proxy.example:8080".to_owned(),
    )];
    let desk = Desk::in_session(Desktop::saying(variables.into(), ProxyTexts::default()));
    let system = show(&desk)["system"].clone();
    assert_eq!(system["word"], json!("proxy"), "a proxy that is taken over");
    assert!(!system.to_string().contains("canary"), "without its sign-in: {system}");
}

#[test]
fn the_hosts_of_a_profile_are_rules_that_are_checked_and_changed_alone() {
    let desk = Desk::with_sandbox();
    let save = |change: Value| desk.ask("settings_save", json!({ "change": change }));
    let saved = save(json!({ "allowedHosts": ["Portal.Klarna.com", "*.klarna.com"] })).unwrap();
    assert_eq!(
        saved["allowedHosts"],
        json!(["portal.klarna.com", "*.klarna.com"]),
        "written in one form"
    );
    for bad in ["*.com", "https://portal.klarna.com", "127.0.0.1"] {
        let refused = save(json!({ "allowedHosts": ["portal.klarna.com", bad] })).unwrap_err();
        assert_eq!(refused["code"], json!("input_invalid"), "{bad}");
        assert!(
            refused["message"].as_str().unwrap().contains(bad),
            "it is named: {refused}"
        );
    }
    let both = save(json!({ "allowedHosts": [], "reasonRequired": true })).unwrap_err();
    assert_eq!(both["code"], json!("input_invalid"), "half a change would be left");
    let state = desk.ask("app_state", json!({})).unwrap();
    assert_eq!(
        (&state["active"]["allowedHosts"], &state["active"]["reasonRequired"]),
        (&json!(["portal.klarna.com", "*.klarna.com"]), &json!(false)),
        "nothing refused was saved"
    );
}
