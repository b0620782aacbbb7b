//! The one writer: open, append, re-anchor.
//!
//! Order of every write: lock, transaction with checkpoint (durable when it returns), anchor, unlock. So the anchor is never
//! ahead of the log, and after a crash the log is at most one append ahead of the anchor.
//! Deliberately absent: updating or deleting entries, and any retry of a failed anchor in the background.

mod archive;
mod birth;
mod erase;
mod group;
mod head;
mod open;
mod read_back;
mod reanchor;
#[cfg(test)]
mod tests;
mod torn;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::anchor::{Anchor, Opening};
use crate::draft::{Draft, Stamp};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::report::{Defect, Finding, Verdict};
use crate::store::connect::Identity;
use crate::store::lock::WriteLock;
use crate::store::{connect, rows};
use crate::tree::Hash;
use crate::verify;
use head::{Head, Suspicion};
use read_back::ReadBack;

pub use erase::Erased;
pub use group::commitment;
pub use reanchor::Anew;

/// What the log answers for one appended draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Sequence number.
    pub seq: u64,
    /// Leaf hash.
    pub leaf: Hash,
}

/// The one writer of a data directory's log.
///
/// Several values and several processes may be open at once: appends happen one after the other, and each picks up what the
/// others wrote. Invariant: entries are only ever added.
pub struct Log {
    dir: PathBuf,
    opening: Opening,
    writer: Mutex<Writer>,
}

struct Writer {
    conn: Connection,
    head: Head,
    identity: Identity,
    read_back: ReadBack,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Log {
    /// Opens `audit.db` in this directory, or makes it with its genesis entry when there is neither a log nor an anchor.
    ///
    /// A log that is ahead of its anchor (a crash between the two) is anchored again. Makes no directory.
    ///
    /// # Errors
    /// [`LogError::Alarm`] when the log is missing, behind, different from its anchor, changed, or without an anchor: reading
    /// stays possible through [`crate::Reader`]. [`LogError::Newer`], [`LogError::Anchor`], faults of disk and lock.
    pub fn open(dir: &Path, opening: Opening, now: Stamp) -> Result<Self, LogError> {
        let _lock = WriteLock::acquire(dir)?;
        let writer = open::writer(dir, &opening, now)?;
        Ok(Self {
            dir: dir.to_owned(),
            opening,
            writer: Mutex::new(writer),
        })
    }

    /// Begins a new epoch on a log that is sound in itself: after a move, a lost keyring, or a restored older state.
    ///
    /// Writes an entry `log.reanchored` with the checkpoint key now in force, what was found, who did it, and the reason (private side row).
    /// When the file is missing, a new log is begun whose genesis entry names the anchor of the lost one.
    ///
    /// # Errors
    /// [`LogError::Alarm`] when the log is broken or cut in itself: that cannot be anchored away. Otherwise as [`Log::open`].
    pub fn reanchor(dir: &Path, opening: Opening, anew: &Anew<'_>, now: Stamp) -> Result<Self, LogError> {
        let _lock = WriteLock::acquire(dir)?;
        let writer = reanchor::writer(dir, &opening, anew, now)?;
        Ok(Self {
            dir: dir.to_owned(),
            opening,
            writer: Mutex::new(writer),
        })
    }

    /// Appends entries in one transaction with one checkpoint, then anchors. When it returns `Ok`, all is durable and anchored.
    ///
    /// # Errors
    /// [`LogError::Refused`]: a draft breaks the format; [`LogError::DiskFull`], [`LogError::Busy`]: in all these nothing was written.
    /// [`LogError::Anchor`]: the entries are durable but may not be anchored yet; the next append anchors them.
    /// [`LogError::Alarm`]: the log was changed behind this process.
    pub fn append(&self, drafts: &[Draft], now: Stamp) -> Result<Vec<Appended>, LogError> {
        drafts.iter().try_for_each(Draft::check)?;
        if drafts.is_empty() {
            return Ok(Vec::new());
        }
        self.write(drafts, now, |_| Ok(()))
    }

    /// Appends entries and does something else in the same transaction.
    fn write(
        &self,
        drafts: &[Draft],
        now: Stamp,
        besides: impl FnOnce(&Transaction<'_>) -> Result<(), LogError>,
    ) -> Result<Vec<Appended>, LogError> {
        let mut writer = self.lock_writer();
        let _lock = WriteLock::acquire(&self.dir)?;
        writer.append(&self.dir, &self.opening, (drafts, now), besides)
    }

    /// The log's id: 32 hex digits.
    #[must_use]
    pub fn id(&self) -> String {
        self.lock_writer().head.log_id.clone()
    }

    /// The data directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.dir
    }

    /// A panic in another thread leaves the writer as it was before its transaction, so it stays usable.
    fn lock_writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer {
    fn new(dir: &Path, conn: Connection, head: Head) -> Result<Self, LogError> {
        Ok(Self {
            conn,
            head,
            identity: Identity::of(dir)?,
            read_back: ReadBack::default(),
        })
    }

    fn append(
        &mut self,
        dir: &Path,
        opening: &Opening,
        (drafts, now): (&[Draft], Stamp),
        besides: impl FnOnce(&Transaction<'_>) -> Result<(), LogError>,
    ) -> Result<Vec<Appended>, LogError> {
        if Identity::of(dir)? != self.identity {
            return Err(LogError::Damaged("its file was replaced while it was open".to_owned()));
        }
        let mut head = self.head.clone();
        let tx = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        failpoint!("append.begun");
        catch_up(&tx, &mut head, opening)?;
        let appended = group::write(&tx, &mut head, drafts, (opening, &mut self.read_back), now)?;
        besides(&tx)?;
        failpoint!("append.written");
        tx.commit()?;
        failpoint!("append.committed");
        self.head = head;
        opening.anchors.save(&self.head.anchor())?;
        failpoint!("append.anchored");
        Ok(appended)
    }
}

/// Takes in what other processes appended since; the anchor is looked at again only then.
fn catch_up(conn: &Connection, head: &mut Head, opening: &Opening) -> Result<(), LogError> {
    if rows::size(conn)? == head.size() && rows::leaf(conn, head.size())? == Some(head.last_leaf) {
        return Ok(());
    }
    let anchor = opening.anchors.load()?;
    head.follow(conn, anchor.as_ref(), &opening.signer.verifying_key())
        .map_err(|suspicion| raise(conn, anchor.as_ref(), opening, suspicion))
}

/// Turns a suspicion into a full report: the quick check says that something is wrong, the whole one says what.
fn raise(conn: &Connection, anchor: Option<&Anchor>, opening: &Opening, suspicion: Suspicion) -> LogError {
    let why = match suspicion {
        Suspicion::Odd(why) | Suspicion::Fault(LogError::Damaged(why)) => why,
        Suspicion::Fault(fault) => return fault,
    };
    match verify::run(conn, anchor, Some(opening.signer.verifying_key())) {
        Err(fault) => fault,
        Ok(mut report) => {
            if report.is_intact() {
                report.verdict = Verdict::Broken;
                report.reason.clone_from(&why);
                report.findings.push(Finding::new(Defect::Anchor, None, why));
            }
            LogError::Alarm(Box::new(report))
        }
    }
}

/// Opens an existing file for writing; one that is no database any more is an alarm.
fn existing(dir: &Path, anchor: Option<&Anchor>) -> Result<Option<Connection>, LogError> {
    match connect::existing_writer(dir) {
        Err(LogError::Damaged(why)) => {
            let report = verify::unreadable_file(&why, anchor);
            Err(LogError::Alarm(Box::new(report)))
        }
        opened => opened,
    }
}
