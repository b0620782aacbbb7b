//! Folding: the form of a text that search compares, and the way back from it to the text a person reads.
//!
//! A person types `strasse`, `malmo` or `ｆｉ` and means `Straße`, `Malmö`, `ﬁ`. Folding is compatibility decomposition
//! (NFKD), full case folding, diacritics and invisible characters dropped, and the Latin letters that do not decompose
//! written plainly. Marks that make another letter (Indic viramas and nuktas, kana voicing) stay. Deliberately absent:
//! language rules (`ü` is not `ue`) and stemming.

use std::ops::Range;

use unicode_normalization::char::{canonical_combining_class, decompose_compatible, is_combining_mark};

/// Folds a text for comparison; folding twice changes nothing, and no control character is left.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        fold_char(letter, &mut |c| folded.push(c));
    }
    folded
}

fn fold_char(letter: char, push: &mut impl FnMut(char)) {
    if letter.is_ascii() {
        return push(blank_or(letter).to_ascii_lowercase());
    }
    decompose_compatible(letter, |part| {
        if !is_dropped(part) {
            for lower in full_case_fold(part) {
                decompose_compatible(lower, |c| {
                    if !is_dropped(c) {
                        push_plain(blank_or(c), push);
                    }
                });
            }
        }
    });
}

/// Lower, upper, lower: `ẞ` and `ß` become `ss`, `ς` becomes `σ`, `ı` becomes `i`.
fn full_case_fold(c: char) -> impl Iterator<Item = char> {
    let upper = c.to_lowercase().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase)
}

fn blank_or(c: char) -> char {
    if c.is_control() || c.is_whitespace() { ' ' } else { c }
}

fn push_plain(c: char, push: &mut impl FnMut(char)) {
    let plain = match c {
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        other => return push(other),
    };
    plain.chars().for_each(push);
}

/// Tells the marks and invisible characters that search overlooks. The combining classes that stay are 7 (nukta),
/// 8 (kana voicing) and 9 (virama): without them another letter would be read.
fn is_dropped(c: char) -> bool {
    !matches!(canonical_combining_class(c), 0 | 7..=9) || is_invisible(c)
}

/// Tells characters that take no room: joiners, direction marks, soft hyphen, variation selectors, byte order mark.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// A folded text that knows where each part of it came from.
pub(super) struct FoldedText {
    text: String,
    pieces: Vec<Piece>,
}

/// One letter of the original with its marks: where its folded form ends, and its UTF-16 range.
struct Piece {
    folded_end: usize,
    start: u32,
    end: u32,
}

impl FoldedText {
    /// Folds `original`, remembering the way back.
    pub(super) fn new(original: &str) -> Self {
        let mut folded = Self {
            text: String::new(),
            pieces: Vec::new(),
        };
        let mut at = 0;
        for letter in original.chars() {
            let end = at + if letter.len_utf16() == 2 { 2 } else { 1 };
            folded.push(letter, at, end);
            at = end;
        }
        folded
    }

    /// The same text that [`fold`] answers.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn push(&mut self, letter: char, start: u32, end: u32) {
        let before = self.text.len();
        fold_char(letter, &mut |c| self.text.push(c));
        let folded_end = self.text.len();
        let joins = folded_end == before || is_combining_mark(letter);
        match self.pieces.last_mut() {
            Some(last) if joins => (last.folded_end, last.end) = (folded_end, end),
            _ if folded_end == before => {}
            _ => self.pieces.push(Piece { folded_end, start, end }),
        }
    }

    /// Gives the UTF-16 range of the original whose letters the folded byte range touches; whole letters with their
    /// marks, so half a ligature answers the ligature. `None` for an empty or outlying range.
    pub(super) fn origin(&self, folded: &Range<usize>) -> Option<Range<u32>> {
        if folded.is_empty() {
            return None;
        }
        let first = self.pieces.partition_point(|piece| piece.folded_end <= folded.start);
        let last = self.pieces.partition_point(|piece| piece.folded_end < folded.end);
        Some(self.pieces.get(first)?.start..self.pieces.get(last)?.end)
    }
}
