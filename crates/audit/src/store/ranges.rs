//! Rows of a whole range at once: checkpoints, subtrees, and what is missing of the entries.

use rusqlite::{Connection, params};

use super::rows::{CheckpointRow, hash, signed};
use crate::error::LogError;
use crate::tree::Hash;

/// The checkpoints up to a size, in order, from 1 on.
pub fn checkpoints_upto(conn: &Connection, size: u64) -> Result<Vec<CheckpointRow>, LogError> {
    let mut statement =
        conn.prepare_cached("SELECT size, note FROM checkpoint WHERE size BETWEEN 1 AND ?1 ORDER BY size")?;
    let rows = statement.query_map([signed(size)], |row| {
        let size: i64 = row.get(0)?;
        Ok((u64::try_from(size).unwrap_or(0), row.get(1).ok()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Calls `visit` for the stored subtrees of a level below an index, in order, with the two halves that are stored of each.
pub fn each_subtree<F>(conn: &Connection, level: u32, below: u64, mut visit: F) -> Result<(), LogError>
where
    F: FnMut(u64, Option<Hash>, Option<(Hash, Hash)>) -> bool,
{
    let mut statement = conn.prepare_cached(
        "SELECT n.idx, n.h, l.h, r.h FROM node n
         LEFT JOIN node l ON l.level = n.level - 1 AND l.idx = n.idx * 2
         LEFT JOIN node r ON r.level = n.level - 1 AND r.idx = n.idx * 2 + 1
         WHERE n.level = ?1 AND n.idx >= 0 AND n.idx < ?2 ORDER BY n.idx",
    )?;
    let mut rows = statement.query(params![level, signed(below)])?;
    while let Some(row) = rows.next()? {
        let idx: i64 = row.get(0)?;
        let more = visit(
            u64::try_from(idx).unwrap_or(u64::MAX),
            hash(row, 1),
            hash(row, 2).zip(hash(row, 3)),
        );
        if !more {
            break;
        }
    }
    Ok(())
}

/// The checkpoints beyond a size, in order.
pub fn checkpoints_beyond(conn: &Connection, size: u64) -> Result<Vec<CheckpointRow>, LogError> {
    let mut statement = conn.prepare_cached("SELECT size, note FROM checkpoint WHERE size > ?1 ORDER BY size")?;
    let rows = statement.query_map([signed(size)], |row| {
        let size: i64 = row.get(0)?;
        Ok((u64::try_from(size).unwrap_or(0), row.get(1).ok()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The runs of sequence numbers from one to another, both included, that the log does not hold; newest first.
pub fn missing(conn: &Connection, from: u64, to: u64) -> Result<Vec<(u64, u64)>, LogError> {
    let mut statement = conn.prepare_cached("SELECT seq FROM event WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq DESC")?;
    let mut rows = statement.query([signed(from), signed(to)])?;
    let (mut missing, mut expected) = (Vec::new(), to);
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, i64>(0)?.unsigned_abs();
        if seq < expected {
            missing.push((seq + 1, expected));
        }
        expected = seq.saturating_sub(1);
    }
    if from <= expected && expected > 0 {
        missing.push((from.max(1), expected));
    }
    Ok(missing)
}

/// The runs that begin on a page from one number to another, newest first, each whole: one that goes on below the page is told with it, and one
/// that comes from above was told there. `held` is from where to where the log should have entries.
pub fn missing_on_page(conn: &Connection, from: u64, to: u64, held: (u64, u64)) -> Result<Vec<(u64, u64)>, LogError> {
    let mut runs = missing(conn, from, to)?;
    let mut there = conn.prepare_cached("SELECT 1 FROM event WHERE seq = ?1")?;
    let from_above = runs.first().is_some_and(|(_, high)| *high == to) && to < held.1;
    if from_above && !there.exists([signed(to + 1)])? {
        runs.remove(0);
    }
    if let Some(last) = runs.last_mut().filter(|(low, _)| *low == from) {
        let mut below = conn.prepare_cached("SELECT max(seq) FROM event WHERE seq < ?1")?;
        let below: Option<i64> = below.query_row([signed(from)], |row| row.get(0))?;
        last.0 = below.map_or(held.0, |seq| seq.unsigned_abs() + 1).max(held.0).min(from);
    }
    Ok(runs)
}
