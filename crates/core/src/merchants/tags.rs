//! Tags: short words that people put on merchants; kept in one column, separated by blanks.
//!
//! Deliberately absent: tags with blanks, since the column and the search would take them for two.

use super::clean::{clean, shown};
use super::failure::MerchantFailure;
use super::fold::fold;

const MAX_TAGS: usize = 20;
const MAX_TAG_CHARS: usize = 40;

/// Reads tags from text: separated by white space, comma, semicolon or bar; the first of two that differ only in case
/// or accents is kept.
///
/// # Errors
/// [`MerchantFailure::Tag`] for a tag that is too long or holds a control character, and for more than twenty.
pub fn parse_tags(text: &str) -> Result<Vec<String>, MerchantFailure> {
    let mut tags: Vec<String> = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|')) {
        let tag = clean(word).map_err(|_| refused(word, "it holds characters that cannot be shown"))?;
        if tag.is_empty() || tags.iter().any(|known| fold(known) == fold(&tag)) {
            continue;
        }
        if tag.chars().count() > MAX_TAG_CHARS {
            return Err(refused(word, "it has more than 40 characters"));
        }
        if tags.len() == MAX_TAGS {
            return Err(refused(word, "a merchant has at most 20 tags"));
        }
        tags.push(tag);
    }
    Ok(tags)
}

fn refused(tag: &str, why: &'static str) -> MerchantFailure {
    MerchantFailure::Tag { tag: shown(tag), why }
}

/// Joins tags as the column and the search text hold them.
pub(super) fn join_tags(tags: &[String]) -> String {
    tags.join(" ")
}

/// Splits the column again.
pub(super) fn split_tags(column: &str) -> Vec<String> {
    column.split_ascii_whitespace().map(str::to_owned).collect()
}
