//! The writer's memory of the log: id, epoch, key, frontier and last leaf, and how it follows what others appended.
//!
//! Nothing that another process wrote is taken on trust: its hashes, chain and checkpoint are checked before it is built upon.
//! Deliberately absent: the whole verification (`verify`).

use rusqlite::Connection;

use crate::anchor::Anchor;
use crate::body::Body;
use crate::error::LogError;
use crate::note;
use crate::store::rows::{self, Epoch, EventRow};
use crate::tree::{Frontier, Hash, leaf_hash};

/// Why the quick check stopped.
pub enum Suspicion {
    /// The log could not be read.
    Fault(LogError),
    /// The log is not what it should be; a full verification says what.
    Odd(String),
}

impl From<LogError> for Suspicion {
    fn from(fault: LogError) -> Self {
        Self::Fault(fault)
    }
}

fn odd(why: &str) -> Suspicion {
    Suspicion::Odd(why.to_owned())
}

/// The key id in hex, as the anchor names it.
fn key_id(log_id: &str, key: &[u8; 32]) -> String {
    hex::encode(note::key_id(&note::origin(log_id), key))
}

/// What the writer knows of the log.
#[derive(Debug, Clone)]
pub struct Head {
    pub log_id: String,
    pub epoch: u64,
    pub key: [u8; 32],
    pub frontier: Frontier,
    pub last_leaf: Hash,
}

impl Head {
    /// The head of a log that has no entry yet.
    pub fn unborn(log_id: String, key: [u8; 32]) -> Self {
        Self {
            log_id,
            epoch: 1,
            key,
            frontier: Frontier::default(),
            last_leaf: [0; 32],
        }
    }

    /// The head at `size`, from stored subtrees; it is proven only by comparing its root with an anchor or a checkpoint.
    pub fn stored(conn: &Connection, epoch: &Epoch, size: u64) -> Result<Self, Suspicion> {
        let frontier = rows::frontier(conn, size)?.ok_or_else(|| odd("A stored subtree is missing."))?;
        let last_leaf = if size == 0 {
            Some([0; 32])
        } else {
            rows::leaf(conn, size)?
        };
        let last_leaf = last_leaf.ok_or_else(|| odd("An entry is missing."))?;
        Ok(Self {
            log_id: epoch.log_id.clone(),
            epoch: epoch.epoch,
            key: epoch.key,
            frontier,
            last_leaf,
        })
    }

    /// Number of entries.
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The epoch that begins with the next entry.
    pub fn begun_epoch(&self) -> Epoch {
        Epoch {
            epoch: self.epoch,
            log_id: self.log_id.clone(),
            first_seq: self.size() + 1,
            key: self.key,
        }
    }

    /// The anchor of this head.
    pub fn anchor(&self) -> Anchor {
        let root = hex::encode(self.frontier.root());
        Anchor::new(
            self.log_id.clone(),
            self.epoch,
            self.size(),
            root,
            key_id(&self.log_id, &self.key),
        )
    }

    /// Takes in all entries after this head, checking each; the last must be covered by a checkpoint of our key, and the
    /// anchor, where it lies within, must agree.
    pub fn follow(&mut self, conn: &Connection, anchor: Option<&Anchor>, key: &[u8; 32]) -> Result<(), Suspicion> {
        let anchor = anchor.ok_or_else(|| odd("The log has entries, but its anchor is missing."))?;
        if anchor.log_id != self.log_id {
            return Err(odd("The anchor belongs to another log."));
        }
        self.take_epoch(conn, anchor, key)?;
        if rows::leaf(conn, self.size())? != (self.size() > 0).then_some(self.last_leaf) {
            return Err(odd("An entry that was there is gone or was changed."));
        }
        self.take_entries(conn, anchor)?;
        self.check_anchor(anchor)?;
        self.check_checkpoint(conn)
    }

    fn take_epoch(&mut self, conn: &Connection, anchor: &Anchor, key: &[u8; 32]) -> Result<(), Suspicion> {
        let epochs = rows::epochs(conn)?;
        let last = epochs.last().ok_or_else(|| odd("The log's id and key are missing."))?;
        if last.key != *key {
            return Err(odd("The log's checkpoint key is not the one that is kept outside."));
        }
        if last.log_id != self.log_id {
            return Err(odd("The log's id changed."));
        }
        let in_force = epochs.iter().rfind(|epoch| epoch.first_seq <= anchor.size.max(1));
        if in_force
            .is_some_and(|epoch| epoch.epoch != anchor.epoch || key_id(&epoch.log_id, &epoch.key) != anchor.key_id)
        {
            return Err(odd("The anchor names another epoch or key than the log."));
        }
        self.epoch = last.epoch;
        self.key = last.key;
        Ok(())
    }

    fn take_entries(&mut self, conn: &Connection, anchor: &Anchor) -> Result<(), Suspicion> {
        let from = i64::try_from(self.size()).unwrap_or(i64::MAX).saturating_add(1);
        let mut trouble = None;
        rows::each_event(conn, from, |row| {
            trouble = self.take(&row, anchor).err();
            Ok(trouble.is_none())
        })?;
        trouble.map_or(Ok(()), Err)
    }

    fn take(&mut self, row: &EventRow, anchor: &Anchor) -> Result<(), Suspicion> {
        let seq = self.size() + 1;
        let (Some(leaf), Some(bytes)) = (row.leaf, row.body.as_deref()) else {
            return Err(odd("An entry's columns have other types."));
        };
        let body =
            Body::from_bytes(bytes).map_err(|fault| Suspicion::Odd(format!("Entry {seq} does not hold: {fault}.")))?;
        let placed = u64::try_from(row.seq) == Ok(seq) && body.seq == seq && body.log == self.log_id;
        if !placed || leaf_hash(bytes) != leaf || body.prev != hex::encode(self.last_leaf) {
            return Err(Suspicion::Odd(format!(
                "Entry {seq} does not follow from the ones before it."
            )));
        }
        self.frontier.push(leaf);
        self.last_leaf = leaf;
        if anchor.size == seq {
            self.check_root(anchor)
        } else {
            Ok(())
        }
    }

    fn check_anchor(&self, anchor: &Anchor) -> Result<(), Suspicion> {
        if anchor.size > self.size() || anchor.epoch > self.epoch {
            return Err(odd("The log is behind its anchor."));
        }
        if anchor.size == self.size() {
            self.check_root(anchor)
        } else {
            Ok(())
        }
    }

    fn check_root(&self, anchor: &Anchor) -> Result<(), Suspicion> {
        let agrees = hex::encode(self.frontier.root()) == anchor.root;
        if agrees {
            Ok(())
        } else {
            Err(odd("The log's entries are not the anchored ones."))
        }
    }

    fn check_checkpoint(&self, conn: &Connection) -> Result<(), Suspicion> {
        let note = rows::checkpoint(conn, self.size())?
            .flatten()
            .ok_or_else(|| odd("The last entry has no checkpoint."))?;
        let checkpoint = note::open(&note, &self.log_id, &self.key)
            .map_err(|fault| Suspicion::Odd(format!("In the last checkpoint, {fault}.")))?;
        let agrees = checkpoint.size == self.size() && checkpoint.root == self.frontier.root();
        if agrees {
            Ok(())
        } else {
            Err(odd("The last checkpoint is about other entries."))
        }
    }
}
