//! Beginning a new epoch, explicitly and with an entry that says so.
//!
//! Deliberately absent: anchoring a log that is broken in itself. The way out there is to put the file aside: then the log is
//! missing, and a new one begins that names the lost one's anchor.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde_json::Value;

use super::birth::{self, Handover, act_id, own_request, previous, private_reason};
use super::head::{Head, Suspicion};
use super::{Writer, alarm, group};
use crate::anchor::{Anchor, Opening};
use crate::body::KIND_REANCHORED;
use crate::draft::{Draft, Phase, Stamp};
use crate::error::LogError;
use crate::report::Verdict;
use crate::store::rows::Epoch;
use crate::store::{connect, rows};
use crate::verify;

/// Begins a new epoch. The caller holds the lock.
pub fn writer(dir: &Path, opening: &Opening, reason: &str, now: Stamp) -> Result<Writer, LogError> {
    let anchor = opening.anchors.load()?;
    match (connect::existing_writer(dir)?, anchor) {
        (None, Some(lost)) if lost.size > 0 => birth::writer(
            dir,
            opening,
            Some(&Handover {
                lost: &lost,
                reason,
            }),
            now,
        ),
        (None, _) => birth::writer(dir, opening, None, now),
        (Some(conn), anchor) => new_epoch(conn, anchor.as_ref(), opening, reason, now),
    }
}

fn new_epoch(
    mut conn: Connection,
    anchor: Option<&Anchor>,
    opening: &Opening,
    reason: &str,
    now: Stamp,
) -> Result<Writer, LogError> {
    let key = opening.signer.verifying_key();
    let alone = verify::run(&conn, None, None)?;
    if alone.verdict != Verdict::Unanchored {
        return Err(LogError::Alarm(Box::new(alone)));
    }
    let found = verify::run(&conn, anchor, Some(key))?.verdict;
    let mut head = match stored_head(&conn) {
        Ok(head) => head,
        Err(Suspicion::Fault(fault)) => return Err(fault),
        Err(Suspicion::Odd(why)) => return Err(alarm(&conn, anchor, opening, &why)),
    };
    head.epoch = anchor.map_or(head.epoch, |anchor| anchor.epoch.max(head.epoch)) + 1;
    head.key = key;
    let draft = reanchored(&head, anchor, found, opening, reason, now);
    draft.check_own()?;
    let tx = Transaction::new(&mut conn, TransactionBehavior::Immediate)?;
    rows::insert_epoch(
        &tx,
        &Epoch {
            epoch: head.epoch,
            log_id: head.log_id.clone(),
            first_seq: head.size() + 1,
            key,
        },
    )?;
    group::write(&tx, &mut head, &[draft], opening, now)?;
    tx.commit()?;
    opening.anchors.save(&head.anchor())?;
    Ok(Writer { conn, head })
}

fn stored_head(conn: &Connection) -> Result<Head, Suspicion> {
    let epochs = rows::epochs(conn)?;
    let last = epochs
        .last()
        .ok_or_else(|| Suspicion::Odd("The log's id and key are missing.".to_owned()))?;
    Head::stored(conn, last, rows::size(conn)?)
}

fn reanchored(
    head: &Head,
    anchor: Option<&Anchor>,
    found: Verdict,
    opening: &Opening,
    reason: &str,
    now: Stamp,
) -> Draft {
    let mut draft = Draft::new(KIND_REANCHORED, Phase::Note, act_id(opening, now));
    draft.request = own_request(head, opening);
    draft
        .request
        .insert("epoch".to_owned(), Value::from(head.epoch));
    draft
        .request
        .insert("found".to_owned(), Value::from(found.as_str()));
    if let Some(anchor) = anchor {
        draft
            .request
            .insert("previous".to_owned(), previous(anchor));
    }
    draft.private = Some(private_reason(reason));
    draft
}
