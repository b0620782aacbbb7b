//! Writing one group of entries: side rows, entries, subtrees, and one checkpoint over them. The caller holds the transaction.
//!
//! Deliberately absent: commit and anchor.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::Appended;
use super::head::Head;
use super::read_back::ReadBack;
use crate::anchor::{AnchorFailure, Opening};
use crate::body::Place;
use crate::canonical::{self, CanonicalFault, MAX_PRIVATE};
use crate::compose;
use crate::draft::{Draft, Stamp};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::note::{self, Checkpoint, NoteFault};
use crate::replica;
use crate::store::rows::{self, PrivateRow};
use crate::time;
use crate::tree::{Hash, leaf_hash};

/// Writes the drafts after `head` and moves it on.
pub fn write(
    conn: &Connection,
    head: &mut Head,
    drafts: &[Draft],
    (opening, read_back): (&Opening, &mut ReadBack),
    now: Stamp,
) -> Result<Vec<Appended>, LogError> {
    let time = time::write(now.unix_ms)
        .ok_or_else(|| LogError::Refused("its time is not between 1970 and 9999".to_owned()))?;
    let moment = (time.as_str(), now.mono_ms);
    let appended = drafts
        .iter()
        .map(|draft| write_one(conn, head, draft, opening, moment))
        .collect::<Result<_, _>>()?;
    write_checkpoint(conn, head, opening, read_back)?;
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

/// Signs the head, and reads the signature back at once.
fn write_checkpoint(
    conn: &Connection,
    head: &Head,
    opening: &Opening,
    read_back: &mut ReadBack,
) -> Result<(), LogError> {
    let checkpoint = Checkpoint {
        size: head.size(),
        root: head.frontier.root(),
    };
    let text = note::text(&head.log_id, &checkpoint);
    let signature = opening.signer.sign(text.as_bytes())?;
    if !read_back.holds(&head.key, &text, &signature) {
        return Err(LogError::Anchor(AnchorFailure::new(NoteFault::Signature)));
    }
    let mut sealed = note::seal(&head.log_id, &text, &head.key, &signature);
    if let Some(name) = opening.signer.replica() {
        let signature = opening.signer.sign(&replica::message(name, &text))?;
        sealed.push_str(&replica::line(name, &head.key, &signature));
    }
    rows::insert_checkpoint(conn, head.size(), &sealed)
}
