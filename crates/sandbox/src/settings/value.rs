//! What a setting may hold, and how it is read from text.
//!
//! Every value crosses as text, so that the control API, the database and a command line agree without a schema.
//! Nothing here knows a particular key.

use super::range::IpRange;
use std::fmt;
use std::ops::RangeInclusive;

/// Klarna takes up to 100 ranges (portal-access.md 6.4, DOC).
const MOST_RANGES: usize = 100;

/// What values a key accepts.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Switch,
    /// A whole number within both bounds.
    Count(i64, i64),
    /// Exactly one of these words.
    Choice(&'static [&'static str]),
    /// Words separated by spaces or commas; an empty list is allowed.
    Words,
    /// Words out of these only; an empty list is allowed.
    WordsOf(&'static [&'static str]),
    /// Text that holds each of these placeholders.
    Template(&'static [&'static str]),
    /// `NAME=number` pairs separated by commas or spaces.
    Pairs,
    /// Up to 100 IP addresses or CIDR ranges separated by commas or spaces; an empty list is allowed.
    Ranges,
}

/// A setting could not be changed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingRefused {
    /// There is no such key.
    #[error("There is no setting {0}. List the settings to see every key.")]
    UnknownKey(String),
    /// The key does not accept this value.
    #[error("The setting {key} does not accept {value:?}. It accepts {accepts}.")]
    BadValue {
        /// The key that was to be changed.
        key: &'static str,
        /// What was given.
        value: String,
        /// What it accepts.
        accepts: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Switch(bool),
    Count(i64),
    Text(String),
    Words(Vec<String>),
}

impl Kind {
    pub(super) fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Switch => text.trim().parse().ok().map(Value::Switch),
            Self::Count(least, most) => count(text, least..=most).map(Value::Count),
            Self::Choice(choices) => choices.contains(&text).then(|| Value::Text(text.to_owned())),
            Self::Words => words(text, |_| true),
            Self::WordsOf(known) => words(text, |word| known.contains(&word)),
            Self::Template(parts) => parts
                .iter()
                .all(|part| text.contains(part))
                .then(|| Value::Text(text.to_owned())),
            Self::Pairs => words(text, |word| pair(word).is_some()),
            Self::Ranges => {
                words(text, |word| IpRange::read(word).is_some()).filter(|value| value.as_words().len() <= MOST_RANGES)
            }
        }
    }

    pub(super) fn accepts(self) -> String {
        match self {
            Self::Switch => "true or false".to_owned(),
            Self::Count(least, most) => format!("a whole number from {least} to {most}"),
            Self::Choice(choices) => format!("one of: {}", choices.join(", ")),
            Self::Words => "words separated by spaces or commas".to_owned(),
            Self::WordsOf(known) => format!(
                "any of these words, separated by spaces or commas: {}",
                known.join(", ")
            ),
            Self::Template(parts) => format!("text that contains {}", parts.join(" and ")),
            Self::Pairs => "pairs such as NAME=1, separated by spaces or commas".to_owned(),
            Self::Ranges => format!("up to {MOST_RANGES} IP ranges such as 10.0.0.0/8, separated by spaces or commas"),
        }
    }
}

/// Splits a pair such as `MTLS=2`.
pub(crate) fn pair(word: &str) -> Option<(&str, i64)> {
    let (name, number) = word.split_once('=')?;
    Some((name, number.parse().ok()?)).filter(|(name, _)| !name.is_empty())
}

fn count(text: &str, range: RangeInclusive<i64>) -> Option<i64> {
    text.trim().parse().ok().filter(|count| range.contains(count))
}

/// Splits at spaces and commas; nothing when one word does not fit.
fn words(text: &str, fits: impl Fn(&str) -> bool) -> Option<Value> {
    let words = text.split(|mark: char| mark == ',' || mark.is_whitespace());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.iter().all(|word| fits(word)).then_some(Value::Words(words))
}

impl Value {
    pub(super) fn as_switch(&self) -> bool {
        matches!(self, Self::Switch(true))
    }

    pub(super) fn as_count(&self) -> i64 {
        if let Self::Count(count) = self { *count } else { 0 }
    }

    pub(super) fn as_text(&self) -> &str {
        if let Self::Text(text) = self { text } else { "" }
    }

    pub(super) fn as_words(&self) -> &[String] {
        if let Self::Words(words) = self { words } else { &[] }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => on.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Words(words) => f.write_str(&words.join(" ")),
        }
    }
}
