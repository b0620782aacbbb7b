//! Folding of text for search: without case, accents and compatibility forms, so that `Müller` is found by `muller`.
//!
//! Deliberately absent: word boundaries and stemming. Any part of a text finds it.

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::entry::Entry;

/// Side rows' members that are not searched: long, and told by other members already.
const UNSEARCHED: [&str; 1] = ["claims"];

/// Folds a text.
pub fn fold(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a question, folded; all of them must be found.
pub fn needles(text: &str) -> Vec<String> {
    fold(text).split_whitespace().map(str::to_owned).collect()
}

/// Everything in an entry that a search may find.
pub fn haystack(entry: &Entry) -> String {
    let body = &entry.body;
    let mut words = vec![body.kind.clone()];
    words.extend(
        [&body.merchant, &body.profile, &body.env]
            .into_iter()
            .flatten()
            .cloned(),
    );
    if let Some(actor) = &body.actor {
        words.extend([actor.key_id.clone(), actor.role.clone()]);
    }
    [&body.request, &body.result, &body.signing]
        .into_iter()
        .chain(&entry.private)
        .for_each(|object| gather(object, &mut words));
    fold(&words.join("\n"))
}

fn gather(object: &Map<String, Value>, words: &mut Vec<String>) {
    object
        .iter()
        .filter(|(name, _)| !UNSEARCHED.contains(&name.as_str()))
        .for_each(|(_, value)| gather_value(value, words));
}

fn gather_value(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) => words.push(text.clone()),
        Value::Number(number) => words.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| gather_value(item, words)),
        Value::Object(object) => gather(object, words),
        Value::Bool(_) | Value::Null => {}
    }
}
