//! From a file's bytes to text: UTF-8, UTF-16 with its mark, or Windows-1252, as spreadsheets write them.
//!
//! Line ends become `\n`. What cannot be read becomes U+FFFD, which makes its row a bad one and leaves the others good.
//! Deliberately absent: guessing among the other eight-bit encodings; nothing in the bytes tells them apart.

use super::failure::ImportFailure;

/// How a file's bytes were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    Utf8,
    /// UTF-16 with a mark, either byte order.
    Utf16,
    /// Windows-1252, what older Excel writes as "CSV" in western Europe.
    Windows1252,
}

impl Encoding {
    /// The name to show.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// Reads the bytes as text with `\n` as its only line end.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Encoding), ImportFailure> {
    if is_workbook(bytes) {
        return Err(ImportFailure::Workbook);
    }
    let (text, encoding) = match bytes {
        [0xff, 0xfe, rest @ ..] => (utf16(rest, u16::from_le_bytes), Encoding::Utf16),
        [0xfe, 0xff, rest @ ..] => (utf16(rest, u16::from_be_bytes), Encoding::Utf16),
        [0xef, 0xbb, 0xbf, rest @ ..] => (String::from_utf8_lossy(rest).into_owned(), Encoding::Utf8),
        _ => eight_bit(bytes),
    };
    if text.contains('\0') {
        return Err(ImportFailure::NotText);
    }
    Ok((plain_line_ends(text), encoding))
}

/// Zip (`.xlsx`, `.ods`) and the old Office container (`.xls`).
fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// UTF-8 when it is valid, or when more of its letters are valid UTF-8 than not: then a few damaged rows must not turn
/// every other name into signs.
fn eight_bit(bytes: &[u8]) -> (String, Encoding) {
    let (mut valid, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if broken == 0 || valid > broken {
        (String::from_utf8_lossy(bytes).into_owned(), Encoding::Utf8)
    } else {
        (
            bytes.iter().map(|byte| windows_1252(*byte)).collect(),
            Encoding::Windows1252,
        )
    }
}

/// The WHATWG table without its five C1 fillers, which no text means.
fn windows_1252(byte: u8) -> char {
    const FROM_0X80: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => FROM_0X80
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        other => char::from(other),
    }
}

fn plain_line_ends(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}
