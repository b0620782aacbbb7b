//! Acts whose process ended in the middle: shown, then settled by the table of the audit design.

use std::sync::Arc;

use gatehouse_core::clock::{Clock, FixedClock, SystemClock};
use serde_json::json;

use super::world::{BAKERY, World, ready, wish};

/// Leaves an open act behind: the call takes effect, its answer is lost at every try.
fn lost_answer(world: &World, profile: &gatehouse_core::profile::Profile, when: &str) {
    world.fault(&json!({ "kind": "cut", "when": when, "path": "deep-links", "times": 0 }));
    world.open(profile, &wish(BAKERY)).expect_err("the answer is lost");
    world.clear_faults();
}

fn last_result(world: &World) -> serde_json::Map<String, serde_json::Value> {
    let reader = world.gatehouse.audit_reader().unwrap();
    let size = reader.size().unwrap();
    reader.entry(size).unwrap().unwrap().body.result
}

#[test]
fn a_link_that_was_made_is_deleted_and_never_handed_out() {
    let (world, profile) = ready();
    lost_answer(&world, &profile, "after");
    assert_eq!(world.links().len(), 1, "Klarna made the link");
    let settled = world.again().reconcile().unwrap();
    assert_eq!((settled.resolved, settled.unresolved), (1, 0), "it is settled");
    assert_eq!(
        last_result(&world).get("reconciled"),
        Some(&json!("created_and_revoked")),
        "the log says how"
    );
    assert_eq!(
        world.links().len(),
        1,
        "asking again with the same key made no second link"
    );
    assert!(
        world.gatehouse.sessions(&profile).unwrap().is_empty(),
        "nobody can use it"
    );
    assert!(world.gatehouse.audit_verify().unwrap().is_intact(), "the log holds");
}

#[test]
fn a_link_that_was_never_made_is_recorded_as_refused_or_made_and_deleted() {
    let (world, profile) = ready();
    lost_answer(&world, &profile, "before");
    assert!(world.links().is_empty(), "Klarna made none");
    world.again().reconcile().unwrap();
    let how = last_result(&world).get("reconciled").cloned();
    assert!(
        how == Some(json!("created_and_revoked")) || how == Some(json!("never_created")),
        "settled either way: {how:?}"
    );
    assert!(world.gatehouse.unresolved().unwrap().is_empty(), "nothing is open");
}

#[test]
fn a_settled_act_is_not_settled_twice() {
    let (world, profile) = ready();
    lost_answer(&world, &profile, "after");
    world.again().reconcile().unwrap();
    let size = world.size();
    world.again().reconcile().unwrap();
    assert_eq!(world.size(), size, "the second time finds nothing to do");
}

#[test]
fn an_act_that_cannot_be_settled_now_stays_open() {
    let (world, profile) = ready();
    lost_answer(&world, &profile, "after");
    world.fault(&json!({ "kind": "status", "status": 503, "times": 0 }));
    let settled = world.again().reconcile().unwrap();
    assert_eq!(
        (settled.resolved, settled.unresolved),
        (0, 1),
        "it waits for the next try"
    );
    world.clear_faults();
    assert_eq!(world.again().reconcile().unwrap().resolved, 1, "which settles it");
}

#[test]
fn past_a_day_the_log_says_that_a_link_may_have_existed() {
    let (world, profile) = ready();
    lost_answer(&world, &profile, "after");
    let later = SystemClock::new().unix_ms() + 25 * 3_600_000;
    world.again_at(Arc::new(FixedClock::at(later))).reconcile().unwrap();
    assert_eq!(
        last_result(&world).get("reconciled"),
        Some(&json!("may_have_existed_for_8_hours")),
        "no replay is left"
    );
    assert!(
        world.gatehouse.unresolved().unwrap().is_empty(),
        "a final unknown is not tried again"
    );
}

#[test]
fn a_revocation_is_repeated() {
    let (world, profile) = ready();
    let opened = world.open(&profile, &wish(BAKERY)).unwrap();
    world.fault(&json!({ "kind": "cut", "when": "before", "method": "DELETE", "times": 0 }));
    world
        .gatehouse
        .revoke_session(&profile, &opened.session.id)
        .expect_err("the answer is lost");
    world.clear_faults();
    world.again().reconcile().unwrap();
    assert_eq!(
        world.entries(1),
        ["portal.revoke outcome succeeded"],
        "repeated until it is done"
    );
    let session = world.gatehouse.sessions(&profile).unwrap().remove(0);
    assert!(session.revoke_accepted_at_ms.is_some(), "the session shows it");
}

#[test]
fn a_start_settles_what_an_earlier_one_left_and_costs_nothing_otherwise() {
    let (world, profile) = ready();
    let quiet = world.size();
    world.again().settle_if_needed().unwrap();
    assert_eq!(world.size(), quiet, "there is nothing to do");
    lost_answer(&world, &profile, "after");
    let settled = world.again().settle_if_needed().unwrap();
    assert_eq!((settled.resolved, settled.unresolved), (1, 0), "the sign was seen");
    let size = world.size();
    world.again().settle_if_needed().unwrap();
    assert_eq!(world.size(), size, "the sign is gone");
}
