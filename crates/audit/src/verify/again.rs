//! A part of what was verified before, looked at again: entries, side rows, subtrees and checkpoints as they lie in the file now, bound to
//! the root that this process remembers.
//!
//! Deliberately absent: a verdict. A fault here says that the whole log is to be verified anew.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde_json::Value;

use super::examine;
use super::outside::Verified;
use super::source;
use super::standing::Standing;
use super::start;
use super::walk::{Walk, Walked};
use super::watch::Watch;
use crate::body::{Body, KIND_ERASED};
use crate::error::LogError;
use crate::proof;
use crate::report::{Defect, Finding};
use crate::store::rows;

/// Goes through the entries from one number to another, both included, as far as they were verified and are not archived.
pub fn run(
    conn: &Connection,
    known: &Verified,
    (from, to): (u64, u64),
    watch: Option<&Watch<'_>>,
) -> Result<Option<Finding>, LogError> {
    let known = known.0.as_ref();
    let (from, to) = (from.max(known.archived + 1), to.min(known.size()));
    if from > to {
        return Ok(None);
    }
    let Some(at) = before(conn, known, from)? else {
        return Ok(Some(gone(from, from)));
    };
    let walked = walk(conn, known, at, to, watch)?;
    let reached = walked.at.size();
    let own = [
        walked.stopped.as_ref(),
        walked.confirmed.as_ref(),
        walked.pending.as_ref(),
    ];
    if let Some(finding) = own.into_iter().flatten().min_by_key(|finding| finding.seq) {
        return Ok(Some(finding.clone()));
    }
    if reached < to {
        return Ok(Some(gone(reached + 1, reached + 1)));
    }
    if let Some(seq) = walked.stray.or(unannounced(conn, &walked, from)?) {
        let detail = format!("The private side row of entry {seq} is not the one it was written with.");
        return Ok(Some(Finding::new(Defect::Private, Some(seq), detail)));
    }
    Ok((!is_bound(conn, known, &walked)?).then(|| gone(from, to)))
}

fn gone(from: u64, to: u64) -> Finding {
    let detail = if from == to {
        format!("Entry {from} is not there any more as it was verified.")
    } else {
        format!("The entries from {from} to {to} are not those that were verified.")
    };
    Finding::new(Defect::Chain, Some(from), detail)
}

/// Stands before an entry, by stored subtrees; what they say is bound at the end.
fn before(conn: &Connection, known: &Standing, from: u64) -> Result<Option<Standing>, LogError> {
    let end = from - 1;
    let leaf = known.archived_leaf.filter(|_| end == known.archived);
    let last_leaf = match leaf {
        Some(leaf) => Some(leaf),
        None if end == 0 => Some([0; 32]),
        None => rows::leaf(conn, end)?,
    };
    let frontier = start::frontier(conn, end, leaf)?;
    Ok(frontier.zip(last_leaf).map(|(frontier, last_leaf)| Standing {
        frontier,
        last_leaf,
        log_id: known.log_id.clone().filter(|_| end > 0),
        epochs: known
            .epochs
            .iter()
            .filter(|epoch| epoch.first_seq <= end)
            .cloned()
            .collect(),
        archived: known.archived,
        archived_leaf: known.archived_leaf,
        vouched: end,
        signed: end,
        ..Standing::default()
    }))
}

fn walk(
    conn: &Connection,
    known: &Standing,
    at: Standing,
    to: u64,
    watch: Option<&Watch<'_>>,
) -> Result<Walked, LogError> {
    let last = i64::try_from(to).unwrap_or(i64::MAX);
    let mut walk = Walk::new(None, at);
    let read = source::read(conn, walk.from(), to, &mut |mut batch| {
        batch.items.retain(|item| item.seq <= last);
        let examined = examine::batch(&batch, &known.epochs);
        walk.take_all(&batch, examined);
        watch.map_or(Ok(()), |watch| watch.tell(walk.size(), known.size()))?;
        Ok(!walk.has_stopped() && walk.size() < to)
    });
    if !walk.has_stopped() {
        read?;
    }
    Ok(walk.end())
}

/// The first entry whose side row is missing, although no later entry says that it was erased.
fn unannounced(conn: &Connection, walked: &Walked, from: u64) -> Result<Option<u64>, LogError> {
    if walked.missing.is_empty() {
        return Ok(None);
    }
    let bodies = rows::bodies_with(conn, &format!("\"kind\":\"{KIND_ERASED}\""), from)?;
    let told = bodies.iter().filter_map(|bytes| Body::from_bytes(bytes).ok());
    let erased: BTreeSet<u64> = told
        .filter(|body| body.kind == KIND_ERASED)
        .filter_map(|body| body.request.get("seq").and_then(Value::as_u64))
        .collect();
    Ok(walked.missing.difference(&erased).next().copied())
}

/// Whether the tree that these entries end is what the remembered one began with.
fn is_bound(conn: &Connection, known: &Standing, walked: &Walked) -> Result<bool, LogError> {
    let (size, root) = (walked.at.size(), walked.at.frontier.root());
    let path = proof::consistency(size, known.size(), &|level, idx| rows::node(conn, level, idx));
    match path {
        Ok(path) => Ok(proof::is_consistent(
            size,
            &root,
            known.size(),
            &known.frontier.root(),
            &path,
        )),
        Err(LogError::Damaged(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}
