//! The directory: one profile's merchants in memory, searched by any part of any field while a person types.
//!
//! A trigram index finds nothing under three letters, so the folded text of all rows lies in one buffer and is scanned
//! (100,000 rows in about a millisecond). Rows are numbered in the order of their names, so a scan yields them sorted;
//! ranks are buckets, and no query sorts. The owner keeps it behind a lock, tells it what changed, and answers windows
//! of rows from it. Deliberately absent: fuzzy matching; a near miss must not open a portal.

mod ahead;
mod answer;
mod first_page;
mod fronts;
mod haystack;
mod load;
mod marks;
mod query;
mod rank;
mod records;
mod scan;
mod spans;

use rusqlite::Connection;

pub use first_page::{first_page, in_front};
pub use spans::{Field, Span};

use super::merchant::{Merchant, MerchantState};
use super::search_text;
use super::tags::join_tags;
use crate::problem::Problem;
use answer::Answer;
use fronts::Fronts;
use haystack::Haystack;
use records::Records;

/// One profile's merchants, ready to be searched.
#[derive(Debug)]
pub struct Directory {
    profile: String,
    generation: u64,
    haystack: Haystack,
    records: Records,
    fronts: Fronts,
    answer: Option<Answer>,
}

/// One merchant in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The whole account KRN.
    pub id: String,
    /// The name.
    pub name: String,
    /// The acquirer's reference, or empty.
    pub reference: String,
    /// Two letters, or empty.
    pub country: String,
    /// Tags.
    pub tags: Vec<String>,
    /// What Klarna last said.
    pub state: MerchantState,
    /// Whether it is pinned.
    pub pinned: bool,
    /// When its portal was last opened from here.
    pub opened_at_ms: Option<i64>,
    /// Where the query was found, in the order of fields and offsets.
    pub matched: Vec<Span>,
}

/// A window of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Which state of the directory it shows; see [`Directory::generation`].
    pub generation: u64,
    /// How many merchants match.
    pub total: u32,
    /// How many merchants there are.
    pub of: u32,
    /// The place of the first row in the whole answer.
    pub first: u32,
    /// The rows.
    pub rows: Vec<Hit>,
}

impl Directory {
    /// Reads a profile's merchants.
    ///
    /// # Errors
    /// What the database says.
    pub fn load(conn: &Connection, profile: &str) -> Result<Self, Problem> {
        let (haystack, records) = load::load(conn, profile)?;
        let fronts = Fronts::of(&records);
        Ok(Self {
            profile: profile.to_owned(),
            generation: 1,
            haystack,
            records,
            fronts,
            answer: None,
        })
    }

    /// Reads all rows anew, after an import or when another process wrote; on failure the old ones stay.
    ///
    /// # Errors
    /// What the database says.
    pub fn reload(&mut self, conn: &Connection) -> Result<(), Problem> {
        (self.haystack, self.records) = load::load(conn, &self.profile)?;
        self.changed();
        Ok(())
    }

    /// The profile whose merchants these are.
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// How many merchants there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A number that grows with every change; two windows with the same number fit together.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Answers `count` rows from place `first` of all that match; windows of the same query are cut from one answer.
    ///
    /// White space separates terms; a row matches when every term is found in some field of it: name, reference, last
    /// segment of the id (or a whole KRN), tag, country. Order: pinned, then opened (latest first), then by where the
    /// term was found, then by name.
    pub fn search(&mut self, query: &str, first: u32, count: u32) -> Page {
        let terms = query::terms(query, self.records.id_head());
        let answer = match self.answer.take() {
            Some(last) if last.terms == terms => last,
            _ => Answer::find(terms, &self.haystack, &self.fronts),
        };
        let page = self.page(&answer, first, count);
        self.answer = Some(answer);
        page
    }

    /// Answers the first `count` rows as [`Self::search`] would, without becoming the query that further windows are cut from.
    pub fn peek(&self, query: &str, count: u32) -> Page {
        let terms = query::terms(query, self.records.id_head());
        self.page(&Answer::find(terms, &self.haystack, &self.fronts), 0, count)
    }

    fn page(&self, answer: &Answer, first: u32, count: u32) -> Page {
        let places = answer.rows.iter().skip(first as usize).take(count as usize);
        Page {
            generation: self.generation,
            total: to_u32(answer.rows.len()),
            of: to_u32(self.len()),
            first,
            rows: places.map(|row| self.records.hit(*row, &answer.terms)).collect(),
        }
    }

    /// Answers one merchant, without spans.
    pub fn get(&self, id: &str) -> Option<Hit> {
        let row = self.records.row_of(id).ok()?;
        Some(self.records.hit(row, &[]))
    }

    /// Pins a merchant or takes the pin away, as [`crate::merchants::set_pinned`] does in the table; false if it is not here.
    pub fn set_pinned(&mut self, id: &str, pinned: bool) -> bool {
        self.edit(id, |entry| entry.pinned = pinned)
    }

    /// Remembers an opening, as [`crate::merchants::note_opened`] does in the table; false if it is not here.
    pub fn note_opened(&mut self, id: &str, at_ms: i64) -> bool {
        self.edit(id, |entry| {
            entry.opened_at_ms = entry.opened_at_ms.max(Some(at_ms));
        })
    }

    /// Takes over one row of the table, new or changed. For many rows [`Self::reload`] is quicker.
    pub fn put(&mut self, merchant: &Merchant) {
        let Merchant {
            id,
            name,
            reference,
            country,
            tags,
            ..
        } = merchant;
        let folded = search_text::compose(id, name, reference, &join_tags(tags), country);
        if let Ok(row) = self.records.row_of(id) {
            self.haystack.remove(row);
            self.records.remove(row);
        }
        let row = self.haystack.place_of(&folded);
        self.haystack.insert(row, &folded);
        self.records.insert(row, merchant);
        self.changed();
    }

    fn edit(&mut self, id: &str, change: impl FnOnce(&mut records::Entry)) -> bool {
        let Ok(row) = self.records.row_of(id) else {
            return false;
        };
        change(self.records.entry_mut(row));
        self.changed();
        true
    }

    fn changed(&mut self) {
        self.generation += 1;
        self.answer = None;
        self.fronts = Fronts::of(&self.records);
    }
}

/// Answers the first `limit` rows that match, for the command line; the same order and matching as in the window.
///
/// # Errors
/// What the database says.
pub fn list(conn: &Connection, profile: &str, query: &str, limit: u32) -> Result<Page, Problem> {
    Ok(Directory::load(conn, profile)?.search(query, 0, limit))
}

/// Row numbers are 32 bits wide; [`load`] refuses more text than they can count.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
