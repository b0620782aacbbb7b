//! Which part may depend on which (docs/ARCHITECTURE.md, Layers).

use std::process::Command;

use serde_json::Value;

use crate::files;
use crate::nothing_found;

/// One dependency that a package of ours declares.
struct Edge {
    from: String,
    to: String,
    /// `None` for an ordinary one, `dev` or `build` otherwise.
    kind: Option<String>,
}

fn edges() -> Vec<Edge> {
    let metadata: Value = serde_json::from_str(&cargo("metadata --no-deps --offline --format-version 1")).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let of = |package: &Value| {
        let from = package["name"].as_str().unwrap().to_owned();
        let all = package["dependencies"].as_array().unwrap().clone();
        all.into_iter().map(move |dependency| Edge {
            from: from.clone(),
            to: dependency["name"].as_str().unwrap().to_owned(),
            kind: dependency["kind"].as_str().map(str::to_owned),
        })
    };
    packages.iter().flat_map(of).collect()
}

/// Returns the names of everything in a package's tree.
fn tree(package: &str, kinds: &str) -> Vec<String> {
    let listed = cargo(&format!(
        "tree --offline --package {package} --edges {kinds} --prefix none --format {{p}}"
    ));
    listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

fn cargo(words: &str) -> String {
    let out = Command::new("cargo")
        .current_dir(files::root())
        .args(words.split_whitespace())
        .output()
        .unwrap();
    assert!(
        out.status.success(),
        "cargo {words}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap()
}

fn packages_in_crates() -> Vec<String> {
    let manifests = files::all()
        .into_iter()
        .filter(|file| file.path.starts_with("crates/") && file.path.ends_with("/Cargo.toml"));
    let name = |text: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix("name = ")).unwrap();
        line.trim_matches('"').to_owned()
    };
    manifests.map(|file| name(&file.text)).collect()
}

fn broken(rule: impl Fn(&Edge) -> bool) -> Vec<String> {
    let kind = |edge: &Edge| edge.kind.as_deref().unwrap_or("ordinary").to_owned();
    edges()
        .iter()
        .filter(|edge| rule(edge))
        .map(|edge| format!("{} -> {} ({})", edge.from, edge.to, kind(edge)))
        .collect()
}

#[test]
fn only_the_shell_knows_tauri() {
    let mut found = Vec::new();
    for package in packages_in_crates() {
        let names = tree(&package, "normal,build");
        let window = names
            .iter()
            .filter(|name| name.starts_with("tauri") || *name == "wry" || *name == "gtk");
        found.extend(window.map(|name| format!("{package} -> {name}")));
    }
    nothing_found("A crate under crates/ works without a window.", &found);
}

#[test]
fn only_core_speaks_to_klarna() {
    let found = broken(|edge| edge.to == "gatehouse-klarna" && edge.from != "gatehouse-core");
    nothing_found("Ask gatehouse-core: it records an act before it is done.", &found);
}

#[test]
fn the_log_and_the_client_know_nothing_of_each_other_or_of_us() {
    let found = broken(|edge| {
        let in_tests = edge.kind.as_deref() == Some("dev") && edge.to == "gatehouse-sandbox";
        ["gatehouse-audit", "gatehouse-klarna"].contains(&edge.from.as_str())
            && edge.to.starts_with("gatehouse-")
            && !in_tests
    });
    nothing_found("gatehouse-audit and gatehouse-klarna stand at the bottom.", &found);
}

#[test]
fn the_log_knows_no_keyring_and_the_client_no_database() {
    let mut found = Vec::new();
    for (package, banned) in [
        ("gatehouse-audit", ["keyring-core", "reqwest"]),
        ("gatehouse-klarna", ["rusqlite", "keyring-core"]),
    ] {
        let names = tree(package, "normal");
        found.extend(
            banned
                .iter()
                .filter(|name| names.iter().any(|n| n == *name))
                .map(|name| format!("{package} -> {name}")),
        );
    }
    nothing_found("Give it what it needs as a parameter.", &found);
}

#[test]
fn the_sandbox_shares_no_type_and_no_jwt_library_with_us() {
    let ours = broken(|edge| edge.from == "gatehouse-sandbox" && edge.to.starts_with("gatehouse-"));
    nothing_found("The sandbox is written from Klarna's documents alone.", &ours);
    let jwt = [
        "jsonwebtoken",
        "josekit",
        "jwt-simple",
        "jwt",
        "biscuit",
        "jose",
        "jwt-compact",
    ];
    let names = tree("gatehouse-sandbox", "normal,build,dev");
    let found: Vec<_> = names.into_iter().filter(|name| jwt.contains(&name.as_str())).collect();
    nothing_found("The sandbox checks tokens by hand, or it shares our mistakes.", &found);
}

#[test]
fn only_programs_and_tests_use_the_sandbox() {
    let programs = ["gatehouse-desktop", "gatehouse-cli", "gatehouse-bridge"];
    let found = broken(|edge| {
        edge.to == "gatehouse-sandbox" && edge.kind.as_deref() != Some("dev") && !programs.contains(&edge.from.as_str())
    });
    nothing_found(
        "Nothing that touches the real Klarna may lean on the simulated one.",
        &found,
    );
}

#[test]
fn only_the_ipc_folder_imports_tauri() {
    let sources = files::all()
        .into_iter()
        .filter(|file| file.path.starts_with("ui/src/") && file.is(&["ts", "svelte", "js"]));
    let found: Vec<_> = sources
        .filter(|file| !file.path.starts_with("ui/src/ipc/"))
        .filter(|file| file.text.contains("@tauri-apps"))
        .map(|file| file.path)
        .collect();
    nothing_found("Use the Backend interface of ui/src/ipc/backend.ts.", &found);
}
