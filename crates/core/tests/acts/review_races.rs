//! Two processes on one data directory: what one closes while the other is about to write stays as it was signed.
//!
//! The second process acts when the first one reads the clock for the n-th time, which is between any two steps of an act.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use gatehouse_core::access::review::{ReviewState, SignOffRequest, Verdict};
use gatehouse_core::clock::{Clock, SystemClock};
use gatehouse_core::person::PersonRole;
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use super::review::{colleague, started};
use super::world::World;

type Deed = Box<dyn FnOnce() + Send>;
/// What came of a deed, once it was done.
type Came = Arc<Mutex<Option<Result<u64, Problem>>>>;

/// A clock that lets another process act at one of its readings.
struct Meddling {
    clock: SystemClock,
    readings: AtomicI64,
    deed: Mutex<Option<Deed>>,
}

impl Meddling {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            clock: SystemClock::new(),
            readings: AtomicI64::new(-1),
            deed: Mutex::new(None),
        })
    }

    fn at(&self, reading: i64, deed: Deed) {
        *self.deed.lock().unwrap() = Some(deed);
        self.readings.store(reading, Ordering::SeqCst);
    }

    /// Whether the deed was done.
    fn meddled(&self) -> bool {
        self.deed.lock().unwrap().take().is_none()
    }
}

impl Clock for Meddling {
    fn unix_ms(&self) -> i64 {
        if self.readings.fetch_sub(1, Ordering::SeqCst) == 0 {
            let deed = self.deed.lock().unwrap().take();
            if let Some(deed) = deed {
                deed();
            }
        }
        self.clock.unix_ms()
    }

    fn mono_ms(&self) -> u64 {
        self.clock.mono_ms()
    }
}

fn all_kept(core: &Gatehouse, profile: &Profile) {
    for line in 1..=3 {
        core.decide_review(profile, "Autumn", line, Some(Verdict::Keep), None)
            .unwrap();
    }
}

/// Signs off in another process; answers what came of it.
fn signs_off(world: &World, profile: &Profile) -> (Deed, Came) {
    let other = world.again();
    let profile = profile.clone();
    let answer = Arc::new(Mutex::new(None));
    let told = Arc::clone(&answer);
    let deed = move || {
        let signed = other.sign_off_review(&profile, "Autumn", &SignOffRequest::default());
        *told.lock().unwrap() = Some(signed.map(|signed| signed.seq));
    };
    (Box::new(deed), answer)
}

#[test]
fn two_processes_never_both_sign_off() {
    let mut beaten = 0;
    for reading in 0..6 {
        let (world, profile, _) = started();
        all_kept(&world.gatehouse, &profile);
        let clock = Meddling::new();
        let first = world.again_at(Arc::clone(&clock) as _);
        first.ready_to_record().unwrap();
        let (deed, answer) = signs_off(&world, &profile);
        clock.at(reading, deed);
        let own = first.sign_off_review(&profile, "Autumn", &SignOffRequest::default());
        if !clock.meddled() {
            break;
        }
        let other = answer.lock().unwrap().take().unwrap();
        assert!(
            own.is_ok() != other.is_ok(),
            "reading {reading}: one signs off: {own:?}, {other:?}"
        );
        if let Err(problem) = own {
            assert_eq!(problem.code, ErrorCode::ReviewClosed, "reading {reading}: {problem:?}");
            beaten += 1;
        }
        world.gatehouse.export_review(&profile, "Autumn").unwrap();
    }
    assert!(beaten > 0, "the other process came in between at least once");
}

#[test]
fn what_is_handed_in_never_follows_a_sign_off() {
    let mut beaten = 0;
    for reading in 0..6 {
        let (world, profile, _) = started();
        let theirs = colleague(&world, &profile, &[PersonRole::Reviewer]);
        let task = world.gatehouse.export_review_task(&profile, "Autumn").unwrap();
        theirs.gatehouse.import_review(&theirs.profile, &task).unwrap();
        let decided = theirs
            .gatehouse
            .decide_review(&theirs.profile, "Autumn", 2, Some(Verdict::Revoke), None);
        decided.unwrap();
        let file = theirs.gatehouse.hand_in_review(&theirs.profile, "Autumn").unwrap();
        all_kept(&world.gatehouse, &profile);
        let clock = Meddling::new();
        let first = world.again_at(Arc::clone(&clock) as _);
        first.ready_to_record().unwrap();
        let (deed, answer) = signs_off(&world, &profile);
        clock.at(reading, deed);
        let own = first.import_review(&profile, &file);
        if !clock.meddled() {
            break;
        }
        let signed = answer.lock().unwrap().take().unwrap();
        if let Err(problem) = &own {
            assert_eq!(problem.code, ErrorCode::ReviewClosed, "reading {reading}: {problem:?}");
            beaten += 1;
        }
        if signed.is_err() {
            let core = &world.gatehouse;
            core.sign_off_review(&profile, "Autumn", &SignOffRequest::default())
                .unwrap();
        }
        let review = world.gatehouse.review(&profile, "Autumn").unwrap();
        assert_eq!(review.state, ReviewState::SignedOff, "reading {reading}");
        world.gatehouse.export_review(&profile, "Autumn").unwrap();
    }
    assert!(beaten > 0, "the other process came in between at least once");
}
