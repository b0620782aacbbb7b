//! Sets of entries of one segment, and the three letters by which a text is found.
//!
//! A segment is 4096 sequence numbers. A set is 4096 bits, or where it is small a list of numbers of two bytes. Deliberately absent: SQL.

use super::text::BETWEEN;

/// Sequence numbers in a segment.
pub const SEGMENT: u64 = 4096;
const WORDS: usize = 64;
const WHOLE: usize = WORDS * 8;
/// A list is shorter than the bits up to here.
const MOST_LISTED: usize = WHOLE / 2 - 1;

/// The segment of a sequence number.
pub const fn segment_of(seq: u64) -> u64 {
    seq / SEGMENT
}

/// The place of a sequence number in its segment.
pub fn place_of(seq: u64) -> u16 {
    u16::try_from(seq % SEGMENT).unwrap_or(0)
}

/// Some of a segment's places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits([u64; WORDS]);

impl Bits {
    pub const NONE: Self = Self([0; WORDS]);
    pub const ALL: Self = Self([u64::MAX; WORDS]);

    pub fn set(&mut self, place: u16) {
        if let Some(word) = self.0.get_mut(usize::from(place / 64)) {
            *word |= 1 << (place % 64);
        }
    }

    pub fn clear(&mut self, place: u16) {
        if let Some(word) = self.0.get_mut(usize::from(place / 64)) {
            *word &= !(1 << (place % 64));
        }
    }

    pub fn has(&self, place: u16) -> bool {
        self.0
            .get(usize::from(place / 64))
            .is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    pub fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own &= other);
    }

    pub fn or(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// How many places it has.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    fn each_place(&self, mut take: impl FnMut(u16)) {
        for (base, word) in (0_u16..).step_by(64).zip(&self.0) {
            let mut rest = *word;
            while rest != 0 {
                take(base | (rest.trailing_zeros() & 63) as u16);
                rest &= rest - 1;
            }
        }
    }

    /// As it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let count = self.count() as usize;
        let mut bytes = Vec::with_capacity(WHOLE.min(2 * count));
        if count <= MOST_LISTED {
            self.each_place(|place| bytes.extend_from_slice(&place.to_le_bytes()));
        } else {
            self.0
                .iter()
                .for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        }
        bytes
    }

    /// As it was stored.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut bits = Self::NONE;
        if bytes.len() == WHOLE {
            let (words, _) = bytes.as_chunks::<8>();
            bits.0
                .iter_mut()
                .zip(words)
                .for_each(|(word, bytes)| *word = u64::from_le_bytes(*bytes));
        } else {
            let (places, _) = bytes.as_chunks::<2>();
            places
                .iter()
                .for_each(|bytes| bits.set(u16::from_le_bytes(*bytes) % 4096));
        }
        bits
    }
}

/// Calls with each three letters of a text; at a line's end with fewer, so that short words are beginnings of something.
pub fn each_gram(text: &str, mut take: impl FnMut(i64)) {
    let (mut a, mut b) = ('\0', '\0');
    for c in text.chars().chain([BETWEEN, BETWEEN]) {
        let c = if c == BETWEEN { '\0' } else { c };
        if a != '\0' {
            take(gram(a, b, c));
        }
        (a, b) = (b, c);
    }
}

/// Three letters as one number, in their order.
fn gram(a: char, b: char, c: char) -> i64 {
    i64::from(u32::from(a)) << 42 | i64::from(u32::from(b)) << 21 | i64::from(u32::from(c))
}

/// How a needle is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grams {
    /// All of these must be there.
    All(Vec<i64>),
    /// Any between these must be there: the needle has one letter or two.
    Between(i64, i64),
}

/// The most letters of a needle that are weighed.
const MOST_WEIGHED: usize = 64;
/// The most that are looked up for one needle: more than these hardly leave fewer.
const MOST_GRAMS: usize = 8;

impl Grams {
    /// For a folded needle; `None` for an empty one, which is everywhere.
    pub fn of(needle: &str) -> Option<Self> {
        let chars: Vec<char> = needle.chars().collect();
        match chars.as_slice() {
            [] => None,
            [a] => Some(Self::Between(gram(*a, '\0', '\0'), gram(*a, char::MAX, char::MAX))),
            [a, b] => Some(Self::Between(gram(*a, *b, '\0'), gram(*a, *b, char::MAX))),
            more => Some(Self::All(distinct(more))),
        }
    }

    /// Keeps those that the fewest entries have, the rarest first.
    pub fn keep_rarest<E>(&mut self, weigh: &mut dyn FnMut(i64) -> Result<u32, E>) -> Result<(), E> {
        if let Self::All(grams) = self {
            let mut weighed = Vec::with_capacity(grams.len());
            for gram in grams.iter() {
                weighed.push((weigh(*gram)?, *gram));
            }
            weighed.sort_unstable();
            *grams = weighed.into_iter().take(MOST_GRAMS).map(|(_, gram)| gram).collect();
        }
        Ok(())
    }
}

fn distinct(chars: &[char]) -> Vec<i64> {
    let mut grams: Vec<i64> = chars
        .windows(3)
        .filter_map(|three| <[char; 3]>::try_from(three).ok())
        .map(|[a, b, c]| gram(a, b, c))
        .take(MOST_WEIGHED)
        .collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams(text: &str) -> Vec<i64> {
        let mut found = Vec::new();
        each_gram(text, |gram| found.push(gram));
        found
    }

    #[test]
    fn a_set_reads_back_from_both_of_its_forms() {
        for count in [0, 1, 255, 256, 4096] {
            let mut bits = Bits::NONE;
            (0..count).for_each(|place| bits.set(place * (4095 / count.max(1)).max(1) % 4096));
            assert_eq!(Bits::from_bytes(&bits.to_bytes()), bits, "{count} places");
        }
    }

    #[test]
    fn every_part_of_a_line_is_found_by_its_grams_and_none_reaches_over_its_end() {
        let text = "ab cdé\nxy\n";
        let own = grams(text);
        for part in ["ab ", "cdé", "b c", "é", "y", "xy", "a", "dé"] {
            let found = match Grams::of(part).unwrap() {
                Grams::All(wanted) => wanted.iter().all(|gram| own.contains(gram)),
                Grams::Between(low, high) => own.iter().any(|gram| (low..=high).contains(gram)),
            };
            assert!(found, "{part:?} is found");
        }
        let over = gram('é', '\n', 'x');
        assert!(!own.contains(&over), "nothing reaches over a line's end");
    }
}
