//! What the read model must not keep: words of side rows that were erased, and entries that lie in an archive.
//!
//! The file is opened with `secure_delete`, so what is deleted is overwritten; what the write-ahead log still holds is emptied after it.
//! Deliberately absent: knowing which words they were. The letters of an entry are taken away whole and made again from what is left.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use super::bits::{SEGMENT, place_of, segment_of};
use super::catch_up::State;
use super::seal::{self, Letters};
use super::signed;
use super::text::haystack;
use crate::entry::Entry;
use crate::error::LogError;
use crate::store::rows;

/// Empties the write-ahead log. A reader that is in the middle of something keeps it; the next time empties it.
pub fn wipe(conn: &Connection) {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).ok();
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
    let Some(row) = rows::event(log, seq)? else {
        return Ok(String::new());
    };
    let side = rows::private(log, seq)?;
    Ok(haystack(&Entry::of(seq, row, side.as_ref())))
}

/// Drops what lies before the first entry that is not archived; what was seen for the first time there stays known.
pub fn before(tx: &Connection, state: &State) -> Result<(), LogError> {
    let first = signed(state.first);
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
        seal::pack(tx, segment)?;
    }
    Ok(())
}
