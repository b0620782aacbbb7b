//! Beginning a new epoch, explicitly and with an entry that says so.
//!
//! Deliberately absent: anchoring a log that is broken in itself. The way out there is to put the file aside: then the log is
//! missing, and a new one begins that names the lost one's anchor.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde_json::Value;

use super::birth::{self, Handover, act_id, own_request, previous, private_reason};
use super::head::{Head, Suspicion};
use super::read_back::ReadBack;
use super::{Writer, existing, group, raise};
use crate::anchor::{Anchor, Opening};
use crate::body::KIND_REANCHORED;
use crate::draft::{Actor, Device, Draft, Phase, Stamp};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::report::Verdict;
use crate::store::rows;
use crate::verify;

/// Why a log is anchored anew, and who does it where.
#[derive(Debug, Clone)]
pub struct Anew<'a> {
    /// Why; private in the entry.
    pub reason: &'a str,
    /// Who, if anybody has acted here before.
    pub actor: Option<Actor>,
    /// Where.
    pub device: Option<Device>,
}

impl<'a> Anew<'a> {
    /// With a reason alone.
    #[must_use]
    pub const fn because(reason: &'a str) -> Self {
        Self {
            reason,
            actor: None,
            device: None,
        }
    }
}

/// Begins a new epoch. The caller holds the lock.
pub fn writer(dir: &Path, opening: &Opening, anew: &Anew<'_>, now: Stamp) -> Result<Writer, LogError> {
    let anchor = opening.anchors.load()?;
    match (existing(dir, anchor.as_ref())?, anchor) {
        (None, lost) => {
            let lost = lost.filter(|lost| lost.size > 0);
            let handover = lost.as_ref().map(|lost| Handover {
                lost,
                reason: anew.reason,
            });
            birth::writer(dir, opening, handover.as_ref(), now)
        }
        (Some(conn), anchor) => {
            let found = check(&conn, anchor.as_ref(), opening)?;
            let head = next_epoch(&conn, anchor.as_ref(), opening)?;
            let draft = reanchored(&head, anchor.as_ref(), found, opening, anew, now);
            write(dir, conn, head, &draft, opening, now)
        }
    }
}

/// Refuses a log that does not hold by itself; tells what is wrong with it beside its anchor.
fn check(conn: &Connection, anchor: Option<&Anchor>, opening: &Opening) -> Result<Verdict, LogError> {
    let alone = verify::run(conn, None, None)?;
    if alone.verdict != Verdict::Unanchored {
        return Err(LogError::Alarm(Box::new(alone)));
    }
    let key = opening.signer.verifying_key();
    Ok(verify::run(conn, anchor, Some(key))?.verdict)
}

/// The head in a new epoch, under the key now in force.
fn next_epoch(conn: &Connection, anchor: Option<&Anchor>, opening: &Opening) -> Result<Head, LogError> {
    let mut head = stored_head(conn).map_err(|suspicion| raise(conn, anchor, opening, suspicion))?;
    head.epoch = anchor.map_or(head.epoch, |anchor| anchor.epoch.max(head.epoch)) + 1;
    head.key = opening.signer.verifying_key();
    Ok(head)
}

fn write(
    dir: &Path,
    mut conn: Connection,
    mut head: Head,
    draft: &Draft,
    opening: &Opening,
    now: Stamp,
) -> Result<Writer, LogError> {
    draft.check_own()?;
    let tx = Transaction::new(&mut conn, TransactionBehavior::Immediate)?;
    rows::insert_epoch(&tx, &head.begun_epoch())?;
    failpoint!("reanchor.epoch");
    let drafts = std::slice::from_ref(draft);
    group::write(&tx, &mut head, drafts, (opening, &mut ReadBack::default()), now)?;
    tx.commit()?;
    failpoint!("reanchor.committed");
    opening.anchors.save(&head.anchor())?;
    failpoint!("reanchor.anchored");
    Writer::new(dir, conn, head)
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
    anew: &Anew<'_>,
    now: Stamp,
) -> Draft {
    let mut draft = Draft::new(KIND_REANCHORED, Phase::Note, act_id(opening, now));
    draft.request = own_request(head, opening);
    draft.request.insert("epoch".to_owned(), Value::from(head.epoch));
    draft.request.insert("found".to_owned(), Value::from(found.as_str()));
    if let Some(anchor) = anchor {
        draft.request.insert("previous".to_owned(), previous(anchor));
    }
    draft.actor.clone_from(&anew.actor);
    draft.device.clone_from(&anew.device);
    draft.private = Some(private_reason(anew.reason));
    draft
}
