//! The rows as people read them: all original texts in one string, with the facts beside.
//!
//! A hundred thousand rows would be half a million small strings; one buffer loads in a fraction of the time. Deliberately
//! absent: folded text; see [`super::haystack`].

use super::Hit;
use super::spans::{Field, spans};
use super::to_u32;
use crate::merchants::merchant::{Merchant, MerchantState, suffix_of};
use crate::merchants::tags::{join_tags, split_tags};

/// The facts of all rows, in the haystack's order.
#[derive(Debug, Default)]
pub(super) struct Records {
    text: String,
    entries: Vec<Entry>,
    /// Row numbers in the order of ids.
    by_id: Vec<u32>,
}

/// One row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Where id, name, reference, country and tags end in the text, with the id's beginning first.
    bounds: [u32; 6],
    /// What Klarna last said.
    state: MerchantState,
    /// Whether it is pinned.
    pub(super) pinned: bool,
    /// When its portal was last opened.
    pub(super) opened_at_ms: Option<i64>,
}

/// One row's texts in the order id, name, reference, country, tags.
pub(super) type Texts<'r> = [&'r str; 5];

impl Records {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds a row while loading; [`Self::arrange`] puts the rows in order afterwards.
    pub(super) fn push(&mut self, texts: Texts<'_>, state: MerchantState, pinned: bool, opened_at_ms: Option<i64>) {
        let entry = self.entry_of(texts, state, pinned, opened_at_ms);
        self.entries.push(entry);
    }

    /// How many bytes of text there are; more than 32 bits can count must not be added.
    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Brings rows that were added in the order of ids into another order.
    pub(super) fn arrange(&mut self, order: &[u32]) {
        self.entries = order
            .iter()
            .filter_map(|old| self.entries.get(*old as usize).copied())
            .collect();
        self.by_id = vec![0; order.len()];
        for (row, old) in (0..).zip(order) {
            if let Some(place) = self.by_id.get_mut(*old as usize) {
                *place = row;
            }
        }
    }

    /// Finds the row of an id; `Err` is its place among the ids.
    pub(super) fn row_of(&self, id: &str) -> Result<usize, usize> {
        let found = self
            .by_id
            .binary_search_by(|row| self.texts(*row as usize)[0].cmp(id))?;
        Ok(self.by_id.get(found).map_or(0, |row| *row as usize))
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(super) fn entry_mut(&mut self, row: usize) -> &mut Entry {
        self.entries.get_mut(row).expect("row_of answers rows that are there")
    }

    /// Puts a row in; its id must not be there yet.
    pub(super) fn insert(&mut self, row: usize, merchant: &Merchant) {
        let Merchant {
            id,
            name,
            reference,
            country,
            tags,
            state,
            pinned,
            opened_at_ms,
            ..
        } = merchant;
        let among_ids = self.row_of(id).unwrap_or_else(|place| place);
        let entry = self.entry_of(
            [id, name, reference, country, &join_tags(tags)],
            *state,
            *pinned,
            *opened_at_ms,
        );
        self.entries.insert(row, entry);
        self.by_id
            .iter_mut()
            .filter(|other| **other >= to_u32(row))
            .for_each(|other| *other += 1);
        self.by_id.insert(among_ids, to_u32(row));
    }

    /// Takes a row out; its text stays behind until the next load.
    pub(super) fn remove(&mut self, row: usize) {
        self.entries.remove(row);
        self.by_id.retain(|other| *other != to_u32(row));
        self.by_id
            .iter_mut()
            .filter(|other| **other > to_u32(row))
            .for_each(|other| *other -= 1);
    }

    /// What every id of this profile begins with, or nothing.
    pub(super) fn id_head(&self) -> &str {
        let id = self.by_id.first().map_or("", |row| self.texts(*row as usize)[0]);
        id.strip_suffix(suffix_of(id)).unwrap_or_default()
    }

    /// The row as an answer shows it, with the places where the terms are found.
    pub(super) fn hit(&self, row: impl TryInto<usize>, terms: &[String]) -> Hit {
        let row = row.try_into().unwrap_or(usize::MAX);
        let [id, name, reference, country, tags] = self.texts(row);
        let entry = self.entries.get(row).copied();
        let fields = [
            (Field::Name, name),
            (Field::Reference, reference),
            (Field::Id, id),
            (Field::Tag, tags),
            (Field::Country, country),
        ];
        Hit {
            id: id.to_owned(),
            name: name.to_owned(),
            reference: reference.to_owned(),
            country: country.to_owned(),
            tags: split_tags(tags),
            state: entry.map_or(MerchantState::Unknown, |entry| entry.state),
            pinned: entry.is_some_and(|entry| entry.pinned),
            opened_at_ms: entry.and_then(|entry| entry.opened_at_ms),
            matched: fields
                .into_iter()
                .flat_map(|(field, text)| spans(field, text, terms))
                .collect(),
        }
    }

    fn texts(&self, row: usize) -> Texts<'_> {
        let bounds = self.entries.get(row).map_or([0; 6], |entry| entry.bounds);
        let mut texts = [""; 5];
        for (text, ends) in texts.iter_mut().zip(bounds.windows(2)) {
            let [from, to] = [ends.first(), ends.last()].map(|end| end.map_or(0, |end| *end as usize));
            *text = self.text.get(from..to).unwrap_or_default();
        }
        texts
    }

    fn entry_of(&mut self, texts: Texts<'_>, state: MerchantState, pinned: bool, opened_at_ms: Option<i64>) -> Entry {
        let mut bounds = [to_u32(self.text.len()); 6];
        for (text, end) in texts.into_iter().zip(bounds.iter_mut().skip(1)) {
            self.text.push_str(text);
            *end = to_u32(self.text.len());
        }
        Entry {
            bounds,
            state,
            pinned,
            opened_at_ms,
        }
    }
}
