//! A review from its snapshot to its after-list, by one person and by two with two data directories.

use std::sync::Arc;

use gatehouse_core::access::review::{
    Imported, LineFilter, NewReview, Review, ReviewScope, ReviewState, SignOffRequest, Verdict,
};
use gatehouse_core::access::{GrantRequest, RevokeRequest};
use gatehouse_core::clock::SystemClock;
use gatehouse_core::key_store::MemoryKeyStore;
use gatehouse_core::person::{Person, PersonRole, Roles};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use super::world::{BAKERY, World, open_dir, ready, sandbox};

pub const PEOPLE: [&str; 3] = ["ann@bakery.example", "bob@bakery.example", "Cy+x@bakery.example"];

pub fn grant(world: &World, profile: &Profile, email: &str, role: &str) {
    let request = GrantRequest {
        merchant: BAKERY.into(),
        email: email.into(),
        roles: vec![role.into()],
        reason: Some("runs the till".into()),
        ..GrantRequest::default()
    };
    world.gatehouse.grant_access(profile, &request).unwrap();
}

pub fn all(name: &str) -> NewReview {
    NewReview {
        name: name.into(),
        scope: ReviewScope::All,
        due: None,
    }
}

/// A review of three people, started and not decided.
pub fn started() -> (World, Profile, Review) {
    let (world, profile) = ready();
    for email in PEOPLE {
        grant(&world, &profile, email, "merchant:developer");
    }
    let review = world.gatehouse.start_review(&profile, &all("Autumn")).unwrap();
    (world, profile, review)
}

pub fn code<T: std::fmt::Debug>(answer: Result<T, Problem>) -> ErrorCode {
    answer.unwrap_err().code
}

/// A colleague with a data directory of their own; both lists know both.
pub struct Colleague {
    pub gatehouse: Gatehouse,
    pub profile: Profile,
}

pub fn colleague(world: &World, profile: &Profile, roles: &[PersonRole]) -> Colleague {
    let keys = Arc::new(MemoryKeyStore::new());
    let gatehouse = open_dir(
        &world.dir.path().join("colleague"),
        &keys,
        &world.address,
        Arc::new(SystemClock::new()),
    );
    let theirs = gatehouse.create_sandbox(&sandbox("sandbox"), &|_| ()).unwrap();
    let trust = |from: &Gatehouse, to: &Gatehouse, profile: &Profile, name: &str, roles: &[PersonRole]| {
        let (file, _) = from.own_person_file(name).unwrap();
        let roles: Roles = roles.iter().copied().collect();
        let person = Person::new(name, &file.public_key, roles).unwrap();
        to.add_person(profile, person).unwrap();
    };
    trust(&gatehouse, &world.gatehouse, profile, "Colleague", roles);
    trust(
        &world.gatehouse,
        &gatehouse,
        &theirs,
        "Starter",
        &[PersonRole::Reviewer],
    );
    Colleague {
        gatehouse,
        profile: theirs,
    }
}

#[test]
fn a_review_goes_from_snapshot_to_after_list() {
    let (world, profile, review) = started();
    let core = &world.gatehouse;
    assert_eq!(review.progress.lines, 3, "every living grant is a line");
    let (_, lines) = core.review_lines(&profile, "Autumn", LineFilter::All, (0, 10)).unwrap();
    let first = &lines[0];
    assert_eq!(first.facts.principal, PEOPLE[0], "lines are by merchant and person");
    assert_eq!(
        first.facts.reason.as_deref(),
        Some("runs the till"),
        "with what was said of it"
    );
    assert_eq!(first.facts.reference, BAKERY, "and the merchant's reference");
    assert!(first.self_review, "who granted it reviews their own");
    let decide = |line, verdict, note| core.decide_review(&profile, "Autumn", line, verdict, note).unwrap();
    decide(1, Some(Verdict::Keep), None);
    decide(2, Some(Verdict::Keep), None);
    let progress = decide(2, Some(Verdict::Revoke), Some("left in May"));
    assert_eq!(
        (progress.decided, progress.revoked),
        (2, 1),
        "a decision can be changed"
    );
    let progress = decide(2, None, None);
    assert_eq!((progress.decided, progress.revoked), (1, 0), "and taken back");
    decide(2, Some(Verdict::Revoke), Some("left in May"));
    let refused = core.sign_off_review(&profile, "Autumn", &SignOffRequest::default());
    assert_eq!(
        code(refused),
        ErrorCode::ReviewUndecided,
        "an undecided line refuses the sign-off"
    );
    decide(3, Some(Verdict::Keep), None);
    let before = world.size();
    let signed = core
        .sign_off_review(&profile, "Autumn", &SignOffRequest::default())
        .unwrap();
    assert_eq!(world.size(), before + 1, "one entry for all decisions");
    assert_eq!(signed.revocations.len(), 1, "one goes");
    assert_eq!(signed.revocations[0].principal, PEOPLE[1], "the one who left");
    assert_eq!(
        code(core.decide_review(&profile, "Autumn", 1, None, None)),
        ErrorCode::ReviewClosed,
        "what was signed stands"
    );
    assert_eq!(
        code(core.conclude_review(&profile, "Autumn", false)),
        ErrorCode::ReviewOutstanding,
        "not concluded while the person is in"
    );
    let request = RevokeRequest {
        merchant: BAKERY.into(),
        principal: PEOPLE[1].into(),
        ..RevokeRequest::default()
    };
    core.revoke_access(&profile, &request).unwrap();
    let done = core.conclude_review(&profile, "Autumn", false).unwrap();
    assert_eq!((done.ended, done.outstanding), (1, 0), "everybody who was to go went");
    assert_eq!(done.review.state, ReviewState::Concluded);
    assert!(
        core.next_review_due(&profile).unwrap() > core.today(),
        "the next one is due in six months"
    );
    assert_eq!(
        world.entries(1),
        ["review.conclude note succeeded"],
        "the log tells of it"
    );
}

