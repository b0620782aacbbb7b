//! The language: every fault named at its place, every question readable again, nothing that panics.

use proptest::prelude::*;

use super::{Field, Moment, Question, What};

const NOW: i64 = 1_782_000_000_000; // 2026-06-21T00:00:00Z
const DAY: i64 = 86_400_000;

fn read(text: &str) -> Question {
    Question::read(text).unwrap()
}

fn fault(text: &str) -> (usize, usize, String) {
    let fault = Question::read(text).unwrap_err();
    (fault.at, fault.len, fault.message)
}

#[test]
fn fields_words_and_quotes_are_told_apart() {
    let question = read(r#"actor:k1 -act:access "two words" krn:partner:x profile:"My bank" -plain"#);
    let parts: Vec<_> = question
        .terms()
        .iter()
        .map(|term| (term.excluded, term.what.clone()))
        .collect();
    assert_eq!(
        parts,
        [
            (false, What::Field(Field::Actor, "k1".into())),
            (true, What::Field(Field::Act, "access.*".into())),
            (false, What::Word("two words".into())),
            (false, What::Word("krn:partner:x".into())),
            (false, What::Field(Field::Profile, "My bank".into())),
            (true, What::Word("plain".into())),
        ],
        "each part is what it looks like"
    );
}

#[test]
fn a_topic_is_written_in_three_ways_and_a_kind_in_one() {
    assert_eq!(
        read("act:access"),
        read("act:access.*"),
        "a topic by its word or with a star"
    );
    assert_eq!(read("ACT:Access."), read("act:access"), "or with its dot, in any case");
    assert_eq!(
        read("act:access.grant").to_string(),
        "act:access.grant",
        "a kind is itself"
    );
}

#[test]
fn every_fault_is_named_at_its_place() {
    let cases: &[(&str, usize, usize, &str)] = &[
        ("x actr:anna", 2, 9, "Perhaps `actor:anna`?"),
        ("user:anna", 0, 9, "The fields are actor, act,"),
        ("env:prod", 4, 4, "Write `live`, `test` or `sandbox`"),
        ("outcome:refusd", 8, 6, "Perhaps `refused`?"),
        ("outcome:", 0, 8, "has no value"),
        ("act:Über", 4, 4, "no kind of act"),
        ("a \"b c", 2, 1, "never closed"),
        ("ab\"c\"", 2, 1, "in the middle of a word"),
        ("\"a\"b", 3, 1, "Put a blank"),
        ("\"a\\b\"", 2, 1, "Write two for one"),
        ("a - b", 2, 1, "A dash stands alone"),
        ("\"\"", 0, 2, "nothing between the quotes"),
        ("since:soon", 6, 4, "That is no time"),
        ("since:2026-07-01T10:00", 6, 16, "with its zone"),
        ("since:1960-01-01", 6, 10, "before 1970"),
        ("since:99999d", 6, 6, "longer ago"),
        ("-since:7d", 0, 9, "cannot be left out"),
        ("since:7d since:8d", 9, 8, "second time"),
        ("plan:xyz", 5, 3, "SHA-256"),
    ];
    for (text, at, len, says) in cases {
        let found = fault(text);
        assert_eq!((found.0, found.1), (*at, *len), "the place in {text:?}: {}", found.2);
        assert!(found.2.contains(says), "{text:?} says {:?}", found.2);
    }
    let long = fault(&"x".repeat(1001));
    assert_eq!((long.0, long.1), (1000, 1), "what is too much is marked");
    assert!(
        fault(&"x ".repeat(49)).2.contains("at most 48 parts"),
        "and too many parts"
    );
}

#[test]
fn time_words_are_meant_at_the_given_now() {
    let between = |text: &str| read(text).between(NOW + 5 * 3_600_000);
    assert_eq!(between("since:today").start, NOW, "today begins at midnight");
    assert_eq!(between("until:yesterday").end, NOW, "yesterday ends there");
    assert_eq!(
        between("since:yesterday until:today"),
        NOW - DAY..NOW + DAY,
        "both days whole"
    );
    assert_eq!(
        between("since:2026-06-20 until:2026-06-20"),
        NOW - DAY..NOW,
        "a day is meant whole"
    );
    assert_eq!(
        between("since:7d").start,
        NOW + 5 * 3_600_000 - 7 * DAY,
        "so many days ago"
    );
    assert_eq!(
        between("until:2026-06-21T02:00:00+02:00").end,
        NOW + 1,
        "a moment includes itself"
    );
    assert_eq!(between("x"), i64::MIN..i64::MAX, "without one, all time");
}

#[test]
fn a_moment_finer_than_the_log_is_read_as_the_log_would_write_it() {
    assert_eq!(
        read("since:2026-06-21T00:00:00.1239Z").terms()[0].what,
        What::Since(Moment::At(NOW + 123)),
        "to the millisecond"
    );
}

fn likely_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<String>(),
        "[a-z]{1,8}",
        "(actor|act|merchant|env|outcome|since|until|profile|person|plan|id|foo|krn):",
        prop::sample::select(vec![
            "\"",
            "\\",
            "-",
            ":",
            " ",
            ".*",
            "today",
            "7d",
            "live",
            "open",
            "2026-07-01",
            "2026-07-01T10:00:00Z",
            "abc123"
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_panics_and_a_printed_question_reads_the_same(text in likely_text()) {
        match Question::read(&text) {
            Ok(question) => {
                let printed = question.to_string();
                let again = Question::read(&printed);
                prop_assert_eq!(again.as_ref(), Ok(&question), "printed as {:?}", printed);
                let _ = question.between(NOW);
            }
            Err(fault) => {
                prop_assert!(fault.at + fault.len <= text.chars().count().max(1), "the place lies in the text: {:?}", fault);
                prop_assert!(fault.message.ends_with(['.', '?']), "it is a sentence: {:?}", fault.message);
            }
        }
    }
}
