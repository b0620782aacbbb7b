//! Key stores with moods: no act without a record, no record without an anchor.

use gatehouse_core::ErrorCode;
use gatehouse_core::key_store::KeyStoreError;

use super::world::{BAKERY, ready, wish};

#[test]
fn each_state_of_the_keyring_refuses_the_act_before_anything_is_sent() {
    let (world, profile) = ready();
    let states: [(fn() -> KeyStoreError, ErrorCode); 5] = [
        (|| KeyStoreError::Absent, ErrorCode::KeyringAbsent),
        (|| KeyStoreError::Locked, ErrorCode::KeyringLocked),
        (|| KeyStoreError::Denied, ErrorCode::KeyringDenied),
        (|| KeyStoreError::Slow, ErrorCode::KeyringSlow),
        (|| KeyStoreError::Crashed("gone".into()), ErrorCode::KeyringCrashed),
    ];
    for (state, code) in states {
        world.keys.always(state);
        let problem = world.again().open_portal(&profile, &wish(BAKERY), &|_| ()).unwrap_err();
        assert_eq!(problem.code, code, "{problem}");
        let warm = world
            .gatehouse
            .open_portal(&profile, &wish(BAKERY), &|_| ())
            .unwrap_err();
        assert_eq!(warm.code, code, "a running program is stopped as well: {warm}");
        world.keys.heal();
    }
    assert!(world.links().is_empty(), "nothing was sent");
    world.open(&profile, &wish(BAKERY)).expect("it works again afterwards");
    assert!(world.gatehouse.audit_verify().unwrap().is_intact(), "and the log holds");
}

#[test]
fn a_link_whose_outcome_cannot_be_anchored_is_not_handed_out() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let before = world.keys.calls();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let calls = usize::try_from(world.keys.calls() - before).unwrap();
    world.keys.fail_after(calls - 1, KeyStoreError::Locked);
    let problem = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(
        problem.code,
        ErrorCode::KeyringLocked,
        "the outcome's anchor failed: {problem}"
    );
    world.keys.heal();
    world.open(&profile, &wish(BAKERY)).expect("the next act goes on");
    assert!(world.gatehouse.audit_verify().unwrap().is_intact(), "and the log holds");
}
