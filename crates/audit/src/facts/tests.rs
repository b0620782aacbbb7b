//! The facts against the slow reading of the whole entry: the same entries pass, and say the same.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::Facts;
use crate::body::Body;
use crate::canonical;

/// More than anything here has.
const ENOUGH: usize = 1 << 20;

#[track_caller]
fn same(bytes: &[u8]) -> bool {
    let slowly = Body::from_bytes(bytes).and_then(Facts::of).ok();
    let quickly = Facts::read(bytes);
    assert_eq!(
        quickly,
        slowly,
        "both readings agree on {}",
        String::from_utf8_lossy(bytes)
    );
    quickly.is_some()
}

fn entry() -> Map<String, Value> {
    let members = json!({
        "v": 1, "log": "5a".repeat(16), "seq": 7, "prev": "0f".repeat(32), "time": "2026-07-01T09:30:00.125Z", "mono": 12,
        "kind": "portal.open", "phase": "intent", "act": "01900000-0000-7000-8000-000000000001", "profile": "p\n", "env": "test",
        "actor": { "key_id": "k", "role": "operator", "session": "s\"1" }, "device": { "id": "d", "os": "linux", "app": "0.1" },
        "merchant": "krn", "request": { "jti": "j", "n": [1, { "jti": 2 }] }, "result": { "http": 201 }, "signing": { "key_id": "thumb" },
        "plan_sha256": "ab".repeat(32), "priv": "cd".repeat(32),
    });
    members.as_object().unwrap().clone()
}

fn bytes(members: &Map<String, Value>) -> Vec<u8> {
    canonical::write(members, ENOUGH).unwrap()
}

/// What may stand in a member's place.
fn odd_values() -> Vec<Value> {
    vec![
        json!(0),
        json!(1),
        json!(-1),
        json!(7),
        json!(4_294_967_297_u64),
        json!(true),
        json!(""),
        json!("x"),
        json!([]),
        json!(["a", "b", "c"]),
        json!({}),
        json!({ "a": 1 }),
        json!({ "key_id": "k", "role": "r" }),
        json!({ "key_id": "k", "role": "r", "session": 1 }),
        json!({ "key_id": "k", "role": "r", "session": "s", "x": "y" }),
        json!({ "app": "a", "id": "i", "os": "o" }),
        json!({ "jti": 1 }),
        json!({ "jti": "j", "key_id": "k" }),
        json!({ "key_id": "k", "role": "r", "session": "s" }),
        json!("AB".repeat(32)),
        json!("ab".repeat(32)),
        json!("ab".repeat(16)),
        json!("log.genesis"),
        json!("portal"),
        json!("Portal.open"),
        json!("a".repeat(63) + ".b"),
        json!("intent"),
        json!("outcome"),
        json!("note"),
        json!({ "note": "x" }),
        json!("2026-07-01T09:30:00.125Z"),
        json!("2026-07-01T09:30:00Z"),
        json!("2026-02-30T09:30:00.000Z"),
        json!("01900000-0000-7000-8000-00000000000A"),
        json!("01900000000070008000000000000001"),
        json!("ffffffff-ffff-ffff-ffff-ffffffffffff"),
        json!("audit.witnessed"),
    ]
}

#[test]
fn an_entry_with_every_member_is_read_in_one_pass() {
    assert!(same(&bytes(&entry())), "it is sound");
    let facts = Facts::read(&bytes(&entry())).unwrap();
    assert_eq!(
        facts.signed_with.as_deref(),
        Some(b"thumb".as_slice()),
        "an intent with a token"
    );
    assert_eq!(
        facts.session.as_deref(),
        Some(br#"s\"1"#.as_slice()),
        "as it stands in the bytes"
    );
}

#[test]
fn every_member_with_every_odd_value_is_judged_alike() {
    let whole = entry();
    let names: Vec<String> = whole.keys().cloned().chain(["x".to_owned(), "zz".to_owned()]).collect();
    let mut refused = 0;
    for name in names {
        let mut without = whole.clone();
        without.remove(&name);
        same(&bytes(&without));
        for value in odd_values() {
            let mut other = whole.clone();
            other.insert(name.clone(), value);
            refused += u32::from(!same(&bytes(&other)));
        }
    }
    assert!(refused > 300, "most of them are refused, {refused} were");
}

#[test]
fn a_list_in_the_place_of_an_object_is_refused() {
    for (name, list) in [("actor", json!(["k", "r", "s"])), ("device", json!(["d", "o", "a"]))] {
        let mut other = entry();
        other.insert(name.to_owned(), list);
        assert!(!same(&bytes(&other)), "{name} is an object");
    }
}

#[test]
fn kinds_that_are_read_whole_bring_their_body() {
    for kind in super::READ_WHOLE {
        let mut special = entry();
        special.insert("kind".to_owned(), json!(kind));
        assert!(same(&bytes(&special)), "{kind} is sound by its form");
        let facts = Facts::read(&bytes(&special)).unwrap();
        assert_eq!(
            facts.body.map(|body| body.kind),
            Some(kind.to_owned()),
            "its body is there"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn entries_with_members_left_out_are_judged_alike(left_out in prop::collection::vec(any::<prop::sample::Index>(), 0..8), phase in 0..3_usize) {
        let mut members = entry();
        members.insert("phase".to_owned(), json!(["intent", "outcome", "note"][phase]));
        for index in left_out {
            let name = index.get(&members.keys().cloned().collect::<Vec<_>>()).clone();
            members.remove(&name);
        }
        same(&bytes(&members));
    }

    #[test]
    fn mutated_entries_are_judged_alike(place in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0..3) {
        let mut other = bytes(&entry());
        let at = place.index(other.len());
        match how {
            0 => other[at] = byte,
            1 => other.insert(at, byte),
            _ => drop(other.remove(at)),
        }
        same(&other);
    }
}
