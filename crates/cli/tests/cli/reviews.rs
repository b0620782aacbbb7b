//! Access reviews by command line, in two data directories, and the package judged by a program that knows its description alone.

use serde_json::Value;

use crate::world::{BAKERY, World, number, rows, text};

fn review(world: &World, words: &[&str]) -> Value {
    world.run(&[&["access", "review"], words].concat()).json()
}

fn granted(world: &World) {
    for email in ["ann@bakery.example", "bob@bakery.example", "=cmd@bakery.example"] {
        world
            .run(&["access", "grant", BAKERY, email, "--reason", "+1 for the till"])
            .json();
    }
}

fn beside(world: &World, name: &str) -> String {
    world.place.beside(name).to_str().unwrap().to_owned()
}

/// A review that is signed off, carried out, concluded and exported; answers the package's place.
fn exported(world: &World, place: &str) -> Value {
    granted(world);
    let started = review(world, &["start", "Autumn", "--due", "2099-12-31"]);
    assert_eq!(number(&started, "lines"), 3, "three people: {started}");
    review(world, &["decide", "Autumn", "1", "keep"]);
    review(world, &["decide", "Autumn", "2", "revoke", "--note", "left"]);
    let plan = beside(world, "review.plan");
    let signed = review(
        world,
        &[
            "sign-off",
            "Autumn",
            "--undecided-revoke",
            "--reason",
            "half-year",
            "--plan",
            &plan,
        ],
    );
    assert_eq!(number(&signed, "revoked"), 2, "one by decision, one undecided");
    world.run(&["access", "apply", &plan, "--yes"]);
    review(world, &["conclude", "Autumn", "--as-it-stands"]);
    review(world, &["export", "Autumn", "--out", place])
}

#[test]
fn a_review_goes_from_start_to_a_package_that_needs_no_data_to_be_checked() {
    let world = World::ready();
    let place = beside(&world, "evidence.zip");
    exported(&world, &place);
    let elsewhere = crate::world::Place::new();
    let checked = elsewhere.run(&["access", "review", "check", &place]).json();
    assert_eq!(
        (number(&checked, "lines"), number(&checked, "revoked")),
        (3, 2),
        "{checked}"
    );
    assert!(!elsewhere.data("gatehouse.db").exists(), "nothing was made to check it");
    let again = world.run(&["access", "review", "export", "Autumn", "--out", &place]);
    assert_eq!(again.code, 3, "nothing is overwritten");
    let listed = review(&world, &["list"]);
    assert_eq!(text(&rows(&listed, "reviews")[0], "state"), "concluded");
    assert!(listed["next_due"].is_string(), "the next one is due in six months");
}

#[test]
fn a_foreign_program_checks_the_package_and_finds_what_was_changed() {
    let world = World::ready();
    let place = beside(&world, "evidence");
    exported(&world, &place);
    let folder = std::path::Path::new(&place);
    let check = |folder: &std::path::Path| {
        let script = folder.join("check.py");
        crate::interop::python::run(&script, &[folder.to_str().unwrap()])
    };
    let Some((code, said)) = check(folder) else { return };
    assert_eq!(code, 0, "the package is in order: {said}");
    for name in [
        "snapshot.jsonl",
        "decisions.jsonl",
        "after.jsonl",
        "evidence.json",
        "decisions.csv",
        "plan.json",
    ] {
        let path = folder.join(name);
        let whole = std::fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(whole.len() / 6 + 1) {
            let mut other = whole.clone();
            other[at] ^= 1;
            std::fs::write(&path, other).unwrap();
            let (code, said) = check(folder).unwrap();
            assert_ne!(code, 0, "byte {at} of {name} was changed: {said}");
        }
        std::fs::write(&path, whole).unwrap();
    }
    let csv = std::fs::read_to_string(folder.join("decisions.csv")).unwrap();
    assert!(
        csv.contains("\"'=cmd@bakery.example\"") && csv.contains("\"'+1 for the till\""),
        "cells are guarded: {csv}"
    );
}

#[cfg(unix)]
#[test]
fn files_that_name_people_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::ready();
    granted(&world);
    review(&world, &["start", "Autumn"]);
    let (task, plan, person) = (beside(&world, "task"), beside(&world, "plan"), beside(&world, "person"));
    review(&world, &["export-task", "Autumn", "--out", &task]);
    review(&world, &["sign-off", "Autumn", "--undecided-revoke", "--plan", &plan]);
    world.run(&["person", "export", "--name", "Ann", "--out", &person]);
    for file in [task, plan, person] {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{file}");
    }
}
