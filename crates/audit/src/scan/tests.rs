//! The scan against the strict reading that canonicalises: the same verdict on all that was thought of, and on what was not.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::object;
use crate::canonical::{self, MAX_INTEGER};

/// More than anything here has.
const ENOUGH: usize = 1 << 20;

#[track_caller]
fn same(bytes: &[u8]) -> bool {
    let slowly = canonical::parse(bytes, ENOUGH).is_ok();
    let quickly = object(bytes, &mut |_| ());
    assert_eq!(
        quickly,
        slowly,
        "both readings agree on {:?}",
        String::from_utf8_lossy(bytes)
    );
    quickly
}

fn value() -> impl Strategy<Value = Value> {
    let whole = i64::try_from(MAX_INTEGER).unwrap();
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-whole..=whole).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\x00-\\x7f]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[!-~]{1,9}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn written() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::btree_map("[!-~]{1,9}", value(), 0..6).prop_map(|members| {
        let members: Map<String, Value> = members.into_iter().collect();
        canonical::write(&members, ENOUGH).unwrap()
    })
}

/// Pieces of JSON, right and wrong, to be put anywhere.
const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "0",
    "-0",
    "1e0",
    "1.0",
    "-",
    "01",
    "9007199254740991",
    "9007199254740992",
    "-9007199254740992",
    "true",
    "false",
    "null",
    "NaN",
    " ",
    "\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\b",
    "\\u0008",
    "\\u000b",
    "\\u000B",
    "\\u001f",
    "\\u0020",
    "\\u00e9",
    "\\ud800",
    "\\ud83d\\ude00",
    "\u{e9}",
    "e\u{301}",
    "\u{7f}",
    "{}",
    "\"a\":1",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_written_passes(bytes in written()) {
        prop_assert!(same(&bytes), "canonical bytes pass");
    }

    #[test]
    fn mutated_bytes_are_judged_alike(
        bytes in written(), place in any::<prop::sample::Index>(), until in any::<prop::sample::Index>(),
        bit in 0..8_u8, piece in prop::sample::select(PIECES.as_slice()), how in 0..5,
    ) {
        let mut other = bytes.clone();
        let (at, to) = (place.index(bytes.len()), until.index(bytes.len()));
        match how {
            0 => other[at] ^= 1 << bit,
            1 => { other.splice(at..at, piece.bytes()); }
            2 => { other.splice(at..=at, piece.bytes()); }
            3 => { other.drain(at.min(to)..at.max(to)); }
            _ => { let copy = other[at.min(to)..at.max(to)].to_vec(); other.splice(at..at, copy); }
        }
        same(&other);
    }

    #[test]
    fn pieces_of_json_in_any_order_are_judged_alike(pieces in prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..12)) {
        let inner = pieces.concat();
        same(inner.as_bytes());
        same(format!("{{\"a\":{inner}}}").as_bytes());
        same(format!("{{\"{inner}\":1}}").as_bytes());
        same(format!("{{\"a\":\"{inner}\"}}").as_bytes());
        same(format!("{{\"a\":1,{inner}}}").as_bytes());
    }

    #[test]
    fn any_bytes_are_judged_alike(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        same(&bytes);
        same(&[b"{\"a\":\"", bytes.as_slice(), b"\"}"].concat());
    }
}

#[test]
fn every_single_byte_of_a_string_and_of_a_name_is_judged_alike() {
    for byte in 0..=u8::MAX {
        for before in ["", "1234567", "12345678"] {
            same(&[b"{\"", before.as_bytes(), &[byte], b"\":1}"].concat());
            same(&[b"{\"a\":\"", before.as_bytes(), &[byte], b"\"}"].concat());
            same(&[b"{\"a\":\"", before.as_bytes(), &[b'\\', byte], b"\"}"].concat());
            same(format!("{{\"a\":\"{before}\\u00{byte:02x}\"}}").as_bytes());
        }
    }
}

#[test]
fn depth_is_counted_alike() {
    for levels in [1, 2, 14, 15, 16, 17, 10_000] {
        let lists = format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        let objects = format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        assert_eq!(same(lists.as_bytes()), levels < 16, "{levels} lists in an object");
        assert_eq!(same(objects.as_bytes()), levels <= 16, "{levels} objects");
    }
}

#[test]
fn names_are_sorted_by_what_they_say() {
    let twisted = [
        (r#"{"!":1,"\"":1,"\\":1,"]":1}"#, true),
        (r##"{"#":1,"\"":1}"##, false),
        (r#"{"[":1,"\\":1}"#, true),
        (r#"{"\\":1,"[":1}"#, false),
        (r#"{"\"\\":1,"\"]":1}"#, true),
        (r#"{"a":1,"a":1}"#, false),
        (r#"{"a":1,"a\"":1}"#, true),
    ];
    for (text, canonical) in twisted {
        assert_eq!(same(text.as_bytes()), canonical, "{text}");
    }
}

#[test]
fn the_two_outer_levels_are_shown() {
    let mut seen = Vec::new();
    let bytes = br#"{"a":{"b":{"c":1},"d":[{"e":2}]},"f":"g"}"#;
    assert!(object(bytes, &mut |member| seen.push((
        member.outer.to_vec(),
        member.inner.map(<[u8]>::to_vec),
        String::from_utf8(member.value.to_vec()).unwrap()
    ))));
    let expected = [
        ("a", Some("b"), r#"{"c":1}"#),
        ("a", Some("d"), r#"[{"e":2}]"#),
        ("a", None, r#"{"b":{"c":1},"d":[{"e":2}]}"#),
        ("f", None, r#""g""#),
    ];
    let expected: Vec<_> = expected
        .map(|(outer, inner, value)| (outer.into(), inner.map(Into::into), value.to_owned()))
        .into();
    assert_eq!(
        seen, expected,
        "members come after those within them, and none from deeper down"
    );
}
