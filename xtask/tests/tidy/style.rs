//! Rules for the text of single files.

use crate::files::{self, File};
use crate::nothing_found;

/// No source is longer; what a few screens cannot show has two topics.
const LONGEST: usize = 300;
/// Tests tell one story after the other, so a file may hold more of them.
const LONGEST_TESTS: usize = 500;

#[test]
fn every_source_file_says_at_its_top_what_it_is() {
    let has_header = |file: &File| {
        let first = file.text.trim_start();
        if file.is(&["rs"]) {
            return first.starts_with("//!");
        }
        let script = first.strip_prefix("<script").and_then(|rest| rest.split_once('>'));
        let first = script.map_or(first, |(_, inside)| inside.trim_start());
        ["//", "/*", "<!--"].iter().any(|mark| first.starts_with(mark))
    };
    let sources = files::all().into_iter().filter(|file| file.is(&["rs", "ts", "svelte"]));
    let without: Vec<_> = sources.filter(|file| !has_header(file)).map(|file| file.path).collect();
    nothing_found(
        "Begin with a comment: what the file is, why, what is deliberately absent.",
        &without,
    );
}

#[test]
fn no_file_is_longer_than_300_lines() {
    let sources = files::all()
        .into_iter()
        .filter(|file| file.is(&["rs", "ts", "svelte", "js", "mjs", "css", "py"]));
    let long: Vec<_> = sources
        .filter(|file| !file.is_generated())
        .filter_map(|file| {
            let (own, tests) = lengths(&file);
            (own > LONGEST || tests > LONGEST_TESTS).then(|| format!("{}: {own} lines and {tests} of tests", file.path))
        })
        .collect();
    nothing_found(
        "Divide the file by topic; tests beside the source count separately.",
        &long,
    );
}

/// The verifier that goes into every evidence bundle: short enough that a stranger reads it before trusting it.
#[test]
fn the_verifier_in_python_has_fewer_than_250_lines() {
    let file = files::one("crates/audit/verify.py").expect("the file is there");
    let lines = file.text.lines().count();
    assert!(lines < 250, "the verifier has {lines} lines");
}

/// Returns the number of lines of the source itself and of its tests.
fn lengths(file: &File) -> (usize, usize) {
    let lines: Vec<_> = file.text.lines().collect();
    if file.is_test() {
        return (0, lines.len());
    }
    let mark = lines
        .windows(2)
        .position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{'));
    let own = mark.unwrap_or(lines.len());
    (own, lines.len() - own)
}

#[test]
fn no_line_ends_in_a_space() {
    let found = lines_where(|_, line| line.ends_with([' ', '\t']));
    nothing_found("Take the space off the line's end.", &found);
}

#[test]
fn nothing_is_left_for_later_in_the_text() {
    // In two pieces, so that this file does not break its own rule.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("to", "do!("),
        concat!("db", "g!("),
        concat!("unimpl", "emented!("),
    ];
    let found = lines_where(|_, line| marks.iter().any(|mark| line.contains(mark)));
    nothing_found("What is missing is an issue, not a note in the text.", &found);
}

#[test]
fn no_text_names_a_folder_of_one_machine() {
    let folders = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    let found = lines_where(|_, line| {
        folders.iter().any(|folder| {
            line.match_indices(folder).any(|(at, _)| {
                let before = line.as_bytes().get(at.wrapping_sub(1));
                before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"._-}/".contains(byte))
            })
        })
    });
    nothing_found("Write the path relative to the repository, or as a variable.", &found);
}

fn lines_where(bad: impl Fn(&File, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files::all().iter().filter(|file| !file.is_generated()) {
        for (number, line) in file.text.lines().enumerate() {
            if bad(file, line) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    found
}
