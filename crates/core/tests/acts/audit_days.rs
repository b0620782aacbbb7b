//! The daily review over the facade: a calendar of days, what a day shows, its sign-off, and whose clock an odd hour is told by.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gatehouse_audit::{FILE_NAME, INDEX_FILE_NAME, Reader, Verdict};
use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::{ErrorCode, Gatehouse};
use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};

use super::world::{BAKERY, World, open_dir, ready, wish};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// A clock that is moved by hand, on a wall somewhere.
struct Wall(AtomicI64, TimeZone);

impl Clock for Wall {
    fn unix_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn mono_ms(&self) -> u64 {
        u64::try_from(self.unix_ms()).unwrap()
    }

    fn zone(&self) -> TimeZone {
        self.1.clone()
    }
}

/// Noon of the day so many days from now, UTC.
pub fn noon(days: i64) -> i64 {
    (SystemClock::new().unix_ms().div_euclid(DAY_MS) + days) * DAY_MS + 12 * HOUR_MS
}

pub fn at(world: &World, time_ms: i64, zone: TimeZone) -> Gatehouse {
    let clock = Arc::new(Wall(AtomicI64::new(time_ms), zone));
    open_dir(&world.dir.path().join("data"), &world.keys, &world.address, clock)
}

pub fn day(time_ms: i64) -> String {
    Timestamp::from_millisecond(time_ms)
        .unwrap()
        .strftime("%Y-%m-%d")
        .to_string()
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever tampers does not ask the log's own opener"
)]
fn forge(world: &World, sql: &str) {
    let log = rusqlite::Connection::open(world.dir.path().join("data").join(FILE_NAME)).unwrap();
    let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'event_no_update'";
    let trigger: String = log.query_row(trigger, [], |row| row.get(0)).unwrap();
    log.execute_batch("DROP TRIGGER event_no_update").unwrap();
    assert_eq!(log.execute(sql, []).unwrap(), 1, "one entry was changed");
    log.execute_batch(&trigger).unwrap();
}

#[test]
fn a_day_is_signed_off_once_it_is_over_and_the_calendar_says_so() {
    let (world, _) = ready();
    let today = day(noon(0));
    let early = world.gatehouse.sign_off_day(&today, None).unwrap_err();
    assert_eq!(early.code, ErrorCode::InputInvalid, "today is not over: {early:?}");

    let tomorrow = at(&world, noon(1), TimeZone::UTC);
    let before = tomorrow.audit_day(&today).unwrap();
    assert!(before.over && before.signed.is_none(), "it can be signed: {before:?}");
    assert!(before.acts <= before.entries && before.acts > 0, "{before:?}");
    let seq = tomorrow
        .sign_off_day(&today, Some(" looked through with Nora "))
        .unwrap();
    let signed = tomorrow.audit_day(&today).unwrap().signed.expect("it is signed");
    assert_eq!((signed.seq, signed.time_ms), (seq, noon(1)), "by this entry");
    let entry = tomorrow.audit_entry(seq).unwrap();
    let note = entry.private.as_ref().and_then(|private| private.get("note")?.as_str());
    assert_eq!(note, Some("looked through with Nora"), "the note is a private detail");

    let days = tomorrow.audit_days(&today, &day(noon(1))).unwrap();
    let states: Vec<_> = days.iter().map(|day| (day.day.clone(), day.signed)).collect();
    assert_eq!(
        states,
        [(day(noon(1)), false), (today.clone(), true)],
        "newest first; the sign-off itself is of the next day"
    );
    assert_eq!(
        days.last().and_then(|day| day.odd),
        Some(before.odd.len() as u64),
        "what was odd when it was signed"
    );
    let twice = tomorrow.sign_off_day(&today, None).unwrap_err();
    assert!(twice.message.contains("signed off already"), "{twice:?}");
}

