//! The sandbox profile, ready in one act.

use gatehouse_audit::Verdict;
use gatehouse_core::ErrorCode;
use gatehouse_core::key_store::{KeyStoreError, KeyStoreKind, SecretBytes};
use gatehouse_core::profile::setup::{NewEndpoint, NewSandbox};

use super::world::{empty, open_dir, ready, sandbox};

#[test]
fn a_sandbox_profile_has_keys_certificates_and_merchants() {
    let (world, profile) = ready();
    let facts = world.gatehouse.key_facts(&profile).unwrap();
    assert_eq!(facts.len(), 2, "one key signs, one proves the client");
    assert!(
        facts.iter().all(|fact| fact.checks.iter().all(|line| line.passed)),
        "every check of both passes: {facts:?}"
    );
    assert_eq!(
        world.gatehouse.merchant_count(&profile).unwrap(),
        50,
        "the acquirer's merchants are here"
    );
    assert_eq!(
        world.gatehouse.active().unwrap().unwrap().id,
        profile.id,
        "it is in use"
    );
    assert_eq!(
        world.gatehouse.audit_verify().unwrap().verdict,
        Verdict::Intact,
        "the log holds"
    );
}

#[test]
fn a_name_is_taken_once() {
    let (world, _) = ready();
    let again = world
        .gatehouse
        .create_sandbox(&sandbox("sandbox"), &|_| ())
        .unwrap_err();
    assert_eq!(again.code, ErrorCode::ProfileExists, "two profiles must be told apart");
}

#[test]
fn a_keyring_that_is_locked_leaves_nothing_behind() {
    let world = empty();
    world.keys.always(|| KeyStoreError::Locked);
    let problem = world
        .gatehouse
        .create_sandbox(&sandbox("sandbox"), &|_| ())
        .unwrap_err();
    assert_eq!(problem.code, ErrorCode::KeyringLocked, "the state has its own code");
    assert!(
        world.gatehouse.profiles().unwrap().is_empty(),
        "there is no half profile"
    );
    world.keys.heal();
    world.gatehouse.create_sandbox(&sandbox("sandbox"), &|_| ()).unwrap();
}

#[test]
fn a_stand_in_is_on_this_machine_and_of_the_test_environment() {
    let world = empty();
    let stand_in = |url: &str, account: &str, key: &str| NewSandbox {
        name: "x".into(),
        endpoint: NewEndpoint::Url {
            url: url.into(),
            account: account.into(),
            api_key: SecretBytes::new(key.as_bytes().to_vec()),
            ca_pem: None,
        },
        user: None,
        key_store: KeyStoreKind::Keyring,
    };
    let account = world.address.account.as_str();
    let live = "krn:partner:global:account:live:LYABCDEI";
    let cases = [
        (
            stand_in("https://api-global.klarna.com", account, &world.address.api_key),
            ErrorCode::ApiUrlRefused,
        ),
        (
            stand_in("ftp://127.0.0.1", account, &world.address.api_key),
            ErrorCode::ApiUrlRefused,
        ),
        (
            stand_in(&world.address.http, live, &world.address.api_key),
            ErrorCode::EnvironmentMixed,
        ),
        (
            stand_in(&world.address.http, account, "klarna_live_api_abcdefghijklmnop"),
            ErrorCode::EnvironmentMixed,
        ),
        (
            stand_in(&world.address.http, account, "password"),
            ErrorCode::ApiKeyInvalid,
        ),
        (
            stand_in(&world.address.http, "LYABCDEI", &world.address.api_key),
            ErrorCode::KrnInvalid,
        ),
    ];
    for (wish, code) in cases {
        let problem = world.gatehouse.create_sandbox(&wish, &|_| ()).unwrap_err();
        assert_eq!(problem.code, code, "{problem}");
    }
    let good = stand_in(&world.address.http, account, &world.address.api_key);
    let profile = world.gatehouse.create_sandbox(&good, &|_| ()).unwrap();
    assert_eq!(
        world.gatehouse.merchant_count(&profile).unwrap(),
        0,
        "a stand-in gives no merchant list"
    );
}

#[test]
fn a_lost_keyring_is_an_alarm_and_never_a_first_start() {
    let (world, profile) = ready();
    let emptied = std::sync::Arc::new(gatehouse_core::key_store::MemoryKeyStore::new());
    let gatehouse = open_dir(
        &world.dir.path().join("data"),
        &emptied,
        &world.address,
        std::sync::Arc::new(gatehouse_core::clock::SystemClock::new()),
    );
    let problem = gatehouse
        .open_portal(&profile, &super::world::wish("SE-00417"), &|_| ())
        .unwrap_err();
    assert_eq!(
        problem.code,
        ErrorCode::KeyringItemMissing,
        "a key is never made anew silently"
    );
    assert!(emptied.items().is_empty(), "nothing was put into the empty keyring");
}
