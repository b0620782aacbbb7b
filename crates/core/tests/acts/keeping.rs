//! Archives over the facade: years go by, old entries go into files, and everything goes on without them.

use std::sync::Arc;

use gatehouse_audit::{Reader, Verdict, archive};
use gatehouse_core::clock::{Clock, FixedClock, SystemClock};
use gatehouse_core::keeping::Erasure;
use gatehouse_core::person::{PersonRole, Roles};
use gatehouse_core::{ErrorCode, Gatehouse};
use jiff::Timestamp;

use super::persons::colleague;
use super::world::{World, open_dir, ready};

const DAY_MS: i64 = 86_400_000;

/// The data directory, some days later.
pub fn later(world: &World, days: i64) -> (Gatehouse, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(SystemClock::new().unix_ms() + days * DAY_MS));
    let dir = world.dir.path().join("data");
    (
        open_dir(&dir, &world.keys, &world.address, Arc::clone(&clock) as Arc<_>),
        clock,
    )
}

pub fn day(days: i64) -> String {
    let moment = Timestamp::from_millisecond(SystemClock::new().unix_ms() + days * DAY_MS).unwrap();
    moment.to_string().get(..10).unwrap().to_owned()
}

#[test]
fn old_entries_are_archived_and_everything_goes_on() {
    let (world, profile) = ready();
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Reviewer]))
        .unwrap();
    let dir = world.dir.path().join("data");
    let (file, second) = (world.dir.path().join("one.db"), world.dir.path().join("two.db"));
    let near = world.gatehouse.audit_archive(&day(-300), &file, "tidy").unwrap_err();
    assert_eq!(
        near.code,
        ErrorCode::InputInvalid,
        "not before twelve months are over: {near:?}"
    );

    let (next_year, _) = later(&world, 400);
    assert_eq!(next_year.audit_verify().unwrap().verdict, Verdict::Intact);
    let done = next_year
        .audit_archive(&day(20), &file, "twelve months are over")
        .unwrap();
    assert_eq!((done.first, done.resumed), (1, false), "all of last year's: {done:?}");
    let report = next_year.audit_verify().unwrap();
    assert_eq!(
        (report.verdict, report.first),
        (Verdict::Intact, done.size + 1),
        "{report:?}"
    );
    assert!(
        report
            .notices
            .iter()
            .all(|notice| notice.defect != gatehouse_audit::Defect::Signatures)
    );

    let gone = next_year.audit_entry(1).unwrap_err();
    assert_eq!(gone.code, ErrorCode::AuditEntryMissing);
    assert!(
        gone.message.contains("one.db"),
        "it is said where it is: {}",
        gone.message
    );
    let erased = next_year.audit_erase(&Erasure::Entries(vec![2]), "why").unwrap_err();
    assert!(
        erased.message.contains("archived"),
        "what is archived is not erased here: {}",
        erased.message
    );
    let profile = next_year.profile(Some(&profile.name)).unwrap();
    assert_eq!(
        next_year.persons(&profile).unwrap().persons.len(),
        2,
        "the list of persons is trusted as before"
    );
    next_year
        .set_person_roles(&profile, "Bea Colleague", Roles::all())
        .unwrap();

    let taken = next_year.audit_archive(&day(20), &file, "again").unwrap_err();
    assert_eq!(
        taken.code,
        ErrorCode::InputInvalid,
        "the same call has nothing left to do: {taken:?}"
    );
    let (in_two_years, _) = later(&world, 800);
    in_two_years.audit_verify().unwrap();
    // A process that was killed when the file was whole and nothing was announced yet.
    let reader = Reader::open(&dir).unwrap();
    let size = reader
        .older_than(&format!("{}T00:00:00.000Z", day(420)))
        .unwrap()
        .unwrap();
    let written = reader.write_archive(size, &second).unwrap();
    drop(reader);
    let done_too = in_two_years
        .audit_archive(&day(420), &second, "twelve months are over")
        .unwrap();
    assert_eq!(
        (done_too.first, done_too.sha256),
        (done.size + 1, written.sha256),
        "the file is taken as it is"
    );
    let report = in_two_years.audit_verify().unwrap();
    assert_eq!(
        (report.verdict, report.first),
        (Verdict::Intact, done_too.size + 1),
        "{report:?}"
    );
    let both = [archive::look(&file).unwrap(), archive::look(&second).unwrap()];
    assert_eq!(both[0].size + 1, both[1].first, "the two files follow each other");
}
