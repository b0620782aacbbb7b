//! A question resolved against the read model: which combinations, which merchants, which time, which tests.
//!
//! Combinations are few, so every field but the merchant is decided once for all entries. Deliberately absent: reading entries.

use std::collections::HashSet;
use std::ops::Range;

use rusqlite::Connection;
use uuid::Uuid;

use super::block;
use super::query::Query;
use super::terms::{self, Known, Of, Part};
use super::test::{Probe, Test, Within};
use super::text::{fold, needles};
use super::write::OPEN;
use crate::error::LogError;
use crate::query::{Field, Question, What};

/// The most words of one question.
const MAX_NEEDLES: usize = 16;

/// What rows are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Acts: intents with their outcomes, notes, outcomes without intent.
    Acts,
    /// Entries.
    Entries,
}

/// A question resolved against the read model.
#[derive(Debug, Clone)]
pub struct Sieve {
    pub rows: Rows,
    /// The combinations that pass, by number.
    pub combos: Vec<bool>,
    /// The combinations that are rows of their own, whatever is asked for.
    pub shown: Vec<bool>,
    pub known: Vec<Known>,
    /// The conditions on combinations, by field, for facets.
    conditions: Vec<Condition>,
    pub merchants: Option<HashSet<u32>>,
    pub without: HashSet<u32>,
    pub ms: Range<i64>,
    pub tests: Vec<Test>,
    pub act: Option<Uuid>,
}

/// What a field must be, or must not be.
#[derive(Debug, Clone)]
struct Condition {
    field: Field,
    excluded: bool,
    any: Vec<String>,
}

impl Sieve {
    /// Resolves a question at a given now.
    pub fn of(conn: &Connection, question: &Question, now_ms: i64, rows: Rows) -> Result<Self, LogError> {
        let mut sieve = Self::all(conn, rows)?;
        sieve.ms = question.between(now_ms);
        for term in question.terms() {
            match &term.what {
                What::Word(text) => sieve.test(term.excluded, false, Probe::new(text, Within::All)),
                What::Field(field, value) => sieve.field(*field, term.excluded, value),
                What::Since(_) | What::Until(_) => {}
            }
        }
        sieve.settle(conn)?;
        Ok(sieve)
    }

    /// Resolves a query of the older form, whose values are exact.
    pub fn of_query(conn: &Connection, query: &Query, rows: Rows) -> Result<Self, LogError> {
        let mut sieve = Self::all(conn, rows)?;
        let words = needles(query.text.as_deref().unwrap_or_default());
        for word in words.iter().take(MAX_NEEDLES) {
            sieve.test(false, false, Probe::new(word, Within::All));
        }
        let kind = query.kind.as_ref().map(|kind| {
            kind.strip_suffix('.')
                .map_or_else(|| kind.clone(), |topic| format!("{topic}.*"))
        });
        let outcome = query
            .outcome
            .as_deref()
            .map(|word| if word == "pending" { OPEN } else { word }.to_owned());
        let fields = [
            (Field::Act, kind),
            (Field::Profile, query.profile.clone()),
            (Field::Outcome, outcome),
            (Field::Merchant, query.merchant.clone()),
        ];
        for (field, value) in fields {
            if let Some(value) = value {
                sieve.field(field, false, &value);
            }
        }
        sieve.act = query.act;
        sieve.settle(conn)?;
        Ok(sieve)
    }

    fn all(conn: &Connection, rows: Rows) -> Result<Self, LogError> {
        Ok(Self {
            rows,
            combos: Vec::new(),
            shown: Vec::new(),
            known: terms::known(conn)?,
            conditions: Vec::new(),
            merchants: None,
            without: HashSet::new(),
            ms: i64::MIN..i64::MAX,
            tests: Vec::new(),
            act: None,
        })
    }

    fn field(&mut self, field: Field, excluded: bool, value: &str) {
        match field {
            Field::Person => self.test(excluded, true, Probe::new(value, Within::Person)),
            Field::Plan => self.test(excluded, true, Probe::new(value, Within::Plan)),
            Field::Id => self.test(excluded, true, Probe::new(value, Within::Id)),
            Field::Actor | Field::Act | Field::Merchant | Field::Env | Field::Outcome | Field::Profile => {
                let same = self
                    .conditions
                    .iter_mut()
                    .find(|own| own.field == field && own.excluded == excluded);
                match same {
                    Some(condition) => condition.any.push(value.to_owned()),
                    None => self.conditions.push(Condition {
                        field,
                        excluded,
                        any: vec![value.to_owned()],
                    }),
                }
            }
        }
    }

    /// Adds a test; of one field any may hold, so it goes to the one that is there.
    fn test(&mut self, excluded: bool, joins: bool, probe: Probe) {
        let same = self
            .tests
            .iter_mut()
            .filter(|_| joins)
            .find(|test| test.excluded == excluded && test.any.iter().all(|own| own.within == probe.within));
        match same {
            Some(test) => test.any.push(probe),
            None => self.tests.push(Test {
                excluded,
                any: vec![probe],
            }),
        }
    }

