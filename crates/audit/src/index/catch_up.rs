//! Reading what the log has gained into the read model, a segment at a time, by whichever reader asks first.
//!
//! Each batch is one transaction that looks again at what is there: another process may have been first. Readers go on meanwhile.
//! Deliberately absent: any order between processes other than SQLite's own write lock.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::bits::{SEGMENT, segment_of};
use super::seal::{self, Letters, Set};
use super::take::{self, Effect, Raw, Taken};
use super::write::Batch;
use super::{BUSY_TIMEOUT, FEW_PAGES, Index, forget, signed};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::store::{both_rows, rows};
use crate::tree::Hash;

/// Pages after which the write-ahead log is written back while a long log is read: each time waits for the disk.
const MANY_PAGES: i64 = 2_048;

/// How far the read model has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The last entry that it knows.
    pub head: u64,
    /// The leaf hash there.
    pub leaf: Hash,
    /// The first entry that is not archived.
    pub first: u64,
    /// The first entry in no sealed segment.
    pub tail: u64,
}

impl State {
    const EMPTY: Self = Self {
        head: 0,
        leaf: [0; 32],
        first: 1,
        tail: 0,
    };

    pub fn load(conn: &Connection) -> Result<Self, LogError> {
        let mut statement = conn.prepare_cached("SELECT head, leaf, first, tail FROM state")?;
        let state = statement.query_row([], |row| {
            Ok(Self {
                head: row.get::<_, i64>(0)?.unsigned_abs(),
                leaf: row.get(1)?,
                first: row.get::<_, i64>(2)?.unsigned_abs(),
                tail: row.get::<_, i64>(3)?.unsigned_abs(),
            })
        });
        Ok(state.optional()?.unwrap_or(Self::EMPTY))
    }

    fn save(&self, conn: &Connection) -> Result<(), LogError> {
        conn.prepare_cached("INSERT OR REPLACE INTO state (id, head, leaf, first, tail) VALUES (1, ?1, ?2, ?3, ?4)")?
            .execute(params![
                signed(self.head),
                self.leaf,
                signed(self.first),
                signed(self.tail)
            ])?;
        Ok(())
    }
}

impl Index {
    /// Takes in everything that the log has beyond this read model; `progress` is told how far it is, of how much.
    ///
    /// # Errors
    /// [`LogError::Cancelled`]-like stops are none: when `stop` is set, it ends after the batch at hand.
    pub fn catch_up(
        &mut self,
        log: &Connection,
        progress: &dyn Fn(u64, u64),
        stop: &AtomicBool,
    ) -> Result<(), LogError> {
        let mut batches = 0;
        while !self.is_current(log)? && !stop.load(Ordering::Relaxed) {
            if self.take_batch(log)? == 0 {
                break;
            }
            batches += 1;
            if batches == 2 {
                self.conn.pragma_update(None, "wal_autocheckpoint", MANY_PAGES)?;
            }
            progress(self.state()?.head, rows::size(log)?);
        }
        if batches > 1 {
            self.write_back();
        }
        Ok(())
    }

    /// Writes the write-ahead log back: whoever opens the file first goes through all that it holds. Waits for nobody.
    fn write_back(&self) {
        self.conn.pragma_update(None, "wal_autocheckpoint", FEW_PAGES).ok();
        self.conn.busy_timeout(Duration::ZERO).ok();
        let _ = forget::wipe(&self.conn);
        self.conn.busy_timeout(BUSY_TIMEOUT).ok();
    }

    /// How far it is.
    pub fn state(&self) -> Result<State, LogError> {
        State::load(&self.conn)
    }

    /// Tells whether it knows the log to its end.
    pub fn is_current(&self, log: &Connection) -> Result<bool, LogError> {
        let state = self.state()?;
        Ok(state.head == rows::size(log)? && leaf_at(log, state.head)? == Some(state.leaf))
    }

    fn take_batch(&mut self, log: &Connection) -> Result<usize, LogError> {
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        // One state of the log for all that is read of it, and one lock.
        let log = &*log.unchecked_transaction()?;
        let mut state = begin(&tx, log)?;
        let raw = read_segment(log, state.head)?;
        let taken = take::read_all(raw.rows);
        store(&tx, &mut state, &taken, raw.is_past)?;
        effects(&tx, log, &mut state, &taken)?;
        state.save(&tx)?;
        failpoint!("index.taken");
        tx.commit()?;
        if taken.iter().any(|taken| taken.effect != Effect::None) {
            let _ = forget::wipe(&self.conn);
        }
        Ok(taken.len())
    }
}

/// Where to go on; from the beginning, with empty tables, when the log is not the one that was read.
fn begin(tx: &Connection, log: &Connection) -> Result<State, LogError> {
    let state = State::load(tx)?;
    if leaf_at(log, state.head)? == Some(state.leaf) {
        return Ok(state);
    }
    tx.execute_batch(
        "DELETE FROM state; DELETE FROM term; DELETE FROM combo; DELETE FROM line; DELETE FROM act; DELETE FROM waiting;
         DELETE FROM tail; DELETE FROM span; DELETE FROM pack; DELETE FROM gram; DELETE FROM day; DELETE FROM seen;",
    )?;
    Ok(State::EMPTY)
}

/// The leaf hash as an entry tells it: zeros for one that cannot be read.
fn leaf_at(log: &Connection, seq: u64) -> Result<Option<Hash>, LogError> {
    if seq == 0 {
        return Ok(Some([0; 32]));
    }
    Ok(rows::event(log, seq)?.map(|row| row.leaf.unwrap_or_default()))
}

