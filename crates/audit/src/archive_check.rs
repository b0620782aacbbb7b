//! The check of an archive by itself, before anything is deleted that only it will hold then.
//!
//! Its own short walk and not the whole verification: it has one answer, yes or no. Deliberately absent: a verdict, and an anchor.

use rusqlite::Connection;

use crate::archive::ArchiveFile;
use crate::body::Body;
use crate::error::LogError;
use crate::log::commitment;
use crate::note;
use crate::store::rows::{self, EventRow};
use crate::store::{keep_rows, schema};
use crate::tree::{Frontier, Hash, leaf_hash};

struct Walk<'a> {
    conn: &'a Connection,
    log_id: String,
    frontier: Frontier,
    last_leaf: Hash,
}

/// Checks the file; the answer lacks its SHA-256.
///
/// # Errors
/// [`LogError::Damaged`] with the first thing that does not hold.
pub fn whole(conn: &Connection) -> Result<ArchiveFile, LogError> {
    if let Some(difference) = schema::differences(conn)?.into_iter().next() {
        return Err(LogError::Damaged(difference));
    }
    let pages: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    ensure(pages == "ok", || "its pages are damaged".to_owned())?;
    let (first, size) = (keep_rows::first_seq(conn)?, rows::size(conn)?);
    ensure(size > 0, || "it has no entries".to_owned())?;
    let epochs = rows::epochs(conn)?;
    let epoch = epochs.last().ok_or_else(|| damaged("its epochs are missing"))?;
    let mut walk = Walk {
        conn,
        log_id: epoch.log_id.clone(),
        frontier: rows::frontier(conn, first - 1)?.ok_or_else(|| damaged("a stored subtree is missing"))?,
        last_leaf: rows::leaf(conn, first - 1)?.unwrap_or_default(),
    };
    rows::each_event(conn, i64::MIN, |row| walk.take(&row).map(|()| true))?;
    let note = rows::checkpoint(conn, size)?
        .flatten()
        .ok_or_else(|| damaged("its last checkpoint is missing"))?;
    let checkpoint =
        note::open(&note, &walk.log_id, &epoch.key).map_err(|fault| LogError::Damaged(fault.to_string()))?;
    let root = walk.frontier.root();
    ensure(checkpoint.size == size && checkpoint.root == root, || {
        "its last checkpoint is about other entries".to_owned()
    })?;
    Ok(ArchiveFile {
        first,
        size,
        root,
        last_leaf: walk.last_leaf,
        privates: keep_rows::privates_up_to(conn, size)?,
        sha256: String::new(),
    })
}

impl Walk<'_> {
    fn take(&mut self, row: &EventRow) -> Result<(), LogError> {
        let seq = self.frontier.size() + 1;
        let bad = || format!("entry {seq} does not hold");
        let (Some(leaf), Some(bytes)) = (row.leaf, row.body.as_deref()) else {
            return Err(LogError::Damaged(bad()));
        };
        let body = Body::from_bytes(bytes).map_err(|_| LogError::Damaged(bad()))?;
        let placed = u64::try_from(row.seq) == Ok(seq) && body.seq == seq && body.log == self.log_id;
        let follows = leaf_hash(bytes) == leaf && body.prev == hex::encode(self.last_leaf);
        ensure(placed && follows && self.side_row_fits(&body)?, bad)?;
        for node in self.frontier.push(leaf) {
            let stored = rows::node(self.conn, node.level, node.idx)?;
            ensure(stored == Some(node.hash), || {
                format!("a subtree over entry {seq} does not hold")
            })?;
        }
        self.last_leaf = leaf;
        Ok(())
    }

    /// A side row may be missing: it was erased, and the entry that says so may stand in the log behind the archive.
    fn side_row_fits(&self, body: &Body) -> Result<bool, LogError> {
        let side = rows::private(self.conn, body.seq)?;
        Ok(side.is_none_or(|side| body.commitment == Some(hex::encode(commitment(&side)))))
    }
}

fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), LogError> {
    if holds { Ok(()) } else { Err(LogError::Damaged(why())) }
}

fn damaged(why: &str) -> LogError {
    LogError::Damaged(why.to_owned())
}
