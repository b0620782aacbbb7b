//! The read model follows what the log lets go: it forgets by itself, and answers as one that is made anew.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use gatehouse_audit::{Draft, INDEX_FILE_NAME, Log, Question, Reader, follow};
use proptest::prelude::*;
use rusqlite::Connection;
use serde_json::json;

use super::asking::{Dice, NOW, all_pages, draft};
use super::keeping::{announcement, erasure};
use super::processes::{child, directory};
use crate::stage::{Stage, at, intent, note, object, outcome};

const DAY: u64 = 86_400_000;
const QUESTIONS: [&str; 14] = [
    "",
    "act:portal",
    "actor:key1 outcome:refused",
    "outcome:open",
    "merchant:M003",
    "-merchant:M003 env:live",
    "since:20d until:10d",
    "anna",
    "bucher",
    "\"two words\"",
    "x",
    "person:p3@",
    "dl-1 -anna",
    "id:01900000",
];

fn whole(stage: &Stage) {
    follow(stage.path(), &|_, _| (), &AtomicBool::new(false)).unwrap();
}

#[expect(
    clippy::disallowed_methods,
    reason = "it looks into the read model past its own code"
)]
fn index(stage: &Stage) -> Connection {
    Connection::open(stage.path().join(INDEX_FILE_NAME)).unwrap()
}

/// How many sets the read model has of these three letters.
fn sets_of(stage: &Stage, letters: [char; 3]) -> i64 {
    let gram = letters
        .iter()
        .fold(0_i64, |gram, c| gram << 21 | i64::from(u32::from(*c)));
    let sql = "SELECT count(*) FROM gram WHERE gram = ?1";
    index(stage).query_row(sql, [gram], |row| row.get(0)).unwrap()
}

fn head(stage: &Stage) -> i64 {
    let found = index(stage).query_row("SELECT head FROM state", [], |row| row.get(0));
    found.unwrap()
}

/// More than one segment, whose tenth entry alone says something in its side row.
fn telling() -> (Stage, Log) {
    let stage = Stage::new();
    let log = stage.log();
    let mut drafts: Vec<Draft> = (0..4_500).map(note).collect();
    drafts[8].private = Some(object(json!({ "reason": "ωψξ" })));
    log.append(&drafts, at(1)).unwrap();
    whole(&stage);
    (stage, log)
}

#[test]
fn letters_of_what_was_erased_are_in_no_segment_any_more() {
    let (stage, log) = telling();
    let question = Question::read("ωψξ").unwrap();
    assert_eq!(
        sets_of(&stage, ['ω', 'ψ', 'ξ']),
        1,
        "its letters are in a sealed segment"
    );
    assert_eq!(all_pages(&stage.reader(), &question, 50), [10], "and find it");
    log.erase(&[10], &erasure(), at(2)).unwrap();
    assert_eq!(head(&stage), 4_502, "the read model went on, and was not thrown away");
    assert_eq!(sets_of(&stage, ['ω', 'ψ', 'ξ']), 0, "it forgot the letters");
    assert_eq!(
        all_pages(&stage.reader(), &question, 50),
        Vec::<u64>::new(),
        "and finds nothing"
    );
    assert_eq!(sets_of(&stage, ['a', 'p', 'p']), 1, "what others say is still there");
}

#[test]
fn a_read_model_that_somebody_is_reading_is_thrown_away_at_an_erasure() {
    let (stage, log) = telling();
    let reading = index(&stage);
    reading.execute_batch("BEGIN; SELECT head FROM state").unwrap();
    log.append(&[note(9_000)], at(2)).unwrap();
    log.erase(&[10], &erasure(), at(3)).unwrap();
    let there = stage.path().join(INDEX_FILE_NAME).exists();
    assert!(!there, "what it holds could not be overwritten");
    drop(reading);
    let question = Question::read("ωψξ").unwrap();
    whole(&stage);
    assert!(
        all_pages(&stage.reader(), &question, 50).is_empty(),
        "and is not made again"
    );
}

#[test]
fn an_outcome_whose_intent_was_archived_is_a_row_of_its_own() {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&[intent(1)], at(1)).unwrap();
    log.append(&[outcome(1, "unknown"), note(2)], at(2)).unwrap();
    log.append(&[outcome(1, "succeeded")], at(3)).unwrap();
    let rows = |stage: &Stage| all_pages(&stage.reader(), &Question::read("act:portal").unwrap(), 50);
    assert_eq!(rows(&stage), [2], "one act, one row");
    archive(&stage, &log, 4);
    assert_eq!(rows(&stage), [5], "what is left of it is shown");
    let before = answers(&stage);
    stage.forget_index();
    assert_eq!(answers(&stage), before, "as in a read model that never knew the rest");
}

