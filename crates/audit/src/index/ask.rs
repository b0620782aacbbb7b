//! Pages: sequence numbers that a sieve lets through, newest first, keyed by sequence number.
//!
//! What letters find is read from the log and looked at again, a bounded number of times a page: a page may be short, and its `next` then
//! says where to go on. Deliberately absent: OFFSET, totals, and text from outside in a statement.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension};

use super::bits::SEGMENT;
use super::block::{self, Block, Needs, is_within};
use super::sieve::{Rows, Sieve};
use super::test::Looked;
use super::{Index, signed};
use crate::entry::Entry;
use crate::error::LogError;
use crate::store::both_rows;

/// Entries that are read again at most for one page.
const MOST_READ: usize = 4_000;

/// A page of sequence numbers, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Each with its act's last outcome.
    pub found: Vec<(u64, Option<u64>)>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<u64>,
}

impl Index {
    /// A page of acts or entries.
    pub fn page(&self, log: &Connection, sieve: &Sieve, before: Option<u64>, limit: usize) -> Result<Asked, LogError> {
        let before = before.unwrap_or(u64::MAX / 2);
        let mut page = Page {
            index: self,
            log,
            sieve,
            limit,
            read: 0,
            asked: Asked::default(),
        };
        if let Some(act) = sieve.act {
            let mut seqs = self.of_act(act.as_bytes())?;
            seqs.retain(|seq| *seq < before);
            seqs.into_iter().rev().try_for_each(|seq| page.line(seq))?;
        } else if sieve.combos.contains(&true) && sieve.merchants.as_ref().is_none_or(|only| !only.is_empty()) {
            let needs = Needs {
                merchants: false,
                ms: false,
                combos: true,
            };
            block::each(&self.conn, sieve, needs, before, |block| page.block(block, before))?;
        }
        Ok(page.asked)
    }

    /// Intents without outcome, or with one that is unknown and was not looked into; oldest first.
    pub fn unresolved(&self) -> Result<Vec<u64>, LogError> {
        let mut statement = self.conn.prepare_cached("SELECT seq FROM waiting ORDER BY seq")?;
        let rows = statement.query_map([], |row| row.get::<_, i64>(0).map(i64::unsigned_abs))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every outcome, with the entry that its act begins with.
    pub fn each_outcome(&self, mut visit: impl FnMut(u64, u64)) -> Result<(), LogError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT first, seq FROM line WHERE first <> seq")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            visit(
                row.get::<_, i64>(0)?.unsigned_abs(),
                row.get::<_, i64>(1)?.unsigned_abs(),
            );
        }
        Ok(())
    }

    fn of_act(&self, act: &[u8; 16]) -> Result<Vec<u64>, LogError> {
        let mut find = self
            .conn
            .prepare_cached("SELECT seq FROM act WHERE act = ?1 ORDER BY seq")?;
        let found = find.query_map([act], |row| row.get::<_, i64>(0).map(i64::unsigned_abs))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The last outcome of an intent; of an outcome, the one before it.
    fn last_outcome(&self, seq: u64) -> Result<Option<u64>, LogError> {
        let mut find = self.conn.prepare_cached("SELECT outcome FROM line WHERE seq = ?1")?;
        let found: Option<i64> = find.query_row([signed(seq)], |row| row.get(0)).optional()?;
        Ok(found.map(i64::unsigned_abs).filter(|seq| *seq > 0))
    }

    /// Whether an entry, or an act with all its outcomes, passes the tests.
    pub fn holds(&self, log: &Connection, sieve: &Sieve, seq: u64) -> Result<bool, LogError> {
        if sieve.tests.is_empty() {
            return Ok(true);
        }
        let Some(first) = both_rows::one(log, seq)? else {
            return Ok(false);
        };
        let mut found = vec![Looked::new(seq, first)];
        let mut outcome = match sieve.rows {
            Rows::Acts => self.last_outcome(seq)?,
            Rows::Entries => None,
        };
        while let Some(seq) = outcome {
            found.extend(both_rows::one(log, seq)?.map(|both| Looked::new(seq, both)));
            // Each leads to the one before it; numbers only go down, so that a damaged file leads nowhere for ever.
            outcome = self.last_outcome(seq)?.filter(|before| *before < seq);
        }
        Ok(sieve.tests.iter().all(|test| test.holds(&found)))
    }
}

struct Page<'p> {
    index: &'p Index,
    log: &'p Connection,
    sieve: &'p Sieve,
    limit: usize,
    read: usize,
    asked: Asked,
}

impl Page<'_> {
    fn block(&mut self, block: &Block, before: u64) -> Result<ControlFlow<()>, LogError> {
        let sieve = self.sieve;
        for place in (0..4096_u16).rev() {
            let combo = block.combo(place) as usize;
            let seq = block.seq(place);
            let passes = sieve.combos.get(combo).copied().unwrap_or(false)
                && seq < before
                && (!sieve.asks_merchants() || sieve.merchant(block.merchant(place)));
            if passes && block.may(sieve, place) && self.offer(seq)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Takes one that passes all but the tests.
    fn offer(&mut self, seq: u64) -> Result<ControlFlow<()>, LogError> {
        if self.read >= MOST_READ {
            self.asked.next = Some(seq + 1);
            return Ok(ControlFlow::Break(()));
        }
        if !self.sieve.tests.is_empty() {
            self.read += 1;
            if !self.index.holds(self.log, self.sieve, seq)? {
                return Ok(ControlFlow::Continue(()));
            }
        }
        if self.asked.found.len() == self.limit {
            self.asked.next = self.asked.found.last().map(|(seq, _)| *seq);
            return Ok(ControlFlow::Break(()));
        }
        let outcome = if self.sieve.rows == Rows::Acts {
            self.index.last_outcome(seq)?
        } else {
            None
        };
        self.asked.found.push((seq, outcome));
        Ok(ControlFlow::Continue(()))
    }

    /// Takes one by its number, where an act's entries are asked for.
    fn line(&mut self, seq: u64) -> Result<(), LogError> {
        let mut find = self
            .index
            .conn
            .prepare_cached("SELECT combo, merchant, ms FROM line WHERE seq = ?1")?;
        let found = find.query_row([signed(seq)], |row| {
            Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?, row.get::<_, i64>(2)?))
        });
        let Some((combo, merchant, ms)) = found.optional()? else {
            return Ok(());
        };
        let sieve = self.sieve;
        let in_time = !sieve.asks_time() || is_within(&sieve.ms, ms);
        if self.asked.next.is_none()
            && in_time
            && sieve.merchant(merchant)
            && sieve.combos.get(combo as usize).copied().unwrap_or(false)
        {
            let _ = self.offer(seq)?;
        }
        Ok(())
    }
}

/// The segment size stands for how far a page looks at once.
const _: () = assert!(SEGMENT == 4096);

/// One entry of the log.
pub fn entry(log: &Connection, seq: u64) -> Result<Option<Entry>, LogError> {
    let read = both_rows::one(log, seq)?;
    Ok(read.map(|(row, side)| Entry::of(seq, row, side.as_deref())))
}
