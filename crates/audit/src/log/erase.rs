//! Erasing personal data: side rows go, and entries that say so come, in one transaction. The tree does not notice.
//!
//! Deliberately absent: erasing an entry. What is in the clear stays for good.

use rusqlite::Transaction;
use serde_json::Value;

use super::{Appended, Log};
use crate::body::KIND_ERASED;
use crate::draft::{Draft, Stamp};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::index::Index;
use crate::store::{connect, keep_rows, schema};

/// What erasing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The entries that announce it, in the order of the side rows.
    pub announced: Vec<Appended>,
    /// Whether the write-ahead log was emptied too; if not, another process was reading, and the next checkpoint does it.
    pub settled: bool,
}

impl Log {
    /// Erases the side rows of these entries; `announce` is the draft of the entry `private.erased` that each of them gets.
    ///
    /// # Errors
    /// [`LogError::Refused`] when an entry has no side row (any more); otherwise as [`Log::append`]. Nothing was erased then.
    pub fn erase(&self, seqs: &[u64], announce: &Draft, now: Stamp) -> Result<Erased, LogError> {
        let drafts: Vec<Draft> = seqs.iter().map(|seq| announcement(announce, *seq)).collect();
        drafts.iter().try_for_each(Draft::check)?;
        let announced = self.write(&drafts, now, |tx| delete(tx, seqs))?;
        failpoint!("erase.committed");
        Index::forget(self.directory());
        let settled = connect::empty_wal(&self.lock_writer().conn)?;
        Ok(Erased { announced, settled })
    }
}

fn announcement(announce: &Draft, seq: u64) -> Draft {
    let mut draft = announce.clone();
    draft.kind = KIND_ERASED.to_owned();
    draft.request.insert("seq".to_owned(), Value::from(seq));
    draft
}

/// The trigger that asks for the announcement would search the whole log for each row; what it asks for was just written.
fn delete(tx: &Transaction<'_>, seqs: &[u64]) -> Result<(), LogError> {
    schema::without_triggers(tx, &["event_private_no_delete"], || {
        for seq in seqs {
            if !keep_rows::delete_private(tx, *seq)? {
                return Err(LogError::Refused(format!("entry #{seq} has no private part")));
            }
        }
        failpoint!("erase.deleted");
        Ok(())
    })
}
