//! Opening the log for writing: what is there, compared with what is anchored.
//!
//! The quick check costs O(log n); only when it finds something is the whole log verified, for the report.
//! Deliberately absent: silent repair. A missing anchor, or a missing log with an anchor, is an alarm. What a cut left of a birth is no log yet (`torn`).

use std::path::Path;

use rusqlite::Connection;

use super::head::{Head, Suspicion};
use super::{Writer, birth, existing, raise, torn};
use crate::anchor::{Anchor, Opening};
use crate::draft::Stamp;
use crate::error::LogError;
use crate::failpoint::failpoint;
use crate::store::{rows, schema};
use crate::verify;

/// Opens or makes the log. The caller holds the lock.
pub fn writer(dir: &Path, opening: &Opening, now: Stamp) -> Result<Writer, LogError> {
    let anchor = opening.anchors.load()?;
    let found = existing(dir, anchor.as_ref()).and_then(|found| {
        found
            .map(|conn| resume(dir, conn, anchor.as_ref(), opening))
            .transpose()
    });
    match (found, anchor) {
        (Ok(Some(writer)), _) => Ok(writer),
        (Ok(None), Some(anchor)) if anchor.size > 0 => Err(LogError::Alarm(Box::new(verify::missing_log(&anchor)))),
        (Ok(None), _) => birth::writer(dir, opening, None, now),
        (Err(fault), anchor) if torn::is_torn(dir, anchor.as_ref(), &fault) => {
            torn::put_aside(dir).map_err(|_| fault)?;
            birth::writer(dir, opening, None, now)
        }
        (Err(fault), _) => Err(fault),
    }
}

fn resume(dir: &Path, conn: Connection, anchor: Option<&Anchor>, opening: &Opening) -> Result<Writer, LogError> {
    let head = quick_check(&conn, anchor, &opening.signer.verifying_key())
        .map_err(|suspicion| raise(&conn, anchor, opening, suspicion))?;
    failpoint!("open.checked");
    if anchor.is_none_or(|anchor| !anchor.is_of(&head.anchor())) {
        opening.anchors.save(&head.anchor())?;
    }
    Writer::new(dir, conn, head)
}

/// Checks schema, anchored root, everything beyond the anchor, and the last checkpoint.
fn quick_check(conn: &Connection, anchor: Option<&Anchor>, key: &[u8; 32]) -> Result<Head, Suspicion> {
    if let Some(difference) = schema::differences(conn)?.into_iter().next() {
        return Err(Suspicion::Odd(difference));
    }
    let anchored =
        anchor.ok_or_else(|| Suspicion::Odd("The log has entries, but its anchor is missing.".to_owned()))?;
    let epochs = rows::epochs(conn)?;
    let last = epochs
        .last()
        .ok_or_else(|| Suspicion::Odd("The log's id and key are missing.".to_owned()))?;
    // One entry before the anchored size, so that the anchored root also proves the last leaf.
    let base = anchored.size.min(rows::size(conn)?).saturating_sub(1);
    let mut head = Head::stored(conn, last, base)?;
    head.follow(conn, anchor, key)?;
    Ok(head)
}
