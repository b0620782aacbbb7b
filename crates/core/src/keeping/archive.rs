//! Archiving old entries: which are old enough, the file, the entry that tells of it, and only then the deletion.
//!
//! Whatever is broken off, the same call ends it. Deliberately absent: archives of less than twelve months (PCI DSS 10.5.1).

use std::path::Path;

use gatehouse_audit::archive::{self, ArchiveFile};
use gatehouse_audit::{LogError, Reader};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{ArchivedPart, file_name, invalid, note, reason_of};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};

/// How long entries stay at hand (PCI DSS 10.5.1).
const MONTHS: i64 = 12;

/// Archives the entries before a day.
///
/// # Errors
/// `reason_required`; `input_invalid` for a day that is too near, when nothing is that old, and for a file that is there; `log_*`.
pub(crate) fn archive(
    core: &Core,
    before: &str,
    out: &Path,
    open: &[u64],
    reason: &str,
) -> Result<ArchivedPart, Problem> {
    let mut private = reason_of(reason)?;
    private.insert("file".into(), file_name(out).into());
    let time = moment(core, before)?;
    core.unlock_log()?;
    if let Some(ended) = end_broken_off(core, out)? {
        return Ok(ended);
    }
    let reader = Reader::open(core.dir())?;
    let size = reader.older_than(&time)?.ok_or_else(nothing_old)?;
    if let Some(seq) = open.iter().find(|seq| **seq <= size) {
        return Err(invalid(
            format!("Entry #{seq} is of an act whose outcome is not known yet."),
            "Settle open acts first, then archive.",
        ));
    }
    let file = write(&reader, size, out)?;
    let mut draft = note("log.archived");
    draft.request = [
        ("size".to_owned(), file.size.into()),
        ("root".to_owned(), hex::encode(file.root).into()),
        ("last_leaf".to_owned(), hex::encode(file.last_leaf).into()),
        ("file_sha256".to_owned(), file.sha256.as_str().into()),
        (
            "signatures".to_owned(),
            serde_json::json!(reader.signed_tokens(file.size)?),
        ),
    ]
    .into_iter()
    .collect();
    draft.private = Some(private);
    drop(reader);
    let seq = core.journal().append(draft)?;
    core.journal().drop_archived(out)?;
    Ok(told(file, seq, false))
}

fn told(file: ArchiveFile, seq: u64, resumed: bool) -> ArchivedPart {
    ArchivedPart {
        first: file.first,
        size: file.size,
        sha256: file.sha256,
        seq,
        resumed,
    }
}

/// The file; one that a killed process finished but did not announce is taken as it is.
fn write(reader: &Reader, size: u64, out: &Path) -> Result<ArchiveFile, Problem> {
    match reader.write_archive(size, out) {
        Err(LogError::Exists) => {
            let found = archive::look(out).ok();
            let fits = found.filter(|file| reader.first().is_ok_and(|first| first == file.first) && file.size == size);
            let same = |file: &ArchiveFile| {
                let here = reader.checkpoint_at(size).ok().flatten();
                here.is_some_and(|here| here.root == file.root)
            };
            fits.filter(same).ok_or_else(|| Problem::from(LogError::Exists))
        }
        other => Ok(other?),
    }
}

/// Ends what was broken off: the file was announced, and its entries are still in the log.
fn end_broken_off(core: &Core, out: &Path) -> Result<Option<ArchivedPart>, Problem> {
    if !out.exists() {
        return Ok(None);
    }
    let Ok(file) = archive::look(out) else {
        return Err(Problem::from(LogError::Exists));
    };
    let reader = Reader::open(core.dir())?;
    let mut archives = reader.archives()?;
    archives.retain(|told| told.file_sha256 == file.sha256);
    let Some(told_of) = archives.last().filter(|_| file.size.ge(&reader.first().unwrap_or(0))) else {
        return Ok(None);
    };
    drop(reader);
    match core.journal().drop_archived(out) {
        Ok(_) => Ok(Some(told(file, told_of.seq, true))),
        Err(problem) => Err(problem),
    }
}

/// The beginning of a day in UTC, as entries have it; twelve months ago or earlier.
fn moment(core: &Core, before: &str) -> Result<String, Problem> {
    let day: Date = before
        .trim()
        .parse()
        .map_err(|_| invalid(format!("{before:?} is no day."), "Give it like 2025-06-30."))?;
    let now = Timestamp::from_millisecond(core.clock().unix_ms()).unwrap_or_default();
    let today = now.to_zoned(TimeZone::UTC).date();
    let latest = today.checked_sub(Span::new().months(MONTHS)).unwrap_or(Date::MIN);
    if day > latest {
        return Err(invalid(
            format!("Entries stay in the log for {MONTHS} months, so {day} is too near."),
            "Give a day that is twelve months ago or earlier.",
        ));
    }
    Ok(format!("{day}T00:00:00.000Z"))
}

fn nothing_old() -> Problem {
    invalid(
        "No entry of the log is older than that day.",
        "There is nothing to archive yet.",
    )
}

/// Why an entry is not in the log: it was archived, and where; or it is missing.
#[must_use]
pub fn entry_missing(reader: &Reader, seq: u64) -> Problem {
    let first = reader.first().unwrap_or(1);
    let archives = reader.archives().unwrap_or_default();
    let told = archives
        .iter()
        .find(|told| told.size >= seq)
        .filter(|_| seq > 0 && seq < first);
    let Some(told) = told else {
        return Problem::new(
            ErrorCode::AuditEntryMissing,
            format!("There is no entry #{seq}."),
            ways(
                "`gatehouse audit list` shows them; `gatehouse audit verify` tells whether one is missing.",
                "The list shows them; Verify log tells whether one is missing.",
            ),
        );
    };
    let entry = reader.entry(told.seq).ok().flatten();
    let name = entry.and_then(|entry| entry.private).and_then(|private| {
        let name = private.get("file").and_then(|name| name.as_str());
        name.map(str::to_owned)
    });
    let name = name.map_or_else(|| "a file".to_owned(), |name| format!("the file {name:?}"));
    Problem::new(
        ErrorCode::AuditEntryMissing,
        format!(
            "Entry #{seq} was archived on {} into {name} with the SHA-256 {}; entry #{} tells of it.",
            told.time.get(..10).unwrap_or_default(),
            told.file_sha256,
            told.seq
        ),
        "Look for that file where archives are kept; it is a log of its own that verifies by itself.",
    )
}
