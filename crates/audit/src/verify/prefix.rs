//! What an archive left in the file: subtrees and checkpoints over entries that are no longer there.
//!
//! The archived entries themselves are bound by the root that is signed and that `log.archived` names. Deliberately absent: the archive.

use rusqlite::Connection;

use super::standing::Standing;
use super::start::frontier;
use crate::error::LogError;
use crate::note;
use crate::report::{Defect, Finding};
use crate::store::ranges;
use crate::tree::{Hash, node_hash};

/// Checks the rows that speak of archived entries alone; on success the standing is vouched for by the checkpoint at their end.
pub fn check(conn: &Connection, at: &mut Standing) -> Result<Option<Finding>, LogError> {
    let unsigned = checkpoints(conn, at)?;
    if unsigned.is_none() {
        at.signed = at.archived;
        at.vouched = at.archived;
    }
    let faults = unsigned.into_iter().chain(subtrees(conn, at.archived)?);
    Ok(faults.min_by_key(|finding| finding.seq))
}

/// The one at the end stands; each one names its size, is signed, and has the root of the stored subtrees where these suffice.
fn checkpoints(conn: &Connection, at: &Standing) -> Result<Option<Finding>, LogError> {
    let end = at.archived;
    let bad = |size, detail: String| Ok(Some(Finding::new(Defect::Checkpoint, Some(size), detail)));
    let mut last = 0;
    for (size, note) in ranges::checkpoints_upto(conn, end)? {
        let root = match opened(at, size, note.as_deref()) {
            Ok(root) => root,
            Err(detail) => return bad(size, detail),
        };
        let leaf = at.archived_leaf.filter(|_| size == end);
        let known = size.is_multiple_of(2) || size == end;
        // A subtree that is missing is a fault of its own.
        let stored = if known { frontier(conn, size, leaf)? } else { None };
        if stored.is_some_and(|stored| stored.root() != root) {
            return bad(
                size,
                format!("The checkpoint at {size} is not that of the stored subtrees."),
            );
        }
        last = size;
    }
    if last == end {
        Ok(None)
    } else {
        bad(
            end,
            format!("The checkpoint over the {end} archived entries is missing."),
        )
    }
}

/// The root that a true checkpoint of this size names.
pub fn opened(at: &Standing, size: u64, note: Option<&str>) -> Result<Hash, String> {
    let note = note.ok_or_else(|| format!("The checkpoint at {size} is no text."))?;
    let epoch = at
        .epoch_at(size)
        .ok_or_else(|| format!("No key was in force at {size}."))?;
    let found = note::open(note, &epoch.log_id, &epoch.key)
        .map_err(|fault| format!("At the checkpoint at {size}, {fault}."))?;
    if found.size == size {
        Ok(found.root)
    } else {
        Err(format!("The checkpoint at {size} is the one at {}.", found.size))
    }
}

/// None is missing, and each above the lowest is the hash of its two halves; the one that ends first of those that are not.
fn subtrees(conn: &Connection, archived: u64) -> Result<Option<Finding>, LogError> {
    let mut first: Option<(u64, u32, u64)> = None;
    for level in 1..u64::BITS - archived.leading_zeros() {
        let (mut next, mut fault) = (0, None);
        ranges::each_subtree(conn, level, archived >> level, |idx, hash, halves| {
            let holds = level == 1 || halves.is_none_or(|(left, right)| Some(node_hash(&left, &right)) == hash);
            if idx != next || !holds {
                fault = Some(next);
            }
            next += 1;
            fault.is_none()
        })?;
        let fault = fault.or_else(|| (next < archived >> level).then_some(next));
        let found = fault.map(|idx| ((idx + 1) << level, level, idx));
        first = first.into_iter().chain(found).min();
    }
    Ok(first.map(|(seq, level, idx)| {
        let detail = format!("The stored subtree {idx} of level {level} is missing or was changed.");
        Finding::new(Defect::Node, Some(seq), detail)
    }))
}
