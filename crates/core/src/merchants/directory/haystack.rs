//! The haystack: the search texts of all rows, sorted, in one buffer, each line begun and ended by a line end.
//!
//! Deliberately absent: what the rows mean; that is [`super::records`].

use super::marks::{Marks, marks};
use super::to_u32;
use crate::merchants::search_text::{BEFORE_REFERENCE, BEFORE_SUFFIX};

/// All folded rows in the order of their text, which begins with the name.
#[derive(Debug)]
pub(super) struct Haystack {
    /// Always begins and ends with a line end.
    text: Vec<u8>,
    lines: Vec<Line>,
}

/// Where a row lies and what it holds at most.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    start: u32,
    /// Where the name ends, the reference begins one later, and the last segment of the id begins; counted from `start`.
    name_end: u32,
    suffix: u32,
    marks: Marks,
}

impl Line {
    fn of(start: usize, folded: &str) -> Self {
        let place = |separator| {
            folded
                .bytes()
                .position(|byte| byte == separator)
                .unwrap_or(folded.len())
        };
        let (name_end, suffix) = (place(BEFORE_REFERENCE), place(BEFORE_SUFFIX) + 1);
        Self {
            start: to_u32(start),
            name_end: to_u32(name_end),
            suffix: to_u32(suffix),
            marks: marks(folded, name_end),
        }
    }
}

/// One row's search text, with the places that ranking asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowText<'h> {
    /// The whole line, without its end.
    pub(super) line: &'h [u8],
    /// Where the name ends.
    pub(super) name_end: usize,
    /// Where the last segment of the id begins.
    pub(super) suffix: usize,
    /// Which bytes it holds.
    pub(super) marks: Marks,
}

impl Haystack {
    /// An empty one with room for this many bytes and rows.
    pub(super) fn with_capacity(bytes: usize, rows: usize) -> Self {
        let mut text = Vec::with_capacity(bytes + rows + 1);
        text.push(b'\n');
        Self {
            text,
            lines: Vec::with_capacity(rows),
        }
    }

    /// Adds a row behind all others; the caller comes in order.
    pub(super) fn push(&mut self, folded: &str) {
        self.lines.push(Line::of(self.text.len(), folded));
        self.text.extend_from_slice(folded.as_bytes());
        self.text.push(b'\n');
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Everything, to be scanned.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Where a row begins; for a row that is not there, the end of the text.
    pub(super) fn start(&self, row: usize) -> usize {
        self.lines.get(row).map_or(self.text.len(), |line| line.start as usize)
    }

    /// The rows' marks, in order.
    pub(super) fn marks(&self) -> impl Iterator<Item = Marks> {
        self.lines.iter().map(|line| line.marks)
    }

    pub(super) fn row(&self, row: usize) -> RowText<'_> {
        let Line {
            start,
            name_end,
            suffix,
            marks,
        } = self.lines.get(row).copied().unwrap_or_default();
        let end = self.start(row + 1).saturating_sub(1);
        let line = self.text.get(start as usize..end).unwrap_or_default();
        RowText {
            line,
            name_end: name_end as usize,
            suffix: suffix as usize,
            marks,
        }
    }

    /// Where a row with this text belongs.
    pub(super) fn place_of(&self, folded: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.row(middle).line < folded.as_bytes() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Puts a row in at its place.
    pub(super) fn insert(&mut self, row: usize, folded: &str) {
        let start = self.start(row);
        self.text.splice(start..start, folded.bytes().chain([b'\n']));
        self.lines.insert(row, Line::of(start, folded));
        let moved = to_u32(folded.len() + 1);
        for line in self.lines.iter_mut().skip(row + 1) {
            line.start += moved;
        }
    }

    /// Takes a row out.
    pub(super) fn remove(&mut self, row: usize) {
        let (start, end) = (self.start(row), self.start(row + 1));
        self.text.drain(start..end);
        self.lines.remove(row);
        for line in self.lines.iter_mut().skip(row) {
            line.start -= to_u32(end - start);
        }
    }
}
