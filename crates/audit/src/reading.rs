//! What is asked of the read model: pages of entries and acts, facets, bars over time; and how it follows the log.
//!
//! A screen never waits for a long log to be read: it is told how far the read model is. What decides something (open acts, plans)
//! waits until it has caught up. Deliberately absent: any write to the log.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use rusqlite::Connection;

use crate::entry::Entry;
use crate::error::LogError;
use crate::index::query::{ActPage, ActRow, Page, Query};
use crate::index::{self, FacetCounts, Histogram, Index, Rows, Sieve};
use crate::query::Question;
use crate::reader::{Inner, Reader};
use crate::store::{connect, ranges, rows};

/// Entries that a question waits for; what is more is read in the background.
const WORTH_WAITING: u64 = 4_096;
/// Rows on a page when nothing is said, and at most.
const ROWS: (usize, usize) = (50, 1000);

/// How much of the log must be in the read model before it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// All of it.
    Whole,
    /// As much as is quickly there.
    Little,
}

/// Reads into the read model what a log has gained, in batches beside which readers go on; for a thread of its own.
///
/// `progress` is told how many entries of how many are read. When `stop` is set it ends after the batch at hand; the next one goes on.
///
/// # Errors
/// [`LogError::Absent`] when there is no log; faults of the file system.
pub fn follow(dir: &Path, progress: &dyn Fn(u64, u64), stop: &AtomicBool) -> Result<(), LogError> {
    let log = connect::reader(dir)?;
    let mut index = Index::open(dir);
    if !index.is_stored() {
        return Ok(());
    }
    match index.catch_up(&log, progress, stop) {
        Err(LogError::Damaged(why)) => {
            tracing::warn!(why, "the audit log's read model is damaged, so it is made anew");
            drop(index);
            Index::discard(dir);
            Index::open(dir).catch_up(&log, progress, stop)
        }
        other => other,
    }
}

impl Reader {
    /// A page of entries, newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list(&self, query: &Query) -> Result<Page, LogError> {
        self.with_index(Wait::Whole, |log, index| {
            entries(
                log,
                index,
                &index.sieve_of(query, Rows::Entries)?,
                query.before,
                query.rows(),
            )
        })
    }

    /// A page of acts, newest first: intent and outcome in one row, notes in rows of their own.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn acts(&self, query: &Query) -> Result<ActPage, LogError> {
        self.with_index(Wait::Whole, |log, index| {
            acts(
                log,
                index,
                &index.sieve_of(query, Rows::Acts)?,
                query.before,
                query.rows(),
            )
        })
    }

    /// A page of the acts that a question finds at a given now, newest first; as far as the read model is.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn ask(
        &self,
        question: &Question,
        now_ms: i64,
        before: Option<u64>,
        limit: usize,
    ) -> Result<ActPage, LogError> {
        self.with_index(Wait::Little, |log, index| {
            acts(
                log,
                index,
                &index.sieve(question, now_ms, Rows::Acts)?,
                before,
                limit.clamp(1, ROWS.1),
            )
        })
    }

    /// A page of the entries that a question finds, newest first; all of the log is read first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn ask_entries(
        &self,
        question: &Question,
        now_ms: i64,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Page, LogError> {
        let limit = if limit == 0 { ROWS.0 } else { limit.min(ROWS.1) };
        self.with_index(Wait::Whole, |log, index| {
            entries(
                log,
                index,
                &index.sieve(question, now_ms, Rows::Entries)?,
                before,
                limit,
            )
        })
    }

    /// How often each value of each field comes among the acts that a question finds; each field without its own conditions.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn facets(&self, question: &Question, now_ms: i64) -> Result<Vec<FacetCounts>, LogError> {
        self.with_index(Wait::Little, |log, index| {
            let _snapshots = (index.snapshot()?, log.unchecked_transaction()?);
            index.facets(log, &index.sieve(question, now_ms, Rows::Acts)?)
        })
    }

    /// The acts that a question finds, over time, in about so many bars.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn histogram(&self, question: &Question, now_ms: i64, bars: u32) -> Result<Histogram, LogError> {
        self.with_index(Wait::Little, |log, index| {
            let _snapshots = (index.snapshot()?, log.unchecked_transaction()?);
            index.histogram(log, &index.sieve(question, now_ms, Rows::Acts)?, bars)
        })
    }

    /// How many entries the read model has read, without reading more.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn indexed(&self) -> Result<u64, LogError> {
        let mut inner = self.lock();
        let dir = &self.dir;
        Ok(inner.index.get_or_insert_with(|| Index::open(dir)).state()?.head)
    }

    /// Intents without outcome, or with one that is unknown and was not looked into yet; oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn unresolved(&self) -> Result<Vec<Entry>, LogError> {
        self.with_index(Wait::Whole, |log, index| {
            let found = index.unresolved()?.into_iter().map(|seq| index::entry(log, seq));
            Ok(found.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        })
    }

    /// Runs a question on the read model. One that fails is given up for one in memory.
    pub(crate) fn with_index<T>(
        &self,
        wait: Wait,
        ask: impl Fn(&Connection, &Index) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        let mut inner = self.lock();
        let Inner { conn, index: kept } = &mut *inner;
        let mut index = kept.take().unwrap_or_else(|| Index::open(&self.dir));
        let answer = ready(&mut index, conn, wait).and_then(|()| ask(conn, &index));
        let answer = match answer {
            Err(fault) if index.is_stored() => {
                tracing::warn!(%fault, "the audit log's read model failed, so it is built in memory");
                if matches!(fault, LogError::Damaged(_)) {
                    Index::discard(&self.dir);
                }
                index = Index::in_memory()?;
                ready(&mut index, conn, Wait::Whole).and_then(|()| ask(conn, &index))
            }
            other => other,
        };
        *kept = Some(index);
        answer
    }
}

