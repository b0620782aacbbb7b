//! The rows of the log read side by side: one cursor over the entries, and one each over side rows, checkpoints and every level
//! of subtrees, which all go forward together. So nothing is searched for, and nothing is read twice.
//!
//! Deliberately absent: any judgement, except that behind an entry out of its place nothing more is read.

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Rows, Statement};

use super::batch::{Batch, Item};
use crate::error::LogError;
use crate::tree::Hash;

/// Where to begin.
#[derive(Debug, Clone, Copy)]
pub struct From {
    /// The entry that is expected first.
    pub seq: u64,
    /// Whether rows before it are nobody's business: they were archived, or verified before.
    pub passed: bool,
}

/// Reads all entries from there on, and hands them over in batches, until there are no more or `hand` has enough.
///
/// # Errors
/// The file cannot be read; what `hand` says. The entries before the fault were handed over.
pub fn read(
    conn: &Connection,
    from: From,
    size: u64,
    hand: &mut dyn FnMut(Batch) -> Result<bool, LogError>,
) -> Result<(), LogError> {
    let seq = signed(from.seq);
    let lowest = if from.passed { seq } else { i64::MIN };
    let mut events = conn.prepare_cached("SELECT seq, leaf, body FROM event WHERE seq >= ?1 ORDER BY seq")?;
    let mut sides = conn.prepare_cached("SELECT seq, salt, json FROM event_private WHERE seq >= ?1 ORDER BY seq")?;
    let mut notes = conn.prepare_cached("SELECT size, note FROM checkpoint WHERE size >= ?1 ORDER BY size")?;
    let mut levels = (0..u64::BITS - size.leading_zeros())
        .map(|_| conn.prepare("SELECT idx, h FROM node WHERE level = ?1 AND idx >= ?2 ORDER BY idx"))
        .collect::<Result<Vec<Statement<'_>>, _>>()?;
    let mut rows = Source {
        next: seq,
        events: events.query([lowest])?,
        sides: Cursor::new(sides.query([seq])?),
        notes: Cursor::new(notes.query([seq])?),
        levels: (1_i64..)
            .zip(&mut levels)
            .map(|(level, statement)| Ok(Cursor::new(statement.query([level, (seq - 1) >> level])?)))
            .collect::<Result<_, LogError>>()?,
    };
    let mut batch = Batch::new();
    let ended = loop {
        match rows.take(&mut batch) {
            Ok(true) => {}
            other => break other,
        }
        if batch.is_full() && !hand(std::mem::replace(&mut batch, Batch::new()))? {
            return Ok(());
        }
    };
    hand(batch)?;
    ended.map(drop)
}

struct Source<'s> {
    next: i64,
    events: Rows<'s>,
    sides: Cursor<'s>,
    notes: Cursor<'s>,
    levels: Vec<Cursor<'s>>,
}

impl Source<'_> {
    /// Takes one entry with what belongs to it; tells whether there may be another.
    fn take(&mut self, batch: &mut Batch) -> Result<bool, LogError> {
        let Some(row) = self.events.next()? else {
            return Ok(false);
        };
        let seq: i64 = row.get(0)?;
        let mut item = Item {
            seq,
            leaf: hash(row, 1),
            body: blob(row, 2).map(|bytes| batch.keep(bytes)),
            side: None,
            note: None,
            nodes: 0..0,
        };
        let in_place = seq == self.next;
        if in_place {
            self.next += 1;
            self.attend(&mut item, batch)?;
        }
        batch.items.push(item);
        Ok(in_place)
    }

    fn attend(&mut self, item: &mut Item, batch: &mut Batch) -> Result<(), LogError> {
        if let Some(row) = self.sides.at(item.seq)? {
            let salt = batch.keep(blob(row, 1).unwrap_or_default());
            item.side = Some((salt, batch.keep(blob(row, 2).unwrap_or_default())));
        }
        if let Some(row) = self.notes.at(item.seq)? {
            let text = row.get_ref(1)?.as_bytes().ok();
            item.note = Some(text.map(|text| batch.keep(text)));
        }
        let begin = batch.node_count();
        let mut idx = item.seq - 1;
        for level in &mut self.levels {
            if idx & 1 == 0 {
                break;
            }
            idx >>= 1;
            batch.keep_node(level.at(idx)?.and_then(|row| hash(row, 1)));
        }
        item.nodes = begin..batch.node_count();
        Ok(())
    }
}

/// Rows in the order of their key, of which some are asked for, in the same order.
struct Cursor<'s> {
    rows: Rows<'s>,
    key: Option<i64>,
    begun: bool,
}

impl<'s> Cursor<'s> {
    const fn new(rows: Rows<'s>) -> Self {
        Self {
            rows,
            key: None,
            begun: false,
        }
    }

    fn at(&mut self, wanted: i64) -> Result<Option<&Row<'s>>, LogError> {
        while !self.begun || self.key.is_some_and(|key| key < wanted) {
            self.begun = true;
            self.rows.advance()?;
            self.key = self.rows.get().map(|row| row.get(0)).transpose()?;
        }
        Ok(self.rows.get().filter(|_| self.key == Some(wanted)))
    }
}

fn blob<'r>(row: &'r Row<'_>, column: usize) -> Option<&'r [u8]> {
    match row.get_ref(column) {
        Ok(ValueRef::Blob(bytes)) => Some(bytes),
        Ok(ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_)) | Err(_) => None,
    }
}

fn hash(row: &Row<'_>, column: usize) -> Option<Hash> {
    blob(row, column).and_then(|bytes| bytes.try_into().ok())
}

/// SQLite's integers are signed; ours never reach its limit.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
