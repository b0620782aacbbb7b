//! Runs of the app in the log: silent hours are told, and a run that was cut off is told at the next start (T7).

use std::sync::Arc;

use gatehouse_audit::{Query, Reader};
use gatehouse_core::clock::{Clock, FixedClock, SystemClock};

use super::world::{World, ready};

const MINUTE_MS: i64 = 60_000;

fn kinds(world: &World, kind: &str) -> Vec<gatehouse_audit::Entry> {
    let reader = Reader::open(&world.dir.path().join("data")).unwrap();
    let query = Query {
        kind: Some(kind.to_owned()),
        limit: 50,
        ..Query::default()
    };
    reader.list(&query).unwrap().entries
}

fn still_clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(SystemClock::new().unix_ms() + MINUTE_MS))
}

#[test]
fn a_silent_hour_is_told_once_and_one_with_entries_is_not() {
    let (world, _) = ready();
    let clock = still_clock();
    let app = world.again_at(Arc::clone(&clock) as Arc<_>);
    clock.advance(61 * MINUTE_MS);
    app.note_alive();
    assert!(
        kinds(&world, "app.alive").is_empty(),
        "a run that has not begun says nothing"
    );
    app.note_start();
    clock.advance(59 * MINUTE_MS);
    app.note_alive();
    assert!(kinds(&world, "app.alive").is_empty(), "the hour is not over");
    clock.advance(2 * MINUTE_MS);
    app.note_alive();
    app.note_alive();
    assert_eq!(kinds(&world, "app.alive").len(), 1, "it is told, and once");
    clock.advance(50 * MINUTE_MS);
    app.audit_verify().unwrap();
    clock.advance(50 * MINUTE_MS);
    app.note_alive();
    assert_eq!(
        kinds(&world, "app.alive").len(),
        1,
        "an hour in which something was written is not silent"
    );
    clock.advance(11 * MINUTE_MS);
    app.note_alive();
    assert_eq!(
        kinds(&world, "app.alive").len(),
        2,
        "the next silent hour is told again"
    );
    app.note_stop();
    clock.advance(120 * MINUTE_MS);
    app.note_alive();
    assert_eq!(kinds(&world, "app.alive").len(), 2, "a run that has ended says nothing");
    assert!(world.gatehouse.audit_verify().unwrap().is_intact(), "and all is well");
}

#[test]
fn a_start_after_a_run_without_an_end_says_so() {
    let (world, _) = ready();
    let code = |at: usize| {
        kinds(&world, "app.start")[at]
            .body
            .result_text("code")
            .map(str::to_owned)
    };
    let first = world.again();
    first.note_start();
    assert_eq!(code(0), None, "there was no run before");
    first.note_stop();
    let second = world.again();
    second.note_start();
    assert_eq!(code(0), None, "the run before ended in order");
    let beside = world.again();
    beside.note_start();
    assert_eq!(code(0), None, "a run that still lives was not cut off");
    beside.note_stop();
    second.note_stop();
    drop((first, second, beside));
    let cut = world.again();
    cut.note_start();
    drop(cut);
    let after = world.again();
    after.note_start();
    assert_eq!(code(0).as_deref(), Some("no_stop"), "it ended without a word");
}
