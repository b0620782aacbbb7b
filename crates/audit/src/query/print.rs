//! A question as text, in the one form that reads back to the same question.
//!
//! Deliberately absent: the spelling in which somebody wrote it.

use std::fmt;

use super::parse::PLAIN;
use super::{Question, Term, What};

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.excluded {
            f.write_str("-")?;
        }
        match &self.what {
            What::Word(text) if is_bare_word(text) => f.write_str(text),
            What::Word(text) => f.write_str(&quoted(text)),
            What::Field(field, value) => {
                let value = if is_bare(value) { value.clone() } else { quoted(value) };
                write!(f, "{}:{value}", field.word())
            }
            What::Since(moment) => write!(f, "since:{moment}"),
            What::Until(moment) => write!(f, "until:{moment}"),
        }
    }
}

fn is_bare(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "._-@/+*#%:'&=,;!?()$~".contains(c))
}

/// A word that would read as a field, or as one that is left out, stands in quotes.
fn is_bare_word(text: &str) -> bool {
    let before = text.split(':').next().unwrap_or_default();
    let like_field =
        text.contains(':') && before.chars().all(|c| c.is_ascii_alphabetic() || c == '_') && !before.is_empty();
    is_bare(text) && !text.starts_with('-') && (!like_field || PLAIN.contains(&before.to_ascii_lowercase().as_str()))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
