//! Appending: places, chain, durability, other writers.

use gatehouse_audit::{LogError, Query, Verdict};
use serde_json::json;

use crate::stage::{Stage, act, at, intent, note, object, outcome};

#[test]
fn a_new_log_begins_with_its_genesis_entry_and_is_anchored() {
    let stage = Stage::new();
    let log = stage.log();
    let first = stage.reader().entry(1).unwrap().unwrap();
    assert_eq!(first.body.kind, "log.genesis", "the first entry is the genesis entry");
    assert_eq!(first.body.prev, "0".repeat(64), "nothing comes before it");
    assert_eq!(first.body.log, log.id(), "it names the log's id");
    assert_eq!(stage.anchors.get().unwrap().size, 1, "it is anchored at once");
    assert_eq!(stage.verify().verdict, Verdict::Intact, "a new log is intact");
}

#[test]
fn every_entry_names_the_hash_of_the_one_before_it() {
    let stage = Stage::new();
    let log = stage.log();
    let first = log.append(&[intent(1), outcome(1, "succeeded")], at(5)).unwrap();
    let second = log.append(&[note(2)], at(9)).unwrap();
    assert_eq!(
        (first[0].seq, first[1].seq, second[0].seq),
        (2, 3, 4),
        "sequence numbers have no gaps"
    );
    let entry = stage.reader().entry(4).unwrap().unwrap();
    assert_eq!(
        entry.body.prev,
        hex::encode(first[1].leaf),
        "prev is the leaf hash of the entry before"
    );
    assert_eq!(stage.verify().verdict, Verdict::Intact, "the log is intact");
}

#[test]
fn a_draft_outside_the_format_is_refused_and_nothing_is_written() {
    let stage = Stage::new();
    let log = stage.log();
    let mut float = note(1);
    float.request = object(json!({ "amount": 1.5 }));
    let mut name = note(1);
    name.request = object(json!({ "größe": 1 }));
    let mut null = note(1);
    null.result = object(json!({ "outcome": null }));
    let mut long = note(1);
    long.request = object(json!({ "text": "x".repeat(17_000) }));
    let mut kind = note(1);
    kind.kind = "App.Start".to_owned();
    let mut own = note(1);
    own.kind = "log.genesis".to_owned();
    let mut large = note(1);
    large.request = object(json!({ "n": 9_007_199_254_740_992_u64 }));
    for draft in [float, name, null, long, kind, own, large] {
        let answer = log.append(&[note(2), draft.clone()], at(1));
        assert!(
            matches!(answer, Err(LogError::Refused(_))),
            "{draft:?} must be refused, got {answer:?}"
        );
    }
    assert_eq!(
        stage.reader().size().unwrap(),
        1,
        "not even the sound draft of a refused group is written"
    );
    log.append(&[note(3)], at(2)).unwrap();
    assert_eq!(stage.verify().verdict, Verdict::Intact, "the log goes on");
}

#[test]
fn intents_wait_until_their_outcome_stands() {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&[intent(1)], at(1)).unwrap();
    log.append(&[intent(2)], at(2)).unwrap();
    log.append(&[outcome(1, "succeeded")], at(3)).unwrap();
    let reader = stage.reader();
    let waiting: Vec<_> = reader
        .unresolved()
        .unwrap()
        .iter()
        .map(|entry| entry.body.act)
        .collect();
    assert_eq!(waiting, [act(2)], "only the second act waits");
    let page = reader.acts(&Query::default()).unwrap();
    let words: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.kind().to_owned(), row.outcome_word().map(str::to_owned)))
        .collect();
    assert_eq!(
        words,
        [
            ("portal.open".to_owned(), None),
            ("portal.open".to_owned(), Some("succeeded".to_owned())),
            ("log.genesis".to_owned(), None)
        ],
        "intent and outcome are one row"
    );
}
