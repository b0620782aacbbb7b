//! One pass over bytes that tells whether they are canonical: no tree is built, nothing is printed again.
//!
//! It answers yes exactly where reading strictly and canonicalising gives the same bytes (`canonical::parse`, which a property test
//! sets it against), and shows the members of the two outer levels as it goes. Deliberately absent: why something is refused;
//! that costs a second reading, and is for `canonical::parse` to say.

use std::cmp::Ordering;
use std::ops::Range;

use crate::canonical::{MAX_DEPTH, MAX_INTEGER};

/// A member that the scan passed: the member of the outermost object it lies in, its own name there if it is one level deeper,
/// and where its value stands.
#[derive(Debug)]
pub struct Member<'b> {
    /// Name in the outermost object.
    pub outer: &'b [u8],
    /// Name in the object that is the outer member's value; `None` for the outer member itself.
    pub inner: Option<&'b [u8]>,
    /// The value's bytes.
    pub value: &'b [u8],
}

/// Tells whether the bytes are one canonical object, and shows its members, each after those within it.
///
/// What is shown of bytes that are then refused means nothing.
pub fn object<'b>(bytes: &'b [u8], visit: &mut dyn FnMut(Member<'b>)) -> bool {
    if std::str::from_utf8(bytes).is_err() {
        return false;
    }
    let mut scan = Scan {
        bytes,
        at: 0,
        outer: &[],
        visit,
    };
    bytes.first() == Some(&b'{') && scan.value(0).is_some() && scan.at == bytes.len()
}

struct Scan<'b, 'v> {
    bytes: &'b [u8],
    at: usize,
    outer: &'b [u8],
    visit: &'v mut dyn FnMut(Member<'b>),
}

impl<'b> Scan<'b, '_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn span(&self, range: Range<usize>) -> &'b [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// One value; `level` is that of what it stands in.
    fn value(&mut self, level: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.string(),
            b'{' => self.members(level + 1),
            b'[' => self.items(level + 1),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            _ => self.integer(),
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.bytes
            .get(self.at..)?
            .starts_with(word)
            .then(|| self.at += word.len())
    }

    fn members(&mut self, level: usize) -> Option<()> {
        self.open(level)?;
        if self.take(b'}').is_some() {
            return Some(());
        }
        let mut last: &[u8] = &[];
        loop {
            last = self.member(level, last)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// One member, whose name comes after the last one's; no name is empty, so every name comes after none.
    fn member(&mut self, level: usize, last: &[u8]) -> Option<&'b [u8]> {
        let begin = self.at + 1;
        self.string()?;
        let name = self.span(begin..self.at - 1);
        if !is_name(name) || order(last, name) != Ordering::Less {
            return None;
        }
        self.take(b':')?;
        if level == 1 {
            self.outer = name;
        }
        let begin = self.at;
        self.value(level)?;
        if level <= 2 {
            let member = Member {
                outer: self.outer,
                inner: (level == 2).then_some(name),
                value: self.span(begin..self.at),
            };
            (self.visit)(member);
        }
        Some(name)
    }

    fn items(&mut self, level: usize) -> Option<()> {
        self.open(level)?;
        if self.take(b']').is_some() {
            return Some(());
        }
        loop {
            self.value(level)?;
            if self.take(b',').is_none() {
                return self.take(b']');
            }
        }
    }

    fn open(&mut self, level: usize) -> Option<()> {
        self.at += 1;
        (level <= MAX_DEPTH).then_some(())
    }

    fn integer(&mut self) -> Option<()> {
        let negative = self.take(b'-').is_some();
        let begin = self.at;
        let mut number = 0_u64;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            number = number.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            self.at += 1;
        }
        let digits = self.span(begin..self.at);
        let sound = match digits {
            [] => false,
            [b'0'] => !negative,
            [first, ..] => *first != b'0' && number <= MAX_INTEGER,
        };
        sound.then_some(())
    }

    /// A string with its quotes.
    fn string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            self.at += plain(self.bytes.get(self.at..)?);
            match self.peek()? {
                b'"' => break,
                b'\\' => self.escape()?,
                _ => return None,
            }
        }
        self.take(b'"')
    }

    /// The one way in which a character is escaped that must be.
    fn escape(&mut self) -> Option<()> {
        let length = match self.bytes.get(self.at + 1..)? {
            [b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', b'0', b'0', b'0', low, ..] if is_hex(*low) && !b"89acd".contains(low) => 6,
            [b'u', b'0', b'0', b'1', low, ..] if is_hex(*low) => 6,
            _ => return None,
        };
        self.at += length;
        Some(())
    }
}

const fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// How many bytes from the beginning neither end a string nor must be escaped; eight at a time.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const fn zero(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word & HIGH
    }
    let mut length = 0;
    for chunk in bytes.chunks_exact(8) {
        let word = u64::from_ne_bytes(chunk.try_into().unwrap_or_default());
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        if control | zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5c)) != 0 {
            break;
        }
        length += 8;
    }
    let rest = bytes.get(length..).unwrap_or_default();
    length
        + rest
            .iter()
            .take_while(|b| **b >= 0x20 && **b != b'"' && **b != b'\\')
            .count()
}

/// Printable ASCII without blanks; of escapes only those of `"` and `\`, which are such characters.
fn is_name(raw: &[u8]) -> bool {
    let mut bytes = raw.iter();
    let mut sound = !raw.is_empty();
    while let Some(byte) = bytes.next() {
        sound &= byte.is_ascii_graphic() && (*byte != b'\\' || matches!(bytes.next(), Some(b'"' | b'\\')));
    }
    sound
}

/// The order of names by what they say, not by how they are escaped.
fn order(one: &[u8], other: &[u8]) -> Ordering {
    if one.contains(&b'\\') || other.contains(&b'\\') {
        said(one).cmp(said(other))
    } else {
        one.cmp(other)
    }
}

/// A name without its escapes.
fn said(raw: &[u8]) -> impl Iterator<Item = u8> {
    let mut escaped = false;
    raw.iter().copied().filter(move |byte| {
        escaped = *byte == b'\\' && !escaped;
        !escaped
    })
}

#[cfg(test)]
mod tests;
