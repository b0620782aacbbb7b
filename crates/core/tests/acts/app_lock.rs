//! The app lock end to end: locked means sealed, limits close it, risky deeds ask each time, the log tells of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use gatehouse_core::app_lock::{Cause, Limits};
use gatehouse_core::clock::Clock;
use gatehouse_core::key_store::{ItemName, KeyStore, SecretBytes};
use gatehouse_core::portal::{Handover, OpenRequest};
use gatehouse_core::profile::Profile;
use gatehouse_core::profile::secrets;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use super::world::{BAKERY, World, ready, wish};

pub fn pass() -> SecretBytes {
    SecretBytes::from_slice(b"a lock of nine horses")
}

pub fn wrong() -> SecretBytes {
    SecretBytes::from_slice(b"a lock of ten horses")
}

/// Two clocks that a test moves apart.
pub struct Clocks(AtomicI64, AtomicU64);

impl Clocks {
    pub fn now() -> Arc<Self> {
        let system = gatehouse_core::clock::SystemClock::new();
        Arc::new(Self(AtomicI64::new(system.unix_ms()), AtomicU64::new(10_000)))
    }

    pub fn pass(&self, ms: u32) {
        self.sleep(ms);
        self.1.fetch_add(u64::from(ms), Ordering::SeqCst);
    }

    fn sleep(&self, ms: u32) {
        self.0.fetch_add(i64::from(ms), Ordering::SeqCst);
    }
}

impl Clock for Clocks {
    fn unix_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    fn mono_ms(&self) -> u64 {
        self.1.load(Ordering::SeqCst)
    }
}

pub fn sealed(world: &World, profile: &Profile) -> bool {
    raw(world, &secrets::item(profile.id)).starts_with(b"GATEWRAP")
}

fn raw(world: &World, item: &ItemName) -> Vec<u8> {
    world.keys.get(item).unwrap().unwrap().expose().to_vec()
}

fn drop_link() -> OpenRequest {
    OpenRequest {
        handover: Handover::Drop,
        ..wish(BAKERY)
    }
}

pub fn opens(gatehouse: &Gatehouse, profile: &Profile) -> Result<(), Problem> {
    gatehouse.open_portal(profile, &drop_link(), &|_| ()).map(drop)
}

#[test]
fn locked_means_that_the_keys_are_sealed_and_nothing_is_done() {
    let (world, profile) = ready();
    assert!(!sealed(&world, &profile), "without a lock the item is as ever");
    let plain = raw(&world, &secrets::item(profile.id));
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    assert!(sealed(&world, &profile), "with it, it is sealed at once");
    opens(&world.gatehouse, &profile).expect("setting the lock does not lock");
    world.gatehouse.lock_now(Cause::Asked);
    let links = world.links().len();
    for gatehouse in [&world.gatehouse, &world.again()] {
        let refused = opens(gatehouse, &profile).unwrap_err();
        assert_eq!(refused.code, ErrorCode::AppLocked, "{refused}");
    }
    assert_eq!(world.links().len(), links, "nothing was sent");
    world
        .gatehouse
        .search(&profile, "", 0, 5)
        .expect("what lies in clear can be read");
    world.gatehouse.unlock_app(&pass()).unwrap();
    opens(&world.gatehouse, &profile).expect("unlocked, it goes on");
    world.gatehouse.remove_lock(&pass()).unwrap();
    assert_eq!(
        raw(&world, &secrets::item(profile.id)),
        plain,
        "removed, the item is as before"
    );
    opens(&world.again(), &profile).expect("and any process can use it");
    assert_eq!(
        world
            .keys
            .items()
            .iter()
            .filter(|item| item.account().starts_with("lock/"))
            .count(),
        0,
        "no record stays"
    );
}

