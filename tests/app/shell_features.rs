//! What the shell is built of: which Tauri, and with which of its features, as Cargo resolves them for every build.
//!
//! Developer tools come into a release by the feature `devtools` alone, whatever the window's configuration says; a debug build has them
//! by itself. So no crate of the graph may have that feature on, which holds for a release, too. Deliberately absent: a look into a built
//! release, which is stripped and shows less than the graph does.

use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

/// The graph of this machine's build, with features.
static GRAPH: LazyLock<Value> = LazyLock::new(|| {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", &host()])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let said = cargo.output().unwrap();
    assert!(
        said.status.success(),
        "Cargo tells the graph: {}",
        String::from_utf8_lossy(&said.stderr)
    );
    serde_json::from_slice(&said.stdout).unwrap()
});

fn host() -> String {
    let said = Command::new("rustc").arg("-vV").output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value[member].as_array().unwrap()
}

/// The crates by the name, each with its version and its enabled features.
fn crates() -> Vec<(String, String, Vec<String>)> {
    let packages = list(&GRAPH, "packages");
    let nodes = list(&GRAPH["resolve"], "nodes").iter();
    nodes
        .map(|node| {
            let package = packages.iter().find(|package| package["id"] == node["id"]).unwrap();
            let features = list(node, "features").iter();
            (
                package["name"].as_str().unwrap().to_owned(),
                package["version"].as_str().unwrap().to_owned(),
                features.map(|feature| feature.as_str().unwrap().to_owned()).collect(),
            )
        })
        .collect()
}

#[test]
fn no_build_has_developer_tools_by_a_feature() {
    let crates = crates();
    for shell in ["tauri", "tauri-runtime", "tauri-runtime-wry", "wry"] {
        let (_, _, features) = crates.iter().find(|(name, ..)| name == shell).unwrap();
        assert!(
            !features.iter().any(|feature| feature == "devtools"),
            "{shell} would carry developer tools into a release: {features:?}"
        );
    }
    let knows = list(&GRAPH, "packages")
        .iter()
        .filter(|package| package["features"].get("devtools").is_some())
        .filter(|package| matches!(package["name"].as_str(), Some("tauri" | "wry")))
        .count();
    assert_eq!(knows, 2, "the feature still has that name in Tauri and wry");
}

#[test]
fn tauri_has_the_features_that_were_thought_about() {
    let own = list(&GRAPH, "packages")
        .iter()
        .find(|package| package["name"] == "gatehouse-desktop")
        .unwrap();
    let named = list(own, "dependencies")
        .iter()
        .find(|dependency| dependency["name"] == "tauri" && dependency["kind"].is_null())
        .unwrap();
    let features: Vec<&str> = list(named, "features").iter().filter_map(Value::as_str).collect();
    let expected = [
        "wry",
        "compression",
        "common-controls-v6",
        "x11",
        "dbus",
        "specta",
        "isolation",
    ];
    assert_eq!(
        (features.as_slice(), &named["uses_default_features"]),
        (&expected[..], &Value::Bool(false)),
        "another feature is another way into the window: say in this list why it is needed"
    );
    let own = list(&GRAPH["resolve"], "nodes")
        .iter()
        .find(|node| node["id"] == own["id"])
        .unwrap();
    assert_eq!(
        own["features"],
        serde_json::json!(["custom-protocol", "default"]),
        "what is built without a word more has our files embedded, and nothing else on"
    );
}

#[test]
fn tauri_is_past_the_versions_with_known_holes() {
    let (_, version, _) = crates().into_iter().find(|(name, ..)| name == "tauri").unwrap();
    let plain = version.split(['-', '+']).next().unwrap();
    let parts: Vec<u32> = plain.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(
        parts.as_slice() >= &[2, 11, 1][..],
        "2.11.1 is the first one without them; the lock file has {version}"
    );
    assert_eq!(parts.first(), Some(&2), "a new major version is a new audit: {version}");
}
