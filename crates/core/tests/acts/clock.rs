//! A clock that is off: measured at the answer, told, recorded, corrected for.

use gatehouse_core::ErrorCode;

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
