//! What PCI DSS 4.0.1 asks of reviewing and keeping the log, each test named by its number: 10.4.1.1 and 10.5.1.
//!
//! As in `standards.rs`, each rule holds for what true acts leave, and is shown to fail without what it asks for. Deliberately absent: the
//! rules over single entries, which stand there.

use std::sync::Arc;

use gatehouse_audit::{Reader, archive};
use gatehouse_core::clock::{Clock, FixedClock, SystemClock};
use gatehouse_core::{ErrorCode, Gatehouse};
use jiff::Timestamp;
use serde_json::Value;

use super::standards::{Rule, entries, of};
use super::world::{BAKERY, World, open_dir, ready, wish};

const DAY_MS: i64 = 86_400_000;

/// The data directory, some days later.
fn later(world: &World, days: i64) -> Gatehouse {
    let clock = Arc::new(FixedClock::at(SystemClock::new().unix_ms() + days * DAY_MS));
    open_dir(
        &world.dir.path().join("data"),
        &world.keys,
        &world.address,
        clock as Arc<_>,
    )
}

fn day(days: i64) -> String {
    let moment = Timestamp::from_millisecond(SystemClock::new().unix_ms() + days * DAY_MS).unwrap();
    moment.strftime("%Y-%m-%d").to_string()
}

/// The day's review is automated: what is new or odd is found by the program, and the sign-off says how much it found, of which day, by whom.
fn reviewed(entries: &[Value]) -> Result<(), String> {
    let reviews = of(entries, "audit.review");
    let complete = |entry: &&Value| {
        entry["request"]["odd"].as_u64().is_some_and(|odd| odd > 0)
            && entry["request"]["day"] == day(0)
            && entry["request"]["cosignature"].is_string()
            && entry["actor"]["key_id"].is_string()
    };
    match reviews.iter().filter(|entry| complete(entry)).count() {
        1 => Ok(()),
        count => Err(format!("{count} reviews of the day, with what was found in it")),
    }
}

#[test]
fn pci_10_4_1_1_a_day_is_reviewed_by_an_automated_mechanism_and_signed_off() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let early = world.gatehouse.sign_off_day(&day(0), None).unwrap_err();
    assert_eq!(early.code, ErrorCode::InputInvalid, "not before the day is over");
    let tomorrow = later(&world, 1);
    let found = tomorrow.audit_day(&day(0)).unwrap();
    assert!(!found.odd.is_empty(), "a first day is full of what is new");
    let rule: Rule = reviewed;
    assert!(rule(&entries(&world)).is_err(), "an unreviewed day breaks the rule");
    tomorrow.sign_off_day(&day(0), Some("looked at")).unwrap();
    let mut told = entries(&world);
    assert_eq!(rule(&told), Ok(()), "a day signed off holds it");
    let again = tomorrow.sign_off_day(&day(0), None).unwrap_err();
    assert_eq!(again.code, ErrorCode::InputInvalid, "and is signed off once");
    for entry in &mut told {
        if let Some(odd) = entry.pointer_mut("/request/odd") {
            *odd = 0.into();
        }
    }
    assert!(
        rule(&told).is_err(),
        "a review that found nothing in such a day breaks it"
    );
}

/// The entries of twelve months, and all before that in archives that follow each other: none is missing from entry 1 on.
fn kept(first: u64, archives: &[archive::ArchiveFile]) -> Result<(), String> {
    let end = archives.iter().try_fold(0, |end, file| {
        if file.first == end + 1 {
            Ok(file.size)
        } else {
            Err(format!("nothing holds entry {}", end + 1))
        }
    })?;
    if first == end + 1 {
        Ok(())
    } else {
        Err(format!("nothing holds entry {}", end + 1))
    }
}

#[test]
fn pci_10_5_1_twelve_months_stay_at_hand_and_what_is_older_is_kept_in_archives() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let (data, file) = (world.dir.path().join("data"), world.dir.path().join("old.db"));
    for days in [0, 30, 300, 364] {
        let then = later(&world, days);
        let refused = then.audit_archive(&day(days), &file, "too early").unwrap_err();
        assert_eq!(refused.code, ErrorCode::InputInvalid, "{days} days later: {refused:?}");
        let younger = then.audit_archive(&day(1), &file, "too early").unwrap_err();
        assert_eq!(
            younger.code,
            ErrorCode::InputInvalid,
            "{days} days later, of a day ago: {younger:?}"
        );
    }
    assert_eq!(
        Reader::open(&data).unwrap().first().unwrap(),
        1,
        "all of the first year is at hand"
    );
    assert_eq!(kept(1, &[]), Ok(()), "and the rule holds");
    let next_year = later(&world, 400);
    next_year.audit_verify().unwrap();
    next_year
        .audit_archive(&day(20), &file, "twelve months are over")
        .unwrap();
    let (first, found) = (
        Reader::open(&data).unwrap().first().unwrap(),
        archive::look(&file).unwrap(),
    );
    assert!(first > 1, "what is older went");
    assert_eq!(
        kept(first, std::slice::from_ref(&found)),
        Ok(()),
        "into the archive, all of it"
    );
    assert!(kept(first, &[]).is_err(), "without the archive the rule is broken");
    assert!(
        kept(first + 1, &[found]).is_err(),
        "and with an entry missing behind it"
    );
}
