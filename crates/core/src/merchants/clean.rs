//! Cleaning: what one value from outside looks like before it is kept, and how a bad one is shown.
//!
//! Spreadsheets, clipboards and Klarna's answers bring line breaks, double spaces, direction marks and control
//! characters. Deliberately absent: changes to letters; a name keeps its accents and its script.

use super::fold::is_invisible;

/// How many characters a name or a reference may have.
pub(super) const MAX_CHARS: usize = 255;
/// How much of a bad value a report shows.
const SHOWN_CHARS: usize = 60;

/// Why a value cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclean {
    /// It holds a control character that is not white space.
    Control,
    /// It holds U+FFFD: the file's encoding was broken there.
    Unreadable,
    /// It has this many characters, more than [`MAX_CHARS`].
    TooLong(usize),
}

/// Trims a value, makes every run of white space one blank, drops invisible characters, and refuses what is left bad.
pub(super) fn clean(value: &str) -> Result<String, Unclean> {
    if is_plain(value) {
        return Ok(value.to_owned());
    }
    let cleaned = squeeze(value);
    if cleaned.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Unclean::Unreadable);
    }
    if cleaned.contains(char::is_control) {
        return Err(Unclean::Control);
    }
    match cleaned.chars().count() {
        0..=MAX_CHARS => Ok(cleaned),
        chars => Err(Unclean::TooLong(chars)),
    }
}

/// Most values need no cleaning, and a file has a million of them.
fn is_plain(value: &str) -> bool {
    let is_printable = |byte: u8| matches!(byte, b' '..=b'~');
    value.len() <= MAX_CHARS
        && value.bytes().all(is_printable)
        && value.trim().len() == value.len()
        && !value.contains("  ")
}

/// Makes the best of a value that cannot be sent back for mending: control characters go, the end is cut off.
pub(super) fn tidy(value: &str) -> String {
    let kept: String = squeeze(value)
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_CHARS)
        .collect();
    kept.trim().to_owned()
}

fn squeeze(value: &str) -> String {
    let mut squeezed = String::with_capacity(value.len());
    for c in value.chars().filter(|c| !is_hidden(*c)) {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !(squeezed.is_empty() || squeezed.ends_with(' ')) {
            squeezed.push(c);
        }
    }
    squeezed.truncate(squeezed.trim_end().len());
    squeezed
}

/// Joiners and variation selectors shape letters and emoji, so they stay; the other invisible ones only mislead.
fn is_hidden(c: char) -> bool {
    is_invisible(c)
        && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Shows a bad value: shortened, and with pictures in place of control and invisible characters.
pub(super) fn shown(value: &str) -> String {
    let mut letters = value.trim().chars();
    let mut shown: String = letters.by_ref().take(SHOWN_CHARS).map(picture).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

fn picture(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\u{7f}' => '\u{2421}',
        c if c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}') => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}
