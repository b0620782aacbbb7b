//! The lock set, changed and removed, cut off after every single call to the key store: no key is ever lost.

use gatehouse_core::Gatehouse;
use gatehouse_core::app_lock::Limits;
use gatehouse_core::key_store::{KeyStore, KeyStoreError, MemoryKeyStore, SecretBytes};
use gatehouse_core::portal::{Handover, OpenRequest};
use gatehouse_core::profile::Profile;

use super::app_lock::{pass, sealed};
use super::world::{BAKERY, World, ready, wish};

fn next() -> SecretBytes {
    SecretBytes::from_slice(b"a lock of eleven horses")
}

/// Opens with whatever is needed: without a lock as it is, else with the first passphrase that fits.
fn works(world: &World, profile: &Profile, candidates: &[SecretBytes]) {
    let gatehouse = world.again();
    if gatehouse.lock_status().unwrap().set {
        let unlocked = candidates
            .iter()
            .any(|candidate| gatehouse.unlock_app(candidate).is_ok());
        assert!(unlocked, "the old or the new passphrase opens it");
        assert!(sealed(world, profile), "and what was left in clear is sealed again");
    }
    let drop_link = OpenRequest {
        handover: Handover::Drop,
        ..wish(BAKERY)
    };
    gatehouse
        .open_portal(profile, &drop_link, &|_| ())
        .expect("the keys are there");
}

/// A process that dies: from one call on, the key store answers it nothing any more.
fn dies_after(keys: &MemoryKeyStore, calls: usize) {
    keys.fail_after(calls, KeyStoreError::Denied);
    for _ in 0..40 {
        keys.fail_next(KeyStoreError::Denied);
    }
}

fn cut(world: &World, profile: &Profile, candidates: &[SecretBytes], act: impl Fn(&Gatehouse) -> bool) {
    for calls in 0..40 {
        let gatehouse = world.again();
        dies_after(&world.keys, calls);
        let done = act(&gatehouse);
        drop(gatehouse);
        world.keys.heal();
        works(world, profile, candidates);
        if done {
            return;
        }
    }
    panic!("it is done after so many calls");
}

#[test]
fn setting_survives_a_kill_at_every_step() {
    let (world, profile) = ready();
    cut(&world, &profile, &[pass()], |gatehouse| {
        // A try before may have come as far as to set it.
        let set = gatehouse.set_lock(&pass(), Limits::STANDARD);
        set.is_ok() || gatehouse.lock_status().unwrap().set
    });
    assert!(sealed(&world, &profile), "in the end it is set");
}

#[test]
fn changing_survives_a_kill_at_every_step() {
    let (world, profile) = ready();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    cut(&world, &profile, &[pass(), next()], |gatehouse| {
        gatehouse.change_lock(&pass(), Some(&next()), None).is_ok()
    });
    assert!(sealed(&world, &profile), "it is sealed as before");
    world.again().unlock_app(&next()).expect("under the new passphrase");
}

#[test]
fn removing_survives_a_kill_at_every_step() {
    let (world, profile) = ready();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    cut(&world, &profile, &[pass()], |gatehouse| {
        gatehouse.remove_lock(&pass()).is_ok() || !gatehouse.lock_status().unwrap().set
    });
    assert!(!sealed(&world, &profile), "in the end it is gone");
}

#[test]
fn an_item_that_a_killed_process_left_in_clear_is_sealed_at_the_next_unlocking() {
    let (world, profile) = ready();
    let name = gatehouse_core::profile::secrets::item(profile.id);
    let plain = world.keys.get(&name).unwrap().unwrap();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    world.keys.set(&name, &plain).unwrap();
    works(&world, &profile, &[pass()]);
    assert!(sealed(&world, &profile), "as it should be");
}
