//! What a setting may hold, and how it is read from text.
//!
//! Every value crosses as text, so that the control API, the database and a command line agree without a schema.
//! Nothing here knows a particular key.

use std::fmt;

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
            Self::Count(least, most) => text
                .trim()
                .parse()
                .ok()
                .filter(|count| (least..=most).contains(count))
                .map(Value::Count),
            Self::Choice(choices) => choices
                .contains(&text)
                .then(|| Value::Text(text.to_owned())),
            Self::Words => Some(Value::Words(split(text))),
            Self::WordsOf(known) => {
                let words = split(text);
                words
                    .iter()
                    .all(|word| known.contains(&word.as_str()))
                    .then_some(Value::Words(words))
            }
            Self::Template(parts) => parts
                .iter()
                .all(|part| text.contains(part))
                .then(|| Value::Text(text.to_owned())),
            Self::Pairs => {
                let words = split(text);
                words
                    .iter()
                    .all(|word| pair(word).is_some())
                    .then_some(Value::Words(words))
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
        }
    }
}

/// Splits a pair such as `MTLS=2`.
pub(crate) fn pair(word: &str) -> Option<(&str, i64)> {
    let (name, number) = word.split_once('=')?;
    Some((name, number.parse().ok()?)).filter(|(name, _)| !name.is_empty())
}

fn split(text: &str) -> Vec<String> {
    text.split(|mark: char| mark == ',' || mark.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Value {
    pub(super) fn as_switch(&self) -> bool {
        matches!(self, Self::Switch(true))
    }

    pub(super) fn as_count(&self) -> i64 {
        if let Self::Count(count) = self {
            *count
        } else {
            0
        }
    }

    pub(super) fn as_text(&self) -> &str {
        if let Self::Text(text) = self {
            text
        } else {
            ""
        }
    }

    pub(super) fn as_words(&self) -> &[String] {
        if let Self::Words(words) = self {
            words
        } else {
            &[]
        }
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
