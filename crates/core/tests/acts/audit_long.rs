//! Long logs, which are not verified from their beginning each time: a sign-off goes on from the last verification, and looks go round. And
//! what a break that is found by any of them does to acts.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use gatehouse_audit::{FILE_NAME, Verdict, Watch};
use gatehouse_core::audit_export::{ExportControl, ExportFormat, ExportWanted};
use gatehouse_core::{ErrorCode, Gatehouse, LogAlarmKind};
use jiff::tz::TimeZone;

use super::audit_days::{at, day, noon};
use super::world::{BAKERY, World, ready, wish};
use super::writer;

/// One look, on a thread of its own, whose priority is its own; answers at which entry it ended.
fn look(gatehouse: &Gatehouse) -> u64 {
    let last = AtomicU64::new(0);
    let watch = Watch {
        progress: &|done, _| last.store(done, Ordering::Relaxed),
        stop: &AtomicBool::new(false),
        gently: true,
    };
    let looked = std::thread::scope(|scope| scope.spawn(|| gatehouse.audit_watch(&watch).unwrap()).join().unwrap());
    assert!(looked, "the key store answers");
    last.into_inner()
}

/// Changes an entry as somebody does who can write the file and knows the triggers.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever tampers does not ask the log's own opener"
)]
fn change(world: &World, seq: u64) {
    let log = rusqlite::Connection::open(world.dir.path().join("data").join(FILE_NAME)).unwrap();
    let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'event_no_update'";
    let trigger: String = log.query_row(trigger, [], |row| row.get(0)).unwrap();
    let sql = format!(
        "DROP TRIGGER event_no_update; UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE seq = {seq}; {trigger}"
    );
    log.execute_batch(&sql).unwrap();
}

/// A long log with entries of tomorrow at its end, verified once by the process of the day after; the first entry of tomorrow.
fn verified_once() -> (World, Gatehouse, u64) {
    let (world, _) = ready();
    writer::make_long(&world);
    let first = world.size() + 1;
    (0..3).for_each(|_| writer::alive_at(&world, noon(1)));
    let later = at(&world, noon(2), TimeZone::UTC);
    look(&later);
    let checked = later.audit_checked().unwrap().unwrap();
    assert_eq!(checked.report.verdict, Verdict::Intact, "{}", checked.report.reason);
    (world, later, first)
}

#[test]
fn a_sign_off_goes_on_from_the_last_verification() {
    let (world, later, _) = verified_once();
    // Not an entry of the day, and found only by going through all of them.
    change(&world, 100);
    later
        .sign_off_day(&day(noon(1)), None)
        .expect("from the day on, all is as it was verified");
    assert_eq!(later.log_alarm(), None, "the older entry was not looked at");
    let another = at(&world, noon(3), TimeZone::UTC);
    let refused = another.sign_off_day(&day(noon(2)), None).unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::LogAlarm,
        "a process that verified nothing yet begins at the first entry"
    );
}

#[test]
fn a_sign_off_finds_a_day_that_was_changed_since_the_last_verification() {
    let (world, later, first) = verified_once();
    change(&world, first);
    let refused = later.sign_off_day(&day(noon(1)), None).unwrap_err();
    assert_eq!(refused.code, ErrorCode::LogAlarm, "{refused:?}");
    let alarm = later.log_alarm().expect("and everybody is told");
    assert!(alarm.message.contains(&format!("#{first}")), "{alarm:?}");
    let reviews = later.audit_reader().unwrap().of_kind("audit.review").unwrap();
    assert!(reviews.is_empty(), "nothing was signed");
}

#[test]
fn looks_go_round_a_long_log_and_find_what_was_changed_in_what_was_verified() {
    let (world, profile) = ready();
    writer::make_long(&world);
    let next = world.again();
    let all = world.size();
    assert_eq!(look(&next), all, "the first look goes through all");
    change(&world, all - 5);
    assert_eq!(look(&next), 50_000, "the second one through the first part of {all}");
    assert_eq!(next.log_alarm(), None, "where nothing was changed");
    look(&next);
    let alarm = next.log_alarm().expect("the third one finds it");
    assert_eq!(alarm.what, LogAlarmKind::Entries, "{alarm:?}");
    assert!(alarm.message.contains(&format!("#{}", all - 5)), "{alarm:?}");
    let refused = next.open_portal(&next.profile(Some(&profile.name)).unwrap(), &wish(BAKERY), &|_| ());
    assert_eq!(
        refused.unwrap_err().code,
        ErrorCode::LogAlarm,
        "and acts are refused from then on"
    );
}

#[test]
fn a_break_found_while_the_app_runs_refuses_acts_and_nothing_else() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    change(&world, 2);
    world.open(&profile, &wish(BAKERY)).expect("nobody has looked yet");
    look(&world.gatehouse);
    let before = world.size();
    let refused = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::LogAlarm, "{refused:?}");
    assert!(refused.message.contains("#2"), "it says where: {refused:?}");
    assert_eq!(world.size(), before, "not even an intent was written");

    assert!(world.gatehouse.audit_entry(3).is_ok(), "reading goes on");
    let out = world.dir.path().join("all.jsonl");
    let wanted = ExportWanted {
        format: ExportFormat::JsonLines,
        query: String::new(),
        redact: false,
        archives: Vec::new(),
    };
    let exported = world
        .gatehouse
        .audit_export(&wanted, &out, &ExportControl::default())
        .unwrap();
    assert_eq!(
        fs::read_to_string(&out).unwrap().lines().count() as u64,
        exported.entries,
        "exporting too"
    );

    let sessions = world.gatehouse.sessions(&profile).unwrap();
    let waiting = sessions.first().expect("a session is open");
    world
        .gatehouse
        .revoke_session(&profile, &waiting.id)
        .expect("and what takes away");
    assert_eq!(
        world.entries(2),
        ["portal.revoke intent -", "portal.revoke outcome succeeded"],
        "which is recorded as ever"
    );
}
