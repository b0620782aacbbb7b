//! The search text of one row: its folded fields in one string, told apart by a control character before each.
//!
//! It is kept in the column `folded`, so that loading a hundred thousand rows folds nothing. Folded text holds no
//! control characters, so neither separators nor line ends can be met by a search term. Deliberately absent: the
//! whole KRN, whose first part is the same in every row of a profile.

use super::fold::fold;
use super::merchant::suffix_of;

/// Stands before the reference.
pub(super) const BEFORE_REFERENCE: u8 = 0x1c;
/// Stands before the last segment of the KRN.
pub(super) const BEFORE_SUFFIX: u8 = 0x1d;
/// Stands before the tags.
pub(super) const BEFORE_TAGS: u8 = 0x1e;
/// Stands before the country.
pub(super) const BEFORE_COUNTRY: u8 = 0x1f;

const SEPARATORS: [u8; 4] = [BEFORE_REFERENCE, BEFORE_SUFFIX, BEFORE_TAGS, BEFORE_COUNTRY];

/// Composes the search text of a row; `tags` are joined by blanks.
pub(super) fn compose(id: &str, name: &str, reference: &str, tags: &str, country: &str) -> String {
    let mut text = fold(name);
    let rest = [reference, suffix_of(id), tags, country];
    for (separator, field) in SEPARATORS.into_iter().zip(rest) {
        text.push(char::from(separator));
        text.push_str(&fold(field));
    }
    text
}

/// Tells whether a stored search text has exactly our separators in their order and no line end.
pub(super) fn is_sound(text: &str) -> bool {
    text.bytes().filter(|byte| *byte < b' ').eq(SEPARATORS)
}
