//! The members of an entry: what reading forgives elsewhere is refused here.

use gatehouse_audit::Body;

const ENTRY: &str = concat!(
    r#"{"act":"01900000-0000-7000-8000-00000000000a","kind":"app.start","#,
    r#""log":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a","mono":0,"phase":"note","#,
    r#""prev":"0000000000000000000000000000000000000000000000000000000000000000","#,
    r#""seq":1,"time":"2026-06-21T00:00:00.000Z","v":1}"#
);

#[test]
fn a_sound_entry_is_read_and_written_again_as_the_same_bytes() {
    let body = Body::from_bytes(ENTRY.as_bytes()).unwrap();
    assert_eq!(
        body.to_bytes().unwrap(),
        ENTRY.as_bytes(),
        "reading and writing are each other's reverse"
    );
    assert_eq!(body.unix_ms(), 1_782_000_000_000, "the time is read to the millisecond");
}

#[test]
fn every_other_spelling_of_a_member_is_refused() {
    let change = |from: &str, to: &str| {
        let changed = ENTRY.replacen(from, to, 1);
        assert_ne!(changed, ENTRY, "{from} stands in the entry");
        changed
    };
    let tricks = [
        ("an act id in upper case", change("00000000000a", "00000000000A")),
        (
            "an act id without hyphens",
            change(
                "01900000-0000-7000-8000-00000000000a",
                "0190000000007000800000000000000a",
            ),
        ),
        (
            "an act id in braces",
            change(
                "01900000-0000-7000-8000-00000000000a",
                "{01900000-0000-7000-8000-00000000000a}",
            ),
        ),
        ("an empty request", change(r#""seq""#, r#""request":{},"seq""#)),
        ("an unknown member", change(r#""time""#, r#""shape":1,"time""#)),
        ("a missing member", change(r#""mono":0,"#, "")),
        ("another version", change(r#""v":1"#, r#""v":2"#)),
        ("a kind in upper case", change("app.start", "App.start")),
        ("a kind of one word", change("app.start", "start")),
        ("a kind with an empty word", change("app.start", "app.")),
        ("an unknown phase", change(r#""note""#, r#""notes""#)),
        ("a log id in upper case", change("5a5a5a", "5A5a5a")),
        (
            "a short hash",
            change("0000000000000000000000000000000000000000000000000000000000000000", "00"),
        ),
        ("number zero", change(r#""seq":1"#, r#""seq":0"#)),
        ("a negative clock", change(r#""mono":0"#, r#""mono":-1"#)),
        ("a time without milliseconds", change("00:00:00.000Z", "00:00:00Z")),
        ("a time with microseconds", change(".000Z", ".000000Z")),
        ("a time with an offset", change(".000Z", ".000+00:00")),
        ("a time with a small t", change("21T00", "21t00")),
        ("a leap second", change("00:00:00.000Z", "23:59:60.000Z")),
        ("a day that is none", change("2026-06-21", "2026-06-31")),
    ];
    for (what, trick) in tricks {
        assert!(
            Body::from_bytes(trick.as_bytes()).is_err(),
            "{what} must be refused: {trick}"
        );
    }
}
