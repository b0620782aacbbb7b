//! Bringing merchants in: added, updated or left alone, all in one transaction.
//!
//! What a person did here (pin, opened, what Klarna said) survives every import, and an empty member never erases what
//! is known. Deliberately absent: removing rows that a file no longer names.

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::in_transaction;
use crate::merchants::merchant::{NewMerchant, suffix_of};
use crate::merchants::search_text;
use crate::merchants::tags::join_tags;
use crate::problem::Problem;

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows that were not known before.
    pub added: u32,
    /// Rows of which something changed.
    pub updated: u32,
    /// Rows that brought nothing new.
    pub unchanged: u32,
}

/// Adds or updates many merchants: all of them or, on failure, none.
///
/// # Errors
/// What the database says.
pub fn upsert(conn: &Connection, profile: &str, rows: &[NewMerchant], now_ms: i64) -> Result<Counts, Problem> {
    in_transaction(conn, || {
        let mut writer = Writer::new(conn, profile, now_ms)?;
        for row in rows {
            writer.put(row)?;
        }
        Ok(writer.counts)
    })
}

/// The texts that a file may bring, as the columns hold them.
#[derive(PartialEq)]
struct Texts {
    name: String,
    reference: String,
    country: String,
    tags: String,
}

impl Texts {
    fn of(row: &NewMerchant) -> Self {
        Self {
            name: row.name.clone(),
            reference: row.reference.clone(),
            country: row.country.clone(),
            tags: join_tags(&row.tags),
        }
    }

    /// Fills every empty member from `known`.
    fn or(self, known: &Self) -> Self {
        let pick = |new: String, old: &String| if new.is_empty() { old.clone() } else { new };
        Self {
            name: pick(self.name, &known.name),
            reference: pick(self.reference, &known.reference),
            country: pick(self.country, &known.country),
            tags: pick(self.tags, &known.tags),
        }
    }

    fn folded(&self, id: &str) -> String {
        search_text::compose(id, &self.name, &self.reference, &self.tags, &self.country)
    }
}

struct Writer<'c> {
    profile: &'c str,
    now_ms: i64,
    known: CachedStatement<'c>,
    add: CachedStatement<'c>,
    update: CachedStatement<'c>,
    counts: Counts,
}

impl<'c> Writer<'c> {
    fn new(conn: &'c Connection, profile: &'c str, now_ms: i64) -> Result<Self, Problem> {
        Ok(Self {
            profile,
            now_ms,
            known: conn.prepare_cached("SELECT name, reference, country, tags FROM merchant WHERE profile = ?1 AND merchant_id = ?2")?,
            add: conn.prepare_cached(
                "INSERT INTO merchant (profile, merchant_id, suffix, name, reference, country, tags, imported_at_ms, folded)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?,
            update: conn.prepare_cached(
                "UPDATE merchant SET name = ?3, reference = ?4, country = ?5, tags = ?6, imported_at_ms = ?7, folded = ?8
                 WHERE profile = ?1 AND merchant_id = ?2",
            )?,
            counts: Counts::default(),
        })
    }

    fn put(&mut self, row: &NewMerchant) -> Result<(), Problem> {
        let id = row.id.as_str();
        match self.known(id)? {
            None => self.add(id, Texts::of(row))?,
            Some(known) => {
                let texts = Texts::of(row).or(&known);
                if texts == known {
                    self.counts.unchanged += 1;
                } else {
                    self.update(id, &texts)?;
                }
            }
        }
        Ok(())
    }

    fn known(&mut self, id: &str) -> Result<Option<Texts>, Problem> {
        let texts = self.known.query_row([self.profile, id], |row| {
            Ok(Texts {
                name: row.get(0)?,
                reference: row.get(1)?,
                country: row.get(2)?,
                tags: row.get(3)?,
            })
        });
        Ok(texts.optional()?)
    }

    fn add(&mut self, id: &str, mut texts: Texts) -> Result<(), Problem> {
        if texts.name.is_empty() {
            suffix_of(id).clone_into(&mut texts.name);
        }
        let Texts {
            name,
            reference,
            country,
            tags,
        } = &texts;
        let folded = texts.folded(id);
        self.add.execute(params![
            self.profile,
            id,
            suffix_of(id),
            name,
            reference,
            country,
            tags,
            self.now_ms,
            folded
        ])?;
        self.counts.added += 1;
        Ok(())
    }

    fn update(&mut self, id: &str, texts: &Texts) -> Result<(), Problem> {
        let Texts {
            name,
            reference,
            country,
            tags,
        } = texts;
        let folded = texts.folded(id);
        self.update.execute(params![
            self.profile,
            id,
            name,
            reference,
            country,
            tags,
            self.now_ms,
            folded
        ])?;
        self.counts.updated += 1;
        Ok(())
    }
}
