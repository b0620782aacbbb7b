//! How well a term fits a row: where it was found decides what stands first.
//!
//! Deliberately absent: scores; five classes are enough to say in a sentence why a row stands where it does.

use memchr::memmem::Finder;
use unicode_normalization::char::canonical_combining_class;

use super::haystack::RowText;

/// Where a term was found, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The whole reference or the whole last segment of the id: somebody pasted it.
    WholeKey,
    /// The beginning of the name.
    Name,
    /// The beginning of a word in the name.
    Word,
    /// The beginning of the reference or of the id's last segment.
    Key,
    /// Anywhere else.
    Elsewhere,
}

/// How many ranks there are.
pub(super) const RANKS: usize = 5;

impl Rank {
    /// What a further term counts: at the beginning of a word it is as good as at the name's.
    pub(super) fn further(self) -> Self {
        if self == Self::Word { Self::Name } else { self }
    }
}

/// A term with its searcher.
pub(super) struct Needle<'t> {
    pub(super) term: &'t [u8],
    pub(super) finder: Finder<'t>,
}

impl<'t> Needle<'t> {
    pub(super) fn new(term: &'t str) -> Self {
        Self { term: term.as_bytes(), finder: Finder::new(term) }
    }

    /// The rank in a row where the term was first found at `hit`.
    pub(super) fn rank(&self, row: &RowText<'_>, hit: usize) -> Rank {
        let key = self.key_rank(row);
        if key == Rank::WholeKey {
            return key;
        }
        match hit {
            0 => Rank::Name,
            _ if self.begins_a_word(row, hit) => Rank::Word,
            _ => key,
        }
    }

    fn key_rank(&self, row: &RowText<'_>) -> Rank {
        let mut rank = Rank::Elsewhere;
        for start in [row.reference, row.suffix] {
            if let Some(rest) = row.line.get(start..).and_then(|field| field.strip_prefix(self.term)) {
                let is_whole = rest.first().is_none_or(|byte| *byte < b' ');
                rank = rank.min(if is_whole { Rank::WholeKey } else { Rank::Key });
            }
        }
        rank
    }

    fn begins_a_word(&self, row: &RowText<'_>, hit: usize) -> bool {
        let name = row.line.get(..row.name_end).unwrap_or_default();
        let mut at = hit;
        while at < name.len() {
            if is_word_start(name, at) {
                return true;
            }
            let Some(next) = name.get(at + 1..).and_then(|rest| self.finder.find(rest)) else { return false };
            at += 1 + next;
        }
        false
    }
}

fn is_word_start(name: &[u8], at: usize) -> bool {
    let before = name.get(..at).unwrap_or_default();
    match before.last() {
        None => true,
        Some(byte) if byte.is_ascii() => !byte.is_ascii_alphanumeric(),
        Some(_) => last_char(before).is_some_and(|c| !c.is_alphanumeric() && canonical_combining_class(c) == 0),
    }
}

fn last_char(text: &[u8]) -> Option<char> {
    let tail = text.len().saturating_sub(4);
    text.get(tail..)?.utf8_chunks().last()?.valid().chars().next_back()
}
