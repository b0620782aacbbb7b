//! What the read model must not keep: words of side rows that were erased, and entries that lie in an archive.
//!
//! The file is opened with `secure_delete`, so what is deleted is overwritten; what the write-ahead log still holds is emptied after it.
//! It forgets as it follows, by the entries that announce it, so that no crash in between leaves anything; whoever erases only makes it
//! follow at once. Deliberately absent: knowing which words they were. The letters of an entry are taken away whole and made again from what is left.

use std::collections::{BTreeMap, BTreeSet};

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::bits::{SEGMENT, place_of, segment_of};
use super::catch_up::State;
use super::seal::{self, Letters};
use super::terms::{self, Combo, Numbers, Part};
use super::text::haystack;
use super::{Index, fresh, signed};
use crate::entry::Entry;
use crate::error::LogError;
use crate::store::{INDEX_FILE_NAME, both_rows, connect, rows};

const DAY_MS: i64 = 86_400_000;
/// The most entries that are read before an erasure is called done; a read model that is further behind is made anew.
const MOST_BEHIND: u64 = 4 * SEGMENT;
/// How long whoever erases waits for another process that reads into the file.
const PATIENCE: Duration = Duration::from_secs(2);

impl Index {
    /// Lets the read model in a directory forget what its log has just let go. One that cannot at once is thrown away, and made anew
    /// by whoever reads next.
    pub fn forget(dir: &Path) {
        let there = dir.join(INDEX_FILE_NAME).exists();
        if there && !forgot(dir).unwrap_or(false) {
            Self::discard(dir);
        }
    }
}

fn forgot(dir: &Path) -> Result<bool, LogError> {
    let log = &connect::reader(dir)?;
    let mut index = Index::stored(&dir.join(INDEX_FILE_NAME))?;
    index.conn.busy_timeout(PATIENCE)?;
    if rows::size(log)?.saturating_sub(index.state()?.head) > MOST_BEHIND {
        return Ok(false);
    }
    index.catch_up(log, &|_, _| (), &AtomicBool::new(false))?;
    index.conn.busy_timeout(PATIENCE)?;
    Ok(wipe(&index.conn))
}

/// Empties the write-ahead log. A reader that is in the middle of something keeps it; the next time empties it. Answers whether it is empty.
pub fn wipe(conn: &Connection) -> bool {
    let busy: rusqlite::Result<i64> = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    busy == Ok(0)
}

/// Makes the words of entries anew from the log, with the places where their acts hold them too.
pub fn words(tx: &Connection, log: &Connection, state: &State, seqs: &[u64]) -> Result<(), LogError> {
    let mut places: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for seq in seqs.iter().filter(|seq| **seq <= state.head) {
        for seq in [*seq, first_of(tx, *seq)?] {
            if seq >= state.tail {
                let mut update = tx.prepare_cached("UPDATE tail SET words = ?2 WHERE seq = ?1")?;
                update.execute((signed(seq), words_of(log, seq)?))?;
            } else {
                places.entry(segment_of(seq)).or_default().insert(seq);
            }
        }
    }
    for (segment, seqs) in places {
        let bits: Vec<u16> = seqs.iter().map(|seq| place_of(*seq)).collect();
        seal::clear(tx, segment, &bits)?;
        let mut letters = Letters::default();
        for seq in seqs {
            for from in act_of(tx, log, seq)? {
                letters.put(place_of(seq), None, &words_of(log, from)?);
            }
        }
        letters.add_to(tx, segment)?;
    }
    Ok(())
}

fn first_of(tx: &Connection, seq: u64) -> Result<u64, LogError> {
    let mut find = tx.prepare_cached("SELECT first FROM line WHERE seq = ?1")?;
    let first: Option<i64> = find.query_row([signed(seq)], |row| row.get(0)).optional()?;
    Ok(first.map_or(seq, i64::unsigned_abs))
}

