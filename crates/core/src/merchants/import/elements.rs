//! Where the elements of a JSON list lie, found by counting brackets and stepping over texts.
//!
//! Each can then be parsed by itself, so that a damaged one spoils no other. Deliberately absent: any check of the JSON
//! between the commas; the parser does that.

use std::ops::Range;

/// The places of the elements, without the white space around them.
pub(super) struct Elements {
    pub(super) places: Vec<Range<usize>>,
    /// Whether the list's closing bracket was met.
    pub(super) closed: bool,
}

impl Elements {
    /// Walks through the first list behind an offset.
    pub(super) fn of(text: &[u8], from: usize) -> Self {
        let open = text.iter().skip(from).position(|byte| *byte == b'[');
        let mut begin = open.map_or(text.len(), |found| from + found + 1);
        let mut list = Self {
            places: Vec::new(),
            closed: false,
        };
        let mut walk = Walk::default();
        for (at, byte) in text.iter().enumerate().skip(begin) {
            match walk.step(*byte) {
                Met::Inside => continue,
                Met::Comma => list.push(text, begin..at),
                Met::End => {
                    list.push(text, begin..at);
                    list.closed = true;
                    return list;
                }
            }
            begin = at + 1;
        }
        list.push(text, begin..text.len());
        list
    }

    /// Keeps a place, unless nothing but white space is there.
    fn push(&mut self, text: &[u8], place: Range<usize>) {
        let raw = text.get(place.clone()).unwrap_or_default();
        let start = place.start + (raw.len() - raw.trim_ascii_start().len());
        let filled = raw.trim_ascii().len();
        if filled > 0 {
            self.places.push(start..start + filled);
        }
    }
}

/// What a byte means to the list.
enum Met {
    Inside,
    Comma,
    End,
}

/// How deep the walk is, and whether it is within a text.
#[derive(Default)]
struct Walk {
    depth: usize,
    in_text: bool,
    escaped: bool,
}

impl Walk {
    fn step(&mut self, byte: u8) -> Met {
        if self.in_text {
            self.step_in_text(byte);
            return Met::Inside;
        }
        match byte {
            b',' if self.depth == 0 => return Met::Comma,
            b']' if self.depth == 0 => return Met::End,
            b'"' => self.in_text = true,
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        Met::Inside
    }

    fn step_in_text(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_text = false,
            _ => {}
        }
    }
}
