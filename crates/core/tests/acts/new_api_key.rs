//! An API key that Klarna makes: in use at once, asked for once however often its answer is lost, and never at the cost of the one before.

use gatehouse_core::ErrorCode;
use gatehouse_core::key_store::KeyStoreError;
use gatehouse_core::profile::Profile;
use gatehouse_core::profile::at_klarna::{CredentialKind, KlarnaCredential};
use gatehouse_core::profile::secrets;
use serde_json::json;

use super::world::{BAKERY, World, empty, ready, sandbox, wish};

fn in_use(world: &World, profile: &Profile) -> String {
    let held = secrets::load(world.keys.as_ref(), profile.id).unwrap();
    held.api_key.unwrap().expose().to_owned()
}

fn api_keys(world: &World, profile: &Profile) -> Vec<KlarnaCredential> {
    let all = world.gatehouse.at_klarna(profile).unwrap().credentials;
    all.into_iter()
        .filter(|one| one.kind == CredentialKind::ApiKey)
        .collect()
}

fn waits(world: &World, profile: &Profile) -> bool {
    let standing = world.gatehouse.api_key_standing(profile).unwrap();
    standing.unwrap().waits_for_next
}

#[test]
fn the_new_key_is_in_use_and_the_one_before_is_valid_until_it_is_disabled() {
    let (world, profile) = ready();
    let first = in_use(&world, &profile);
    let made = world.gatehouse.create_api_key(&profile, "laptop 7").unwrap();
    assert_eq!(
        (made.before, made.repeated, made.description.as_str()),
        (None, false, "laptop 7"),
        "the first key was given by hand, so its id is not known"
    );
    let second = in_use(&world, &profile);
    assert_ne!(first, second, "another key is in the key store");
    world
        .open(&profile, &wish(BAKERY))
        .expect("the running program uses it at once");
    let listed = api_keys(&world, &profile);
    let ours: Vec<_> = listed.iter().filter(|one| one.in_use).collect();
    assert_eq!(ours.len(), 1, "the list shows which one is in use: {listed:?}");
    assert_eq!(ours[0].id.as_deref(), Some(made.credential_id.as_str()), "by its id");
    assert_eq!(
        world
            .gatehouse
            .end_credential(&profile, CredentialKind::ApiKey, &made.credential_id)
            .unwrap_err()
            .code,
        ErrorCode::InputInvalid,
        "the key in use is not disabled by a slip"
    );
    let other = world.gatehouse.begin_sandbox(&sandbox("still-the-first")).unwrap();
    let secret = |key: &str| gatehouse_core::key_store::SecretBytes::from_slice(key.as_bytes());
    world.gatehouse.set_api_key(&other, &secret(&first)).unwrap();
    let old = listed.iter().find(|one| !one.in_use).and_then(|one| one.id.clone());
    let ended = world
        .gatehouse
        .end_credential(&profile, CredentialKind::ApiKey, &old.unwrap());
    ended.expect("the one before is disabled with the new one");
    assert_eq!(
        world
            .gatehouse
            .set_api_key(&other, &secret(&first))
            .map_err(|problem| problem.code),
        Err(ErrorCode::KlarnaUnauthorized),
        "and refused from then on"
    );
    let next = world.gatehouse.create_api_key(&profile, "laptop 8").unwrap();
    assert_eq!(
        next.before,
        Some(made.credential_id),
        "from now on the one before is known"
    );
    assert!(world.gatehouse.audit_verify().unwrap().is_intact(), "and the log holds");
}

#[test]
fn a_lost_answer_is_repeated_and_gives_the_very_same_key() {
    let (world, profile) = ready();
    let first = in_use(&world, &profile);
    let lost = json!({ "kind": "cut", "when": "after", "path": "credentials/api-key", "method": "POST", "times": 0 });
    world.fault(&lost);
    let problem = world.gatehouse.create_api_key(&profile, "laptop 7").unwrap_err();
    assert_eq!(problem.code.exit_code(), 8, "it may have been made: {problem}");
    assert!(problem.hint.contains("again within 24 hours"), "what to do: {problem}");
    assert_eq!(in_use(&world, &profile), first, "the key before stays in use");
    assert!(waits(&world, &profile), "which is shown");
    let unsettled = world.gatehouse.reconcile().unwrap();
    assert_eq!(
        (unsettled.resolved, unsettled.unresolved),
        (0, 1),
        "it stays open while it can be had"
    );
    world.clear_faults();
    world.fault(
        &json!({ "kind": "status", "status": 401, "path": "credentials/api-key", "method": "POST", "times": 0 }),
    );
    world.gatehouse.create_api_key(&profile, "other words").unwrap_err();
    world.clear_faults();
    let again = world.again();
    let made = again.create_api_key(&profile, "other words").unwrap();
    assert_eq!(
        (made.repeated, made.description.as_str()),
        (true, "laptop 7"),
        "the first request was repeated as it was, also by another process after a no on the way"
    );
    assert_eq!(api_keys(&world, &profile).len(), 2, "Klarna made one beside the first");
    assert_ne!(in_use(&world, &profile), first, "which is in use");
    assert!(!waits(&world, &profile), "and nothing is waited for");
    let settled = again.reconcile().unwrap();
    assert_eq!(settled.unresolved, 0, "the act whose answer was lost is settled by it");
}

