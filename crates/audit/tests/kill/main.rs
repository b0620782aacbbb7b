//! `kill -9` at every named place of the log's writing: whatever stands on the disk then opens, verifies, and holds every
//! acknowledged entry.
//!
//! A small program of the log alone is killed, not the whole command line: 300 times here, 10,000 times by `cargo xtask soak`.
//! Deliberately absent: power that fails (`tests/power`); what a killed process wrote, the system still writes out.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage must stop")]
#![cfg(debug_assertions)]

mod points;
mod program;
#[path = "../matrix/rng.rs"]
#[allow(dead_code, reason = "it is shared with the tamper matrix, which uses the rest of it")]
mod rng;
#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "it is shared with the other tests, which use the rest of it")]
mod stage;

use std::collections::BTreeMap;
use std::path::Path;

use gatehouse_audit::{AnchorStore as _, Log, Verdict, verify_directory};
use points::POINTS;
use program::{Ended, anchor, key, opening};
use rng::Rng;
use stage::at;
use tempfile::TempDir;

/// Kills when nobody says otherwise.
const IN_CI: u64 = 300;
/// Kills that one directory sees before it is left for a new one.
const IN_A_ROW: u64 = 20;

#[expect(
    clippy::disallowed_methods,
    reason = "a test binary is told how often and from which seed by its environment"
)]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn place() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// What must hold after any kill.
fn holds(dir: &Path, ended: &Ended, what: &str) {
    let kept = anchor(dir).load().unwrap();
    if kept.as_ref().is_some_and(|kept| kept.size > 0) || ended.acknowledged > 0 {
        let report = verify_directory(dir, kept.as_ref(), Some(key())).unwrap();
        assert_eq!(report.verdict, Verdict::Intact, "{what}: {}", report.reason);
        assert!(
            report.size >= ended.acknowledged,
            "{what}: {} of {} acknowledged entries",
            report.size,
            ended.acknowledged
        );
        let anchored = kept.map_or(0, |kept| kept.size);
        assert!(
            anchored >= ended.acknowledged && anchored <= report.size,
            "{what}: the anchor covers what was acknowledged, and no more"
        );
    }
    drop(Log::open(dir, opening(dir), at(0)).unwrap_or_else(|fault| panic!("{what}: it opens again: {fault}")));
    let report = verify_directory(dir, anchor(dir).load().unwrap().as_ref(), Some(key())).unwrap();
    assert_eq!(
        report.verdict,
        Verdict::Intact,
        "{what}, opened again: {}",
        report.reason
    );
}

/// Kills so many times, at the places in turn, then once at any moment; tells how often at which place.
fn kill(times: u64, seed: u64) -> BTreeMap<&'static str, u64> {
    let (mut counts, mut dir) = (BTreeMap::new(), place());
    for number in 0..times {
        let mut rng = Rng::new(seed.wrapping_add(number));
        if number % IN_A_ROW == 0 {
            dir = place();
        }
        let point = POINTS
            .get(usize::try_from(number).unwrap() % (POINTS.len() + 1))
            .copied();
        if point.is_some_and(|point| point.starts_with("birth")) {
            dir = place();
        } else {
            drop(Log::open(dir.path(), opening(dir.path()), at(0)).unwrap());
        }
        let what = format!(
            "killed at {} with GATEHOUSE_SEED={}",
            point.unwrap_or("any moment"),
            seed.wrapping_add(number)
        );
        let ended = program::killed(dir.path(), point, &mut rng);
        assert!(point.is_none() || ended.reached, "{what}: the place is reached");
        holds(dir.path(), &ended, &what);
        *counts.entry(point.unwrap_or("any moment")).or_default() += 1;
    }
    counts
}

fn seed() -> u64 {
    let mut fresh = [0; 4];
    getrandom::fill(&mut fresh).unwrap();
    told("GATEHOUSE_SEED").map_or(u64::from(u32::from_le_bytes(fresh)), |text| text.parse().unwrap())
}

#[test]
fn a_kill_at_any_named_place_loses_nothing() {
    let counts = kill(IN_CI, seed());
    assert!(
        POINTS.iter().all(|point| counts.contains_key(point)),
        "each place had its turn: {counts:?}"
    );
}

/// The same, as often as the environment says; keeps the counts where it says.
#[test]
#[ignore = "`cargo xtask soak --only kill` runs it"]
fn every_kill() {
    let (times, seed) = (
        told("GATEHOUSE_TIMES").map_or(IN_CI, |text| text.parse().unwrap()),
        seed(),
    );
    let counts = kill(times, seed);
    let mut lines = vec![
        format!("seed {seed}"),
        "| killed at | times | lost | broken |".to_owned(),
        "| --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(
        counts
            .iter()
            .map(|(point, count)| format!("| {point} | {count} | 0 | 0 |")),
    );
    lines.push(format!("| all | {} | 0 | 0 |", counts.values().sum::<u64>()));
    if let Some(path) = told("GATEHOUSE_TABLE") {
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
    }
}
