//! Several processes at once on one data directory.

use std::collections::BTreeSet;
use std::process::Stdio;

use crate::world::{Answer, BAKERY, Place, World, number, rows, text};

#[test]
fn twenty_opens_at_once_all_succeed_and_the_log_has_no_gap() {
    let world = World::ready();
    let before: i64 = world
        .place
        .sqlite("audit.db", "SELECT max(seq) FROM event")
        .parse()
        .unwrap();
    let start = |_| {
        let mut command = world.place.command(&["--json", "open", BAKERY, "--no-browser"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = (0..20).map(start).collect();
    let opened: Vec<_> = children
        .into_iter()
        .map(|child| Answer::from(child.wait_with_output().unwrap()).json())
        .collect();
    let entries: BTreeSet<i64> = opened
        .iter()
        .flat_map(|one| [number(one, "intent_seq"), number(one, "outcome_seq")])
        .collect();
    assert_eq!(
        entries,
        (before + 1..=before + 40).collect(),
        "forty entries, each number once"
    );
    let links: BTreeSet<&str> = opened.iter().map(|one| text(one, "deep_link_id")).collect();
    assert_eq!(
        (links.len(), world.served.links().len()),
        (20, 20),
        "each has a link of its own"
    );
    assert_eq!(
        rows(&world.run(&["sessions", "list"]).json(), "sessions").len(),
        20,
        "and a session"
    );
    let report = world.run(&["audit", "verify"]).json();
    assert_eq!(
        (text(&report, "verdict"), number(&report, "size")),
        ("intact", before + 40),
        "the log holds"
    );
}

#[test]
fn two_first_starts_at_once_share_one_log_and_one_sandbox() {
    let place = Place::new();
    let _served = crate::world::Served::start(&place);
    let start = |name: &str| {
        let mut command = place.command(&["--json", "profile", "create", name, "--sandbox", "--key-store", "file"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children = [start("one"), start("two")];
    let answers = children.map(|child| Answer::from(child.wait_with_output().unwrap()));
    for answer in &answers {
        assert!(
            answer.code == 0 || answer.code == 6 || answer.code == 3,
            "done, or refused with a cause: {answer:?}"
        );
    }
    assert!(
        answers.iter().any(|answer| answer.code == 0),
        "one at least is done: {answers:?}"
    );
    place.run(&["open", BAKERY, "--no-browser"]).json();
    assert_eq!(
        text(&place.run(&["audit", "verify"]).json(), "verdict"),
        "intact",
        "there is one sound log"
    );
}

#[test]
fn reading_goes_on_beside_writing() {
    let world = World::ready();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..2).for_each(|_| drop(world.open().json())));
        while !writer.is_finished() {
            world.run(&["audit", "list", "--limit", "5"]).json();
            world.run(&["sessions", "list"]).json();
        }
        writer.join().unwrap();
    });
}
