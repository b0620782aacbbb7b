//! Reading the log: entries and proofs. Works beside a writer, on a read-only directory, on a full disk.
//!
//! What is asked of the read model stands in `reading`, verification in `checking`, reading from end to end in `snapshot`.
//!
//! Deliberately absent: any write to the log. The read model beside it is written if it can be, and kept in memory if not.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::body::Body;
use crate::entry::Entry;
use crate::error::LogError;
use crate::index::{self, Index};
use crate::proof::{self, Proof, ProvenEntry};
use crate::store::connect;
use crate::store::rows;
use crate::tree::Hash;

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
    pub(crate) dir: PathBuf,
    inner: Mutex<Inner>,
}

pub(crate) struct Inner {
    pub(crate) conn: Connection,
    pub(crate) index: Option<Index>,
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

    /// Entries with the proof that they stand under the newest checkpoint, for whoever has nothing else of the log.
    ///
    /// # Errors
    /// The file cannot be read; [`LogError::Damaged`] when an entry, a subtree or the checkpoint is missing.
    pub fn proof(&self, seqs: &[u64]) -> Result<Proof, LogError> {
        let missing = |what: &str| LogError::Damaged(format!("{what} is missing"));
        let inner = self.lock();
        let snapshot = inner.conn.unchecked_transaction()?;
        let size = rows::size(&snapshot)?;
        let note = rows::checkpoint(&snapshot, size)?.flatten();
        let epochs = rows::epochs(&snapshot)?;
        let epoch = epochs.last().ok_or_else(|| missing("its epoch"))?;
        let prove = |seq: &u64| {
            let row = rows::event(&snapshot, *seq)?;
            let bytes = row.and_then(|row| row.body).ok_or_else(|| missing("an entry"))?;
            let path = proof::path(seq.saturating_sub(1), size, &|level, idx| {
                rows::node(&snapshot, level, idx)
            })?;
            Ok(ProvenEntry { seq: *seq, bytes, path })
        };
        Ok(Proof {
            log_id: epoch.log_id.clone(),
            keys: epochs.iter().map(|epoch| epoch.key).collect(),
            size,
            note: note.ok_or_else(|| missing("the newest checkpoint"))?,
            entries: seqs.iter().map(prove).collect::<Result<_, LogError>>()?,
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
        index::entry(&self.lock().conn, seq)
    }

    /// The entries that name a plan, oldest first, from a sequence number on; read from the log itself, for they decide what is done.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of_plan(&self, plan_sha256: &str, from_seq: u64) -> Result<Vec<Body>, LogError> {
        let bodies = rows::bodies_with(&self.lock().conn, plan_sha256, from_seq)?;
        let read = bodies.iter().filter_map(|bytes| Body::from_bytes(bytes).ok());
        Ok(read
            .filter(|body| body.plan_sha256.as_deref() == Some(plan_sha256))
            .collect())
    }

    /// Asks within one read transaction.
    pub(crate) fn with_snapshot<T>(&self, ask: impl FnOnce(&Connection) -> Result<T, LogError>) -> Result<T, LogError> {
        let inner = self.lock();
        let snapshot = inner.conn.unchecked_transaction()?;
        ask(&snapshot)
    }

    /// Runs a reading in one read transaction of its own.
    pub(crate) fn in_transaction<T, E: From<LogError>>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let inner = self.lock();
        let snapshot = inner.conn.unchecked_transaction().map_err(LogError::from)?;
        read(&snapshot)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
