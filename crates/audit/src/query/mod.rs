//! The language in which people ask the log: `actor: act: merchant: env: outcome: since: until: profile: person: plan: id:` and free words.
//!
//! A question is read without a clock and without the log: [`Question`] is what was written, and [`Question::between`] says which time is
//! meant at a given now. Deliberately absent: brackets, OR between different fields, and any way to reach SQL.

mod fault;
mod lex;
mod moment;
mod parse;
mod print;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use fault::QueryFault;
pub use moment::Moment;

/// The longest question, in characters.
pub const MAX_CHARS: usize = 1000;
/// The most parts of a question.
pub const MAX_TERMS: usize = 48;

/// A question to the log. All fields and words must hold; of one field, any of the values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    terms: Vec<Term>,
}

/// One part of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Written with `-` in front: what has it is left out.
    pub excluded: bool,
    /// What is asked for.
    pub what: What,
}

/// What one part of a question asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A word, or several in quotes, found anywhere in an entry or its side row.
    Word(String),
    /// The value of a field.
    Field(Field, String),
    /// `since:`: not before this moment.
    Since(Moment),
    /// `until:`: not after this moment; a day is meant whole.
    Until(Moment),
}

/// The fields that have values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Who acted: the person key's id.
    Actor,
    /// What was done: a kind (`access.grant`) or a topic (`access.*`).
    Act,
    /// The merchant: account KRN or its last segment.
    Merchant,
    /// `live`, `test`, `sandbox`.
    Env,
    /// `succeeded`, `refused`, `unknown`, `open`.
    Outcome,
    /// The profile's name.
    Profile,
    /// Whose access or link it was: part of an e-mail address or of a person's name, or a key's fingerprint.
    Person,
    /// The plan's SHA-256, or how it begins.
    Plan,
    /// An act's id, or any id that stands in the entry, whole or how it begins.
    Id,
}

impl Field {
    /// Every field with a value.
    pub const ALL: [Self; 9] = [
        Self::Actor,
        Self::Act,
        Self::Merchant,
        Self::Env,
        Self::Outcome,
        Self::Profile,
        Self::Person,
        Self::Plan,
        Self::Id,
    ];

    /// The word before the colon.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Act => "act",
            Self::Merchant => "merchant",
            Self::Env => "env",
            Self::Outcome => "outcome",
            Self::Profile => "profile",
            Self::Person => "person",
            Self::Plan => "plan",
            Self::Id => "id",
        }
    }
}

impl Question {
    /// Reads a question.
    ///
    /// # Errors
    /// The first fault, with its place and what to write instead.
    pub fn read(text: &str) -> Result<Self, QueryFault> {
        parse::question(text)
    }

    /// A question made of its parts, as the facets of a screen write it.
    #[must_use]
    pub fn of(terms: Vec<Term>) -> Self {
        Self { terms }
    }

    /// Its parts, in the order in which they were written.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Tells whether everything is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The same question with one part more.
    #[must_use]
    pub fn and(mut self, excluded: bool, what: What) -> Self {
        self.terms.push(Term { excluded, what });
        self
    }

    /// The milliseconds since 1970 in which an entry's time must lie, at a given now; days are UTC.
    #[must_use]
    pub fn between(&self, now_ms: i64) -> Range<i64> {
        let mut range = i64::MIN..i64::MAX;
        for term in &self.terms {
            match &term.what {
                What::Since(moment) => range.start = moment.first_ms(now_ms),
                What::Until(moment) => range.end = moment.end_ms(now_ms),
                What::Word(_) | What::Field(..) => {}
            }
        }
        range
    }
}
