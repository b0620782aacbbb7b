//! `kill -9` at random moments of an act, from the start of the process to a little after its end.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use crate::crash::{killed_after, restart};
use crate::world::{BAKERY, World, rows, text};

/// Ten kills at random moments between the start of the process and a little after its end.
fn at_random(words: &[&str]) {
    let world = World::ready();
    let began = Instant::now();
    world.run(words).json();
    let span = began.elapsed().as_secs_f64() * 1.1;
    let mut at_work = 0;
    for round in 0..10_u32 {
        let random = RandomState::new().hash_one(round) as f64 / u64::MAX as f64;
        let pause = Duration::from_secs_f64(span * (f64::from(round) + random) / 10.0);
        at_work += u32::from(killed_after(&world, words, pause));
        restart(&world, &format!("{words:?}, round {round}, killed after {pause:?}"));
    }
    assert!(at_work >= 5, "most kills hit a process at work, not {at_work} of 10");
    world.open().json();
    let listed = rows(&world.run(&["sessions", "list"]).json(), "sessions");
    let ids: BTreeSet<&str> = listed.iter().map(|row| text(row, "session_id")).collect();
    assert_eq!(ids.len(), listed.len(), "no session is listed twice");
}

#[test]
fn ten_kills_at_random_moments_of_an_open_leave_both_sides_agreed() {
    at_random(&["open", BAKERY, "--no-browser"]);
}

#[test]
fn ten_kills_at_random_moments_of_a_printed_link_leave_both_sides_agreed() {
    at_random(&["open", BAKERY, "--print-url"]);
}

#[test]
fn ten_kills_at_random_moments_of_an_open_as_somebody_leave_both_sides_agreed() {
    at_random(&[
        "open",
        BAKERY,
        "--no-browser",
        "--as",
        "anna@merchant.example",
        "--reason",
        "crash test",
    ]);
}