#[test]
fn a_sign_off_co_signs_the_log_as_it_was_verified() {
    let (world, _) = ready();
    let tomorrow = at(&world, noon(1), TimeZone::UTC);
    let seq = tomorrow.sign_off_day(&day(noon(0)), None).unwrap();
    let report = tomorrow.audit_verify().unwrap();
    assert_eq!(
        report.verdict,
        Verdict::Intact,
        "the co-signature holds: {}",
        report.reason
    );
    let reviewed = report.reviewed.expect("the log is reviewed");
    assert_eq!(
        (reviewed.entry, reviewed.size),
        (seq, seq - 1),
        "all that was there before"
    );
    assert!(report.witnessed.is_none(), "one's own review is no witness");
}

#[test]
fn a_log_that_does_not_verify_is_not_signed_off() {
    let (world, _) = ready();
    forge(
        &world,
        "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE seq = 3",
    );
    let tomorrow = at(&world, noon(1), TimeZone::UTC);
    let refused = tomorrow.sign_off_day(&day(noon(0)), None).unwrap_err();
    assert_eq!(refused.code, ErrorCode::LogAlarm, "{refused:?}");
    let reader = Reader::open(&world.dir.path().join("data")).unwrap();
    assert!(reader.of_kind("audit.review").unwrap().is_empty(), "nothing was signed");
    let alarm = tomorrow.log_alarm().expect("and everybody is told");
    assert!(alarm.message.contains("#3"), "{alarm:?}");
}

#[test]
fn the_calendar_needs_no_read_model() {
    let (world, _) = ready();
    let today = day(noon(0));
    let seq = at(&world, noon(1), TimeZone::UTC).sign_off_day(&today, None).unwrap();
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(world.dir.path().join("data").join(format!("{INDEX_FILE_NAME}{ending}")));
    }
    let again = at(&world, noon(1), TimeZone::UTC);
    let signed = again.audit_day(&today).unwrap().signed.expect("it is signed off");
    assert_eq!(signed.seq, seq, "whatever became of the lists");
    assert!(
        again.audit_days(&today, &today).unwrap().iter().all(|day| day.signed),
        "in the calendar too"
    );
    let twice = again.sign_off_day(&today, None).unwrap_err();
    assert_eq!(
        twice.code,
        ErrorCode::InputInvalid,
        "and is not signed twice: {twice:?}"
    );
}

#[test]
fn an_odd_hour_is_told_by_the_clock_on_the_wall() {
    let (world, profile) = ready();
    // The next day at noon by UTC, which is midnight on the other side of the world.
    let away = at(&world, noon(1), TimeZone::fixed(offset(12)));
    let profile = away.profile(Some(&profile.name)).unwrap();
    drop(away.open_portal(&profile, &wish(BAKERY), &|_| ()));
    let rules = |gatehouse: &Gatehouse| {
        let review = gatehouse.audit_day(&day(noon(1))).unwrap();
        let odd = review.odd.into_iter().filter(|odd| odd.rule == "odd_hour");
        (review.zone, odd.map(|odd| odd.text).collect::<Vec<_>>())
    };
    let (zone, texts) = rules(&away);
    let new_hour = SystemClock::new().unix_ms().rem_euclid(DAY_MS) / HOUR_MS != 12;
    assert_eq!(zone, "UTC+12", "it is said by which clock");
    assert_eq!(!texts.is_empty(), new_hour, "midnight there: {texts:?}");
    assert!(
        texts.iter().all(|text| text.contains("00 o'clock (UTC+12)")),
        "{texts:?}"
    );
    let (zone, texts) = rules(&at(&world, noon(1), TimeZone::UTC));
    assert_eq!((zone.as_str(), texts.len()), ("UTC", 0), "and noon here");
}

#[test]
fn what_is_no_day_is_refused_with_the_form_of_one() {
    let (world, _) = ready();
    for wrong in [
        "",
        "today",
        "2026-13-01",
        "2026-1-1",
        "1969-12-31",
        "2026-01-01T00:00:00Z",
    ] {
        let refused = world.gatehouse.audit_day(wrong).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InputInvalid, "{wrong:?}");
        assert!(refused.hint.contains("YYYY-MM-DD"), "{refused:?}");
    }
}
