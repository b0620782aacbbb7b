//! An answer: the rows that match a query, in the order in which they are shown.
//!
//! Rows come in the order of names, so putting them into buckets by rank is all the sorting there is. Deliberately
//! absent: the rows' texts, which are read for one window at a time.

use super::fronts::{Fronts, Place};
use super::haystack::Haystack;
use super::rank::{RANKS, Rank};
use super::scan::scan;
use super::to_u32;

/// The rows of one query.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) terms: Vec<String>,
    pub(super) rows: Vec<u32>,
}

impl Answer {
    /// Finds all rows that match; no term matches all.
    pub(super) fn find(terms: Vec<String>, haystack: &Haystack, fronts: &Fronts) -> Self {
        let mut buckets = Buckets::new(fronts);
        if terms.is_empty() {
            (0..to_u32(haystack.len())).for_each(|row| buckets.add(row, Rank::Name));
        } else {
            scan(haystack, &terms, |row, rank| buckets.add(row, rank));
        }
        Self {
            terms,
            rows: buckets.in_order(),
        }
    }
}

struct Buckets<'f> {
    fronts: &'f Fronts,
    pinned: [Vec<u32>; RANKS],
    recent: Vec<bool>,
    rest: [Vec<u32>; RANKS],
}

impl<'f> Buckets<'f> {
    fn new(fronts: &'f Fronts) -> Self {
        Self {
            fronts,
            pinned: Default::default(),
            recent: vec![false; fronts.recents().len()],
            rest: Default::default(),
        }
    }

    fn add(&mut self, row: u32, rank: Rank) {
        let buckets = match self.fronts.place(row) {
            Place::Pinned => &mut self.pinned,
            Place::Rest => &mut self.rest,
            Place::Recent(nth) => {
                if let Some(found) = self.recent.get_mut(nth as usize) {
                    *found = true;
                }
                return;
            }
        };
        if let Some(bucket) = buckets.get_mut(rank as usize) {
            bucket.push(row);
        }
    }

    fn in_order(self) -> Vec<u32> {
        let mut rows = self.pinned.concat();
        let recents = self.fronts.recents().iter().zip(&self.recent);
        rows.extend(recents.filter(|(_, found)| **found).map(|(row, _)| *row));
        for bucket in &self.rest {
            rows.extend_from_slice(bucket);
        }
        rows
    }
}
