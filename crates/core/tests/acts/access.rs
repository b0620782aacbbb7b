//! The ledger says of a grant what was sent, and nothing of what was not.

use gatehouse_core::access::GrantRequest;
use gatehouse_core::access::ledger::Wanted;
use gatehouse_core::key_store::KeyStoreError;
use reqwest::Method;

use super::world::{BAKERY, World, ready};

/// How many grants reached the sandbox.
fn reached(world: &World) -> i64 {
    let calls = world.control(Method::GET, "calls?path=user-access", None);
    calls["totals"]["post"]["wire"].as_i64().unwrap()
}

#[test]
fn a_grant_that_could_not_be_recorded_leaves_nothing_in_the_ledger() {
    let (world, profile) = ready();
    let request = GrantRequest {
        merchant: BAKERY.into(),
        email: "ann@bakery.example".into(),
        ..GrantRequest::default()
    };
    let mut refused = 0;
    for calls in 0.. {
        world.keys.fail_after(calls, KeyStoreError::Denied);
        let granted = world.gatehouse.grant_access(&profile, &request);
        world.keys.heal();
        if reached(&world) > 0 {
            break;
        }
        granted.unwrap_err();
        refused += 1;
        let (_, known) = world.gatehouse.grants(&profile, &Wanted::default(), (0, 10)).unwrap();
        assert_eq!(known, 0, "call {calls} of the key store failed, and nothing was sent");
    }
    assert!(refused > 0, "the key store was asked before anything was sent");
}
