//! No file is forgotten: a Rust file that no `mod` names compiles nowhere and tests nothing, silently.

use std::collections::HashSet;

use crate::files::{self, File};
use crate::nothing_found;

#[test]
fn every_rust_file_is_named_by_its_parent() {
    let all = files::all();
    let sources: Vec<&File> = all.iter().filter(|file| file.is(&["rs"])).collect();
    let paths: HashSet<&str> = sources.iter().map(|file| file.path.as_str()).collect();
    let found: Vec<_> = sources
        .iter()
        .filter(|file| !is_root(file, &paths))
        .filter(|file| {
            !parents(&file.path)
                .iter()
                .any(|parent| names(&sources, parent, &file.path))
        })
        .map(|file| file.path.clone())
        .collect();
    nothing_found("Name the file with `mod` in its parent, or delete it.", &found);
}

/// Tells whether Cargo finds the file by itself, or a compile-fail test hands it to the compiler.
fn is_root(file: &File, paths: &HashSet<&str>) -> bool {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let last = folder.rsplit('/').next().unwrap_or_default();
    let own_program = ["main.rs", "lib.rs", "build.rs"].contains(&name)
        || ["bin", "examples", "benches", "compile_fail"].contains(&last);
    // A file directly in tests/ is a test binary, unless that folder is a module of the sources.
    let is_module = |root: &str| paths.contains(format!("{folder}/{root}").as_str());
    own_program || (last == "tests" && !is_module("mod.rs") && !paths.contains(format!("{folder}.rs").as_str()))
}

/// Returns the files in which `path` may be named.
fn parents(path: &str) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap();
    let home = if name == "mod.rs" {
        folder.rsplit_once('/').map_or("", |(above, _)| above)
    } else {
        folder
    };
    let mut parents: Vec<_> = ["main.rs", "lib.rs", "mod.rs"]
        .map(|root| format!("{home}/{root}"))
        .to_vec();
    parents.push(format!("{home}.rs"));
    parents
}

fn names(sources: &[&File], parent: &str, path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap();
    let module = if name == "mod.rs" {
        folder.rsplit('/').next().unwrap()
    } else {
        name.trim_end_matches(".rs")
    };
    let wanted = [format!("mod {module};"), format!("\"{name}\"]")];
    sources.iter().filter(|file| file.path == parent).any(|file| {
        file.text
            .lines()
            .any(|line| wanted.iter().any(|wanted| line.trim().ends_with(wanted.as_str())))
    })
}
