//! Canonical bytes: what is written is read back, and every trick of JSON is refused.

use gatehouse_audit::canonical::{self, MAX_ENTRY, MAX_INTEGER};
use proptest::prelude::*;
use serde_json::{Map, Value};

fn value() -> impl Strategy<Value = Value> {
    let whole = i64::try_from(MAX_INTEGER).unwrap();
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-whole..=whole).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[!-~]{1,9}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("[a-z_]{1,9}", value(), 0..6).prop_map(|members| members.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_is_read_back(object in object()) {
        let bytes = canonical::write(&object, 1 << 20).unwrap();
        prop_assert_eq!(canonical::parse(&bytes, 1 << 20).unwrap(), object, "reading gives what was written");
    }

    #[test]
    fn a_changed_byte_never_reads_as_the_same_object(object in object(), place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let bytes = canonical::write(&object, 1 << 20).unwrap();
        let mut changed = bytes.clone();
        changed[place.index(bytes.len())] ^= 1 << bit;
        if let Ok(other) = canonical::parse(&changed, 1 << 20) {
            prop_assert_ne!(other, object, "two spellings of one object cannot both be canonical");
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(object) = canonical::parse(&bytes, MAX_ENTRY) {
            prop_assert_eq!(canonical::write(&object, MAX_ENTRY).unwrap(), bytes, "what is read is canonical");
        }
    }
}

#[test]
fn every_trick_of_json_is_refused() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let tricks = [
        ("a duplicate member", r#"{"a":1,"a":1}"#),
        ("a duplicate member, nested", r#"{"a":{"b":1,"b":2}}"#),
        ("a duplicate member, escaped", r#"{"a":1,"\u0061":1}"#),
        ("a float", r#"{"a":1.5}"#),
        ("an integer with an exponent", r#"{"a":1e0}"#),
        ("an integer with a fraction", r#"{"a":1.0}"#),
        ("a negative zero", r#"{"a":-0}"#),
        ("a leading zero", r#"{"a":01}"#),
        ("an integer of 2^53", r#"{"a":9007199254740992}"#),
        ("an integer of -(2^53)", r#"{"a":-9007199254740992}"#),
        ("an integer beyond 64 bits", r#"{"a":99999999999999999999999}"#),
        ("null", r#"{"a":null}"#),
        ("a lone surrogate", r#"{"a":"\ud800"}"#),
        ("a member name outside ASCII", r#"{"ä":1}"#),
        ("an empty member name", r#"{"":1}"#),
        ("a blank", r#"{"a": 1}"#),
        ("a newline at the end", "{\"a\":1}\n"),
        ("members out of order", r#"{"b":1,"a":1}"#),
        ("a needless escape", r#"{"a":"\u0041"}"#),
        ("an escaped slash", r#"{"a":"\/"}"#),
        ("an upper-case escape", "{\"a\":\"\\u001F\"}"),
        ("a raw control character", "{\"a\":\"\u{1}\"}"),
        ("an array on top", "[1]"),
        ("two values", r#"{"a":1}{"b":1}"#),
        ("a byte order mark", "\u{feff}{\"a\":1}"),
        ("nothing", ""),
        ("ten thousand levels", deep.as_str()),
    ];
    for (name, text) in tricks {
        assert!(
            canonical::parse(text.as_bytes(), 1 << 20).is_err(),
            "{name} must be refused"
        );
    }
    assert!(
        canonical::parse(b"{\"a\":\"\xff\"}", MAX_ENTRY).is_err(),
        "bytes that are no UTF-8 must be refused"
    );
}

#[test]
fn twins_of_unicode_stay_two_different_texts() {
    let (composed, decomposed) = ("{\"a\":\"\u{e9}\"}", "{\"a\":\"e\u{301}\"}");
    let read = |text: &str| canonical::parse(text.as_bytes(), MAX_ENTRY).unwrap();
    assert_ne!(read(composed), read(decomposed), "nothing is normalised");
}

#[test]
fn the_limits_are_exact() {
    let text = |len: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(len - 8)).into_bytes();
    assert!(
        canonical::parse(&text(MAX_ENTRY), MAX_ENTRY).is_ok(),
        "16 KiB are allowed"
    );
    assert!(
        canonical::parse(&text(MAX_ENTRY + 1), MAX_ENTRY).is_err(),
        "one byte more is not"
    );
    let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1)).into_bytes();
    assert!(
        canonical::parse(&nested(16), MAX_ENTRY).is_ok(),
        "16 levels are allowed"
    );
    assert!(
        canonical::parse(&nested(17), MAX_ENTRY).is_err(),
        "one level more is not"
    );
    assert!(
        canonical::parse(br#"{"a":9007199254740991}"#, MAX_ENTRY).is_ok(),
        "2^53-1 is allowed"
    );
}

#[test]
fn members_are_sorted_as_rfc_8785_sorts_them() {
    let object: Map<String, Value> = ["b", "a", "B", "_", "1"]
        .into_iter()
        .map(|name| (name.to_owned(), Value::from(true)))
        .collect();
    let bytes = canonical::write(&object, MAX_ENTRY).unwrap();
    assert_eq!(
        bytes, br#"{"1":true,"B":true,"_":true,"a":true,"b":true}"#,
        "by code unit"
    );
}
