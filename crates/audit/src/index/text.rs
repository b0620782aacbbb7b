//! Folding of text for search: without case, accents and compatibility forms, so that `Müller` is found by `muller`.
//!
//! Deliberately absent: word boundaries and stemming. Any part of a text finds it.

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::entry::Entry;

/// What parts the texts of an entry from each other; no needle holds it.
pub const BETWEEN: char = '\n';
/// Side rows' members that are not searched: long, and told by other members already.
const UNSEARCHED: [&str; 1] = ["claims"];

/// Folds a text; blanks become one blank each, none at its ends.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

fn fold_into(text: &str, folded: &mut String) {
    let from = folded.len();
    let mut push = |c: char| {
        if !c.is_whitespace() && c != '\0' {
            folded.push(c);
        } else if folded.len() > from && !folded.ends_with(' ') {
            folded.push(' ');
        }
    };
    if text.is_ascii() {
        text.chars().for_each(|c| push(c.to_ascii_lowercase()));
    } else {
        let unmarked = text.nfkd().filter(|c| !is_combining_mark(*c));
        unmarked.flat_map(char::to_lowercase).for_each(push);
    }
    if folded.len() > from && folded.ends_with(' ') {
        folded.pop();
    }
}

/// The words of a question, folded; all of them must be found.
pub fn needles(text: &str) -> Vec<String> {
    fold(text).split_whitespace().map(str::to_owned).collect()
}

/// Everything in an entry that a search may find, folded, each text on a line of its own.
pub fn haystack(entry: &Entry) -> String {
    let body = &entry.body;
    let mut hay = Hay(String::with_capacity(512));
    hay.push(&body.kind);
    let texts = [&body.merchant, &body.profile, &body.env, &body.plan_sha256];
    texts.into_iter().flatten().for_each(|text| hay.push(text));
    if let Some(actor) = &body.actor {
        hay.push(&actor.key_id);
        hay.push(&actor.role);
    }
    if entry.readable {
        let mut buffer = uuid::Uuid::encode_buffer();
        hay.push(body.act.hyphenated().encode_lower(&mut buffer));
    }
    let objects = [&body.request, &body.result, &body.signing];
    objects
        .into_iter()
        .chain(&entry.private)
        .for_each(|object| hay.object(object));
    hay.0
}

struct Hay(String);

impl Hay {
    fn push(&mut self, text: &str) {
        fold_into_line(text, &mut self.0);
    }

    fn object(&mut self, object: &Map<String, Value>) {
        object
            .iter()
            .filter(|(name, _)| !UNSEARCHED.contains(&name.as_str()))
            .for_each(|(_, value)| self.value(value));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.push(text),
            Value::Number(number) => self.push(&number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(object) => self.object(object),
            Value::Bool(_) | Value::Null => {}
        }
    }
}

fn fold_into_line(text: &str, folded: &mut String) {
    let from = folded.len();
    fold_into(text, folded);
    if folded.len() > from {
        folded.push(BETWEEN);
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn ascii_folds_as_any_other_text_does() {
        let text = "  Two\t\nWORDS-x  ";
        assert_eq!(fold(text), "two words-x", "blanks are one, none at the ends");
        assert_eq!(
            fold(&format!("{text}ü")),
            "two words-x u",
            "and the same beside an accent"
        );
    }
}
