//! A clock that is off: measured at the answer, told, recorded, corrected for.

use gatehouse_core::{ErrorCode, database};
use serde_json::json;

use super::world::{BAKERY, ready, wish};

#[test]
fn a_clock_four_minutes_off_is_told_and_corrected() {
    for seconds in [240, -240] {
        let (world, profile) = ready();
        world.move_clock(seconds);
        let first = world.open(&profile, &wish(BAKERY)).unwrap_err();
        assert_eq!(
            first.code,
            ErrorCode::ClockSkewed,
            "the first open says what is wrong: {first}"
        );
        world.open(&profile, &wish(BAKERY)).expect("the next one is corrected");
        let page = world.gatehouse.audit_reader().unwrap();
        let query = gatehouse_audit::Query {
            kind: Some("clock.skew".into()),
            limit: 10,
            ..Default::default()
        };
        assert_eq!(
            page.list(&query).unwrap().entries.len(),
            1,
            "the difference stands in the log once"
        );
        world.move_clock(0);
        world.gatehouse.warm(&profile).unwrap();
        world.open(&profile, &wish(BAKERY)).expect("a mended clock is noticed");
    }
}

#[test]
fn warming_measures_the_clock_before_the_first_act() {
    let (world, profile) = ready();
    world.move_clock(250);
    world.gatehouse.warm(&profile).unwrap();
    world
        .open(&profile, &wish(BAKERY))
        .expect("the first open is right already");
}

#[test]
fn a_clock_ten_minutes_off_refuses_acts_until_it_is_mended() {
    for seconds in [600, -600] {
        let (world, profile) = ready();
        world.move_clock(seconds);
        let told = world.open(&profile, &wish(BAKERY)).unwrap_err();
        assert_eq!(
            told.code,
            ErrorCode::ClockSkewed,
            "Klarna refuses, and the cause is named: {told}"
        );
        let size = world.size();
        let refused = world.open(&profile, &wish(BAKERY)).unwrap_err();
        assert_eq!(
            refused.code,
            ErrorCode::ClockSkewed,
            "five minutes are too much to correct for: {refused}"
        );
        assert_eq!(world.size(), size, "it is refused before anything is recorded or sent");
        assert_eq!(world.links().len(), 0, "no link was made");
        world.move_clock(0);
        world
            .open(&profile, &wish(BAKERY))
            .expect("a mended clock is noticed by the act itself");
    }
}

#[test]
fn a_clock_a_few_seconds_off_is_corrected_silently_also_where_klarna_is_strict() {
    for seconds in [20, -20, 29, -29] {
        let (world, profile) = ready();
        world.settings(&json!({ "preset": "strict" }));
        world.move_clock(seconds);
        world.gatehouse.warm(&profile).unwrap();
        let size = world.size();
        world
            .open(&profile, &wish(BAKERY))
            .unwrap_or_else(|problem| panic!("with {seconds} s the token fits Klarna's clock: {problem}"));
        assert_eq!(
            world.size(),
            size + 2,
            "so small a difference is recorded nowhere: intent and outcome only"
        );
    }
}

#[test]
fn the_very_first_link_fits_klarnas_clock_and_so_does_the_one_after_a_long_pause() {
    let (world, profile) = ready();
    world.settings(&json!({ "preset": "strict" }));
    let key = format!("clock_skew/{}", profile.id);
    let own = database::open(&world.dir.path().join("data")).unwrap();
    own.execute("DELETE FROM setting WHERE key = ?1", [&key]).unwrap();
    world.move_clock(-20);
    world
        .open(&profile, &wish(BAKERY))
        .expect("nothing was measured before, so it is measured first");
    database::set_setting(&own, &key, "0 1000").unwrap();
    world
        .open(&profile, &wish(BAKERY))
        .expect("what was measured long ago is measured anew");
}

#[test]
fn a_small_difference_that_appears_between_two_links_is_named_once() {
    for seconds in [-20, -29] {
        let (world, profile) = ready();
        world.settings(&json!({ "preset": "strict" }));
        world.gatehouse.warm(&profile).unwrap();
        world.move_clock(seconds);
        let told = world.open(&profile, &wish(BAKERY)).unwrap_err();
        assert_eq!(told.code, ErrorCode::ClockSkewed, "Klarna named iat: {told}");
        assert!(told.message.contains("s ahead of Klarna's"), "with how much: {told}");
        world.open(&profile, &wish(BAKERY)).expect("the next one is corrected");
    }
}

#[test]
fn a_clock_two_hours_off_is_named_by_the_first_act_also_where_mtls_is_enforced() {
    for seconds in [7_200, -7_200] {
        let (world, profile) = ready();
        world.settings(&json!({ "mtls.mode": "enforced" }));
        world.gatehouse.warm(&profile).unwrap();
        world.move_clock(seconds);
        let told = world.open(&profile, &wish(BAKERY)).unwrap_err();
        assert_eq!(told.code, ErrorCode::ClockSkewed, "not a blocked call: {told}");
        let proved = world.gatehouse.first_call(&profile);
        if let Err(told) = proved {
            assert_eq!(told.code, ErrorCode::ClockSkewed, "set-up says the same: {told}");
        }
    }
}