#[test]
fn a_gap_is_a_row_whether_the_read_model_followed_or_was_made_anew() {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&(0..60).map(note).collect::<Vec<_>>(), at(1)).unwrap();
    let gaps = |before| {
        let page = stage.reader().ask(&Question::default(), NOW, before, 10).unwrap();
        (page.gaps, page.next)
    };
    assert_eq!(gaps(None).0, [], "nothing is missing yet");
    stage.forge("DELETE FROM event WHERE seq IN (41, 42, 43, 55)");
    for round in ["followed", "made anew"] {
        let (newest, next) = gaps(None);
        assert_eq!(newest, [(55, 55)], "{round}: the gap stands on its page");
        let older: Vec<_> =
            std::iter::successors(Some((Vec::new(), next)), |(_, next)| next.map(|next| gaps(Some(next))))
                .flat_map(|(gaps, _)| gaps)
                .collect();
        assert_eq!(older, [(41, 43)], "{round}: and the other on its own, once");
        stage.forget_index();
    }
}

fn archive(stage: &Stage, log: &Log, size: u64) {
    let path = stage.path().join(format!("to-{size}.db"));
    let file = stage.reader().write_archive(size, &path).unwrap();
    log.append(&[announcement(&file)], at(300 * DAY)).unwrap();
    assert!(log.drop_archived(&path).unwrap(), "the archived entries go");
}

/// Everything that is asked of a read model, but for what was first seen where: an archive takes that knowledge from a new one.
#[derive(Debug, PartialEq)]
struct Answers {
    pages: Vec<Vec<u64>>,
    bars: Vec<Option<Vec<gatehouse_audit::Bar>>>,
    facets: Vec<Vec<(String, u64)>>,
    open: Vec<u64>,
    days: Vec<(i64, u64)>,
    paces: BTreeSet<(String, u64)>,
}

fn answers(stage: &Stage) -> Answers {
    whole(stage);
    let reader = stage.reader();
    let questions = QUESTIONS.map(|text| Question::read(text).unwrap());
    let bars = |question| {
        let bars = reader.histogram(question, NOW, 30).unwrap();
        (!bars.more).then_some(bars.bars)
    };
    let days = 20_000..=21_500;
    Answers {
        pages: questions
            .iter()
            .map(|question| all_pages(&reader, question, 700))
            .collect(),
        bars: questions.iter().map(bars).collect(),
        facets: facets(&reader, &questions[1]),
        open: reader.unresolved().unwrap().iter().map(|entry| entry.seq).collect(),
        days: reader.days(days.clone()).unwrap(),
        paces: reader.paces(days).unwrap().into_iter().collect(),
    }
}

fn facets(reader: &Reader, question: &Question) -> Vec<Vec<(String, u64)>> {
    let facets = reader.facets(question, NOW).unwrap();
    facets.into_iter().map(|facet| facet.values).collect()
}

/// Grows a log by appends, erasures and archives in an order that a seed gives, while its read model follows now and then.
fn lived(seed: u64) -> Stage {
    let stage = Stage::new();
    let log = stage.log();
    let (mut dice, mut open, mut number, mut ends) = (Dice(seed), Vec::new(), 1, vec![1]);
    while number < 5_600 {
        let many = 1 + dice.below(1_400);
        let drafts: Vec<Draft> = (0..many).map(|n| draft(&mut dice, number + n, &mut open)).collect();
        number += many;
        log.append(&drafts, at(number * 300_000)).unwrap();
        ends.push(stage.reader().size().unwrap());
        if dice.below(2) == 0 {
            whole(&stage);
        }
        let first = stage.reader().first().unwrap();
        if dice.below(3) == 0 {
            let told = first + dice.below(number - first.min(number - 1));
            let has_side = stage
                .reader()
                .entry(told)
                .unwrap()
                .is_some_and(|entry| entry.private.is_some());
            if has_side {
                log.erase(&[told], &erasure(), at(number * 300_000)).unwrap();
            }
        }
        if dice.below(6) == 0 {
            let end = ends[usize::try_from(dice.below(ends.len() as u64)).unwrap()];
            if end >= first {
                archive(&stage, &log, end);
            }
        }
    }
    stage
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_read_model_that_followed_answers_as_one_that_is_made_anew(seed in 1..u64::MAX) {
        let stage = lived(seed);
        let followed = answers(&stage);
        stage.forget_index();
        prop_assert_eq!(followed, answers(&stage), "seed {}", seed);
    }
}

#[test]
#[ignore = "a child process of the test below"]
fn child_follows() {
    follow(&directory(), &|_, _| (), &AtomicBool::new(false)).unwrap();
}

#[test]
fn processes_that_follow_at_once_make_one_read_model() {
    let stage = Stage::new();
    let log = stage.log();
    let (mut dice, mut open) = (Dice(7), Vec::new());
    let mut more = |from: u64, many: u64| -> Vec<Draft> {
        (from..from + many)
            .map(|number| draft(&mut dice, number, &mut open))
            .collect()
    };
    log.append(&more(1, 9_000), at(1)).unwrap();
    let children = ["first", "second"].map(|_| child("cases::forgetting::child_follows", stage.path()));
    for from in (9_001..9_401).step_by(100) {
        log.append(&more(from, 100), at(from)).unwrap();
        stage.reader().unresolved().unwrap();
    }
    for mut child in children {
        assert!(child.wait().unwrap().success(), "each process follows to the end");
    }
    let together = answers(&stage);
    stage.forget_index();
    assert_eq!(answers(&stage), together, "as one process alone would have made it");
}
