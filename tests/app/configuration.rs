//! The hardening of `tauri.conf.json`, written out once more so that a change is seen (audit.md section 7).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::surface;

fn configuration() -> Value {
    serde_json::from_str(&surface::file("tauri.conf.json")).unwrap()
}

fn security() -> Value {
    configuration()["app"]["security"].clone()
}

#[test]
fn the_content_security_policy_allows_our_own_files_and_ipc_alone() {
    let policy = security()["csp"].as_str().unwrap().to_owned();
    let directives: BTreeMap<&str, &str> = policy
        .split("; ")
        .map(|directive| directive.split_once(' ').unwrap_or((directive, "")))
        .collect();
    let style = format!("'self' {}", frame_style_hash());
    let expected = BTreeMap::from([
        ("default-src", "'none'"),
        ("script-src", "'self'"),
        ("style-src", style.as_str()),
        ("img-src", "'self' data:"),
        ("font-src", "'self'"),
        ("connect-src", "ipc: http://ipc.localhost"),
        ("form-action", "'none'"),
        ("base-uri", "'none'"),
        ("object-src", "'none'"),
        ("require-trusted-types-for", "'script'"),
        ("trusted-types", "svelte-trusted-html"),
    ]);
    assert_eq!(
        directives, expected,
        "nothing inline, nothing remote, no eval; Tauri adds the isolation frame's own scheme itself"
    );
}

/// Tauri hides the isolation frame by an inline style, and adds its hash to the frame's own policy only.
fn frame_style_hash() -> String {
    use base64::Engine;
    use sha2::Digest;
    let digest = sha2::Sha256::digest(tauri::utils::pattern::isolation::IFRAME_STYLE);
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(digest))
}

#[test]
fn the_page_cannot_get_around_the_policy() {
    let security = security();
    assert_eq!(
        security["dangerousDisableAssetCspModification"],
        json!(false),
        "Tauri may add its hashes and nonces"
    );
    assert_eq!(
        security["freezePrototype"],
        json!(true),
        "prototypes cannot be poisoned"
    );
    assert_eq!(
        security["assetProtocol"],
        json!({ "enable": false, "scope": [] }),
        "no file of the disk is served to the page"
    );
    assert_eq!(
        configuration()["app"]["withGlobalTauri"],
        json!(false),
        "there is no window.__TAURI__"
    );
}

#[test]
fn messages_pass_the_isolation_app() {
    let expected = json!({ "use": "isolation", "options": { "dir": "ui/isolation" } });
    assert_eq!(
        security()["pattern"],
        expected,
        "every message goes through the hook of ui/isolation"
    );
}

#[test]
fn there_is_one_window_and_rust_makes_it() {
    let windows = configuration()["app"]["windows"].clone();
    assert_eq!(windows.as_array().map(Vec::len), Some(1), "there is one window");
    assert_eq!(windows[0]["label"], json!("main"), "the capability names it");
    assert_eq!(
        windows[0]["create"],
        json!(false),
        "Rust makes it, with the rules for navigation"
    );
    assert_eq!(windows[0].get("devtools"), None, "developer tools are for debug builds");
}

#[test]
fn the_capability_is_for_this_window_and_nothing_remote() {
    let capability = security()["capabilities"][0].clone();
    assert_eq!(capability["windows"], json!(["main"]), "one window, named");
    assert_eq!(capability.get("remote"), None, "no remote page may call anything");
    assert_eq!(capability.get("webviews"), None, "no web view by pattern");
}

#[test]
fn the_capability_grants_each_command_and_three_of_tauris() {
    let capability = security()["capabilities"][0]["permissions"].clone();
    let granted: Vec<&str> = capability
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let of_tauri = [
        "core:event:allow-listen",
        "core:event:allow-unlisten",
        "core:webview:allow-set-webview-zoom",
    ];
    let mut expected: Vec<String> = of_tauri.map(str::to_owned).to_vec();
    expected.extend(
        surface::commands()
            .keys()
            .map(|command| format!("allow-{}", command.replace('_', "-"))),
    );
    let (mut granted, mut expected) = (granted.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    granted.sort();
    expected.sort();
    assert_eq!(
        granted, expected,
        "one permission for each command, no sets, no plugins"
    );
}

#[test]
fn the_package_names_what_it_needs() {
    let bundle = configuration()["bundle"].clone();
    let depends = bundle["linux"]["deb"]["depends"][0].as_str().unwrap().to_owned();
    assert!(
        depends.starts_with("gnome-keyring |"),
        "a Secret Service provider, the person's choice of it"
    );
    assert!(
        bundle["longDescription"].as_str().is_some_and(|text| !text.is_empty()),
        "Debian would say (none) otherwise"
    );
}