fn ready(index: &mut Index, log: &Connection, wait: Wait) -> Result<(), LogError> {
    if wait == Wait::Little && index.is_stored() {
        let behind = rows::size(log)?.saturating_sub(index.state()?.head);
        if behind > WORTH_WAITING {
            return Ok(());
        }
    }
    match index.catch_up(log, &|_, _| (), &AtomicBool::new(false)) {
        // Another process is reading into it; what is there is answered.
        Err(LogError::Busy) if wait == Wait::Little => Ok(()),
        other => other,
    }
}

fn entries(
    log: &Connection,
    index: &Index,
    sieve: &Sieve,
    before: Option<u64>,
    limit: usize,
) -> Result<Page, LogError> {
    let _snapshots = (index.snapshot()?, log.unchecked_transaction()?);
    let asked = index.page(log, sieve, before, limit)?;
    let mut page = Page {
        entries: Vec::with_capacity(asked.found.len()),
        missing: Vec::new(),
        next: asked.next,
    };
    for (seq, _) in asked.found {
        match index::entry(log, seq)? {
            Some(entry) => page.entries.push(entry),
            None => page.missing.push(seq),
        }
    }
    Ok(page)
}

fn acts(
    log: &Connection,
    index: &Index,
    sieve: &Sieve,
    before: Option<u64>,
    limit: usize,
) -> Result<ActPage, LogError> {
    let _snapshots = (index.snapshot()?, log.unchecked_transaction()?);
    let asked = index.page(log, sieve, before, limit)?;
    let state = index.state()?;
    let mut page = ActPage {
        rows: Vec::with_capacity(asked.found.len()),
        gaps: Vec::new(),
        next: asked.next,
        size: rows::size(log)?,
        indexed: state.head,
        first: state.first,
    };
    for (first, outcome) in asked.found {
        let Some(first) = index::entry(log, first)? else {
            continue;
        };
        let outcome = outcome.map(|seq| index::entry(log, seq)).transpose()?.flatten();
        page.rows.push(ActRow::new(first, outcome));
    }
    if sieve.is_open() {
        let to = before.map_or(state.head, |before| before.saturating_sub(1).min(state.head));
        let from = asked.next.unwrap_or(state.first);
        page.gaps = ranges::missing_on_page(log, from, to, (state.first, state.head))?;
    }
    Ok(page)
}
