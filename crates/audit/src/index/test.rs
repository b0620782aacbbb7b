//! Tests that letters and numbers cannot decide: words, persons, plans, ids, looked for in the entries themselves.
//!
//! Deliberately absent: where candidates come from.

use serde_json::Value;

use super::bits::Grams;
use super::text::{fold, haystack};
use crate::entry::Entry;

/// Members of a request that name a person by more than a name.
const PERSONS: [&str; 4] = ["person", "sub", "person_name", "principal"];

/// Where a needle must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// Anywhere.
    All,
    /// In what names the person concerned.
    Person,
    /// At the beginning of the plan's hash.
    Plan,
    /// At the beginning of an id.
    Id,
}

/// One text that is looked for.
#[derive(Debug, Clone)]
pub struct Probe {
    pub needle: String,
    pub within: Within,
    pub grams: Option<Grams>,
}

impl Probe {
    pub fn new(text: &str, within: Within) -> Self {
        let needle = fold(text);
        Self {
            grams: Grams::of(&needle),
            needle,
            within,
        }
    }

    fn holds(&self, entry: &Entry) -> bool {
        match self.within {
            Within::All => haystack(entry).contains(&self.needle),
            Within::Person => persons(entry).any(|text| fold(text).contains(&self.needle)),
            Within::Plan => entry
                .body
                .plan_sha256
                .as_ref()
                .is_some_and(|hash| hash.starts_with(&self.needle)),
            Within::Id => {
                entry.readable && entry.body.act.hyphenated().to_string().starts_with(&self.needle)
                    || ids(entry).any(|text| fold(text).starts_with(&self.needle))
            }
        }
    }
}

/// One part of a question: any of these, or, excluded, none of them.
#[derive(Debug, Clone)]
pub struct Test {
    pub excluded: bool,
    pub any: Vec<Probe>,
}

impl Test {
    /// Tells whether an entry, or an act with its outcomes, passes.
    pub fn holds(&self, entries: &[Entry]) -> bool {
        self.excluded
            != entries
                .iter()
                .any(|entry| self.any.iter().any(|probe| probe.holds(entry)))
    }
}

fn persons(entry: &Entry) -> impl Iterator<Item = &str> {
    let objects = entry.private.iter().chain([&entry.body.request]);
    objects.flat_map(|object| {
        PERSONS
            .iter()
            .filter_map(|name| object.get(*name))
            .filter_map(Value::as_str)
    })
}

fn ids(entry: &Entry) -> impl Iterator<Item = &str> {
    let objects = [&entry.body.request, &entry.body.result, &entry.body.signing];
    objects.into_iter().flat_map(|object| {
        object
            .iter()
            .filter(|(name, _)| is_id(name))
            .filter_map(|(_, value)| value.as_str())
    })
}

/// Tells whether a member is an id by its name: `jti`, `idem_key`, `review`, and all that end in `_id` or `_sha256`.
fn is_id(name: &str) -> bool {
    matches!(name, "jti" | "idem_key" | "review" | "person" | "witness")
        || name.ends_with("_id")
        || name.ends_with("_sha256")
}