#[test]
fn a_decision_is_no_entry_of_the_log_and_outlives_the_process() {
    let (world, profile, _) = started();
    let before = world.size();
    for line in 1..=3 {
        world
            .gatehouse
            .decide_review(&profile, "Autumn", line, Some(Verdict::Revoke), None)
            .unwrap();
    }
    assert_eq!(world.size(), before, "the log says nothing of single decisions");
    let again = world.again();
    let review = again.review(&profile, "Autumn").unwrap();
    assert_eq!(review.progress.revoked, 3, "another process sees them");
}

#[test]
fn scopes_take_what_they_say() {
    let (world, profile, _) = started();
    grant(&world, &profile, "boss@bakery.example", "merchant:admin");
    let core = &world.gatehouse;
    let admins = core
        .start_review(
            &profile,
            &NewReview {
                scope: ReviewScope::Admins,
                ..all("Admins")
            },
        )
        .unwrap();
    assert_eq!(admins.progress.lines, 1, "administrators alone");
    let bakery = core.merchant(&profile, BAKERY).unwrap().id;
    let one = core
        .start_review(
            &profile,
            &NewReview {
                scope: ReviewScope::Merchant(bakery),
                ..all("One")
            },
        )
        .unwrap();
    assert_eq!(one.progress.lines, 4, "one merchant");
    let none = NewReview {
        scope: ReviewScope::Merchant("krn:none".into()),
        ..all("None")
    };
    assert_eq!(
        code(core.start_review(&profile, &none)),
        ErrorCode::InputInvalid,
        "nobody to review"
    );
    assert_eq!(
        code(core.start_review(&profile, &all("Autumn"))),
        ErrorCode::InputInvalid,
        "a name is given once"
    );
    let gone = NewReview {
        due: Some("2020-01-01".parse().unwrap()),
        ..all("Late")
    };
    assert_eq!(
        code(core.start_review(&profile, &gone)),
        ErrorCode::InputInvalid,
        "a day that is over"
    );
}

#[test]
fn two_reviewers_work_by_files_and_any_revoke_wins() {
    let (world, profile, _) = started();
    let theirs = colleague(&world, &profile, &[PersonRole::Reviewer]);
    let core = &world.gatehouse;
    let task = core.export_review_task(&profile, "Autumn").unwrap();
    assert!(matches!(
        theirs.gatehouse.import_review(&theirs.profile, &task),
        Ok(Imported::Task(_))
    ));
    assert_eq!(
        code(theirs.gatehouse.import_review(&theirs.profile, &task)),
        ErrorCode::ReviewHandedIn,
        "a task is taken once"
    );
    for (line, verdict) in [(1, Verdict::Revoke), (2, Verdict::Keep)] {
        theirs
            .gatehouse
            .decide_review(&theirs.profile, "Autumn", line, Some(verdict), Some("=1+1"))
            .unwrap();
    }
    let refused = theirs
        .gatehouse
        .sign_off_review(&theirs.profile, "Autumn", &SignOffRequest::default());
    assert_eq!(code(refused), ErrorCode::ReviewClosed, "only the starter signs off");
    let file = theirs.gatehouse.hand_in_review(&theirs.profile, "Autumn").unwrap();
    assert_eq!(
        code(
            theirs
                .gatehouse
                .decide_review(&theirs.profile, "Autumn", 3, Some(Verdict::Keep), None)
        ),
        ErrorCode::ReviewClosed,
        "what was handed in stands"
    );
    for line in 1..=3 {
        core.decide_review(&profile, "Autumn", line, Some(Verdict::Keep), None)
            .unwrap();
    }
    let Imported::HandIn {
        review,
        decided,
        revoked,
        ..
    } = core.import_review(&profile, &file).unwrap()
    else {
        panic!("the file brings decisions");
    };
    assert_eq!((decided, revoked), (2, 1), "two decisions came");
    assert_eq!(
        (review.progress.decided, review.progress.revoked),
        (3, 1),
        "the revoke wins over the keep"
    );
    assert_eq!(
        code(core.import_review(&profile, &file)),
        ErrorCode::ReviewHandedIn,
        "once"
    );
    let (_, lines) = core
        .review_lines(&profile, "Autumn", LineFilter::Revoked, (0, 9))
        .unwrap();
    assert_eq!(lines[0].decisions.len(), 2, "both decisions are kept");
    let later = theirs.gatehouse.hand_in_review(&theirs.profile, "Autumn").unwrap();
    assert_eq!(
        code(core.import_review(&profile, &later)),
        ErrorCode::ReviewHandedIn,
        "nor in another envelope"
    );
    core.sign_off_review(&profile, "Autumn", &SignOffRequest::default())
        .unwrap();
}
