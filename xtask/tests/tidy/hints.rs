//! What the window says to do is said in the window's words: a text that names a command has another wording beside it.

use crate::files;
use crate::nothing_found;

const COMMAND: &str = "`gatehouse ";
/// A command that is told of although the window has fields of its own for all that it does.
const TOLD: &str = "the command gatehouse network";

/// Every string literal of a source, with what stands before it, without comments' lines.
fn literals(source: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = source.get(at..).and_then(|rest| rest.find('"')) {
        let begin = at + open;
        let line = source.get(..begin).unwrap().rsplit('\n').next().unwrap();
        if line.trim_start().starts_with("//") {
            at = begin + source.get(begin..).unwrap().find('\n').unwrap_or(1);
            continue;
        }
        let mut end = begin + 1;
        while let Some(letter) = source.as_bytes().get(end).filter(|letter| **letter != b'"') {
            end += if *letter == b'\\' { 2 } else { 1 };
        }
        found.push((
            source.get(..begin).unwrap(),
            source.get(begin + 1..end).unwrap_or_default(),
        ));
        at = end + 1;
    }
    found
}

fn is_for_the_command_line(before: &str) -> bool {
    let before = before.trim_end();
    let before = before.strip_suffix("format!(").unwrap_or(before).trim_end();
    before.ends_with("ways(")
}

#[test]
fn a_hint_that_names_a_command_has_a_wording_for_the_window() {
    let mut findings = Vec::new();
    let mut seen = 0;
    for file in files::all() {
        let speaks = file.path.starts_with("crates/core/src/") || file.path.starts_with("src-tauri/src/");
        if !speaks || !file.is(&["rs"]) || file.is_test() {
            continue;
        }
        let (source, _) = file.text.split_once("#[cfg(test)]").unwrap_or((&file.text, ""));
        for (before, text) in literals(source).into_iter().filter(|(_, text)| text.contains(COMMAND)) {
            seen += 1;
            if !is_for_the_command_line(before) {
                let line = before.matches('\n').count() + 1;
                findings.push(format!("{}:{line}: {text}", file.path));
            }
        }
    }
    assert!(seen > 40, "the search finds what is there: {seen}");
    nothing_found(
        "say it with ways(command line, window); the window's words name its screens and buttons:",
        &findings,
    );
}

#[test]
fn no_hint_sends_a_person_from_the_network_settings_to_the_command_line() {
    let mut findings = Vec::new();
    for file in files::all() {
        let speaks = file.path.starts_with("crates/core/src/")
            || file.path.starts_with("src-tauri/src/")
            || file.path.starts_with("ui/src/");
        if !speaks || !file.is(&["rs", "ts", "svelte"]) || file.is_test() {
            continue;
        }
        findings.extend(told(&file.text).map(|line| format!("{}:{line}", file.path)));
    }
    nothing_found(
        "name the screen and the field of the window instead of a command of the terminal:",
        &findings,
    );
}

/// The lines on which a text tells of a command.
fn told(text: &str) -> impl Iterator<Item = usize> {
    let lines = text.lines().enumerate();
    lines.filter_map(|(at, line)| line.to_ascii_lowercase().contains(TOLD).then_some(at + 1))
}

#[test]
fn a_command_that_is_only_told_of_is_found() {
    let text = "Show it.\n\"The command gatehouse network show lists them.\"\n`gatehouse network show`";
    assert_eq!(told(text).collect::<Vec<_>>(), [2], "whatever letter it begins with");
}

#[test]
fn the_search_tells_the_two_wordings_apart() {
    let good = "ways(\n    \"Use `gatehouse x`.\", \"Press X.\")";
    let formatted = "ways(format!(\"Use `gatehouse {x}`.\"), \"Press X.\")";
    let plain = "Problem::new(code, \"It.\", \"Use `gatehouse x`.\")";
    let swapped = "ways(\"Use it.\", \"Use `gatehouse x`.\")";
    let verdict = |source: &'static str| {
        let named = literals(source).into_iter().find(|(_, text)| text.contains(COMMAND));
        is_for_the_command_line(named.unwrap().0)
    };
    assert!(
        verdict(good) && verdict(formatted),
        "the first wording may name a command"
    );
    assert!(!verdict(plain) && !verdict(swapped), "nothing else may");
}
