//! Reading: pages, filters, folded acts.

use gatehouse_audit::Query;

use crate::stage::{Stage, act, at, busy, intent, note, outcome};

#[test]
fn pages_of_entries_follow_each_other_without_gap_or_overlap() {
    let stage = busy();
    let reader = stage.reader();
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = reader
            .list(&Query {
                before,
                limit: 7,
                ..Query::default()
            })
            .unwrap();
        seen.extend(page.entries.iter().map(|entry| entry.seq));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(
        seen,
        (1..=61).rev().collect::<Vec<_>>(),
        "every entry once, newest first"
    );
}

#[test]
fn a_full_last_page_has_no_next_one() {
    let reader = busy().reader();
    let page = reader
        .list(&Query {
            limit: 61,
            ..Query::default()
        })
        .unwrap();
    assert_eq!(
        (page.entries.len(), page.next),
        (61, None),
        "all fit, so nothing follows"
    );
}

#[test]
fn entries_are_filtered_by_each_of_their_marks() {
    let stage = busy();
    let reader = stage.reader();
    let count = |query: Query| reader.list(&Query { limit: 1000, ..query }).unwrap().entries.len();
    let text = |text: &str| Query {
        text: Some(text.to_owned()),
        ..Query::default()
    };
    assert_eq!(
        count(Query {
            outcome: Some("refused".to_owned()),
            ..Query::default()
        }),
        10,
        "by outcome"
    );
    assert_eq!(
        count(Query {
            kind: Some("portal.open".to_owned()),
            ..Query::default()
        }),
        60,
        "by kind"
    );
    assert_eq!(
        count(Query {
            kind: Some("portal.".to_owned()),
            ..Query::default()
        }),
        60,
        "by topic"
    );
    assert_eq!(
        count(Query {
            kind: Some("portal".to_owned()),
            ..Query::default()
        }),
        0,
        "a topic needs its dot"
    );
    assert_eq!(
        count(Query {
            act: Some(act(5)),
            ..Query::default()
        }),
        2,
        "by act"
    );
    assert_eq!(
        count(Query {
            profile: Some("sandbox".to_owned()),
            ..Query::default()
        }),
        60,
        "by profile"
    );
    let merchant = "krn:partner:global:account:test:M00007".to_owned();
    assert_eq!(
        count(Query {
            merchant: Some(merchant),
            ..Query::default()
        }),
        2,
        "by merchant"
    );
    assert_eq!(count(text("BUCHER 30")), 1, "by private text, without case and accents");
    assert_eq!(count(text("dl-30")), 1, "by a member of the result");
    assert_eq!(count(text("anna refused")), 0, "all words must be in one entry");
    assert_eq!(count(text("%")), 0, "a percent sign is a percent sign");
    assert_eq!(count(text("' OR 1=1 --")), 0, "and a quote is a quote");
}

#[test]
fn an_act_is_found_by_words_of_intent_and_outcome_together() {
    let reader = busy().reader();
    let query = Query {
        text: Some("anna refused".to_owned()),
        limit: 4,
        ..Query::default()
    };
    let page = reader.acts(&query).unwrap();
    let acts: Vec<_> = page.rows.iter().map(|row| row.act).collect();
    assert_eq!(acts, [act(30), act(27), act(24), act(21)], "newest first, folded");
    let next = reader
        .acts(&Query {
            before: page.next,
            ..query
        })
        .unwrap();
    assert_eq!(next.rows[0].act, act(18), "the next page goes on where this one ended");
}

#[test]
fn a_reconciled_act_shows_how_it_ended() {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&[intent(1)], at(1)).unwrap();
    log.append(&[outcome(1, "unknown")], at(2)).unwrap();
    let word = |stage: &Stage| {
        stage.reader().acts(&Query::default()).unwrap().rows[0]
            .outcome_word()
            .map(str::to_owned)
    };
    assert_eq!(word(&stage).as_deref(), Some("unknown"), "unknown is an outcome");
    log.append(&[outcome(1, "succeeded")], at(3)).unwrap();
    assert_eq!(word(&stage).as_deref(), Some("succeeded"), "the last outcome counts");
    assert!(stage.reader().unresolved().unwrap().is_empty(), "nothing waits");
}

#[test]
fn pending_acts_are_found_as_such_and_an_orphaned_outcome_is_shown() {
    let stage = Stage::new();
    stage
        .log()
        .append(&[intent(1), outcome(2, "succeeded")], at(1))
        .unwrap();
    let reader = stage.reader();
    let pending = reader
        .acts(&Query {
            outcome: Some("pending".to_owned()),
            ..Query::default()
        })
        .unwrap();
    assert_eq!(
        pending.rows.iter().map(|row| row.act).collect::<Vec<_>>(),
        [act(1)],
        "one act waits"
    );
    assert!(pending.rows[0].is_pending(), "and says so");
    let all = reader.acts(&Query::default()).unwrap();
    assert_eq!(
        all.rows[0].outcome_word(),
        Some("succeeded"),
        "an outcome without intent is a row of its own"
    );
}

#[test]
fn a_reader_sees_what_was_appended_since() {
    let stage = Stage::new();
    let log = stage.log();
    let reader = stage.reader();
    assert_eq!(
        reader.list(&Query::default()).unwrap().entries.len(),
        1,
        "the genesis entry"
    );
    log.append(&[note(1)], at(1)).unwrap();
    assert_eq!(
        reader.list(&Query::default()).unwrap().entries.len(),
        2,
        "and the new one"
    );
    assert_eq!(reader.size().unwrap(), 2, "the size agrees");
    assert_eq!(reader.log_id().unwrap(), Some(log.id()), "the id agrees");
    assert_eq!(
        hex::encode(reader.head().unwrap().root),
        stage.anchors.get().unwrap().root,
        "the root is the anchored one"
    );
}
