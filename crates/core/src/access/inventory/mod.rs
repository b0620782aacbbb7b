//! The inventory: one profile's grants in memory as numbers, looked through whole at each question.
//!
//! Klarna lists no access (portal-access.md 5.3), so the ledger is the only inventory there is. Views depend on the clock, and words may
//! stand in an address or in a merchant's name, so no index of the database answers them; two hundred thousand rows of numbers are
//! looked through in a few milliseconds. The ledger's revisions keep it current. Deliberately absent: what only a shown page
//! needs; that is read from the ledger by id.

mod groups;
mod load;
mod names;
mod query;
mod row;
mod select;

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use uuid::Uuid;

pub use query::{Found, Groups, InventoryQuery, MerchantRow, Order, PersonRow, View, ViewCounts};

use crate::problem::Problem;
use names::Names;
use row::{Moment, Row};
use select::Answer;

/// One profile's grants, ready to be asked.
#[derive(Debug, Default)]
pub struct Inventory {
    profile: String,
    rows: Vec<Row>,
    places: HashMap<Uuid, u32>,
    persons: Names,
    sites: Names,
    role_sets: Names,
    /// Name and reference of each merchant, by its number.
    labels: Vec<(String, String)>,
    rev: i64,
    merchants_stamp: u64,
    answer: Option<Answer>,
}

impl Inventory {
    /// Reads a profile's grants; `merchants_stamp` is any number that changes when merchants do.
    ///
    /// # Errors
    /// What the database says; `database_damaged` for a row that was tampered with.
    pub fn load(connection: &Connection, profile: Uuid, merchants_stamp: u64) -> Result<Self, Problem> {
        let mut loaded = Self {
            profile: profile.to_string(),
            merchants_stamp,
            // Below every revision: nothing was read yet.
            rev: -1,
            ..Self::default()
        };
        loaded.catch_up(connection)?;
        Ok(loaded)
    }

    /// Takes over what has changed in the ledger and among the merchants since the last question.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn refresh(&mut self, connection: &Connection, merchants_stamp: u64) -> Result<(), Problem> {
        if self.catch_up(connection)? {
            self.answer = None;
        }
        if self.merchants_stamp != merchants_stamp {
            self.name_sites(connection, 0)?;
            self.merchants_stamp = merchants_stamp;
            self.answer = None;
        }
        Ok(())
    }

    /// A merchant's name and reference, where the directory knows it.
    #[must_use]
    pub fn merchant(&self, id: &str) -> Option<(&str, &str)> {
        let label = self.labels.get(self.sites.number(id)? as usize)?;
        Some((&label.0, &label.1))
    }

    /// Everybody who has something that was not revoked and is not over, in the form by which persons are told apart.
    #[must_use]
    pub fn persons_with_access(&self, now_ms: i64) -> HashSet<String> {
        let at = Moment::at(now_ms);
        let standing = self.rows.iter().filter(|row| !row.is_in(View::Ended, false, at));
        standing.map(|row| self.persons.text(row.person).to_owned()).collect()
    }

    /// How many grants there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
