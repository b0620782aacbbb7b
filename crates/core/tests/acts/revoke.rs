//! Ending sessions: accepted, then certainly out.

use gatehouse_core::ErrorCode;
use gatehouse_core::portal::SessionState;
use serde_json::json;

use super::world::{BAKERY, ready, wish};

#[test]
fn a_revocation_is_accepted_and_bites_after_its_delay() {
    let (world, profile) = ready();
    world.settings(&json!({ "revocation.delay_s": 120 }));
    let opened = world.open(&profile, &wish(BAKERY)).unwrap();
    let (_, page) = world.visit(opened.link.unwrap().expose());
    assert!(page.contains("Bageri"), "somebody is in");
    let session = world.gatehouse.revoke_session(&profile, &opened.session.id).unwrap();
    assert_eq!(
        session.state(world.gatehouse.now_ms()),
        SessionState::Revoking,
        "accepted is not out"
    );
    let out_by = session.out_by_ms.unwrap() - session.revoke_accepted_at_ms.unwrap();
    assert_eq!(out_by, 300_000, "five minutes are what Klarna promises");
    assert_eq!(world.entries(1), ["portal.revoke outcome succeeded"], "it is recorded");
    assert_eq!(
        session.state(session.out_by_ms.unwrap()),
        SessionState::Ended,
        "then it is over"
    );
}

#[test]
fn a_link_that_klarna_forgot_counts_as_revoked() {
    let (world, profile) = ready();
    let opened = world.open(&profile, &wish(BAKERY)).unwrap();
    world.fault(&json!({ "kind": "status", "status": 404, "code": "RESOURCE_NOT_FOUND", "method": "DELETE" }));
    let session = world.gatehouse.revoke_session(&profile, &opened.session.id).unwrap();
    assert!(session.revoke_accepted_at_ms.is_some(), "gone is done");
}

#[test]
fn ending_all_ends_each_that_may_be_open_and_reports_the_rest() {
    let (world, profile) = ready();
    for _ in 0..3 {
        world.open(&profile, &wish(BAKERY)).unwrap();
    }
    world.fault(
        &json!({ "kind": "status", "status": 403, "code": "OPERATION_FORBIDDEN", "method": "DELETE", "times": 1 }),
    );
    let all = world.gatehouse.revoke_all_sessions(&profile).unwrap();
    assert_eq!(
        (all.revoked.len(), all.failed.len()),
        (2, 1),
        "two are accepted, one is told"
    );
    let again = world.gatehouse.revoke_all_sessions(&profile).unwrap();
    assert_eq!(
        (again.revoked.len(), again.failed.len()),
        (1, 0),
        "the failed one can be tried again"
    );
}

#[test]
fn what_is_over_or_unknown_is_said_so() {
    let (world, profile) = ready();
    let unknown = world.gatehouse.revoke_session(&profile, "nobody").unwrap_err();
    assert_eq!(unknown.code, ErrorCode::SessionUnknown, "there is no such session");
    let opened = world.open(&profile, &wish(BAKERY)).unwrap();
    let later = std::sync::Arc::new(gatehouse_core::clock::FixedClock::at(opened.session.expires_at_ms + 1));
    let ended = world
        .again_at(later)
        .revoke_session(&profile, &opened.session.id)
        .unwrap_err();
    assert_eq!(ended.code, ErrorCode::SessionEnded, "eight hours are over");
}

#[test]
fn reopening_makes_a_new_link_for_the_same_person() {
    let (world, profile) = ready();
    let change = super::open::browser(&world, "reopens", "true");
    let profile = world.gatehouse.save_policy(&profile, &change).unwrap();
    let first = world.open(&profile, &wish(BAKERY)).unwrap();
    let second = world
        .gatehouse
        .reopen_session(&profile, &first.session.id, &|_| ())
        .unwrap();
    assert_ne!(
        second.session.deep_link_id, first.session.deep_link_id,
        "an old link is never used again"
    );
    assert_eq!(
        second.session.principal, first.session.principal,
        "the person is the same"
    );
}
