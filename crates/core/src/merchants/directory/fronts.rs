//! Who stands before everybody else: pinned rows, then rows that were opened, the latest first.
//!
//! Deliberately absent: ageing; whoever opened a merchant last year still sees it before one that was never opened.

use super::records::Records;
use super::to_u32;

/// Pinned and recent rows, kept ready so that no query sorts.
#[derive(Debug, Default)]
pub(super) struct Fronts {
    places: Vec<Place>,
    /// Opened rows that are not pinned, latest first.
    recents: Vec<u32>,
}

/// Where a row stands whatever the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Before all.
    Pinned,
    /// At this place among the recent ones.
    Recent(u32),
    /// Behind them.
    Rest,
}

impl Fronts {
    pub(super) fn of(records: &Records) -> Self {
        let mut recents: Vec<(i64, u32)> = Vec::new();
        let mut places = Vec::with_capacity(records.len());
        for (row, entry) in (0..).zip(records.entries()) {
            places.push(if entry.pinned { Place::Pinned } else { Place::Rest });
            if let (false, Some(opened_at_ms)) = (entry.pinned, entry.opened_at_ms) {
                recents.push((opened_at_ms, row));
            }
        }
        recents.sort_unstable_by(|(a, row_a), (b, row_b)| b.cmp(a).then(row_a.cmp(row_b)));
        let recents: Vec<u32> = recents.into_iter().map(|(_, row)| row).collect();
        for (nth, row) in recents.iter().enumerate() {
            if let Some(place) = places.get_mut(*row as usize) {
                *place = Place::Recent(to_u32(nth));
            }
        }
        Self { places, recents }
    }

    pub(super) fn place(&self, row: u32) -> Place {
        self.places.get(row as usize).copied().unwrap_or(Place::Rest)
    }

    pub(super) fn recents(&self) -> &[u32] {
        &self.recents
    }
}
