//! `gatehouse audit review`: a day is shown, signed off once, and stands in the calendar; what cannot be signed is refused with its reason.

use jiff::{Span, Timestamp};
use serde_json::Value;

use crate::world::{World, number, text};

/// The day so many days ago, UTC.
fn day(ago: i64) -> String {
    let then = Timestamp::now().checked_sub(Span::new().hours(24 * ago)).unwrap();
    then.strftime("%Y-%m-%d").to_string()
}

#[test]
fn a_day_is_shown_signed_off_once_and_stands_in_the_calendar() {
    let world = World::ready();
    world.open().json();
    let (yesterday, today) = (day(1), day(0));
    let shown = world.run(&["audit", "review", "show"]).json();
    assert_eq!(text(&shown, "day"), yesterday, "yesterday unless one is named: {shown}");
    assert_eq!(
        (&shown["signed"], &shown["over"]),
        (&Value::Null, &true.into()),
        "{shown}"
    );
    assert!(
        !text(&shown, "zone").is_empty(),
        "by which clock odd hours are told: {shown}"
    );

    let signed = world
        .run(&["audit", "review", "sign-off", "--note", "nothing happened"])
        .json();
    assert_eq!(text(&signed, "day"), yesterday, "the same day: {signed}");
    let shown = world.run(&["audit", "review", "show", "--day", &yesterday]).json();
    assert_eq!(shown["signed"]["seq"], signed["seq"], "it says by which entry: {shown}");
    let entry = world
        .run(&["audit", "show", &number(&signed, "seq").to_string()])
        .json();
    assert!(text(&entry, "bytes").contains("\"kind\":\"audit.review\""), "{entry}");
    assert_eq!(
        world.run(&["audit", "verify"]).json()["verdict"],
        "intact",
        "the co-signature holds"
    );

    let days = world
        .run(&["audit", "review", "days", "--since", &yesterday, "--until", &today])
        .json();
    let open: Vec<_> = days["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| (&day["day"], &day["signed"]))
        .collect();
    assert_eq!(
        open,
        [(&today.into(), &false.into())],
        "days with entries, which yesterday has none of: {days}"
    );
    world
        .run(&["audit", "review", "sign-off", "--day", &yesterday])
        .refused(3, "input_invalid");
}

#[test]
fn what_is_not_over_no_day_or_not_intact_is_not_signed() {
    let world = World::ready();
    let refused = [day(0), "2026-02-30".to_owned(), "yesterday".to_owned()];
    for what in refused {
        world
            .run(&["audit", "review", "sign-off", "--day", &what])
            .refused(3, "input_invalid");
    }
    world.place.sqlite(
        "audit.db",
        "DROP TRIGGER event_no_update; UPDATE event SET leaf = zeroblob(32) WHERE seq = 2",
    );
    world.run(&["audit", "review", "sign-off"]).refused(6, "log_alarm");
    let days = world.run(&["audit", "review", "show", "--day", &day(1)]).json();
    assert_eq!(days["signed"], Value::Null, "nothing was signed: {days}");
}
