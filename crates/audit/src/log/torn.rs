//! A log whose birth was cut off by a power loss: nothing in it was ever acknowledged, and it would bar the way to the first act for good.
//!
//! Only where the anchor announces a log that is still to be made (size 0), and the file is no larger than a birth leaves, is it put aside; it is kept
//! beside the new one. Deliberately absent: putting aside anything that holds more than a first entry.

use std::path::Path;

use crate::anchor::Anchor;
use crate::error::LogError;
use crate::store::FILE_NAME;
use crate::store::connect::beside;

/// The files of one birth are far smaller.
const MOST_BYTES: u64 = 1024 * 1024;
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// Whether a file that cannot be opened is what a cut left of a birth.
pub fn is_torn(dir: &Path, anchor: Option<&Anchor>, fault: &LogError) -> bool {
    let unreadable = matches!(fault, LogError::Damaged(_) | LogError::ReadOnly)
        || matches!(fault, LogError::Alarm(report) if report.size <= 1);
    let path = dir.join(FILE_NAME);
    let bytes: u64 = PARTS
        .iter()
        .filter_map(|part| std::fs::metadata(beside(&path, part)).ok())
        .map(|meta| meta.len())
        .sum();
    unreadable && bytes <= MOST_BYTES && anchor.is_some_and(|anchor| anchor.size == 0)
}

/// Puts the files aside under the name `audit.db.torn`; what an earlier cut left there gives way.
///
/// # Errors
/// The directory cannot be written.
pub fn put_aside(dir: &Path) -> Result<(), LogError> {
    let path = dir.join(FILE_NAME);
    let aside = beside(&path, ".torn");
    for part in PARTS {
        let (from, to) = (beside(&path, part), beside(&aside, part));
        match std::fs::rename(from, to) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => return Err(fault.into()),
            _ => {}
        }
    }
    tracing::warn!("the log's birth had been cut off; what it left was put aside");
    Ok(())
}
