//! What a token may be used for: Klarna's `scopes`, as a set (tokens.md 2.3).
//!
//! One document says that a token holds either payment purpose, another shows one together with `customer:login`, so they are a
//! set, and an unknown word is kept. Deliberately absent: the rule of at most one payment purpose, which the wish for a token
//! keeps by type ([`crate::TokenWish`]); what Klarna answers is taken as it is.

use std::collections::BTreeSet;

/// One thing that a token may be used for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenPurpose {
    /// `payment:customer_present`: the customer is there and may be asked.
    CustomerPresent,
    /// `payment:customer_not_present`: nobody can be asked.
    CustomerNotPresent,
    /// `customer:login`: the customer is recognised.
    LogIn,
    /// A word that this version does not know.
    Other(String),
}

impl TokenPurpose {
    /// Reads Klarna's word; an unknown one is kept, cut at 100 characters.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "payment:customer_present" => Self::CustomerPresent,
            "payment:customer_not_present" => Self::CustomerNotPresent,
            "customer:login" => Self::LogIn,
            other => Self::Other(other.chars().filter(|c| !c.is_control()).take(100).collect()),
        }
    }

    /// Returns Klarna's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::CustomerPresent => "payment:customer_present",
            Self::CustomerNotPresent => "payment:customer_not_present",
            Self::LogIn => "customer:login",
            Self::Other(word) => word,
        }
    }
}

/// What a token may be used for; may be empty when Klarna did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Purposes {
    set: BTreeSet<TokenPurpose>,
}

impl Purposes {
    /// Reads Klarna's words.
    #[must_use]
    pub fn from_words<W: AsRef<str>>(words: impl IntoIterator<Item = W>) -> Self {
        let set = words
            .into_iter()
            .map(|word| TokenPurpose::from_word(word.as_ref()))
            .collect();
        Self { set }
    }

    /// Returns them in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = &TokenPurpose> {
        self.set.iter()
    }

    /// Tells whether Klarna said nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    /// Tells whether a purpose is among them.
    #[must_use]
    pub fn allow(&self, purpose: &TokenPurpose) -> bool {
        self.set.contains(purpose)
    }

    /// Tells whether the set holds both payment purposes, which no document shows.
    #[must_use]
    pub fn is_odd(&self) -> bool {
        self.allow(&TokenPurpose::CustomerPresent) && self.allow(&TokenPurpose::CustomerNotPresent)
    }
}
