//! Where a query was found in the texts that a person reads, so that the list can show why a row is there.
//!
//! Offsets count UTF-16 units, because that is how the window cuts text. Deliberately absent: markup.

use std::ops::Range;

use memchr::memmem;

use crate::merchants::fold::FoldedText;
use crate::merchants::merchant::suffix_of;

/// A field in which something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The name.
    Name,
    /// The acquirer's reference.
    Reference,
    /// The whole KRN; only its last segment is searched.
    Id,
    /// The tags, joined by single blanks.
    Tag,
    /// The country.
    Country,
}

impl Field {
    /// The word that crosses IPC.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Reference => "reference",
            Self::Id => "id",
            Self::Tag => "tag",
            Self::Country => "country",
        }
    }
}

/// A found part of a field: UTF-16 offsets into its original text, never within a surrogate pair or between a letter and
/// its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which field.
    pub field: Field,
    /// First unit.
    pub start: u32,
    /// Behind the last unit.
    pub end: u32,
}

/// All places of the terms in one field, in order, overlapping ones joined.
pub(super) fn spans(field: Field, text: &str, terms: &[String]) -> Vec<Span> {
    if terms.is_empty() || text.is_empty() {
        return Vec::new();
    }
    let (offset, searched) = match field {
        Field::Id => (head_units(text), suffix_of(text)),
        Field::Name | Field::Reference | Field::Tag | Field::Country => (0, text),
    };
    let ranges = joined(ranges(searched, terms));
    ranges
        .into_iter()
        .map(|range| Span {
            field,
            start: range.start + offset,
            end: range.end + offset,
        })
        .collect()
}

/// How many UTF-16 units stand before an id's last segment.
fn head_units(id: &str) -> u32 {
    super::to_u32(id.encode_utf16().count() - suffix_of(id).encode_utf16().count())
}

fn ranges(text: &str, terms: &[String]) -> Vec<Range<u32>> {
    let folded = FoldedText::new(text);
    let mut ranges = Vec::new();
    for term in terms {
        for at in memmem::find_iter(folded.text().as_bytes(), term) {
            ranges.extend(folded.origin(&(at..at + term.len())));
        }
    }
    ranges
}

fn joined(mut ranges: Vec<Range<u32>>) -> Vec<Range<u32>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<u32>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}
