//! The first entry: log id, checkpoint key, schema version, application version, and the lost log that it follows, if any.
//!
//! An anchor of size 0 is kept before the file is committed, so that a crash between the two is told from a lost anchor.
//! Deliberately absent: any way to begin a log where one is anchored, other than through `reanchor`.

use std::path::Path;

use rusqlite::{Transaction, TransactionBehavior};
use serde_json::{Map, Value, json};
use uuid::{Builder, Uuid};

use super::head::Head;
use super::read_back::ReadBack;
use super::{Writer, group};
use crate::anchor::{Anchor, Opening};
use crate::body::KIND_GENESIS;
use crate::draft::{Draft, Phase, Stamp};
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::store::{SCHEMA_VERSION, connect, rows, schema};

/// What a new log is told about the one that it follows.
pub struct Handover<'a> {
    pub lost: &'a Anchor,
    pub reason: &'a str,
}

/// Makes the file with its genesis entry, and anchors it.
pub fn writer(dir: &Path, opening: &Opening, handover: Option<&Handover<'_>>, now: Stamp) -> Result<Writer, LogError> {
    let mut head = Head::unborn(random_id(opening), opening.signer.verifying_key());
    let genesis = genesis(&head, opening, handover, now);
    genesis.check_own()?;
    if handover.is_none() {
        opening.anchors.save(&head.anchor())?;
    }
    failpoint!("birth.announced");
    let mut conn = connect::new_writer(dir)?;
    failpoint!("birth.file");
    let tx = Transaction::new(&mut conn, TransactionBehavior::Immediate)?;
    schema::create(&tx)?;
    rows::insert_epoch(&tx, &head.begun_epoch())?;
    group::write(&tx, &mut head, &[genesis], (opening, &mut ReadBack::default()), now)?;
    tx.commit()?;
    failpoint!("birth.committed");
    opening.anchors.save(&head.anchor())?;
    failpoint!("birth.anchored");
    Writer::new(dir, conn, head)
}

fn genesis(head: &Head, opening: &Opening, handover: Option<&Handover<'_>>, now: Stamp) -> Draft {
    let mut draft = Draft::new(KIND_GENESIS, Phase::Note, act_id(opening, now));
    draft.request = own_request(head, opening);
    draft.request.insert("schema".to_owned(), Value::from(SCHEMA_VERSION));
    if let Some(handover) = handover {
        draft.request.insert("previous".to_owned(), previous(handover.lost));
        draft.private = Some(private_reason(handover.reason));
    }
    draft
}

/// The members that both of the log's own kinds have.
pub fn own_request(head: &Head, opening: &Opening) -> Map<String, Value> {
    let mut request = Map::new();
    request.insert("app".to_owned(), Value::from(opening.app_version.clone()));
    request.insert("checkpoint_key".to_owned(), Value::from(hex::encode(head.key)));
    request
}

/// What an entry says about an anchor that it replaces.
pub fn previous(anchor: &Anchor) -> Value {
    json!({ "log": anchor.log_id, "epoch": anchor.epoch, "size": anchor.size, "root": anchor.root })
}

/// The private side row with a reason.
pub fn private_reason(reason: &str) -> Map<String, Value> {
    Map::from_iter([("reason".to_owned(), Value::from(reason))])
}

/// An act id for one of the log's own entries.
pub fn act_id(opening: &Opening, now: Stamp) -> Uuid {
    let mut random = [0; 10];
    (opening.salt_source)(&mut random);
    Builder::from_unix_timestamp_millis(u64::try_from(now.unix_ms).unwrap_or(0), &random).into_uuid()
}

fn random_id(opening: &Opening) -> String {
    let mut id = [0; 16];
    (opening.salt_source)(&mut id);
    hex::encode(id)
}
