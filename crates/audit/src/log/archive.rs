//! Taking archived entries out of the log: only those that an entry announced, and only with the very file at hand.
//!
//! Deliberately absent: subtrees, checkpoints and epochs, which stay, so that what remains still proves what went.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::Log;
use crate::archive::{self, ArchiveFile};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::index::Index;
use crate::store::lock::WriteLock;
use crate::store::{connect, keep_rows, rows, schema};

impl Log {
    /// Deletes the entries that this archive holds, if the log announced the very file; the way to end what was broken off is to call it
    /// again. Answers whether there was anything to delete.
    ///
    /// # Errors
    /// [`LogError::Refused`]: the file is not the announced one, or side rows were erased since it was written; nothing is deleted then.
    pub fn drop_archived(&self, file: &Path) -> Result<bool, LogError> {
        let found = archive::look(file)?;
        let mut writer = self.lock_writer();
        let _lock = WriteLock::acquire(&self.dir)?;
        let tx = Transaction::new(&mut writer.conn, TransactionBehavior::Immediate)?;
        if !is_due(&tx, &found)? {
            return Ok(false);
        }
        schema::without_triggers(&tx, &["event_no_delete", "event_private_no_delete"], || {
            keep_rows::delete_up_to(&tx, found.size)
        })?;
        failpoint!("archive.deleted");
        tx.commit()?;
        failpoint!("archive.committed");
        Index::forget(&self.dir);
        give_back(&writer.conn)?;
        Ok(true)
    }
}

/// Gives the room of what was deleted back to the disk. Where there is no room to do it in, or somebody reads, the file stays as large
/// as it is, and new entries fill it first: the entries are gone either way.
fn give_back(conn: &Connection) -> Result<(), LogError> {
    // The new file's pages lie in an unnamed file meanwhile, so that a long log does not have to fit into memory.
    conn.execute_batch("PRAGMA temp_store = FILE")?;
    if let Err(fault) = conn.execute_batch("VACUUM") {
        tracing::warn!(%fault, "the room of archived entries was not given back");
    }
    conn.execute_batch("PRAGMA temp_store = MEMORY")?;
    failpoint!("archive.compacted");
    connect::empty_wal(conn)?;
    Ok(())
}

/// Whether the entries of this file are still in the log and may go.
fn is_due(tx: &Transaction<'_>, found: &ArchiveFile) -> Result<bool, LogError> {
    let announced = archive::announced(tx)?;
    let told = announced
        .iter()
        .any(|told| told.size == found.size && told.file_sha256 == found.sha256 && told.last_leaf == found.last_leaf);
    if !told {
        return Err(LogError::Refused("the log did not announce this archive".to_owned()));
    }
    if keep_rows::first_seq(tx)? > found.size {
        return Ok(false);
    }
    let same = keep_rows::first_seq(tx)? == found.first
        && rows::leaf(tx, found.size)? == Some(found.last_leaf)
        && keep_rows::privates_up_to(tx, found.size)? == found.privates;
    if same {
        Ok(true)
    } else {
        Err(LogError::Refused(
            "personal data was erased since this archive was written, or it is another log's".to_owned(),
        ))
    }
}
