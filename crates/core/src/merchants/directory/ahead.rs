//! What a person will most likely type next, counted in the rows that match so far.
//!
//! The window asks for the answers to these queries while nobody types, so that the next key finds its rows there. Deliberately absent:
//! what was typed before; the rows themselves say which letters can come.

use std::collections::HashMap;

use super::Directory;
use super::answer::Answer;
use super::query;

/// So many rows are looked at, spread evenly over all that match: enough to know the letters, a millisecond at most.
const SAMPLE: usize = 4_000;

impl Directory {
    /// The characters that most often follow the query's last term in the rows that match; at most `most`, the likeliest first.
    ///
    /// After white space, or with no query, any character may come. Characters are folded, as the search sees them.
    pub fn likely_next(&self, query: &str, most: usize) -> Vec<char> {
        let terms = query::terms(query, self.records.id_head());
        let begun = if query.ends_with(char::is_whitespace) {
            ""
        } else {
            terms.last().map_or("", String::as_str)
        }
        .to_owned();
        let rows = Answer::find(terms, &self.haystack, &self.fronts).rows;
        let step = rows.len().div_ceil(SAMPLE).max(1);
        let mut counts: HashMap<char, u32> = HashMap::new();
        for row in rows.iter().step_by(step) {
            let line = self.haystack.row(*row as usize).line;
            count_next(std::str::from_utf8(line).unwrap_or_default(), &begun, &mut counts);
        }
        let mut counted: Vec<(char, u32)> = counts.into_iter().collect();
        counted.sort_unstable_by_key(|(letter, count)| (std::cmp::Reverse(*count), *letter));
        counted.into_iter().take(most).map(|(letter, _)| letter).collect()
    }
}

/// Counts what follows each place where `begun` stands; a blank changes no answer and a separator cannot be typed.
fn count_next(line: &str, begun: &str, counts: &mut HashMap<char, u32>) {
    for (at, found) in line.match_indices(begun) {
        let rest = line.get(at + found.len()..).unwrap_or_default();
        let next = rest.chars().next();
        if let Some(letter) = next.filter(|letter| !letter.is_control() && !letter.is_whitespace()) {
            *counts.entry(letter).or_default() += 1;
        }
    }
}
