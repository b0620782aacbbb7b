//! Tests that letters and numbers cannot decide: words, persons, plans, ids, looked for in the entries themselves.
//!
//! Deliberately absent: where candidates come from.

use std::cell::OnceCell;

use serde_json::Value;

use super::bits::Grams;
use super::text::{fold, haystack};
use crate::entry::Entry;
use crate::store::both_rows::Both;

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
    /// What stands in the bytes of every plain entry that holds the needle.
    plainly: Option<String>,
}

/// What an entry that cannot be read is found by.
const UNREADABLE: &str = "unreadable";

/// A stored entry that is looked at: its bytes are searched first, and read only where the needle may be in them.
pub struct Looked {
    seq: u64,
    both: Both,
    /// Bytes of entry and side row in small letters, where folding does nothing else to them.
    plain: OnceCell<Option<String>>,
    read: OnceCell<Entry>,
}

impl Looked {
    pub fn new(seq: u64, both: Both) -> Self {
        Self {
            seq,
            both,
            plain: OnceCell::new(),
            read: OnceCell::new(),
        }
    }

    fn entry(&self) -> &Entry {
        let (row, side) = &self.both;
        self.read
            .get_or_init(|| Entry::of(self.seq, row.clone(), side.as_deref()))
    }

    /// Whether something may stand in it; only no is certain.
    fn may_hold(&self, text: &str) -> bool {
        let (row, side) = &self.both;
        let plain = self.plain.get_or_init(|| {
            let mut bytes = row.body.clone().unwrap_or_default();
            bytes.push(0);
            bytes.extend(side.iter().flatten());
            // Escapes and other letters say something else than they spell.
            let plain = bytes.is_ascii() && !bytes.contains(&b'\\');
            bytes.make_ascii_lowercase();
            plain.then(|| String::from_utf8(bytes).ok()).flatten()
        });
        plain.as_ref().is_none_or(|plain| plain.contains(text))
    }
}

impl Probe {
    pub fn new(text: &str, within: Within) -> Self {
        let needle = fold(text);
        let longest = needle.split(' ').max_by_key(|piece| piece.len()).unwrap_or_default();
        let plainly = longest.is_ascii() && !UNREADABLE.contains(longest);
        Self {
            grams: Grams::of(&needle),
            plainly: plainly.then(|| longest.to_owned()),
            needle,
            within,
        }
    }

    fn holds(&self, looked: &Looked) -> bool {
        if self.plainly.as_ref().is_some_and(|text| !looked.may_hold(text)) {
            return false;
        }
        let entry = looked.entry();
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
    pub fn holds(&self, act: &[Looked]) -> bool {
        self.excluded
            != act
                .iter()
                .any(|looked| self.any.iter().any(|probe| probe.holds(looked)))
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
