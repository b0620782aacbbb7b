//! Key stores with moods: no act without a record, no record without an anchor.

use gatehouse_audit::Reader;
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

#[test]
fn a_profile_that_goes_takes_its_keys_and_each_is_told() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let keys = world.gatehouse.keys(&profile).unwrap();
    let mut ids: Vec<String> = keys.into_iter().map(|key| key.row.key_id).collect();
    world.gatehouse.remove_profile(&profile.name).unwrap();
    let reader = Reader::open(&world.dir.path().join("data")).unwrap();
    let told = reader.of_kind("key.destroy").unwrap();
    for body in &told {
        assert_eq!(
            body.request.get("cause"),
            Some(&"profile_removed".into()),
            "why it went"
        );
        assert_eq!(body.result_text("outcome"), Some("succeeded"), "that it did");
    }
    let key = |body: &gatehouse_audit::Body| body.signing.get("key_id")?.as_str().map(str::to_owned);
    let mut gone: Vec<String> = told.iter().filter_map(key).collect();
    (ids.sort(), gone.sort());
    assert_eq!(gone, ids, "every key by itself");
    assert_eq!(reader.of_kind("api_key.remove").unwrap().len(), 1, "and the API key");
    let removed = reader.of_kind("profile.remove").unwrap();
    assert!(
        removed[0].seq > told.iter().map(|body| body.seq).max().unwrap(),
        "then the profile"
    );
    assert!(world.gatehouse.audit_verify().unwrap().is_intact(), "and the log holds");
}

#[test]
fn a_removal_that_breaks_off_is_ended_by_the_next() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let reader = Reader::open(&world.dir.path().join("data")).unwrap();
    for after in 1..30 {
        world.keys.fail_after(after, KeyStoreError::Locked);
        let ended = world.gatehouse.remove_profile(&profile.name);
        world.keys.heal();
        if ended.is_ok() {
            break;
        }
        assert_eq!(
            world.gatehouse.profiles().unwrap().len(),
            1,
            "it is still there to be removed"
        );
    }
    assert!(world.gatehouse.profiles().unwrap().is_empty(), "it is gone in the end");
    let mut standing: Vec<String> = Vec::new();
    for body in reader.of_kind("key.destroy").unwrap() {
        let key = body
            .signing
            .get("key_id")
            .and_then(|key| key.as_str())
            .unwrap()
            .to_owned();
        standing.retain(|known| *known != key);
        if body.result_text("outcome") == Some("succeeded") {
            standing.push(key);
        }
    }
    assert_eq!(
        standing.len(),
        2,
        "both keys ended, whatever failed before: {standing:?}"
    );
}
