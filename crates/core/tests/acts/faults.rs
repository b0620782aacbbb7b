//! What can go wrong on the wire, each with its code and the outcome that the log gets.

use gatehouse_core::ErrorCode;
use serde_json::json;

use super::world::{BAKERY, ready, wish};

#[test]
fn each_refusal_of_klarna_has_its_code_and_is_recorded_as_refused() {
    let (world, profile) = ready();
    let cases = [
        (400, "VALIDATION_ERROR", ErrorCode::KlarnaInvalid),
        (401, "UNAUTHORIZED", ErrorCode::KlarnaUnauthorized),
        (403, "OPERATION_FORBIDDEN", ErrorCode::KlarnaForbidden),
        (404, "RESOURCE_NOT_FOUND", ErrorCode::KlarnaNotFound),
        (409, "RESOURCE_CONFLICT", ErrorCode::KlarnaConflict),
        (413, "VALIDATION_ERROR", ErrorCode::KlarnaTooLarge),
        (418, "VALIDATION_ERROR", ErrorCode::KlarnaRefused),
    ];
    for (status, code, expected) in cases {
        world.fault(&json!({ "kind": "status", "status": status, "code": code, "path": "deep-links" }));
        let problem = world.open(&profile, &wish(BAKERY)).unwrap_err();
        assert_eq!(problem.code, expected, "HTTP {status}: {problem}");
        assert_eq!(
            world.entries(1),
            ["portal.copy outcome refused"],
            "HTTP {status} is a no"
        );
    }
    world.fault(&json!({ "kind": "bodiless_403", "path": "deep-links" }));
    assert_eq!(
        world.open(&profile, &wish(BAKERY)).unwrap_err().code,
        ErrorCode::KlarnaBlocked,
        "a 403 without a body"
    );
    assert!(world.links().is_empty(), "no link was made");
}

#[test]
fn an_address_that_is_refused_is_named_by_the_act_once_the_certificate_is_known_to_be_good() {
    let (world, profile) = ready();
    let refuse = || world.settings(&json!({ "ip.mode": "enforced", "ip.allowed": "198.51.100.0/24" }));
    refuse();
    let told = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(told.code, ErrorCode::KlarnaBlocked, "{told}");
    assert!(
        told.hint.contains("gatehouse doctor"),
        "it may be several things, and the doctor knows which: {told}"
    );
    world.settings(&json!({ "ip.mode": "off" }));
    world.gatehouse.first_call(&profile).unwrap();
    refuse();
    let told = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(
        told.code,
        ErrorCode::KlarnaBlocked,
        "a script sees the same code: {told}"
    );
    assert!(told.message.contains("this computer's address"), "the cause: {told}");
    assert!(told.hint.contains("VPN"), "the cure: {told}");
}

#[test]
fn a_short_outage_is_bridged_within_the_click() {
    let (world, profile) = ready();
    for status in [500, 503, 429] {
        world.fault(&json!({ "kind": "status", "status": status, "path": "deep-links", "times": 1 }));
        world.open(&profile, &wish(BAKERY)).unwrap();
    }
    world.fault(&json!({ "kind": "cut", "when": "after", "path": "deep-links", "times": 1 }));
    world.open(&profile, &wish(BAKERY)).unwrap();
    assert_eq!(
        world.links().len(),
        4,
        "a repetition within the click makes no second link"
    );
}

#[test]
fn an_answer_that_cannot_be_used_leaves_the_act_unknown_until_it_is_settled() {
    let (world, profile) = ready();
    let faults = [
        json!({ "kind": "html", "when": "after" }),
        json!({ "kind": "too_large" }),
        json!({ "kind": "missing_url" }),
        json!({ "kind": "http_url" }),
        json!({ "kind": "truncated_json" }),
        json!({ "kind": "redirect" }),
    ];
    for fault in faults {
        let mut ordered = fault.clone();
        ordered
            .as_object_mut()
            .unwrap()
            .extend([("path".to_owned(), json!("deep-links")), ("times".to_owned(), json!(0))]);
        world.fault(&ordered);
        let problem = world.open(&profile, &wish(BAKERY)).unwrap_err();
        assert_eq!(
            problem.code.exit_code(),
            8,
            "{fault}: the outcome is unknown: {problem}"
        );
        assert_eq!(
            world.gatehouse.unresolved().unwrap().len(),
            1,
            "{fault}: it is shown as open"
        );
        world.clear_faults();
        let settled = world.gatehouse.reconcile().unwrap();
        assert_eq!((settled.resolved, settled.unresolved), (1, 0), "{fault}: it is settled");
        assert!(
            world.gatehouse.unresolved().unwrap().is_empty(),
            "{fault}: nothing is open"
        );
    }
    assert!(
        world
            .links()
            .iter()
            .all(|link| link.get("state") != Some(&json!("waiting"))),
        "no link of them is left: {:?}",
        world.links()
    );
}

#[test]
fn a_link_to_a_foreign_host_is_not_opened_and_can_be_ended() {
    let (world, profile) = ready();
    world.fault(&json!({ "kind": "foreign_url", "path": "deep-links" }));
    let problem = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(problem.code, ErrorCode::LinkHostRefused, "{problem}");
    let sessions = world.gatehouse.sessions(&profile).unwrap();
    let session = sessions.first().expect("the link exists at Klarna, so it is listed");
    world.gatehouse.revoke_session(&profile, &session.id).unwrap();
}

#[test]
fn a_server_that_is_not_there_is_a_refusal_of_the_network() {
    let (world, profile) = ready();
    let size = world.size();
    let mut gone = profile;
    gone.endpoint = gatehouse_core::profile::Endpoint::Url {
        url: "http://127.0.0.1:9".into(),
        ca_pem: None,
    };
    let problem = world.open(&gone, &wish(BAKERY)).unwrap_err();
    assert_eq!(problem.code, ErrorCode::NetworkConnect, "{problem}");
    assert_eq!(world.size(), size + 2, "intent and outcome stand in the log");
    assert_eq!(
        world.entries(1),
        ["portal.copy outcome refused"],
        "nothing was sent, and that is known"
    );
}