struct Segment {
    rows: Vec<Raw>,
    /// Whether the log has gone past the segment.
    is_past: bool,
}

/// The rest of the segment that comes after an entry.
fn read_segment(log: &Connection, head: u64) -> Result<Segment, LogError> {
    let mut read = Segment {
        rows: Vec::new(),
        is_past: false,
    };
    both_rows::each(log, head.saturating_add(1), |both| {
        let Ok(seq) = u64::try_from(both.0.seq) else {
            return Ok(true);
        };
        let of = read.rows.first().map_or(seq, |(first, _)| *first);
        read.is_past = segment_of(seq) != segment_of(of);
        if !read.is_past {
            read.is_past = seq % SEGMENT == SEGMENT - 1;
            read.rows.push((seq, both));
        }
        Ok(!read.is_past)
    })?;
    Ok(read)
}

fn store(tx: &Connection, state: &mut State, taken: &[Taken], is_past: bool) -> Result<(), LogError> {
    let Some((first, last)) = taken.first().zip(taken.last()) else {
        return Ok(());
    };
    // A jump in the numbers leaves a segment behind that was never filled.
    if segment_of(state.tail) < segment_of(first.seq) {
        finish(tx, segment_of(state.tail), &tail_letters(tx, state)?.sets())?;
        state.tail = segment_of(first.seq) * SEGMENT;
    }
    let mut batch = Batch::new(tx, state.tail);
    taken.iter().try_for_each(|taken| batch.take(taken))?;
    let mut changed = if is_past {
        write_and_seal(tx, state, &mut batch, taken)?
    } else {
        let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO tail (seq, words) VALUES (?1, ?2)")?;
        taken
            .iter()
            .try_for_each(|taken| insert.execute((signed(taken.seq), &taken.words)).map(drop))?;
        batch.write()?
    };
    late(tx, &batch, taken)?;
    if is_past {
        state.tail = (segment_of(last.seq) + 1) * SEGMENT;
    }
    (state.head, state.leaf) = (last.seq, last.leaf);
    changed.retain(|segment| segment * SEGMENT < state.tail);
    changed.iter().try_for_each(|segment| seal::pack(tx, *segment))
}

/// Writes a batch and seals its segment: what lay in the tail, and what came now. Its letters are gathered on a thread of their own meanwhile.
fn write_and_seal(
    tx: &Connection,
    state: &State,
    batch: &mut Batch<'_>,
    taken: &[Taken],
) -> Result<BTreeSet<u64>, LogError> {
    let segment = segment_of(taken.last().map_or(state.tail, |taken| taken.seq));
    let firsts: Vec<u64> = batch.lines.iter().map(|line| line.first).collect();
    let mut letters = tail_letters(tx, state)?;
    let (changed, sets) = std::thread::scope(|scope| {
        let gathered = scope.spawn(move || {
            for (taken, first) in taken.iter().zip(firsts) {
                letters.add(taken.seq, first, &taken.words);
            }
            letters.sets()
        });
        let changed = batch.write();
        match gathered.join() {
            Ok(sets) => (changed, sets),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    let changed = changed?;
    finish(tx, segment, &sets)?;
    Ok(changed)
}

/// Words of outcomes whose intents lie in sealed segments: an act is found by the words of both.
fn late(tx: &Connection, batch: &Batch<'_>, taken: &[Taken]) -> Result<(), LogError> {
    for (intent, outcome) in &batch.late {
        if let Some(taken) = taken.iter().find(|taken| taken.seq == *outcome) {
            let mut letters = Letters::default();
            letters.put(super::bits::place_of(*intent), None, &taken.words);
            letters.add_to(tx, segment_of(*intent))?;
        }
    }
    Ok(())
}

/// The letters of what lies in the tail.
fn tail_letters(tx: &Connection, state: &State) -> Result<Letters, LogError> {
    let mut letters = Letters::default();
    let mut tail = tx.prepare_cached(
        "SELECT tail.seq, line.first, words FROM tail JOIN line ON line.seq = tail.seq WHERE tail.seq >= ?1",
    )?;
    let mut rows = tail.query([signed(state.tail)])?;
    while let Some(row) = rows.next()? {
        let (seq, first, words): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        letters.add(seq.unsigned_abs(), first.unsigned_abs(), &words);
    }
    Ok(letters)
}

/// Seals a segment with its letters.
fn finish(tx: &Connection, segment: u64, sets: &[Set]) -> Result<(), LogError> {
    seal::write_letters(tx, segment, sets)?;
    tx.execute("DELETE FROM tail", [])?;
    seal::pack(tx, segment)
}

/// What entries do to others: private words that are erased, entries that are archived.
fn effects(tx: &Connection, log: &Connection, state: &mut State, taken: &[Taken]) -> Result<(), LogError> {
    let mut erased = Vec::new();
    for taken in taken {
        match taken.effect {
            Effect::None => {}
            Effect::Erased(seq) => erased.push(seq),
            Effect::Archived(size) => state.first = state.first.max(size.min(state.head.saturating_sub(1)) + 1),
        }
    }
    if taken.iter().any(|taken| matches!(taken.effect, Effect::Archived(_))) {
        forget::before(tx, state)?;
    }
    forget::words(tx, log, state, &erased)
}
