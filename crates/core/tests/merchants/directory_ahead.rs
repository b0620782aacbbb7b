//! Looking ahead: which letters come next, and that their rows are those a search would answer.

use std::collections::HashMap;

use gatehouse_core::merchants::fold;
use proptest::prelude::*;

use crate::support::{directory, full, merchant};

#[test]
fn the_letters_that_follow_most_often_come_first() {
    let directory = directory(&[
        merchant("QQQQ0001", "Corn"),
        merchant("QQQQ0002", "Cork"),
        merchant("QQQQ0003", "Cot"),
        merchant("QQQQ0004", "Zoo"),
    ]);
    assert_eq!(
        directory.likely_next("co", 9),
        ['r', 't'],
        "two rows go on with r, one with t"
    );
    assert_eq!(directory.likely_next("CO", 1), ['r'], "as many as asked, in any case");
    assert!(
        directory.likely_next("xx", 9).is_empty(),
        "nothing goes on from nothing"
    );
}

#[test]
fn after_a_blank_any_letter_of_the_rows_that_match_may_come() {
    let directory = directory(&[full("QQQQ0001", "Aa", "", "", &[]), full("ZZZZ0002", "Bb", "", "", &[])]);
    let next = directory.likely_next("aa ", 9);
    assert!(
        next.contains(&'a') && next.contains(&'q'),
        "from any field of the row: {next:?}"
    );
    assert!(
        !next.contains(&'b') && !next.contains(&'z'),
        "not from rows that do not match: {next:?}"
    );
    assert!(
        next.iter().all(|letter| !letter.is_control() && *letter != ' '),
        "what can be typed: {next:?}"
    );
}

/// The naive count over every field of every row that holds the letters.
fn counted(names: &[String], begun: &str) -> HashMap<char, u32> {
    let mut counts = HashMap::new();
    for name in names {
        let name = fold(name);
        for (at, found) in name.match_indices(begun) {
            if let Some(next) = name.get(at + found.len()..).and_then(|rest| rest.chars().next()) {
                *counts.entry(next).or_default() += u32::from(next != ' ');
            }
        }
    }
    counts.retain(|_, count| *count > 0);
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn letters_and_rows_are_those_of_a_naive_count_and_of_a_search(
        names in prop::collection::vec("[abÅß山 ]{1,12}", 1..30),
        begun in "[ab]{1,2}",
    ) {
        let names: Vec<String> = names.iter().map(|name| format!("x{}", name.trim())).collect();
        let rows: Vec<_> =
            names.iter().enumerate().map(|(nth, name)| merchant(&format!("{nth:04}"), name)).collect();
        let mut directory = directory(&rows);
        let (mut next, naive) = (directory.likely_next(&begun, 99), counted(&names, &begun));
        let counts: Vec<u32> = next.iter().map(|letter| naive.get(letter).copied().unwrap_or(0)).collect();
        prop_assert!(counts.is_sorted_by(|a, b| a >= b), "the likeliest first: {:?}", counts);
        next.sort_unstable();
        let mut all: Vec<char> = naive.into_keys().collect();
        all.sort_unstable();
        prop_assert_eq!(&next, &all, "each letter that can come, and no other");
        for letter in next {
            let query = format!("{begun}{letter}");
            prop_assert_eq!(directory.peek(&query, 5), directory.search(&query, 0, 5), "the same rows");
        }
    }
}
