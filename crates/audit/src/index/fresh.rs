//! Merchants for whom a person never acted before, looked for when somebody asks: in the packed columns of what lies before.
//!
//! There are as many pairs of person and merchant as entries; a table of them would be written all over with every batch. Only those of
//! entries that an archive took are kept in one. Deliberately absent: what else can be new, of which there is little.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::bits::{SEGMENT, segment_of};
use super::catch_up::State;
use super::seal::{self, Column};
use super::signed;
use super::write::First;
use crate::error::LogError;

/// Pairs of person and merchant, by their numbers, with the first entry that shows each.
type Pairs = HashMap<(u32, u32), u64>;

/// The pairs that entries between two numbers, both included, were the first to show.
pub fn merchants(conn: &Connection, from: u64, to: u64) -> Result<Pairs, LogError> {
    let mut fresh = Pairs::new();
    each_pair(conn, from, to, |pair, seq| {
        fresh.entry(pair).or_insert(seq);
    })?;
    let mut archived = conn.prepare_cached("SELECT 1 FROM seen WHERE what = ?1 AND a = ?2 AND b = ?3")?;
    let mut known = HashSet::new();
    for (actor, merchant) in fresh.keys() {
        if archived.exists((First::Merchant as i64, actor, merchant))? {
            known.insert((*actor, *merchant));
        }
    }
    fresh.retain(|pair, _| !known.contains(pair));
    if !fresh.is_empty() {
        take_known(conn, from, &mut fresh)?;
    }
    Ok(fresh)
}

/// Keeps the pairs of what lies before an entry, which an archive took.
pub fn keep(conn: &Connection, before: u64) -> Result<(), LogError> {
    conn.execute(
        "INSERT OR IGNORE INTO seen (what, a, b, seq)
         SELECT ?1, combo.actor, line.merchant, min(line.seq) FROM line JOIN combo ON combo.id = line.combo
         WHERE line.seq < ?2 AND line.merchant <> 0 AND combo.actor <> 0 GROUP BY 2, 3",
        (First::Merchant as i64, signed(before)),
    )?;
    Ok(())
}

fn each_pair(conn: &Connection, from: u64, to: u64, mut take: impl FnMut((u32, u32), u64)) -> Result<(), LogError> {
    let mut find = conn.prepare_cached(
        "SELECT combo.actor, line.merchant, line.seq FROM line JOIN combo ON combo.id = line.combo
         WHERE line.seq BETWEEN ?1 AND ?2 AND line.merchant <> 0 AND combo.actor <> 0 ORDER BY line.seq",
    )?;
    let mut rows = find.query((signed(from), signed(to)))?;
    while let Some(row) = rows.next()? {
        take((row.get(0)?, row.get(1)?), row.get::<_, i64>(2)?.unsigned_abs());
    }
    Ok(())
}

/// Takes away the pairs that an entry before shows: the last ones by their lines, the sealed segments before those by their columns.
fn take_known(conn: &Connection, from: u64, fresh: &mut Pairs) -> Result<(), LogError> {
    let border = segment_of(State::load(conn)?.tail.min(from)) * SEGMENT;
    each_pair(conn, border, from.saturating_sub(1), |pair, _| {
        fresh.remove(&pair);
    })?;
    let actors = actors(conn)?;
    let most = fresh.keys().map(|(_, merchant)| *merchant as usize).max().unwrap_or(0);
    let mut wanted = vec![false; most + 1];
    for (_, merchant) in fresh.keys() {
        if let Some(cell) = wanted.get_mut(*merchant as usize) {
            *cell = true;
        }
    }
    let mut spans = conn.prepare_cached("SELECT segment FROM span WHERE segment < ?1 ORDER BY segment DESC")?;
    let mut rows = spans.query([signed(segment_of(border))])?;
    while let (Some(row), false) = (rows.next()?, fresh.is_empty()) {
        let segment = row.get::<_, i64>(0)?.unsigned_abs();
        let combos = seal::part(conn, segment, Column::Combo)?;
        let merchants = seal::part(conn, segment, Column::Merchant)?;
        let cells = combos.as_chunks::<4>().0.iter().zip(merchants.as_chunks::<4>().0);
        for (combo, merchant) in cells {
            let merchant = u32::from_le_bytes(*merchant);
            if wanted.get(merchant as usize).copied().unwrap_or(false) {
                let combo = u32::from_le_bytes(*combo) as usize;
                fresh.remove(&(actors.get(combo).copied().unwrap_or(0), merchant));
            }
        }
    }
    Ok(())
}

/// The person of each combination, by its number.
fn actors(conn: &Connection) -> Result<Vec<u32>, LogError> {
    let mut find = conn.prepare_cached("SELECT id, actor FROM combo ORDER BY id")?;
    let mut rows = find.query([])?;
    let mut actors = Vec::new();
    while let Some(row) = rows.next()? {
        let id: u32 = row.get(0)?;
        actors.resize(id as usize + 1, 0);
        if let Some(cell) = actors.last_mut() {
            *cell = row.get(1)?;
        }
    }
    Ok(actors)
}
