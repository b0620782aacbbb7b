//! Texts that occur in many grants, each kept once under a number: persons, merchants, sets of roles.

use std::collections::HashMap;

use memchr::memmem::Finder;

/// Texts under numbers, and those numbers in an order of their own.
#[derive(Debug, Default)]
pub(super) struct Names {
    texts: Vec<Box<str>>,
    /// What is searched, beside the text.
    folded: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
    /// Numbers in the order of what is searched.
    sorted: Vec<u32>,
}

impl Names {
    /// The number of a text, given out if it is new; `order` puts the numbers in order afterwards.
    pub(super) fn take(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.folded.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    pub(super) fn number(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// All numbers there are.
    pub(super) fn numbers(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.texts.len()).unwrap_or(u32::MAX)
    }

    /// Says what is searched for a text instead of itself.
    pub(super) fn fold(&mut self, number: u32, folded: String) {
        if let Some(place) = self.folded.get_mut(number as usize) {
            *place = folded.into_boxed_str();
        }
    }

    /// Brings the numbers into the order of what is searched; what was in order stays cheap.
    pub(super) fn order(&mut self) {
        let known = u32::try_from(self.sorted.len()).unwrap_or(u32::MAX);
        self.sorted.extend(known..self.numbers().end);
        let folded = &self.folded;
        let key = |number: &u32| folded.get(*number as usize).map_or("", |text| &**text);
        self.sorted.sort_by(|a, b| key(a).cmp(key(b)));
    }

    /// The numbers in order.
    pub(super) fn sorted(&self) -> &[u32] {
        &self.sorted
    }

    /// Each number's place in the order.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.texts.len()];
        for (rank, number) in (0..).zip(&self.sorted) {
            if let Some(place) = ranks.get_mut(*number as usize) {
                *place = rank;
            }
        }
        ranks
    }

    /// Adds to `found` a bit for each text that holds the term.
    pub(super) fn mark(&self, term: &str, bit: u64, found: &mut [u64]) {
        let finder = Finder::new(term);
        for (folded, marks) in self.folded.iter().zip(found) {
            if finder.find(folded.as_bytes()).is_some() {
                *marks |= bit;
            }
        }
    }
}
