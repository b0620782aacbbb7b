//! The scan: finds every row that holds all terms, in the order of names, each with its rank.
//!
//! The longest term, which is likely the rarest, drives a substring search over the whole buffer; the others are looked
//! for only in the rows it finds. Deliberately absent: threads; one pass is quicker than waking them.

use super::haystack::Haystack;
use super::rank::{Needle, Rank};

/// Calls `found` for every row that holds all `terms`, of which there is at least one.
pub(super) fn scan(haystack: &Haystack, terms: &[String], mut found: impl FnMut(u32, Rank)) {
    let needles: Vec<Needle<'_>> = terms.iter().map(|term| Needle::new(term)).collect();
    let longest = (0..needles.len()).max_by_key(|index| needles.get(*index).map_or(0, |needle| needle.term.len()));
    let Some((driver, needle)) = longest.and_then(|index| Some((index, needles.get(index)?))) else { return };
    let (mut row, mut at) = (0, 0);
    while let Some(hit) = haystack.text().get(at..).and_then(|rest| needle.finder.find(rest)) {
        while haystack.start(row + 1) <= at + hit {
            row += 1;
        }
        if let Some(rank) = rank_of(haystack, row, &needles, driver, at + hit - haystack.start(row)) {
            found(super::to_u32(row), rank);
        }
        at = haystack.start(row + 1);
        row += 1;
    }
}

/// The worst rank of all terms, or `None` when one is missing.
fn rank_of(haystack: &Haystack, row: usize, needles: &[Needle<'_>], driver: usize, hit: usize) -> Option<Rank> {
    let text = haystack.row(row);
    let mut worst = Rank::WholeKey;
    for (index, needle) in needles.iter().enumerate() {
        let hit = if index == driver { hit } else { needle.finder.find(text.line)? };
        let rank = needle.rank(&text, hit);
        worst = worst.max(if index == 0 { rank } else { rank.further() });
    }
    Some(worst)
}
