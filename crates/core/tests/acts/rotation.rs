//! Keys that change while acts go on: certificates asked for once, old acts settled with their own key, other processes noticed.

use gatehouse_core::ErrorCode;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::key_rows::KeyState;
use gatehouse_core::profile::rotation::Rotated;
use gatehouse_core::profile::{KeyRemoval, Profile};
use gatehouse_core::signing_key::CertificateUsage;
use serde_json::json;

use super::world::{BAKERY, World, empty, ready, sandbox, wish};

const SIGN: CertificateUsage = CertificateUsage::JwtSigning;

fn rotate(world: &World, profile: &Profile, usage: CertificateUsage) -> String {
    match world.gatehouse.rotate_key(profile, usage, true, None, &|_| ()).unwrap() {
        Rotated::Switched { retiring, .. } => retiring.unwrap(),
        Rotated::Waiting { .. } => panic!("Klarna is asked and answers"),
    }
}

/// How many certificates the sandbox has issued, by its own database.
#[expect(clippy::disallowed_methods, reason = "the other side's truth, read from outside")]
fn certificates(world: &World) -> i64 {
    let file = world.dir.path().join("klarna").join("sandbox.db");
    let database = rusqlite::Connection::open(file).unwrap();
    database
        .query_row("SELECT count(*) FROM certificates", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_certificate_whose_answer_was_lost_is_not_issued_twice() {
    let world = empty();
    let profile = world.gatehouse.begin_sandbox(&sandbox("acme")).unwrap();
    let key = SecretBytes::from_slice(world.address.api_key.as_bytes());
    world.gatehouse.set_api_key(&profile, &key).unwrap();
    world.gatehouse.create_key(&profile, SIGN).unwrap();
    world.fault(&json!({ "kind": "cut", "when": "after", "path": "client-certificate", "method": "POST", "times": 0 }));
    let problem = world.gatehouse.request_certificate(&profile, SIGN).unwrap_err();
    assert_eq!(problem.code.exit_code(), 8, "it may have been issued: {problem}");
    let row = world.gatehouse.keys(&profile).unwrap().remove(0).row;
    assert_eq!(
        (row.state, row.pem),
        (KeyState::Requested, None),
        "the key waits for its certificate"
    );
    world.clear_faults();
    let row = world.gatehouse.request_certificate(&profile, SIGN).unwrap();
    assert_eq!(row.state, KeyState::Active, "the next try gets it");
    assert_eq!(certificates(&world), 1, "Klarna issued one");
    let settled = world.gatehouse.reconcile().unwrap();
    assert_eq!(
        (settled.resolved, settled.unresolved),
        (1, 0),
        "and the first act is settled by it"
    );
}

#[test]
fn an_act_of_before_a_rotation_is_settled_with_its_own_key() {
    let (world, profile) = ready();
    world.fault(&json!({ "kind": "cut", "when": "after", "path": "deep-links", "times": 0 }));
    world.open(&profile, &wish(BAKERY)).expect_err("the answer is lost");
    world.clear_faults();
    rotate(&world, &profile, SIGN);
    let settled = world.again().reconcile().unwrap();
    assert_eq!(
        (settled.resolved, settled.unresolved),
        (1, 0),
        "the very same bytes are sent again"
    );
    assert_eq!(world.links().len(), 1, "so there is no second link");
    world.open(&profile, &wish(BAKERY)).expect("and the new key opens");
}

#[test]
fn an_act_whose_key_is_gone_stays_open_and_is_shown() {
    let (world, profile) = ready();
    world.fault(&json!({ "kind": "cut", "when": "after", "path": "deep-links", "times": 0 }));
    world.open(&profile, &wish(BAKERY)).expect_err("the answer is lost");
    world.clear_faults();
    let old = rotate(&world, &profile, SIGN);
    world
        .gatehouse
        .destroy_key(&profile, &old, KeyRemoval::default())
        .unwrap();
    let settled = world.again().reconcile().unwrap();
    assert_eq!(
        (settled.resolved, settled.unresolved),
        (0, 1),
        "another key must not sign for it"
    );
    assert_eq!(world.links().len(), 1, "nothing else was made");
}

#[test]
fn a_running_program_notices_a_rotation_by_another() {
    let (world, profile) = ready();
    world.open(&profile, &wish(BAKERY)).unwrap();
    let other = world.again();
    for usage in [CertificateUsage::Mtls, SIGN] {
        other.rotate_key(&profile, usage, true, None, &|_| ()).unwrap();
        other.revoke_retiring(&profile, usage, None, None).unwrap();
    }
    world
        .open(&profile, &wish(BAKERY))
        .expect("it signs with the new key, over the new identity");
}

#[test]
fn a_rotation_that_is_unfinished_says_only_what_is_left_to_do() {
    let (world, profile) = ready();
    let old = rotate(&world, &profile, SIGN);
    let again = || {
        let rotated = world.gatehouse.rotate_key(&profile, SIGN, true, None, &|_| ());
        rotated.unwrap_err()
    };
    assert!(
        again().hint.contains("gatehouse key retire"),
        "revoke first: {}",
        again()
    );
    world.gatehouse.revoke_retiring(&profile, SIGN, None, None).unwrap();
    let told = again();
    assert!(!told.hint.contains("key retire"), "it was revoked: {told}");
    assert!(
        told.hint.contains(&format!("gatehouse key remove {old}")),
        "what is left: {told}"
    );
}

#[test]
fn a_rotation_that_fails_leaves_the_key_in_use() {
    let (world, profile) = ready();
    let before = world.gatehouse.key_facts(&profile).unwrap().remove(0).key_id;
    world.fault(&json!({ "kind": "status", "status": 400, "code": "VALIDATION_ERROR", "path": "client-certificate", "method": "POST" }));
    let problem = world
        .gatehouse
        .rotate_key(&profile, SIGN, true, None, &|_| ())
        .unwrap_err();
    assert_eq!(problem.code, ErrorCode::KlarnaInvalid, "{problem}");
    world
        .open(&profile, &wish(BAKERY))
        .expect("the key in use stays in use");
    assert_eq!(
        world.gatehouse.key_facts(&profile).unwrap().remove(0).key_id,
        before,
        "it is the same"
    );
    world.clear_faults();
    rotate(&world, &profile, SIGN);
    assert_ne!(
        world.gatehouse.key_facts(&profile).unwrap().remove(0).key_id,
        before,
        "the next try goes on"
    );
}

#[test]
fn the_first_call_tells_what_klarna_thinks_of_the_certificate() {
    let (world, profile) = ready();
    let shown = world.gatehouse.first_call(&profile).unwrap();
    assert_eq!((shown.http, shown.mtls.as_deref()), (200, Some("VALID")), "{shown:?}");
    world.settings(&json!({ "mtls.mode": "enforced" }));
    world
        .gatehouse
        .first_call(&profile)
        .expect("enforced is no difference to a profile with its certificate");
    world.settings(&json!({ "mtls.mode": "off" }));
    let silent = world.gatehouse.first_call(&profile).unwrap();
    assert_eq!(
        (silent.mtls.as_deref(), silent.is_doubted()),
        (None, false),
        "no word is no doubt"
    );
}
