//! Writing one group of entries: side rows, entries, subtrees, and one checkpoint over them. The caller holds the transaction.
//!
//! Deliberately absent: commit and anchor.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::Appended;
use super::head::Head;
use crate::anchor::{AnchorFailure, Opening};
use crate::body::Place;
use crate::canonical::{self, CanonicalFault, MAX_PRIVATE};
use crate::compose;
use crate::draft::{Draft, Stamp};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::note::{self, Checkpoint};
use crate::store::rows::{self, PrivateRow};
use crate::time;
use crate::tree::{Hash, leaf_hash};

/// Writes the drafts after `head` and moves it on.
pub fn write(
    conn: &Connection,
    head: &mut Head,
    drafts: &[Draft],
    opening: &Opening,
    now: Stamp,
) -> Result<Vec<Appended>, LogError> {
    let time = time::write(now.unix_ms)
        .ok_or_else(|| LogError::Refused("its time is not between 1970 and 9999".to_owned()))?;
    let moment = (time.as_str(), now.mono_ms);
    let appended = drafts
        .iter()
        .map(|draft| write_one(conn, head, draft, opening, moment))
        .collect::<Result<_, _>>()?;
    write_checkpoint(conn, head, opening)?;
    Ok(appended)
}

fn write_one(
    conn: &Connection,
    head: &mut Head,
    draft: &Draft,
    opening: &Opening,
    (time, mono): (&str, u64),
) -> Result<Appended, LogError> {
    let side = draft.private.as_ref().filter(|private| !private.is_empty());
    let side = side.map(|private| salted(private, opening)).transpose()?;
    let seq = head.size() + 1;
    let place = Place {
        time,
        mono,
        log_id: &head.log_id,
        seq,
        prev: head.last_leaf,
        commitment: side.as_ref().map(commitment),
    };
    let bytes = compose::entry(draft, &place).map_err(refused)?;
    let leaf = leaf_hash(&bytes);
    rows::insert_event(conn, seq, &leaf, &bytes)?;
    failpoint!("group.entry");
    if let Some(side) = &side {
        rows::insert_private(conn, seq, side)?;
    }
    head.frontier
        .push(leaf)
        .iter()
        .try_for_each(|node| rows::insert_node(conn, node))?;
    failpoint!("group.tree");
    head.last_leaf = leaf;
    Ok(Appended { seq, leaf })
}

fn salted(private: &serde_json::Map<String, serde_json::Value>, opening: &Opening) -> Result<PrivateRow, LogError> {
    let mut salt = vec![0; 32];
    (opening.salt_source)(&mut salt);
    let json = canonical::write(private, MAX_PRIVATE).map_err(refused)?;
    Ok(PrivateRow { salt, json })
}

/// The commitment to a side row: `SHA-256(salt || json)`.
pub fn commitment(row: &PrivateRow) -> Hash {
    Sha256::new()
        .chain_update(&row.salt)
        .chain_update(&row.json)
        .finalize()
        .into()
}

fn refused(fault: CanonicalFault) -> LogError {
    LogError::Refused(fault.to_string())
}

/// Signs the head. The note is read back at once: a key that signs falsely must not spoil the log for good.
fn write_checkpoint(conn: &Connection, head: &Head, opening: &Opening) -> Result<(), LogError> {
    let checkpoint = Checkpoint {
        size: head.size(),
        root: head.frontier.root(),
    };
    let text = note::text(&head.log_id, &checkpoint);
    let signature = opening.signer.sign(text.as_bytes())?;
    let sealed = note::seal(&head.log_id, &text, &head.key, &signature);
    note::open(&sealed, &head.log_id, &head.key).map_err(|fault| LogError::Anchor(AnchorFailure::new(fault)))?;
    rows::insert_checkpoint(conn, head.size(), &sealed)
}
