//! The commands and events as the shell collects them, and the lists that must agree with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tauri::test::MockRuntime;
use tauri_specta::{BuilderConfiguration, LanguageExt};

/// Captures what tauri-specta would write bindings from.
#[derive(Default, Clone)]
struct Capture(Arc<Mutex<BTreeMap<String, Vec<String>>>>);

impl LanguageExt for Capture {
    type Error = std::io::Error;

    fn export(self, configuration: &BuilderConfiguration, _: &Path) -> Result<(), Self::Error> {
        let arguments =
            |function: &specta::datatype::Function| function.args().iter().map(|(name, _)| name.to_string()).collect();
        let commands = configuration
            .commands
            .iter()
            .map(|function| (function.name().to_owned(), arguments(function)));
        self.0.lock().unwrap().extend(commands);
        Ok(())
    }
}

/// Every command with the names of its arguments, as Rust spells them.
pub fn commands() -> BTreeMap<String, Vec<String>> {
    let capture = Capture::default();
    gatehouse_shell::surface::surface::<MockRuntime>()
        .export(capture.clone(), "")
        .unwrap();
    Arc::try_unwrap(capture.0).unwrap().into_inner().unwrap()
}

/// A file of the project.
pub fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn isolation_list() -> BTreeMap<String, Value> {
    serde_json::from_str(&file("ui/isolation/commands.json")).unwrap()
}

fn camel(snake: &str) -> String {
    let mut name = String::new();
    let mut raise = false;
    for letter in snake.chars() {
        if letter == '_' {
            raise = true;
        } else {
            name.push(if raise { letter.to_ascii_uppercase() } else { letter });
            raise = false;
        }
    }
    name
}

#[test]
fn the_isolation_list_is_the_list_of_commands() {
    let listed: BTreeSet<String> = isolation_list()
        .into_keys()
        .filter(|name| !name.starts_with("plugin:"))
        .collect();
    let there: BTreeSet<String> = commands().into_keys().collect();
    assert_eq!(
        listed, there,
        "the isolation hook lets through exactly the commands that exist"
    );
}

#[test]
fn the_isolation_list_names_each_commands_arguments() {
    let listed = isolation_list();
    for (command, arguments) in commands() {
        let properties = listed[&command]["properties"].as_object().cloned().unwrap_or_default();
        let there: BTreeSet<String> = arguments.iter().map(|name| camel(name)).collect();
        let named: BTreeSet<String> = properties.keys().cloned().collect();
        assert_eq!(named, there, "{command}: the hook knows its arguments and no others");
    }
}

#[test]
fn of_tauris_own_commands_only_three_pass_the_isolation_hook() {
    let own: Vec<String> = isolation_list()
        .into_keys()
        .filter(|name| name.starts_with("plugin:"))
        .collect();
    let expected = [
        "plugin:event|listen",
        "plugin:event|unlisten",
        "plugin:webview|set_webview_zoom",
    ];
    assert_eq!(
        own, expected,
        "listening to events and zooming; nothing else of Tauri's is for the page"
    );
}