/// The entry itself, and its outcomes if it is an intent.
fn act_of(tx: &Connection, log: &Connection, seq: u64) -> Result<Vec<u64>, LogError> {
    let Some(row) = rows::event(log, seq)? else {
        return Ok(Vec::new());
    };
    let act = Entry::of(seq, row, None).body.act.into_bytes();
    let mut find = tx.prepare_cached(
        "SELECT line.seq FROM act JOIN line ON line.seq = act.seq WHERE act.act = ?1 AND line.first = ?2",
    )?;
    let found = find.query_map((act, signed(seq)), |row| row.get::<_, i64>(0).map(i64::unsigned_abs))?;
    let mut found: Vec<u64> = found.collect::<Result<_, _>>()?;
    if !found.contains(&seq) {
        found.push(seq);
    }
    Ok(found)
}

fn words_of(log: &Connection, seq: u64) -> Result<String, LogError> {
    let read = both_rows::one(log, seq)?;
    Ok(read.map_or_else(String::new, |(row, side)| {
        haystack(&Entry::of(seq, row, side.as_deref()))
    }))
}

/// Drops what lies before the first entry that is not archived; what was seen for the first time there stays known.
pub fn before(tx: &Connection, state: &State) -> Result<(), LogError> {
    let first = signed(state.first);
    fresh::keep(tx, state.first)?;
    let mut changed = leave_behind(tx, state.first)?;
    tx.execute(
        "INSERT INTO day (day, combo, n) SELECT (ms - ((ms % 86400000) + 86400000) % 86400000) / 86400000, combo, -count(*) FROM line
         WHERE seq < ?1 GROUP BY 1, 2 ON CONFLICT DO UPDATE SET n = n + excluded.n",
        [first],
    )?;
    tx.execute("DELETE FROM day WHERE n <= 0", [])?;
    for sql in [
        "DELETE FROM line WHERE seq < ?1",
        "DELETE FROM act WHERE seq < ?1",
        "DELETE FROM waiting WHERE seq < ?1",
        "DELETE FROM tail WHERE seq < ?1",
    ] {
        tx.execute(sql, [first])?;
    }
    let segment = segment_of(state.first);
    changed.insert(segment);
    for sql in [
        "DELETE FROM span WHERE segment < ?1",
        "DELETE FROM pack WHERE segment < ?1",
        "DELETE FROM gram WHERE segment < ?1",
    ] {
        tx.execute(sql, [signed(segment)])?;
    }
    if segment * SEGMENT < state.tail {
        let gone: Vec<u16> = (segment * SEGMENT..state.first).map(place_of).collect();
        seal::clear(tx, segment, &gone)?;
    }
    changed.retain(|segment| segment * SEGMENT < state.tail);
    changed.iter().try_for_each(|segment| seal::pack(tx, *segment))
}

/// Outcomes whose intents go stand by themselves from now on, as they do in a log that is read without them; answers their segments.
fn leave_behind(tx: &Connection, first: u64) -> Result<BTreeSet<u64>, LogError> {
    let mut find = tx.prepare_cached("SELECT seq, combo, ms FROM line WHERE seq >= ?1 AND first < ?1")?;
    let found = find.query_map([signed(first)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let found: Vec<(i64, i64, i64)> = found.collect::<Result<_, _>>()?;
    let mut numbers = Numbers::default();
    let mut update = tx.prepare_cached("UPDATE line SET combo = ?2, first = seq, outcome = 0 WHERE seq = ?1")?;
    let mut count = tx.prepare_cached(
        "INSERT INTO day (day, combo, n) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET n = n + excluded.n",
    )?;
    for (seq, old, ms) in &found {
        let Some(combo) = terms::combo(tx, *old)? else {
            continue;
        };
        let part = Part::Orphan;
        let new = numbers.combo(tx, Combo { part, ..combo })?;
        update.execute((seq, new))?;
        let day = ms.div_euclid(DAY_MS);
        count.execute((day, old, -1))?;
        count.execute((day, new, 1))?;
    }
    Ok(found.iter().map(|(seq, ..)| segment_of(seq.unsigned_abs())).collect())
}
