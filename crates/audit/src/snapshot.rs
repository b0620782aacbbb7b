//! The log as it stood at one moment, read from end to end: one read transaction, one row in memory at a time.
//!
//! For exports, which tell of exactly the entries that their checkpoint covers, however many are appended meanwhile. Deliberately absent:
//! any judgement of what the rows say; whether they hold is for `verify` to tell.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::archive::{self, Announced};
use crate::error::LogError;
use crate::proof;
use crate::reader::Reader;
use crate::store::rows;
use crate::tree::Hash;

/// A checkpoint key, and the first entry that it answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochKey {
    /// From 1.
    pub epoch: u64,
    /// The first entry of the epoch.
    pub first_seq: u64,
    /// The public key.
    pub key: [u8; 32],
}

/// One stored entry while it is read.
#[derive(Debug, Clone, Copy)]
pub struct StoredEntry<'a> {
    /// Sequence number.
    pub seq: u64,
    /// Stored leaf hash.
    pub leaf: &'a [u8; 32],
    /// The exact bytes.
    pub body: &'a [u8],
    /// Salt and canonical bytes of the side row, where it is there.
    pub private: Option<(&'a [u8], &'a [u8])>,
}

/// The log at one moment.
pub struct Snapshot<'a> {
    conn: &'a Connection,
    /// Number of the first entry that is here: 1 unless the log was archived; 0 in an empty one.
    pub first: u64,
    /// Number of entries since the log began, so the number of the last.
    pub size: u64,
}

impl Reader {
    /// Reads the log as it stands now, for as long as it takes; the writer is not held up.
    ///
    /// # Errors
    /// The file cannot be read; what `read` says.
    pub fn at_once<T, E: From<LogError>>(&self, read: impl FnOnce(&Snapshot<'_>) -> Result<T, E>) -> Result<T, E> {
        self.in_transaction(|conn| {
            let size = rows::size(conn)?;
            let first = rows::count(conn, "SELECT coalesce(min(seq), 0) FROM event WHERE seq <= ?1", size)?;
            read(&Snapshot { conn, first, size })
        })
    }
}

impl Snapshot<'_> {
    /// The root over all entries, from stored subtrees.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when one is missing.
    pub fn root(&self) -> Result<Hash, LogError> {
        let frontier = rows::frontier(self.conn, self.size)?;
        frontier
            .map(|frontier| frontier.root())
            .ok_or_else(|| missing("a stored subtree"))
    }

    /// The checkpoint over all entries: a signed note.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when there is none.
    pub fn checkpoint(&self) -> Result<String, LogError> {
        self.checkpoint_at(self.size)?
            .ok_or_else(|| missing("the newest checkpoint"))
    }

    /// The checkpoint at a size, if it is still kept.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn checkpoint_at(&self, size: u64) -> Result<Option<String>, LogError> {
        Ok(rows::checkpoint(self.conn, size)?.flatten())
    }

    /// The log's id.
    ///
    /// # Errors
    /// [`LogError::Damaged`] when the file does not say it.
    pub fn log_id(&self) -> Result<String, LogError> {
        let last = rows::epochs(self.conn)?.pop();
        last.map(|epoch| epoch.log_id).ok_or_else(|| missing("its epoch"))
    }

    /// The keys of its epochs, the one in force last.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn epochs(&self) -> Result<Vec<EpochKey>, LogError> {
        let told = rows::epochs(self.conn)?.into_iter().map(|row| EpochKey {
            epoch: row.epoch,
            first_seq: row.first_seq,
            key: row.key,
        });
        Ok(told.collect())
    }

    /// A stored subtree; level 0 is the entries' own leaf hashes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn node(&self, level: u32, idx: u64) -> Result<Option<Hash>, LogError> {
        rows::node(self.conn, level, idx)
    }

    /// The inclusion proof of an entry under [`Snapshot::checkpoint`].
    ///
    /// # Errors
    /// [`LogError::Damaged`] when a subtree is missing or the entry lies beyond the end.
    pub fn path(&self, seq: u64) -> Result<Vec<Hash>, LogError> {
        proof::path(seq.saturating_sub(1), self.size, &|level, idx| self.node(level, idx))
    }

    /// What the entry says that tells of the archived entries before the first one here; nothing where none are.
    ///
    /// # Errors
    /// The file cannot be read; [`LogError::Damaged`] when no entry tells of them.
    pub fn archived(&self) -> Result<Option<Announced>, LogError> {
        if self.first <= 1 {
            return Ok(None);
        }
        let told = archive::announced(self.conn)?;
        let told = told.into_iter().rfind(|told| told.size + 1 == self.first);
        told.map(Some)
            .ok_or_else(|| missing("the entry that tells of the archived ones"))
    }

    /// The exact bytes of one entry.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bytes(&self, seq: u64) -> Result<Option<Vec<u8>>, LogError> {
        Ok(rows::event(self.conn, seq)?.and_then(|row| row.body))
    }

    /// Calls `visit` for every entry, in order, until it answers false or fails.
    ///
    /// # Errors
    /// [`LogError::Damaged`] for a gap and for a row of another form; what `visit` says.
    pub fn each<E: From<LogError>>(&self, mut visit: impl FnMut(&StoredEntry<'_>) -> Result<bool, E>) -> Result<(), E> {
        let sql = "SELECT e.seq, e.leaf, e.body, p.salt, p.json FROM event e LEFT JOIN event_private p ON p.seq = e.seq \
                   WHERE e.seq >= ?1 ORDER BY e.seq";
        let mut statement = self.conn.prepare_cached(sql).map_err(LogError::from)?;
        let mut found = statement.query([1_i64]).map_err(LogError::from)?;
        let mut expected = self.first;
        while let Some(row) = found.next().map_err(LogError::from)? {
            let entry = stored(row, expected)?;
            expected += 1;
            if !visit(&entry)? {
                break;
            }
        }
        Ok(())
    }
}

fn stored<'a>(row: &'a Row<'_>, expected: u64) -> Result<StoredEntry<'a>, LogError> {
    let seq: i64 = row.get(0)?;
    if u64::try_from(seq) != Ok(expected) {
        return Err(missing(&format!("entry #{expected}")));
    }
    let unreadable = || LogError::Damaged(format!("entry #{expected} cannot be read"));
    Ok(StoredEntry {
        seq: expected,
        leaf: blob(row, 1)
            .and_then(|leaf| leaf.try_into().ok())
            .ok_or_else(unreadable)?,
        body: blob(row, 2).ok_or_else(unreadable)?,
        private: blob(row, 3).zip(blob(row, 4)),
    })
}

fn blob<'a>(row: &'a Row<'_>, column: usize) -> Option<&'a [u8]> {
    match row.get_ref(column) {
        Ok(ValueRef::Blob(bytes)) => Some(bytes),
        Ok(ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_)) | Err(_) => None,
    }
}

fn missing(what: &str) -> LogError {
    LogError::Damaged(format!("{what} is missing"))
}
