//! How well a term fits a row: where it was found decides what stands first.
//!
//! Deliberately absent: scores; five classes are enough to say in a sentence why a row stands where it does.

use memchr::memmem::Finder;

use super::haystack::RowText;
use super::marks::{bits, is_exact, is_word_start};

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
    /// All of its bytes.
    pub(super) bits: u64,
    /// Its first byte.
    head: u64,
    /// Whether the marks alone tell if and where it begins a word.
    pub(super) is_exact: bool,
}

impl<'t> Needle<'t> {
    pub(super) fn new(term: &'t str) -> Self {
        let finder = Finder::new(term);
        let term = term.as_bytes();
        let head = bits(term.get(..1).unwrap_or_default());
        Self {
            term,
            finder,
            bits: bits(term),
            head,
            is_exact: is_exact(term),
        }
    }

    /// The rank in a row, or `None` when the term is not in it. `hit` is its first place if that is known.
    pub(super) fn rank(&self, row: &RowText<'_>, hit: Option<usize>) -> Option<Rank> {
        if row.marks.bytes & self.bits != self.bits {
            return None;
        }
        let key = self.key_rank(row);
        if key == Rank::WholeKey {
            return Some(key);
        }
        if row.line.starts_with(self.term) {
            return Some(Rank::Name);
        }
        if self.is_exact {
            return Some(if row.marks.heads & self.head == 0 {
                key
            } else {
                Rank::Word
            });
        }
        let hit = hit.or_else(|| self.finder.find(row.line))?;
        Some(if self.begins_a_word(row, hit) { Rank::Word } else { key })
    }

    fn key_rank(&self, row: &RowText<'_>) -> Rank {
        let reference = row.line.get(row.name_end + 1..).unwrap_or_default();
        let suffix = row.line.get(row.suffix..).unwrap_or_default();
        self.one_key_rank(reference).min(self.one_key_rank(suffix))
    }

    fn one_key_rank(&self, field: &[u8]) -> Rank {
        if field.first() != self.term.first() {
            return Rank::Elsewhere;
        }
        match field.strip_prefix(self.term) {
            None => Rank::Elsewhere,
            Some(rest) if rest.first().is_none_or(|byte| *byte < b' ') => Rank::WholeKey,
            Some(_) => Rank::Key,
        }
    }

    fn begins_a_word(&self, row: &RowText<'_>, hit: usize) -> bool {
        if row.marks.heads & self.head == 0 {
            return false;
        }
        let name = row.line.get(..row.name_end).unwrap_or_default();
        let mut at = hit;
        while at < name.len() {
            if is_word_start(name, at) {
                return true;
            }
            let Some(next) = name.get(at + 1..).and_then(|rest| self.finder.find(rest)) else {
                return false;
            };
            at += 1 + next;
        }
        false
    }
}
