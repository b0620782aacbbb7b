//! The SQL of the questions: fixed fragments, every value a parameter, keyed by sequence number.
//!
//! Deliberately absent: OFFSET, and text from outside in a statement.

use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use super::Index;
use super::query::Query;
use super::text::needles;
use crate::error::LogError;

/// The most words of one question.
const MAX_NEEDLES: usize = 16;

/// Conditions and their values, in order.
#[derive(Default)]
struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value.into());
    }

    fn of(query: &Query) -> Self {
        let mut filter = Self::default();
        if let Some(before) = query.before {
            filter.and("seq < ?", i64::try_from(before).unwrap_or(i64::MAX));
        }
        match query.kind.as_ref().map(|kind| (kind, kind.strip_suffix('.'))) {
            None => {}
            Some((kind, None)) => filter.and("kind = ?", kind.clone()),
            Some((kind, Some(topic))) => {
                filter.and("kind >= ?", kind.clone());
                filter.and("kind < ?", format!("{topic}/"));
            }
        }
        filter.equal("merchant = ?", query.merchant.as_ref());
        filter.equal("profile = ?", query.profile.as_ref());
        if let Some(act) = query.act {
            filter.and("act = ?", act.as_bytes().to_vec());
        }
        for needle in needles(query.text.as_deref().unwrap_or_default())
            .into_iter()
            .take(MAX_NEEDLES)
        {
            filter.and("instr(haystack, ?) > 0", needle);
        }
        filter
    }

    fn equal(&mut self, condition: &'static str, value: Option<&String>) {
        if let Some(value) = value {
            self.and(condition, value.clone());
        }
    }
}

impl Index {
    /// Sequence numbers of a page of entries, and the key of the next page.
    pub fn entries(&self, query: &Query) -> Result<(Vec<u64>, Option<u64>), LogError> {
        let mut filter = Filter::of(query);
        filter.equal("outcome = ?", query.outcome.as_ref());
        let mut found = self.ask("SELECT seq FROM entry WHERE 1", filter, query.rows(), |row| {
            row.get::<_, i64>(0).map(unsigned)
        })?;
        let next = cut(&mut found, query.rows(), |seq| *seq);
        Ok((found, next))
    }

    /// First sequence numbers of a page of acts with those of their outcomes, and the key of the next page.
    pub fn acts(&self, query: &Query) -> Result<(Vec<ActKey>, Option<u64>), LogError> {
        let mut filter = Filter::of(query);
        if query.outcome.as_deref() == Some("pending") {
            filter.sql.push_str(" AND intent = 1 AND settled = 0");
        } else {
            filter.equal("outcome = ?", query.outcome.as_ref());
        }
        let mut found = self.ask(
            "SELECT seq, outcome_seq FROM act WHERE 1",
            filter,
            query.rows(),
            |row| Ok((unsigned(row.get(0)?), row.get::<_, Option<i64>>(1)?.map(unsigned))),
        )?;
        let next = cut(&mut found, query.rows(), |(seq, _)| *seq);
        Ok((found, next))
    }

    /// Intents without outcome, oldest first.
    pub fn unresolved(&self) -> Result<Vec<u64>, LogError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT seq FROM act WHERE intent = 1 AND settled = 0 ORDER BY seq")?;
        let rows = statement.query_map([], |row| row.get::<_, i64>(0).map(unsigned))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn ask<T>(
        &self,
        select: &str,
        filter: Filter,
        rows: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, LogError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("{select}{} ORDER BY seq DESC LIMIT ?", filter.sql))?;
        let limit = Value::from(i64::try_from(rows + 1).unwrap_or(i64::MAX));
        let found = statement.query_map(params_from_iter(filter.values.into_iter().chain([limit])), read)?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}

/// Sequence number of an act's first entry, and of its outcome.
pub type ActKey = (u64, Option<u64>);

/// One row more than asked for tells that there is a next page.
fn cut<T>(found: &mut Vec<T>, rows: usize, key: fn(&T) -> u64) -> Option<u64> {
    let more = found.len() > rows;
    found.truncate(rows);
    found.last().filter(|_| more).map(key)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
