//! Reading the log: entries, pages, folded acts, verification. Works beside a writer, on a read-only directory, on a full disk.
//!
//! Deliberately absent: any write to the log. The read model beside it is written if it can be, and kept in memory if not.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::anchor::Anchor;
use crate::entry::Entry;
use crate::error::LogError;
use crate::index::Index;
use crate::index::query::{ActPage, ActRow, Page, Query};
use crate::report::Report;
use crate::store::connect;
use crate::store::rows;
use crate::tree::Hash;
use crate::verify;

/// Size and root of the stored log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of entries.
    pub size: u64,
    /// RFC 6962 root over them, from the stored subtrees.
    pub root: Hash,
}

/// A reader of a data directory's log.
pub struct Reader {
    dir: PathBuf,
    inner: Mutex<Inner>,
}

struct Inner {
    conn: Connection,
    index: Option<Index>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Reader {
    /// Opens the log for reading.
    ///
    /// # Errors
    /// [`LogError::Absent`] when there is none; [`LogError::Newer`]; faults of the file system.
    pub fn open(dir: &Path) -> Result<Self, LogError> {
        let conn = connect::reader(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            inner: Mutex::new(Inner { conn, index: None }),
        })
    }

    /// The number of entries.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn size(&self) -> Result<u64, LogError> {
        rows::size(&self.lock().conn)
    }

    /// Size and root, read in O(log n).
    ///
    /// # Errors
    /// The file cannot be read, or a stored subtree is missing.
    pub fn head(&self) -> Result<Head, LogError> {
        let inner = self.lock();
        let snapshot = inner.conn.unchecked_transaction()?;
        let size = rows::size(&snapshot)?;
        let frontier = rows::frontier(&snapshot, size)?;
        let frontier = frontier.ok_or_else(|| LogError::Damaged("a stored subtree is missing".to_owned()))?;
        Ok(Head {
            size,
            root: frontier.root(),
        })
    }

    /// The log's id, as its file says; `None` when that cannot be read.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn log_id(&self) -> Result<Option<String>, LogError> {
        Ok(rows::epochs(&self.lock().conn)?.pop().map(|epoch| epoch.log_id))
    }

    /// One entry with its exact bytes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn entry(&self, seq: u64) -> Result<Option<Entry>, LogError> {
        entry(&self.lock().conn, seq)
    }

    /// A page of entries, newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list(&self, query: &Query) -> Result<Page, LogError> {
        self.lock().with_index(&self.dir, |conn, index| {
            let (found, next) = index.entries(query)?;
            let mut page = Page {
                entries: Vec::with_capacity(found.len()),
                missing: Vec::new(),
                next,
            };
            for seq in found {
                match entry(conn, seq)? {
                    Some(entry) => page.entries.push(entry),
                    None => page.missing.push(seq),
                }
            }
            Ok(page)
        })
    }

    /// A page of acts, newest first: intent and outcome in one row, notes in rows of their own.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn acts(&self, query: &Query) -> Result<ActPage, LogError> {
        self.lock().with_index(&self.dir, |conn, index| {
            let (found, next) = index.acts(query)?;
            let mut page = ActPage {
                rows: Vec::with_capacity(found.len()),
                next,
            };
            for (first, outcome) in found {
                let Some(first) = entry(conn, first)? else {
                    continue;
                };
                let outcome = outcome.map(|seq| entry(conn, seq)).transpose()?.flatten();
                page.rows.push(ActRow::new(first, outcome));
            }
            Ok(page)
        })
    }

    /// Intents without outcome, or with one that is unknown and was not looked into yet; oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn unresolved(&self) -> Result<Vec<Entry>, LogError> {
        self.lock().with_index(&self.dir, |conn, index| {
            let found = index.unresolved()?;
            Ok(found
                .into_iter()
                .map(|seq| entry(conn, seq))
                .collect::<Result<Vec<_>, _>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }

    /// Verifies the whole log against an anchor and a checkpoint key that the caller read outside its file.
    ///
    /// Read the anchor before calling: a log that has grown since is fine, an anchor that has is not.
    ///
    /// # Errors
    /// The log cannot be read at all. Whatever is wrong with it is a verdict, not an error.
    pub fn verify(&self, anchor: Option<&Anchor>, key: Option<[u8; 32]>) -> Result<Report, LogError> {
        let inner = self.lock();
        let snapshot = inner.conn.unchecked_transaction()?;
        verify::run(&snapshot, anchor, key)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Runs a question on a read model that has caught up. One that fails is given up for one in memory.
    fn with_index<T>(
        &mut self,
        dir: &Path,
        ask: impl Fn(&Connection, &Index) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        let mut index = self.index.take().unwrap_or_else(|| Index::open(dir));
        let answer = index.catch_up(&self.conn).and_then(|()| ask(&self.conn, &index));
        let answer = match answer {
            Err(fault) if index.is_stored() => {
                tracing::warn!(%fault, "the audit log's read model failed, so it is built in memory");
                if matches!(fault, LogError::Damaged(_)) {
                    Index::discard(dir);
                }
                index = Index::in_memory()?;
                index.catch_up(&self.conn).and_then(|()| ask(&self.conn, &index))
            }
            other => other,
        };
        self.index = Some(index);
        answer
    }
}

fn entry(conn: &Connection, seq: u64) -> Result<Option<Entry>, LogError> {
    let Some(row) = rows::event(conn, seq)? else {
        return Ok(None);
    };
    let private = rows::private(conn, seq)?;
    Ok(Some(Entry::of(seq, row, private.as_ref())))
}

/// Verifies a data directory: as [`Reader::verify`], and a missing log under an anchor is a report too.
///
/// # Errors
/// [`LogError::Absent`] when there is neither log nor anchor; otherwise as [`Reader::verify`].
pub fn verify_directory(dir: &Path, anchor: Option<&Anchor>, key: Option<[u8; 32]>) -> Result<Report, LogError> {
    match (Reader::open(dir), anchor) {
        (Ok(reader), _) => reader.verify(anchor, key),
        (Err(LogError::Absent), Some(anchor)) if anchor.size > 0 => Ok(verify::missing_log(anchor)),
        (Err(LogError::Damaged(why)), _) => Ok(verify::unreadable_file(&why, anchor)),
        (Err(fault), _) => Err(fault),
    }
}