#[test]
fn the_log_tells_of_every_change_and_of_wrong_passphrases() {
    let (world, _profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    gatehouse.lock_now(Cause::Asked);
    let refused = gatehouse.unlock_app(&wrong()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::PassphraseWrong, "{refused}");
    assert!(
        refused.hint.contains("lock reset"),
        "the consequence is named: {refused}"
    );
    gatehouse.unlock_app(&pass()).unwrap();
    gatehouse
        .change_lock(&pass(), Some(&SecretBytes::from_slice(b"another of nine horses")), None)
        .unwrap();
    gatehouse
        .remove_lock(&SecretBytes::from_slice(b"another of nine horses"))
        .unwrap();
    assert_eq!(
        world.entries(6),
        [
            "lock.set note succeeded",
            "app.lock note -",
            "app.unlock note refused",
            "app.unlock note succeeded",
            "lock.change note succeeded",
            "lock.remove note succeeded"
        ],
        "in order"
    );
}

#[test]
fn idle_absolute_and_sleep_lock_by_themselves() {
    let (world, profile) = ready();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    let clocks = Clocks::now();
    let gatehouse = world.again_at(Arc::clone(&clocks) as Arc<dyn Clock>);
    assert_eq!(
        gatehouse.lock_status().unwrap().locked,
        Some(Cause::Start),
        "a new process is locked"
    );
    let unlock = || gatehouse.unlock_app(&pass()).unwrap();
    let cause = || gatehouse.lock_status().unwrap().locked;

    unlock();
    clocks.pass(599_000);
    assert_eq!(cause(), None, "not yet");
    gatehouse.choose_proxy(&profile, "direct").expect("an act is use");
    clocks.pass(599_000);
    gatehouse.note_use();
    clocks.pass(599_000);
    assert_eq!(cause(), None, "typing is use as well");
    clocks.pass(2_000);
    gatehouse.lock_if_due();
    assert_eq!(cause(), Some(Cause::Idle), "ten minutes without");
    assert_eq!(
        opens(&gatehouse, &profile).unwrap_err().code,
        ErrorCode::AppLocked,
        "and nothing is done"
    );

    unlock();
    for _ in 0..144 {
        clocks.pass(300_000);
        gatehouse.note_use();
    }
    assert_eq!(cause(), Some(Cause::Absolute), "twelve hours are enough for anybody");

    unlock();
    clocks.sleep(60_000);
    assert_eq!(cause(), Some(Cause::Sleep), "the lid was closed for a minute");
    assert_eq!(world.entries(1), ["app.lock note -"], "recorded each time");
}

#[test]
fn wrong_passphrases_make_the_next_one_wait_also_after_a_restart() {
    let (world, _profile) = ready();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    let clocks = Clocks::now();
    let gatehouse = world.again_at(Arc::clone(&clocks) as Arc<dyn Clock>);
    for _ in 0..3 {
        assert_eq!(
            gatehouse.unlock_app(&wrong()).unwrap_err().code,
            ErrorCode::PassphraseWrong,
            "people mistype"
        );
    }
    let waits = gatehouse.unlock_app(&pass()).unwrap_err();
    assert_eq!(
        waits.code,
        ErrorCode::PassphraseWait,
        "even the right one waits: {waits}"
    );
    let restarted = world.again_at(Arc::clone(&clocks) as Arc<dyn Clock>);
    assert_eq!(
        restarted.lock_status().unwrap().wait_ms,
        2000,
        "a restart does not forget"
    );
    clocks.pass(2_000);
    restarted
        .unlock_app(&pass())
        .expect("after the delay the right one is taken");
    assert_eq!(restarted.lock_status().unwrap().wait_ms, 0, "and all is forgiven");
}

#[test]
fn a_forgotten_passphrase_costs_the_keys_and_nothing_happens_silently() {
    let (world, profile) = ready();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    let again = world.again();
    again.reset_lock().unwrap();
    assert!(
        world.keys.get(&secrets::item(profile.id)).unwrap().is_none(),
        "the sealed keys are gone"
    );
    assert_eq!(world.entries(1), ["lock.reset note succeeded"], "the log says so");
    let refused = opens(&again, &profile).unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::KeyringItemMissing,
        "and no new key was made: {refused}"
    );
    again.declare_keys_lost(&profile).expect("set-up goes on from here");
}

#[test]
fn a_sealed_item_put_in_another_items_place_is_damaged() {
    let (world, profile) = ready();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    let second = world
        .gatehouse
        .create_sandbox(&super::world::sandbox("second"), &|_| ())
        .unwrap();
    assert!(sealed(&world, &second), "a new profile's item is sealed from the start");
    let other = SecretBytes::new(raw(&world, &secrets::item(second.id)));
    world.keys.set(&secrets::item(profile.id), &other).unwrap();
    let again = world.again();
    again.unlock_app(&pass()).unwrap();
    assert_eq!(
        opens(&again, &profile).unwrap_err().code,
        ErrorCode::KeyStoreDamaged,
        "the seal names its item"
    );
}

#[test]
fn short_passphrases_and_second_locks_are_refused() {
    let (world, _profile) = ready();
    let short = world
        .gatehouse
        .set_lock(&SecretBytes::from_slice(b"short"), Limits::STANDARD)
        .unwrap_err();
    assert_eq!(short.code, ErrorCode::InputInvalid, "{short}");
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    let twice = world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap_err();
    assert_eq!(twice.code, ErrorCode::InputInvalid, "{twice}");
}
