//! What is told of earlier sizes, set against the roots there: co-signatures and archives in entries, the anchor of an earlier size,
//! and checkpoints that witnesses kept.
//!
//! Judged when the walk is at its end and every stored subtree was compared. Deliberately absent: the verdict.

use rusqlite::Connection;

use super::outside::Outside;
use super::prefix;
use super::standing::Standing;
use super::start::frontier;
use super::told::{Archived, Cosigned};
use super::walk::Walked;
use crate::cosign;
use crate::error::LogError;
use crate::note::{self, Checkpoint};
use crate::report::{Defect, Finding};
use crate::store::rows;
use crate::tree::{Hash, empty_root};

/// What the claims come to.
#[derive(Debug, Default)]
pub struct Claims {
    /// The first entry whose claim does not hold.
    pub fault: Option<Finding>,
    /// The largest kept checkpoint that is ahead of the log.
    pub kept_ahead: Option<u64>,
    /// A kept checkpoint of another history or another log.
    pub kept_differs: Option<Finding>,
}

/// Judges them; only a log that was walked to its end has them judged.
pub fn judge(conn: &Connection, outside: &Outside<'_>, walked: &mut Walked) -> Result<Claims, LogError> {
    let kept = read_kept(outside.kept)?;
    if walked.stopped.is_some() || walked.at.log_id.is_none() {
        return Ok(Claims::default());
    }
    let mut claims = Claims {
        fault: malformed(walked),
        ..Claims::default()
    };
    for told in std::mem::take(&mut walked.cosigned) {
        match cosigned(conn, &walked.at, &told)? {
            None => walked.at.vouch_outside(&told, outside.own),
            fault => claims.fault = first(claims.fault, fault),
        }
    }
    for told in &walked.at.archives {
        claims.fault = first(claims.fault, archived(conn, &walked.at, told)?);
    }
    for (log_id, checkpoint) in &kept {
        claims.set_kept(conn, &walked.at, log_id, checkpoint)?;
    }
    if let Some(anchor) = outside.anchor.filter(|anchor| anchor.size <= walked.at.size()) {
        let root = root_at(conn, &walked.at, anchor.size)?.map(hex::encode);
        walked.anchor_agrees = walked.anchor_agrees.or(root.map(|root| root == anchor.root));
    }
    Ok(claims)
}

impl Claims {
    fn set_kept(&mut self, conn: &Connection, at: &Standing, log_id: &str, kept: &Checkpoint) -> Result<(), LogError> {
        let size = kept.size;
        let differs = if at.log_id.as_deref() != Some(log_id) {
            Some("This is another log than the one whose checkpoint a witness kept.".to_owned())
        } else if size > at.size() {
            self.kept_ahead = self.kept_ahead.max(Some(size));
            None
        } else {
            let other = root_at(conn, at, size)?.is_some_and(|root| root != kept.root);
            other.then(|| format!("The log's first {size} entries are not those whose checkpoint a witness kept."))
        };
        if let Some(detail) = differs {
            self.kept_differs
                .get_or_insert_with(|| Finding::new(Defect::Witness, None, detail));
        }
        Ok(())
    }
}

fn read_kept(notes: &[String]) -> Result<Vec<(String, Checkpoint)>, LogError> {
    let read = notes.iter().map(|note| note::read(note));
    read.collect::<Result<_, _>>()
        .map_err(|fault| LogError::Refused(format!("a kept checkpoint is none: {fault}")))
}

fn malformed(walked: &Walked) -> Option<Finding> {
    let seq = walked.malformed?;
    let detail = format!("Entry {seq} tells of a co-signature or an archive in no form that can be read.");
    Some(Finding::new(Defect::Members, Some(seq), detail))
}

fn first(one: Option<Finding>, other: Option<Finding>) -> Option<Finding> {
    one.into_iter().chain(other).min_by_key(|finding| finding.seq)
}

fn cosigned(conn: &Connection, at: &Standing, told: &Cosigned) -> Result<Option<Finding>, LogError> {
    let bad = |why: &str| {
        let detail = format!("The co-signature in entry {} {why}.", told.entry);
        Some(Finding::new(Defect::Witness, Some(told.entry), detail))
    };
    if root_at(conn, at, told.size)?.is_some_and(|root| root != told.root) {
        return Ok(bad("is over other entries than those before it"));
    }
    let text = note::text(
        at.log_id.as_deref().unwrap_or_default(),
        &Checkpoint {
            size: told.size,
            root: told.root,
        },
    );
    let holds = cosign::check(&told.line, &text, &told.witness).is_ok();
    Ok(if holds { None } else { bad("does not hold") })
}

fn archived(conn: &Connection, at: &Standing, told: &Archived) -> Result<Option<Finding>, LogError> {
    let leaf = if told.size > at.archived {
        rows::leaf(conn, told.size)?
    } else {
        at.archived_leaf.filter(|_| told.size == at.archived)
    };
    let other_root = root_at(conn, at, told.size)?.is_some_and(|root| root != told.root);
    let other_leaf = leaf.is_some_and(|leaf| leaf != told.last_leaf);
    let detail = format!("The archive that entry {} tells of is of other entries.", told.entry);
    Ok((other_root || other_leaf).then(|| Finding::new(Defect::Archive, Some(told.entry), detail)))
}

/// The root over the first `size` entries; nothing where an archived leaf would be needed and no true checkpoint tells it.
pub fn root_at(conn: &Connection, at: &Standing, size: u64) -> Result<Option<Hash>, LogError> {
    if size == 0 {
        return Ok(Some(empty_root()));
    }
    if size >= at.archived || size.is_multiple_of(2) {
        let leaf = at.archived_leaf.filter(|_| size == at.archived);
        return Ok(frontier(conn, size, leaf)?.map(|frontier| frontier.root()));
    }
    let note = rows::checkpoint(conn, size)?.flatten();
    Ok(prefix::opened(at, size, note.as_deref()).ok())
}
