//! The entries that a question finds, all at once: one bit for each, for exports.
//!
//! By the rules of the list: what is found is an act, and an act is its intent with every outcome. Deliberately absent: pages.

use crate::error::LogError;
use crate::index::Rows;
use crate::query::Question;
use crate::reader::Reader;
use crate::reading::Wait;

/// Acts that are looked up at once.
const PAGE: usize = 1_000;

/// A set of entries: all there are, or one bit for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chosen {
    bits: Option<Vec<u64>>,
}

impl Chosen {
    /// No entry yet.
    #[must_use]
    pub fn none() -> Self {
        Self { bits: Some(Vec::new()) }
    }

    /// Whether an entry is among them.
    #[must_use]
    pub fn has(&self, seq: u64) -> bool {
        let Some(bits) = &self.bits else {
            return true;
        };
        let word = usize::try_from(seq / 64).ok().and_then(|at| bits.get(at));
        word.is_some_and(|word| word >> (seq % 64) & 1 == 1)
    }

    /// Takes one more in.
    pub fn add(&mut self, seq: u64) {
        let (Some(bits), Ok(at)) = (&mut self.bits, usize::try_from(seq / 64)) else {
            return;
        };
        if bits.len() <= at {
            bits.resize(at + 1, 0);
        }
        if let Some(word) = bits.get_mut(at) {
            *word |= 1 << (seq % 64);
        }
    }

    /// How many there are from one entry up to and including another.
    #[must_use]
    pub fn count(&self, first: u64, last: u64) -> u64 {
        if self.bits.is_none() {
            return (last + 1).saturating_sub(first);
        }
        (first..=last).filter(|seq| self.has(*seq)).count() as u64
    }
}

impl Reader {
    /// The entries of all acts that a question finds at a given now; the whole log is read into the read model first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn choose(&self, question: &Question, now_ms: i64) -> Result<Chosen, LogError> {
        if question.is_empty() {
            return Ok(Chosen::default());
        }
        self.with_index(Wait::Whole, |log, index| {
            let _snapshot = index.snapshot()?;
            let sieve = index.sieve(question, now_ms, Rows::Acts)?;
            let mut chosen = Chosen::none();
            let mut before = None;
            loop {
                let page = index.page(log, &sieve, before, PAGE)?;
                page.found.iter().for_each(|(first, _)| chosen.add(*first));
                before = page.next;
                if before.is_none() {
                    break;
                }
            }
            index.each_outcome(|first, outcome| {
                if chosen.has(first) {
                    chosen.add(outcome);
                }
            })?;
            Ok(chosen)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Chosen;

    #[test]
    fn all_is_all_and_none_grows() {
        let all = Chosen::default();
        assert!(all.has(1) && all.has(u64::MAX), "without bits every entry is meant");
        assert_eq!(all.count(3, 12), 10, "both ends count");
        let mut some = Chosen::none();
        [1, 63, 64, 1_000].into_iter().for_each(|seq| some.add(seq));
        assert!(
            some.has(64) && some.has(1_000) && !some.has(65) && !some.has(1_001),
            "what was added is there"
        );
        assert_eq!(some.count(1, 2_000), 4, "and is counted");
    }
}
