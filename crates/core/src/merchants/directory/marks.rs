//! Marks: for each row, which bytes its text holds and which ones begin a word of its name, as two sets of 64 bits.
//!
//! Every letter and digit of ASCII has a bit of its own, so a term of one letter, which half of all rows hold, is answered
//! without looking at text; the other bytes share bits, so for them a set bit says "perhaps". Deliberately absent: sets of
//! letter pairs; the substring search is quick enough from two letters on.

use unicode_normalization::char::canonical_combining_class;

/// What a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    /// Every byte of the row.
    pub(super) bytes: u64,
    /// The first byte of every word of the name.
    pub(super) heads: u64,
}

/// Marks a row whose name ends at `name_end`.
pub(super) fn marks(folded: &str, name_end: usize) -> Marks {
    let mut heads = 0;
    let mut before = ' ';
    for (at, letter) in folded.get(..name_end).unwrap_or_default().char_indices() {
        if parts_words(before) {
            heads |= folded.as_bytes().get(at).map_or(0, |byte| bit(*byte));
        }
        before = letter;
    }
    Marks {
        bytes: bits(folded.as_bytes()),
        heads,
    }
}

/// The set of all bytes of a term.
pub(super) fn bits(term: &[u8]) -> u64 {
    term.iter().fold(0, |bits, byte| bits | bit(*byte))
}

/// Whether the term's one byte has a bit of its own, so that [`Marks`] are the whole truth about it.
pub(super) fn is_exact(term: &[u8]) -> bool {
    matches!(term, [byte] if byte.is_ascii_alphanumeric())
}

/// Whether a word begins at this letter's place: nothing or no letter, digit or mark stands before it.
pub(super) fn is_word_start(name: &[u8], at: usize) -> bool {
    let before = name.get(..at).unwrap_or_default();
    let tail = before.get(before.len().saturating_sub(4)..).unwrap_or_default();
    let last = tail
        .utf8_chunks()
        .last()
        .and_then(|chunk| chunk.valid().chars().next_back());
    before.is_empty() || last.is_some_and(parts_words)
}

fn parts_words(c: char) -> bool {
    match c {
        // What most names are made of, without asking the tables.
        'a'..='z' | '0'..='9' | 'α'..='ω' | 'а'..='я' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='\u{9fff}' => false,
        c if c.is_ascii() => !c.is_ascii_alphanumeric(),
        c => !c.is_alphanumeric() && canonical_combining_class(c) == 0,
    }
}

fn bit(byte: u8) -> u64 {
    BITS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// The bit of each byte: 0 to 35 for letters and digits, the other 28 shared.
const BITS: [u64; 256] = {
    let mut bits = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let place = match byte as u8 {
            letter @ b'a'..=b'z' => letter - b'a',
            digit @ b'0'..=b'9' => 26 + (digit - b'0'),
            other => 36 + other % 28,
        };
        bits[byte] = 1 << place;
        byte += 1;
    }
    bits
};
