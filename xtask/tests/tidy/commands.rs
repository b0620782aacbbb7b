//! Every command of the shell is declared in all the places that make it callable, and nowhere by accident.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::files;
use crate::nothing_found;

/// Returns the names of all functions marked as commands.
fn commands() -> BTreeSet<String> {
    let sources = files::all()
        .into_iter()
        .filter(|file| file.path.starts_with("src-tauri/src/commands/"));
    let mut names = BTreeSet::new();
    for file in sources {
        for marked in file.text.split("#[tauri::command").skip(1) {
            let (_, signature) = marked.split_once("fn ").unwrap();
            let end = signature.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap();
            names.insert(signature.chars().take(end).collect());
        }
    }
    assert!(!names.is_empty(), "the shell has commands");
    names
}

/// Returns (identifier, what it allows) of every permission of ours.
fn permissions() -> Vec<(String, String)> {
    let files = files::all()
        .into_iter()
        .filter(|file| file.path.starts_with("src-tauri/permissions/"));
    let mut found = Vec::new();
    for file in files {
        for block in file.text.split("[[permission]]").skip(1) {
            let value = |key: &str| {
                let line = block
                    .lines()
                    .find_map(|line| line.strip_prefix(key))
                    .unwrap_or_default();
                line.trim_start_matches([' ', '=']).to_owned()
            };
            let identifier = value("identifier").trim_matches('"').to_owned();
            found.push((identifier, value("commands.allow")));
        }
    }
    found
}

fn configuration() -> Value {
    serde_json::from_str(&files::one("tauri.conf.json").unwrap().text).unwrap()
}

fn granted() -> BTreeSet<String> {
    let configuration = configuration();
    let capabilities = configuration["app"]["security"]["capabilities"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(
        capabilities.len(),
        1,
        "one capability holds all that the window may call"
    );
    let permissions = capabilities[0]["permissions"].as_array().unwrap().clone();
    permissions
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

fn permission_of(command: &str) -> String {
    format!("allow-{}", command.replace('_', "-"))
}

fn camel(command: &str) -> String {
    let mut parts = command.split('_');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        name + &capital + letters.as_str()
    })
}

#[test]
fn each_command_has_a_permission_that_allows_it_alone() {
    let there = permissions();
    let alone = |command: &String| there.contains(&(permission_of(command), format!("[\"{command}\"]")));
    let found: Vec<_> = commands().into_iter().filter(|command| !alone(command)).collect();
    nothing_found(
        "Add a permission allow-NAME with commands.allow = [\"name\"] in src-tauri/permissions.",
        &found,
    );
}

#[test]
fn each_permission_allows_a_command_that_exists() {
    let commands = commands();
    let found: Vec<_> = permissions()
        .into_iter()
        .filter(|(identifier, _)| !commands.iter().any(|command| permission_of(command) == *identifier))
        .map(|(identifier, _)| identifier)
        .collect();
    nothing_found("Delete the permission: nothing answers to it.", &found);
}

#[test]
fn the_capability_grants_exactly_our_commands() {
    let wanted: BTreeSet<_> = commands().iter().map(|command| permission_of(command)).collect();
    let ours: BTreeSet<_> = granted().into_iter().filter(|name| !name.contains(':')).collect();
    let found: Vec<_> = wanted.symmetric_difference(&ours).cloned().collect();
    nothing_found("Command and capability (tauri.conf.json) differ.", &found);
}

#[test]
fn the_capability_grants_no_plugin_and_no_default_set() {
    let found: Vec<_> = granted()
        .into_iter()
        .filter(|name| name.contains(':') && (!name.starts_with("core:") || name.ends_with(":default")))
        .collect();
    nothing_found(
        "Plugins are called from Rust; of Tauri's own, only single permissions are granted.",
        &found,
    );
}

#[test]
fn each_command_is_registered() {
    let sources: Vec<_> = files::all()
        .into_iter()
        .filter(|file| file.path.starts_with("src-tauri/src/"))
        .collect();
    let list = sources.iter().find_map(|file| {
        let (_, rest) = file.text.split_once("collect_commands![")?;
        rest.split_once(']').map(|(inside, _)| inside.to_owned())
    });
    let list = list.expect("the shell collects its commands");
    let names: BTreeSet<_> = list
        .split(',')
        .filter_map(|path| path.trim().rsplit("::").next())
        .collect();
    let found: Vec<_> = commands()
        .into_iter()
        .filter(|command| !names.contains(command.as_str()))
        .collect();
    nothing_found("Add the command to collect_commands!.", &found);
}

#[test]
fn each_command_is_in_the_uis_backend() {
    // The interface, and the parts of it that it extends.
    let parts = files::all().into_iter().filter(|file| {
        file.path == "ui/src/ipc/backend.ts"
            || (file.path.starts_with("ui/src/ipc/types") && file.text.contains("Backend {"))
    });
    let backend: String = parts.map(|file| file.text).collect();
    let has = |command: &String| backend.contains(&format!("{}(", camel(command)));
    let found: Vec<_> = commands().into_iter().filter(|command| !has(command)).collect();
    nothing_found(
        "Add the method to the Backend interface, or remove the command.",
        &found,
    );
}

#[test]
fn each_command_is_known_to_the_isolation_hook() {
    let Some(list) = files::one("ui/isolation/commands.json") else {
        return;
    };
    let found: Vec<_> = commands()
        .into_iter()
        .filter(|command| !list.text.contains(&format!("\"{command}\"")))
        .collect();
    nothing_found("Add the command to ui/isolation/commands.json.", &found);
}
