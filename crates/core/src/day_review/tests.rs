//! Each rule by itself: what it marks, and what it leaves alone.

use gatehouse_audit::{Body, Entry, Novelty, NoveltyOf};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::rules;
use super::{Day, odd};

/// 2026-06-21T00:00:00Z.
const MIDNIGHT: i64 = 1_782_000_000_000;

fn entry(seq: u64, minute: i64, kind: &str, phase: &str, more: &Value) -> Entry {
    let time = jiff::Timestamp::from_millisecond(MIDNIGHT + minute * 60_000).unwrap();
    let mut body = json!({
        "v": 1, "log": "5a".repeat(16), "seq": seq, "prev": "0".repeat(64), "mono": 1, "kind": kind, "phase": phase,
        "time": time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(), "act": uuid::Uuid::from_u64_pair(7, seq),
        "actor": { "key_id": "anna", "role": "operator", "session": "s" },
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let body: Body = serde_json::from_value(body).unwrap();
    Entry {
        seq,
        leaf: [0; 32],
        bytes: Vec::new(),
        body,
        readable: true,
        private: None,
    }
}

fn note(seq: u64, kind: &str) -> Entry {
    entry(seq, i64::try_from(seq).unwrap(), kind, "note", &json!({}))
}

fn ended(seq: u64, outcome: &str) -> Entry {
    entry(
        seq,
        600,
        "access.grant",
        "outcome",
        &json!({ "result": { "outcome": outcome } }),
    )
}

fn new(what: NoveltyOf, seq: u64, who: &str, whom: &str) -> Novelty {
    Novelty {
        what,
        seq,
        who: who.into(),
        whom: whom.into(),
    }
}

fn marks(rule: rules::Rule, day: &Day<'_>) -> Vec<(&'static str, u64, u64)> {
    rule(day)
        .into_iter()
        .map(|odd| (odd.rule, odd.seq, odd.count))
        .collect()
}

#[test]
fn what_is_new_is_marked_once_a_person() {
    let novelties = [
        new(NoveltyOf::Person, 2, "bob", ""),
        new(NoveltyOf::Kind, 2, "bob", "portal.open"),
        new(NoveltyOf::Device, 3, "d9", ""),
        new(NoveltyOf::Merchant, 4, "anna", "M1"),
        new(NoveltyOf::Merchant, 5, "anna", "M2"),
        new(NoveltyOf::Kind, 6, "anna", "key.create"),
    ];
    let day = Day {
        novelties: &novelties,
        ..Day::default()
    };
    let expected = [
        ("first_person", 2, 1),
        ("first_device", 3, 1),
        ("first_merchant", 4, 2),
        ("first_kind", 6, 1),
    ];
    assert_eq!(
        marks(rules::first_times, &day),
        expected,
        "a newcomer's acts are not told one by one"
    );
    let first = Day {
        novelties: &novelties,
        is_first_day: true,
        ..Day::default()
    };
    assert!(odd(&first).is_empty(), "on the log's first day everything is new");
}

#[test]
fn an_hour_is_odd_outside_work_and_only_the_first_time() {
    let entries = [
        entry(1, 3 * 60, "portal.open", "intent", &json!({})),
        entry(2, 9 * 60, "portal.open", "intent", &json!({})),
    ];
    let novelties = [
        new(NoveltyOf::Hour, 1, "anna", "3"),
        new(NoveltyOf::Hour, 2, "anna", "9"),
    ];
    let day = Day {
        entries: &entries,
        novelties: &novelties,
        ..Day::default()
    };
    assert_eq!(marks(rules::odd_hours, &day), [("odd_hour", 1, 1)], "at night");
    let there = Day {
        entries: &entries,
        novelties: &novelties,
        zone: Some(TimeZone::fixed(jiff::tz::offset(12))),
        ..Day::default()
    };
    assert_eq!(
        marks(rules::odd_hours, &there),
        [("odd_hour", 2, 1)],
        "by the reviewer's clock"
    );
    let usual = Day {
        entries: &entries,
        ..Day::default()
    };
    assert!(
        rules::odd_hours(&usual).is_empty(),
        "whoever always works at night is not odd"
    );
}

#[test]
fn a_burst_is_more_than_three_times_what_is_usual() {
    let entries: Vec<Entry> = (1..=30)
        .map(|seq| entry(seq, 600, "portal.open", "intent", &json!({})))
        .collect();
    let day = |usual| Day {
        entries: &entries,
        paces: [("anna".to_owned(), usual)].into(),
        ..Day::default()
    };
    assert_eq!(
        marks(rules::bursts, &day(2)),
        [("burst", 1, 30)],
        "thirty where two were usual"
    );
    assert!(rules::bursts(&day(10)).is_empty(), "thirty where ten were usual");
    let few = Day {
        entries: &entries[..20],
        ..Day::default()
    };
    assert!(rules::bursts(&few).is_empty(), "twenty are no burst of anybody");
}

#[test]
fn far_reaching_acts_and_many_revocations_are_wide() {
    let mut entries = vec![
        note(1, "policy.change"),
        note(2, "person.added"),
        note(3, "portal.open"),
    ];
    entries.extend((4..13).map(|seq| note(seq, "access.revoke")));
    fn day(entries: &[Entry]) -> Day<'_> {
        Day {
            entries,
            ..Day::default()
        }
    }
    assert_eq!(
        marks(rules::wide_acts, &day(&entries)),
        [("wide_act", 2, 1), ("wide_act", 1, 1)],
        "nine revocations are not many"
    );
    entries.push(note(13, "access.revoke"));
    assert_eq!(
        marks(rules::wide_acts, &day(&entries)).first(),
        Some(&("wide_act", 4, 10)),
        "ten are"
    );
}

#[test]
fn three_refusals_in_a_row_are_a_run_and_a_success_ends_it() {
    let entries: Vec<Entry> = [
        (1, "refused"),
        (2, "refused"),
        (3, "succeeded"),
        (4, "refused"),
        (5, "refused"),
        (6, "refused"),
        (7, "refused"),
    ]
    .map(|(seq, outcome)| ended(seq, outcome))
    .into();
    let day = Day {
        entries: &entries,
        ..Day::default()
    };
    assert_eq!(
        marks(rules::failure_runs, &day),
        [("failure_run", 4, 4)],
        "two are chance"
    );
}

#[test]
fn an_act_without_a_known_end_is_marked_and_a_settled_one_is_not() {
    let act = |number: u64| json!({ "act": uuid::Uuid::from_u64_pair(9, number) });
    let end = |number: u64, result: Value| {
        let mut more = act(number);
        more.as_object_mut().unwrap().insert("result".into(), result);
        more
    };
    let entries = [
        entry(1, 1, "portal.open", "intent", &act(1)),
        entry(2, 1, "portal.open", "intent", &act(2)),
        entry(3, 1, "portal.open", "intent", &act(3)),
        entry(4, 2, "portal.open", "outcome", &end(2, json!({ "outcome": "unknown" }))),
        entry(
            5,
            2,
            "portal.open",
            "outcome",
            &end(3, json!({ "outcome": "succeeded" })),
        ),
    ];
    let day = Day {
        entries: &entries,
        ..Day::default()
    };
    assert_eq!(
        marks(rules::unknown_outcomes, &day),
        [("unknown_outcome", 1, 1), ("unknown_outcome", 2, 1)],
        "one open, one unknown"
    );
}

#[test]
fn gaps_clocks_and_notices_are_told() {
    let entries = [
        entry(1, 10, "app.start", "note", &json!({})),
        entry(2, 5, "clock.skew", "note", &json!({})),
    ];
    let day = Day {
        entries: &entries,
        gaps: &[(7, 9)],
        ..Day::default()
    };
    let expected = [("gap", 7, 3), ("clock", 2, 1), ("notice", 2, 1)];
    assert_eq!(marks(super::rules_log::notices, &day), expected, "each by its own mark");
}

#[test]
fn who_asked_without_the_role_is_told_once_with_all_deeds() {
    let denied = |seq, deed: &str| {
        entry(
            seq,
            1,
            "role.denied",
            "note",
            &json!({ "request": { "deed": deed }, "result": { "outcome": "refused" } }),
        )
    };
    let entries = [denied(1, "change_keys"), denied(2, "erase_log")];
    let day = Day {
        entries: &entries,
        ..Day::default()
    };
    let found = rules::denials(&day);
    assert_eq!(found.len(), 1, "one line a person");
    assert!(
        found[0].text.contains("change_keys, erase_log"),
        "with every deed: {}",
        found[0].text
    );
}
