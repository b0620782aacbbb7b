//! Days: how many entries each has, which these are, what was seen for the first time, and how fast each person usually is.
//!
//! Days are UTC, counted from 1970. Deliberately absent: what of it is odd; that is the reviewer's side.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::write::First;
use super::{Index, signed};
use super::{fresh, terms};
use crate::error::LogError;

const DAY_MS: i64 = 86_400_000;
/// What a pace is counted over.
const PACE_MS: i64 = 300_000;

/// Something that an entry was the first to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Novelty {
    /// What is new.
    pub what: NoveltyOf,
    /// The entry.
    pub seq: u64,
    /// The person's key id, or the device.
    pub who: String,
    /// The merchant or the kind; for an hour, its number in UTC.
    pub whom: String,
}

/// What can be new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoveltyOf {
    /// A person who never acted before.
    Person,
    /// A device.
    Device,
    /// A merchant for whom this person never acted before.
    Merchant,
    /// A kind of entry that this person never wrote before.
    Kind,
    /// An hour of the day at which this person never acted before.
    Hour,
}

impl NoveltyOf {
    const ALL: [(First, Self); 5] = [
        (First::Actor, Self::Person),
        (First::Device, Self::Device),
        (First::Merchant, Self::Merchant),
        (First::Kind, Self::Kind),
        (First::Hour, Self::Hour),
    ];

    fn of(number: i64) -> Option<Self> {
        let same = |(first, _): &(First, Self)| *first as i64 == number;
        Self::ALL.into_iter().find(same).map(|(_, of)| of)
    }

    fn number(self) -> i64 {
        let same = |(_, of): &(First, Self)| *of == self;
        Self::ALL.into_iter().find(same).map_or(0, |(first, _)| first as i64)
    }
}

impl Index {
    /// How many entries each day has; days without any are left out.
    pub fn days(&self, days: RangeInclusive<i64>) -> Result<Vec<(i64, u64)>, LogError> {
        let mut find = self.conn.prepare_cached(
            "SELECT day, sum(n) FROM day WHERE day BETWEEN ?1 AND ?2 GROUP BY day HAVING sum(n) > 0 ORDER BY day",
        )?;
        let found = find.query_map((days.start(), days.end()), |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The sequence numbers between which all entries of some days lie; others may lie there too, if a clock was moved.
    fn reach_of(&self, from_ms: i64, to_ms: i64) -> Result<(i64, i64), LogError> {
        let mut find = self.conn.prepare_cached(
            "SELECT min(low), max(high) FROM (
               SELECT segment * 4096 AS low, segment * 4096 + 4095 AS high FROM span WHERE high_ms >= ?1 AND low_ms < ?2
               UNION ALL SELECT tail, head FROM state WHERE tail <= head)",
        )?;
        let (low, high): (Option<i64>, Option<i64>) =
            find.query_row((from_ms, to_ms), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((low.unwrap_or(0), high.unwrap_or(-1)))
    }

    /// The entries of a day, oldest first.
    pub fn of_day(&self, day: i64) -> Result<Vec<u64>, LogError> {
        let (from, to) = (day * DAY_MS, (day + 1) * DAY_MS);
        let (low, high) = self.reach_of(from, to)?;
        let mut find = self
            .conn
            .prepare_cached("SELECT seq FROM line WHERE seq BETWEEN ?1 AND ?2 AND ms >= ?3 AND ms < ?4 ORDER BY seq")?;
        let found = find.query_map((low, high, from, to), |row| row.get::<_, i64>(0).map(i64::unsigned_abs))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// What entries between two numbers, both included, were the first to show.
    pub fn novelties(&self, from: u64, to: u64) -> Result<Vec<Novelty>, LogError> {
        let mut find = self.conn.prepare_cached(
            "SELECT what, seq, (SELECT text FROM term WHERE id = a), coalesce((SELECT text FROM term WHERE id = b AND what <> 5), b)
             FROM seen WHERE what <> 3 AND seq BETWEEN ?1 AND ?2 ORDER BY seq, what",
        )?;
        let mut rows = find.query((signed(from), signed(to)))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(what) = NoveltyOf::of(row.get(0)?) else {
                continue;
            };
            let whom = match row.get_ref(3)?.as_i64() {
                Ok(number) => number.to_string(),
                Err(_) => row.get(3)?,
            };
            found.push(Novelty {
                what,
                seq: row.get::<_, i64>(1)?.unsigned_abs(),
                who: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                whom,
            });
        }
        for ((actor, merchant), seq) in fresh::merchants(&self.conn, from, to)? {
            found.push(Novelty {
                what: NoveltyOf::Merchant,
                seq,
                who: terms::text(&self.conn, actor.into())?.unwrap_or_default(),
                whom: terms::text(&self.conn, merchant.into())?.unwrap_or_default(),
            });
        }
        found.sort_unstable_by_key(|novelty| (novelty.seq, novelty.what.number()));
        Ok(found)
    }

    /// The most acts within five minutes that each person did on any of some days.
    pub fn paces(&self, days: RangeInclusive<i64>) -> Result<HashMap<String, u64>, LogError> {
        let (from, to) = (days.start() * DAY_MS, (days.end() + 1) * DAY_MS);
        let (low, high) = self.reach_of(from, to)?;
        let mut find = self.conn.prepare_cached(
            "SELECT term.text, max(n) FROM (
               SELECT combo.actor AS actor, line.ms / ?5 AS slot, count(*) AS n FROM line JOIN combo ON combo.id = line.combo
               WHERE line.seq BETWEEN ?1 AND ?2 AND line.ms >= ?3 AND line.ms < ?4 AND combo.phase = 1 GROUP BY 1, 2)
             JOIN term ON term.id = actor GROUP BY actor",
        )?;
        let found = find.query_map((low, high, from, to, PACE_MS), |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
