//! Reading what the log has gained into the read model, in batches, by whichever reader asks first.
//!
//! Deliberately absent: any order between processes other than SQLite's own write lock; each batch looks again at what is there.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::Index;
use super::text::haystack;
use crate::body::Body;
use crate::draft::Phase;
use crate::entry::Entry;
use crate::error::LogError;
use crate::store::rows;
use crate::tree::Hash;

/// Entries in one transaction: short enough that another reader does not wait long.
const BATCH: usize = 5_000;

impl Index {
    /// Takes in everything that the log has beyond this read model.
    pub fn catch_up(&mut self, log: &Connection) -> Result<(), LogError> {
        if self.is_current(log)? {
            return Ok(());
        }
        while self.take_batch(log)? == BATCH {}
        Ok(())
    }

    fn is_current(&self, log: &Connection) -> Result<bool, LogError> {
        let (head, leaf) = state(&self.conn)?;
        Ok(head == rows::size(log)? && leaf_at(log, head)? == Some(leaf))
    }

    fn take_batch(&mut self, log: &Connection) -> Result<usize, LogError> {
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        let (mut head, mut leaf) = begin(&tx, log)?;
        let mut taken = 0;
        rows::each_event(log, signed(head).saturating_add(1), |row| {
            let Ok(seq) = u64::try_from(row.seq) else {
                return Ok(true);
            };
            let private = rows::private(log, seq)?;
            let entry = Entry::of(seq, row, private.as_ref());
            take(&tx, &entry)?;
            (head, leaf, taken) = (seq, entry.leaf, taken + 1);
            Ok(taken < BATCH)
        })?;
        tx.execute(
            "INSERT OR REPLACE INTO state (id, head, leaf) VALUES (1, ?1, ?2)",
            params![signed(head), leaf],
        )?;
        tx.commit()?;
        Ok(taken)
    }
}

/// Where to go on; from the beginning, with empty tables, when the log is not the one that was read.
fn begin(tx: &Connection, log: &Connection) -> Result<(u64, Hash), LogError> {
    let (head, leaf) = state(tx)?;
    if leaf_at(log, head)? == Some(leaf) {
        return Ok((head, leaf));
    }
    tx.execute_batch("DELETE FROM entry; DELETE FROM act; DELETE FROM state;")?;
    Ok((0, [0; 32]))
}

/// How far the read model has read: sequence number and leaf hash.
fn state(conn: &Connection) -> Result<(u64, Hash), LogError> {
    let mut statement = conn.prepare_cached("SELECT head, leaf FROM state")?;
    let state: Option<(i64, Hash)> = statement
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(state.map_or((0, [0; 32]), |(head, leaf)| (u64::try_from(head).unwrap_or(0), leaf)))
}

/// The leaf hash as an [`Entry`] tells it: zeros for one that cannot be read.
fn leaf_at(log: &Connection, seq: u64) -> Result<Option<Hash>, LogError> {
    if seq == 0 {
        return Ok(Some([0; 32]));
    }
    Ok(rows::event(log, seq)?.map(|row| row.leaf.unwrap_or_default()))
}

fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn take(conn: &Connection, entry: &Entry) -> Result<(), LogError> {
    let (body, hay) = (&entry.body, haystack(entry));
    let act = body.act.as_bytes().as_slice();
    let outcome = body.result_text("outcome");
    conn.prepare_cached(
        "INSERT INTO entry (seq, act, kind, merchant, profile, outcome, haystack) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        signed(entry.seq),
        act,
        body.kind,
        body.merchant,
        body.profile,
        outcome,
        hay
    ])?;
    if body.phase == Phase::Outcome && fold_outcome(conn, entry, &hay)? {
        return Ok(());
    }
    let sql = "INSERT INTO act (seq, act, kind, merchant, profile, outcome, intent, haystack) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let intent = body.phase == Phase::Intent;
    conn.prepare_cached(sql)?.execute(params![
        signed(entry.seq),
        act,
        body.kind,
        body.merchant,
        body.profile,
        outcome,
        intent,
        hay
    ])?;
    Ok(())
}

/// Whether an outcome ends its act: an unknown one leaves it open until somebody has looked into it.
fn is_settled(body: &Body) -> bool {
    body.result_text("outcome") != Some("unknown") || body.result_text("reconciled").is_some()
}

/// Gives an outcome to its intent: the latest of the same act, of the same kind if there is one. A later outcome takes the
/// place of an earlier one, so that an unknown act that was reconciled shows how it ended.
fn fold_outcome(conn: &Connection, entry: &Entry, hay: &str) -> Result<bool, LogError> {
    let body = &entry.body;
    let act = body.act.as_bytes().as_slice();
    let mut find = conn.prepare_cached(
        "SELECT seq FROM act WHERE act = ?1 AND intent = 1 ORDER BY kind = ?2 DESC, seq DESC LIMIT 1",
    )?;
    let Some(intent) = find
        .query_row(params![act, body.kind], |row| row.get::<_, i64>(0))
        .optional()?
    else {
        return Ok(false);
    };
    let sql = "UPDATE act SET outcome_seq = ?2, outcome = ?3, settled = ?5, haystack = haystack || char(10) || ?4 WHERE seq = ?1";
    conn.prepare_cached(sql)?.execute(params![
        intent,
        signed(entry.seq),
        body.result_text("outcome"),
        hay,
        is_settled(body)
    ])?;
    Ok(true)
}
