//! The scan: finds every row that holds all terms, in the order of names, each with its rank.
//!
//! The longest term, which is likely the rarest, drives a substring search over the whole buffer; the others are looked
//! for only in the rows it finds. When every term is one letter, the rows' marks drive. Deliberately absent: threads; one
//! pass is quicker than waking them.

use super::haystack::Haystack;
use super::rank::{Needle, Rank};

/// Calls `found` for every row that holds all `terms`, of which there is at least one.
pub(super) fn scan(haystack: &Haystack, terms: &[String], found: impl FnMut(u32, Rank)) {
    let needles: Vec<Needle<'_>> = terms.iter().map(|term| Needle::new(term)).collect();
    let longest = (0..needles.len()).max_by_key(|index| needles.get(*index).map_or(0, |needle| needle.term.len()));
    match longest.and_then(|index| Some((index, needles.get(index)?))) {
        Some((_, needle)) if needle.is_exact => by_marks(haystack, &needles, found),
        Some((index, needle)) => by_text(haystack, &needles, index, needle, found),
        None => {}
    }
}

fn by_marks(haystack: &Haystack, needles: &[Needle<'_>], mut found: impl FnMut(u32, Rank)) {
    let wanted = needles.iter().fold(0, |wanted, needle| wanted | needle.bits);
    for (row, marks) in haystack.marks().enumerate() {
        if marks.bytes & wanted == wanted
            && let Some(rank) = rank_of(haystack, row, needles, None)
        {
            found(super::to_u32(row), rank);
        }
    }
}

fn by_text(
    haystack: &Haystack,
    needles: &[Needle<'_>],
    driver: usize,
    needle: &Needle<'_>,
    mut found: impl FnMut(u32, Rank),
) {
    let (mut row, mut at) = (0, 0);
    while let Some(hit) = haystack.text().get(at..).and_then(|rest| needle.finder.find(rest)) {
        while haystack.start(row + 1) <= at + hit {
            row += 1;
        }
        let hit = at + hit - haystack.start(row);
        if let Some(rank) = rank_of(haystack, row, needles, Some((driver, hit))) {
            found(super::to_u32(row), rank);
        }
        row += 1;
        at = haystack.start(row);
    }
}

/// The worst rank of all terms, or `None` when one is missing; `known` is a term's number and its first place.
fn rank_of(haystack: &Haystack, row: usize, needles: &[Needle<'_>], known: Option<(usize, usize)>) -> Option<Rank> {
    let text = haystack.row(row);
    let mut worst = Rank::WholeKey;
    for (index, needle) in needles.iter().enumerate() {
        let hit = known.filter(|(driver, _)| *driver == index).map(|(_, hit)| hit);
        let rank = needle.rank(&text, hit)?;
        worst = worst.max(if index == 0 { rank } else { rank.further() });
    }
    Some(worst)
}