#[test]
fn a_program_that_ends_before_the_key_is_stored_leaves_a_way_on() {
    let (world, profile) = ready();
    let first = in_use(&world, &profile);
    let calls = world.keys.calls();
    world.gatehouse.create_api_key(&profile, "rehearsal").unwrap();
    let used = usize::try_from(world.keys.calls() - calls).unwrap();
    let second = in_use(&world, &profile);
    // Each call of the key store but those before the request is a place at which a program can end.
    let mut stopped = 0;
    for last in 0..used {
        world.keys.fail_after(last, KeyStoreError::Crashed("killed".into()));
        let ended = world.gatehouse.create_api_key(&profile, "laptop 7");
        world.keys.heal();
        if ended.is_err() && waits(&world, &profile) {
            stopped += 1;
            let before = api_keys(&world, &profile).len();
            let made = world.again().create_api_key(&profile, "laptop 7").unwrap();
            assert!(made.repeated, "stopped at call {last}: the same request");
            assert!(
                api_keys(&world, &profile).len() <= before + 1,
                "stopped at call {last}: at most one key is made"
            );
        }
        world.open(&profile, &wish(BAKERY)).unwrap_or_else(|problem| {
            panic!("stopped at call {last}: the key in the key store is one that works: {problem}");
        });
    }
    assert!(stopped > 0, "some of them were between request and key store");
    assert!(
        ![&first, &second].contains(&&in_use(&world, &profile)),
        "and each time it went on"
    );
}

#[test]
fn a_key_that_klarna_refuses_is_not_taken_into_use() {
    let (world, profile) = ready();
    let first = in_use(&world, &profile);
    let refused =
        json!({ "kind": "status", "status": 401, "code": "UNAUTHORIZED", "path": "client-certificate", "times": 1 });
    world.fault(&refused);
    let problem = world.gatehouse.create_api_key(&profile, "laptop 7").unwrap_err();
    assert_eq!(problem.code, ErrorCode::KlarnaUnauthorized, "{problem}");
    let id = api_keys(&world, &profile).into_iter().next_back().unwrap().id.unwrap();
    assert!(
        problem.hint.contains(&id) && problem.hint.contains("disable"),
        "which one to disable: {problem}"
    );
    assert_eq!(in_use(&world, &profile), first, "the key before stays in use");
    assert!(!waits(&world, &profile), "a refused key is not asked for again");
    world.fault(&json!({ "kind": "status", "status": 503, "path": "client-certificate", "times": 0 }));
    let problem = world.gatehouse.create_api_key(&profile, "laptop 7").unwrap_err();
    assert_eq!(
        in_use(&world, &profile),
        first,
        "nor one that could not be tried: {problem}"
    );
    world.clear_faults();
    let made = world.gatehouse.create_api_key(&profile, "laptop 7").unwrap();
    assert!(made.repeated, "that one is had by asking again");
    assert_eq!(
        api_keys(&world, &profile).len(),
        3,
        "the first, the refused and this one"
    );
}

#[test]
fn what_klarna_would_not_take_is_not_sent() {
    let (world, profile) = ready();
    let size = world.size();
    for bad in ["", "Schlüssel", "a/b", &"x".repeat(101)] {
        let problem = world.gatehouse.create_api_key(&profile, bad).unwrap_err();
        assert_eq!(problem.code, ErrorCode::InputInvalid, "{bad:?}: {problem}");
    }
    assert_eq!(world.size(), size, "nothing was recorded");
    let begun = empty();
    let draft = begun.gatehouse.begin_sandbox(&sandbox("acme")).unwrap();
    let problem = begun.gatehouse.create_api_key(&draft, "laptop 7").unwrap_err();
    assert_eq!(
        problem.code,
        ErrorCode::ApiKeyMissing,
        "a first key comes from Klarna itself"
    );
}
