//! Power that fails, disks and memory that refuse: what was acknowledged is there afterwards, and the log verifies.
//!
//! A file system under SQLite remembers what was written since the last sync; at a cut any part of that is left, torn and in any
//! order. 100 cuts here, 1,000 by `cargo xtask soak`. The control is a disk that only says that it synced: there something must be
//! lost, or this harness could not find anything. Deliberately absent: kills (`tests/kill`), after which the system still writes.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage must stop")]
#![allow(
    unsafe_code,
    reason = "SQLite's file systems and allocators are C interfaces; only `vfs` and `heap` use it"
)]

mod disk;
mod heap;
#[path = "../matrix/rng.rs"]
#[allow(dead_code, reason = "it is shared with the tamper matrix, which uses the rest of it")]
mod rng;
#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "it is shared with the other tests, which use the rest of it")]
mod stage;
mod vfs;
mod work;

use std::sync::{Mutex, MutexGuard, PoisonError};

use disk::{Disk, Fault, Left};
use rng::Rng;
use rusqlite::ffi;

/// Cuts when nobody says otherwise.
const IN_CI: u64 = 100;

#[expect(
    clippy::disallowed_methods,
    reason = "a test binary is told how often and from which seed by its environment"
)]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn seed() -> u64 {
    let mut fresh = [0; 4];
    getrandom::fill(&mut fresh).unwrap();
    told("GATEHOUSE_SEED").map_or(u64::from(u32::from_le_bytes(fresh)), |text| text.parse().unwrap())
}

/// There is one disk and one allocator in a process: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    let guard = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    heap::install();
    vfs::install();
    guard
}

/// How many calls the whole work takes.
fn calls() -> u64 {
    let dir = work::place();
    Disk::mount(dir.path(), None, None, false, Rng::new(0));
    work::work(dir.path());
    disk::disk().take().unwrap().calls
}

/// One cut at a random call; what is left of it.
fn cut(calls: u64, seed: u64, lying: bool) -> Left {
    let (dir, mut rng) = (work::place(), Rng::new(seed));
    let at = rng.between(1, calls);
    Disk::mount(dir.path(), Some(at), None, lying, rng);
    work::work(dir.path());
    let mut after = disk::disk().take().unwrap();
    after
        .left
        .take()
        .unwrap_or_else(|| panic!("call {at} of {calls} was made"))
}

/// Cuts so many times; the number of those after which something was not as promised, and the first of these.
fn cuts(times: u64, seed: u64, lying: bool) -> (u64, Option<String>) {
    let calls = calls();
    let faults: Vec<_> = (0..times)
        .filter_map(|number| {
            let seed = seed.wrapping_add(number);
            let left = cut(calls, seed, lying);
            work::broken_promise(&left).map(|why| format!("GATEHOUSE_SEED={seed}: {why}"))
        })
        .collect();
    (u64::try_from(faults.len()).unwrap(), faults.into_iter().next())
}

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    let _alone = alone();
    let (_, first) = cuts(IN_CI, seed(), false);
    assert_eq!(first, None, "what was acknowledged before the cut is there after it");
}

#[test]
fn a_disk_that_does_not_sync_is_found_to_lose_entries() {
    let _alone = alone();
    let (lost, _) = cuts(60, seed(), true);
    assert!(lost >= 10, "the harness finds loss where there is some: {lost} of 60");
}

/// Refuses calls, one after the other or for good; afterwards everything must be as promised.
fn faults(step: u64, first: u64) {
    let calls = calls();
    let codes = [
        ffi::SQLITE_IOERR_WRITE,
        ffi::SQLITE_FULL,
        ffi::SQLITE_IOERR_FSYNC,
        ffi::SQLITE_IOERR_NOMEM,
    ];
    for (at, code) in (first..=calls)
        .step_by(usize::try_from(step).unwrap())
        .zip(codes.iter().cycle())
    {
        for lasting in [false, true] {
            let dir = work::place();
            Disk::mount(
                dir.path(),
                None,
                Some(Fault {
                    at,
                    lasting,
                    code: *code,
                }),
                false,
                Rng::new(at),
            );
            work::work(dir.path());
            let after = disk::disk().take().unwrap();
            let broken = work::broken_promise_in(dir.path(), after.acknowledged, after.anchor);
            assert_eq!(
                broken, None,
                "call {at} of {calls} refused with {code}, lasting {lasting}"
            );
        }
    }
}

#[test]
fn a_call_that_the_disk_refuses_loses_nothing_that_was_acknowledged() {
    let _alone = alone();
    faults(7, 1 + seed() % 7);
}

/// Refuses allocations; tells how many runs had one refused.
fn hunger(step: u64, first: u64) -> u64 {
    let mut refused = 0;
    for (number, count) in (first..).step_by(usize::try_from(step).unwrap()).enumerate() {
        let (dir, lasting) = (work::place(), number % 2 == 0);
        Disk::mount(dir.path(), None, None, false, Rng::new(0));
        heap::refuse_after(count, lasting);
        work::work(dir.path());
        let was = heap::refuse_nothing();
        let after = disk::disk().take().unwrap();
        let broken = work::broken_promise_in(dir.path(), after.acknowledged, after.anchor);
        assert_eq!(broken, None, "allocation {count} refused, lasting {lasting}");
        if !was {
            break;
        }
        refused += 1;
    }
    refused
}

#[test]
fn memory_that_runs_out_loses_nothing_that_was_acknowledged() {
    let _alone = alone();
    let refused = hunger(211, seed() % 211);
    assert!(refused > 10, "allocations were refused: {refused}");
}

/// All of it, as often as the environment says; keeps the counts where it says.
#[test]
#[ignore = "`cargo xtask soak --only power` runs it"]
fn every_cut() {
    let _alone = alone();
    let (times, seed) = (
        told("GATEHOUSE_TIMES").map_or(IN_CI, |text| text.parse().unwrap()),
        seed(),
    );
    let (lost, first) = cuts(times, seed, false);
    let (control, _) = cuts(times / 5, seed, true);
    let lines = [
        format!("seed {seed}, {} calls in one run", calls()),
        format!("power cuts: {times}, with a promise broken: {lost}"),
        format!(
            "control, a disk that does not sync: {} cuts, with a promise broken: {control}",
            times / 5
        ),
    ];
    if let Some(path) = told("GATEHOUSE_TABLE") {
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
    }
    assert_eq!(first, None, "what was acknowledged before the cut is there after it");
    assert!(control > 0, "the harness finds loss where there is some");
    faults(1, 1);
    hunger(5, 0);
}
