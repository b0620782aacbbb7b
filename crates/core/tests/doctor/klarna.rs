//! What Klarna says no to: keys, certificates, addresses, clocks.

use std::sync::Arc;

use gatehouse_core::clock::{Clock, FixedClock, SystemClock};
use gatehouse_core::database;
use gatehouse_core::doctor::DoctorState;
use gatehouse_core::profile::{Profile, secrets};
use gatehouse_klarna::ApiKey;
use serde_json::json;

use crate::world::{World, ready};
use crate::{bad, line, names};

fn replace_key(world: &World, profile: &Profile, key: &str) {
    let mut held = secrets::load(world.keys.as_ref(), profile.id).unwrap();
    held.api_key = Some(ApiKey::parse(key.into()).unwrap());
    secrets::save(world.keys.as_ref(), profile.id, &held).unwrap();
}

#[test]
fn a_wrong_api_key_is_named() {
    let (world, profile) = ready();
    replace_key(&world, &profile, "klarna_test_api_wrongWRONG1234");
    let lines = world.gatehouse.doctor(Some(&profile));
    names(&lines, "API key", "401", "enter the current one");
    assert_eq!(bad(&lines), ["API key"], "one cause, one bad line: {lines:#?}");
    let all = format!("{lines:?}");
    assert!(!all.contains("wrongWRONG"), "the key is not shown");
}

#[test]
fn a_key_of_the_other_environment_is_named() {
    let (world, profile) = ready();
    replace_key(&world, &profile, "klarna_live_api_otherOTHER1234");
    let lines = world.gatehouse.doctor(Some(&profile));
    names(&lines, "API key", "other environment", "klarna_live_api_");
    assert_eq!(bad(&lines), ["API key"], "one cause, one bad line: {lines:#?}");
}

#[test]
fn an_address_that_may_not_call_is_named_before_and_after_enforcement() {
    let (world, profile) = ready();
    world.settings(&json!({ "ip.mode": "reporting", "ip.allowed": "198.51.100.0/24" }));
    let reported = world.gatehouse.doctor(Some(&profile));
    assert_eq!(
        line(&reported, "IP address").state,
        DoctorState::Warn,
        "it is told in time: {reported:#?}"
    );
    world.settings(&json!({ "ip.mode": "enforced" }));
    let lines = world.gatehouse.doctor(Some(&profile));
    names(&lines, "IP address", "blocks calls from this computer's address", "VPN");
    assert_eq!(bad(&lines), ["IP address"], "one cause, one bad line: {lines:#?}");
}

#[test]
fn a_demanded_client_certificate_that_is_missing_is_named() {
    let (world, profile) = ready();
    world.settings(&json!({ "mtls.mode": "enforced" }));
    assert_eq!(
        bad(&world.gatehouse.doctor(Some(&profile))),
        Vec::<&str>::new(),
        "with it, all is well"
    );
    let database = database::open(&world.dir.path().join("data")).unwrap();
    database
        .execute(
            "UPDATE profile_key SET pem = NULL, state = 'requested' WHERE usage = 'MTLS'",
            [],
        )
        .unwrap();
    let lines = world.gatehouse.doctor(Some(&profile));
    names(
        &lines,
        "mTLS",
        "demands a client certificate",
        "Install the MTLS certificate",
    );
    names(&lines, "MTLS certificate", "has no MTLS certificate", "set-up");
    world.settings(&json!({ "mtls.mode": "reporting" }));
    let reported = world.gatehouse.doctor(Some(&profile));
    assert_eq!(
        line(&reported, "mTLS").state,
        DoctorState::Warn,
        "not demanded yet: {reported:#?}"
    );
}

#[test]
fn a_clock_two_hours_off_is_bad_and_two_minutes_a_warning() {
    let (world, profile) = ready();
    for (seconds, cause) in [(7_200, "behind Klarna's"), (-7_200, "ahead of Klarna's")] {
        world.move_clock(seconds);
        let lines = world.gatehouse.doctor(Some(&profile));
        names(&lines, "clock", cause, "Set this computer's clock");
        assert_eq!(bad(&lines), ["clock"], "one cause, one bad line: {lines:#?}");
        world.settings(&json!({ "mtls.mode": "enforced" }));
        let lines = world.gatehouse.doctor(Some(&profile));
        assert_eq!(
            bad(&lines),
            ["clock"],
            "by Klarna's clock the certificate may not be valid, and the cause is the clock: {lines:#?}"
        );
        world.settings(&json!({ "mtls.mode": "reporting" }));
    }
    world.move_clock(120);
    let lines = world.gatehouse.doctor(Some(&profile));
    assert_eq!(line(&lines, "clock").state, DoctorState::Warn, "{lines:#?}");
    world.move_clock(10);
    let lines = world.gatehouse.doctor(Some(&profile));
    assert_eq!(line(&lines, "clock").state, DoctorState::Ok, "{lines:#?}");
}

#[test]
fn certificates_are_warned_of_before_they_end_and_bad_afterwards() {
    let (world, profile) = ready();
    let now = SystemClock::new().unix_ms();
    let at = |days: i64| Arc::new(FixedClock::at(now + days * 86_400_000));
    for (days, state) in [
        (1_030, DoctorState::Ok),
        (1_040, DoctorState::Warn),
        (1_093, DoctorState::Warn),
    ] {
        let lines = world.again_at(at(days)).doctor(Some(&profile));
        assert_eq!(
            line(&lines, "MTLS certificate").state,
            state,
            "after {days} days: {lines:#?}"
        );
    }
    let lines = world.again_at(at(1_100)).doctor(Some(&profile));
    names(&lines, "JWT_SIGNING certificate", "expired", "");
    names(&lines, "MTLS certificate", "expired", "");
}