    fn settle(&mut self, conn: &Connection) -> Result<(), LogError> {
        let most = self.known.last().map_or(0, |known| known.id as usize);
        let (mut combos, mut shown) = (vec![false; most + 1], vec![false; most + 1]);
        for known in &self.known {
            let at = known.id as usize;
            if let Some((passes, is_row)) = combos.get_mut(at).zip(shown.get_mut(at)) {
                (*passes, *is_row) = (self.passes(known, None), self.is_row(known));
            }
        }
        (self.combos, self.shown) = (combos, shown);
        for test in &mut self.tests {
            block::weigh(conn, test)?;
        }
        for condition in self.conditions.iter().filter(|own| own.field == Field::Merchant) {
            let mut numbers = HashSet::new();
            for value in &condition.any {
                numbers.extend(merchants(conn, value)?);
            }
            if condition.excluded {
                self.without = numbers;
            } else {
                self.merchants = Some(numbers);
            }
        }
        Ok(())
    }

    /// Tells whether a combination passes; `but` leaves the conditions of one field out.
    pub fn passes(&self, known: &Known, but: Option<Field>) -> bool {
        self.is_row(known)
            && self
                .conditions
                .iter()
                .filter(|own| Some(own.field) != but && own.field != Field::Merchant)
                .all(|own| {
                    let value = self.value(known, own.field);
                    own.excluded != own.any.iter().any(|wanted| is(own.field, wanted, value))
                })
    }

    fn is_row(&self, known: &Known) -> bool {
        self.rows == Rows::Entries || known.part != Part::Outcome
    }

    /// The value of a combination's field, as these rows have it.
    pub fn value<'k>(&self, known: &'k Known, field: Field) -> Option<&'k str> {
        match field {
            Field::Act => Some(&known.kind),
            Field::Actor => known.actor.as_deref(),
            Field::Env => known.env.as_deref(),
            Field::Profile => known.profile.as_deref(),
            // Of entries, an intent itself has no outcome.
            Field::Outcome if self.rows == Rows::Entries && known.part == Part::Intent => {
                known.outcome.as_deref().filter(|word| *word == OPEN)
            }
            Field::Outcome => known.outcome.as_deref(),
            Field::Merchant | Field::Person | Field::Plan | Field::Id => None,
        }
    }

    /// Tells whether a merchant's number passes.
    pub fn merchant(&self, number: u32) -> bool {
        self.merchants.as_ref().is_none_or(|only| only.contains(&number)) && !self.without.contains(&number)
    }

    /// Tells whether merchants matter.
    pub fn asks_merchants(&self) -> bool {
        self.merchants.is_some() || !self.without.is_empty()
    }

    /// Tells whether time matters.
    pub fn asks_time(&self) -> bool {
        self.ms != (i64::MIN..i64::MAX)
    }

    /// Tells whether everything is asked for.
    pub fn is_open(&self) -> bool {
        self.conditions.is_empty() && self.tests.is_empty() && self.act.is_none() && !self.asks_time()
    }
}

fn is(field: Field, wanted: &str, value: Option<&str>) -> bool {
    let Some(value) = value else {
        return false;
    };
    match field {
        Field::Act => wanted.strip_suffix(".*").map_or(value == wanted, |topic| {
            value.strip_prefix(topic).is_some_and(|rest| rest.starts_with('.'))
        }),
        Field::Actor
        | Field::Merchant
        | Field::Env
        | Field::Outcome
        | Field::Profile
        | Field::Person
        | Field::Plan
        | Field::Id => match wanted.strip_suffix('*') {
            Some(beginning) => fold(value).starts_with(&fold(beginning)),
            None => value == wanted || fold(value) == fold(wanted),
        },
    }
}

/// The numbers of the merchants that a text means: a whole KRN, its last segment, or with a star how that begins.
fn merchants(conn: &Connection, wanted: &str) -> Result<Vec<u32>, LogError> {
    let (stem, is_part) = wanted.strip_suffix('*').map_or((wanted, false), |stem| (stem, true));
    let low = terms::key(Of::Merchant, stem);
    let high = if is_part {
        format!("{low}{}", char::MAX)
    } else {
        low.clone()
    };
    let mut find = conn.prepare_cached("SELECT id, text FROM term WHERE field = 6 AND key BETWEEN ?1 AND ?2")?;
    let found = find.query_map([&low, &high], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let mut numbers = Vec::new();
    for row in found {
        let (id, text) = row?;
        let whole = fold(&text);
        let stem = fold(stem);
        if !stem.contains(':') || whole == stem || (is_part && whole.starts_with(&stem)) {
            numbers.push(id);
        }
    }
    Ok(numbers)
}
