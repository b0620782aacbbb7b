//! The audit log handed out: JSON Lines, CSV, OCSF events, evidence bundles.
//!
//! What leaves is noted before its first byte, and again when it is whole: form, question, redaction, count, hash. An export is read in one
//! transaction, row by row, into a file beside the one that was asked for, which gets its name only once it is whole and on the disk.
//! Deliberately absent: choosing the place, and who may export, which is the facade's.

mod bundle;
mod columns;
mod joined;
pub(crate) mod landing;
mod noted;
pub mod ocsf;
mod raw;
mod seen;
mod written;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use gatehouse_audit::{Chosen, LogError, QueryFault, Question, Reader, Report, Snapshot, StoredEntry};

pub use landing::Onto;

use crate::acts::PersonKey;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};
use bundle::Maker;
use joined::Joined;
use landing::Landing;

/// After so many entries progress is told and the stop is looked at.
const STEP: u64 = 512;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The exact bytes of each entry, one a line.
    JsonLines,
    /// A table for people, safe to open in a spreadsheet.
    Csv,
    /// An OCSF 1.8.0 event an entry, one a line, for a SIEM.
    Ocsf,
    /// The evidence bundle: entries with what proves them, and a verifier.
    Bundle,
}

impl ExportFormat {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::JsonLines, Self::Csv, Self::Ocsf, Self::Bundle];

    /// The word in the log and on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Ocsf => "ocsf",
            Self::Bundle => "bundle",
        }
    }

    /// The form of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }

    /// Whether side rows, which name persons, can stand in it.
    #[must_use]
    pub const fn names_persons(self) -> bool {
        !matches!(self, Self::JsonLines)
    }
}

/// What is to be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportWanted {
    /// In which form.
    pub format: ExportFormat,
    /// Which entries, in the words of the list; empty for all.
    pub query: String,
    /// Without what names persons.
    pub redact: bool,
    /// Archives whose entries come before those of the log.
    pub archives: Vec<PathBuf>,
}

/// How whoever asked follows an export and calls it off.
pub struct ExportControl {
    /// Set to call it off: nothing of it stays.
    pub stop: AtomicBool,
    /// Told what is being done, how much of it is done, and of how much: entries, but pages where they are copied.
    pub progress: Box<dyn Fn(ExportStep, u64, u64) + Send + Sync>,
}

/// What an export or a backup is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportStep {
    /// The log, or its copy, is verified.
    Verifying,
    /// The log's pages are copied.
    Copying,
    /// Entries are written.
    Writing,
}

impl Default for ExportControl {
    fn default() -> Self {
        Self {
            stop: AtomicBool::new(false),
            progress: Box::new(|_, _, _| ()),
        }
    }
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// How many entries.
    pub entries: u64,
    /// How long the file is.
    pub bytes: u64,
    /// SHA-256 of the file, hex.
    pub sha256: String,
}

/// Writes an export; noted before and after. `verify` is asked only for what is signed.
///
/// # Errors
/// `input_invalid` for a place, a question or archives that cannot be used; `cancelled`; `disk_full`; `database_damaged` for a log with a gap;
/// `verification_failed` for a bundle of a log that does not verify; `log_*`.
pub(crate) fn run(
    core: &Core,
    wanted: &ExportWanted,
    (out, onto): (&Path, Onto),
    control: &ExportControl,
    verify: &dyn Fn() -> Result<Report, Problem>,
) -> Result<Exported, Problem> {
    core.unlock_log()?;
    let question = Question::read(&wanted.query).map_err(|fault| not_understood(&fault))?;
    let mut landing = Landing::beside(out, onto)?;
    let note = noted::begin(core, wanted, out)?;
    let made = Joined::with(core, wanted, control).and_then(|joined| {
        let maker = maker(core, wanted, verify)?;
        let reader = Reader::open(joined.as_ref().map_or(core.dir(), Joined::folder))?;
        let chosen = reader.choose(&question, core.clock().unix_ms())?;
        let entries = reader.at_once(|snapshot| {
            let mut passage = Passage {
                snapshot,
                wanted,
                control,
                chosen,
                refused: &landing.refuser(),
            };
            write(&mut passage, maker.as_ref(), &mut landing)
        })?;
        let (bytes, sha256) = landing.settle()?;
        drop(joined);
        Ok(Exported { entries, bytes, sha256 })
    });
    note.end(core, made, |_| landing.land())
}

/// Who signs, where something is signed.
fn maker(
    core: &Core,
    wanted: &ExportWanted,
    verify: &dyn Fn() -> Result<Report, Problem>,
) -> Result<Option<Maker>, Problem> {
    if wanted.format != ExportFormat::Bundle {
        return Ok(None);
    }
    let report = verify()?;
    bundle::demand_intact(&report)?;
    let profiles = crate::profile::store::all(&core.database())?;
    let named = profiles.iter().find_map(|profile| core.standing(profile).ok()?.name);
    Ok(Some(Maker {
        key: PersonKey::load(core.key_store()?.as_ref(), core.dir())?,
        name: named.filter(|_| !wanted.redact),
        report,
        now_ms: core.clock().unix_ms(),
    }))
}

fn write(passage: &mut Passage<'_>, maker: Option<&Maker>, landing: &mut Landing) -> Result<u64, Problem> {
    match (passage.wanted.format, maker) {
        (ExportFormat::JsonLines, _) => written::json_lines(passage, landing),
        (ExportFormat::Csv, _) => written::csv(passage, landing),
        (ExportFormat::Ocsf, _) => written::ocsf(passage, landing),
        (ExportFormat::Bundle, Some(maker)) => bundle::write(passage, maker, landing),
        (ExportFormat::Bundle, None) => Err(Problem::internal(
            "sign a bundle",
            &std::io::Error::other("nobody signs"),
        )),
    }
}

/// The entries on their way into a file.
struct Passage<'a> {
    snapshot: &'a Snapshot<'a>,
    wanted: &'a ExportWanted,
    control: &'a ExportControl,
    chosen: Chosen,
    refused: &'a dyn Fn(&std::io::Error) -> Problem,
}

impl Passage<'_> {
    /// Hands over each entry that was asked for, in order; answers how many there were.
    fn each<E: From<Problem> + From<LogError>>(
        &self,
        mut visit: impl FnMut(&StoredEntry<'_>) -> Result<(), E>,
    ) -> Result<u64, E> {
        self.every(|entry, chosen| if chosen { visit(entry) } else { Ok(()) })
    }

    /// Hands over every entry, and whether it was asked for; answers how many were.
    fn every<E: From<Problem> + From<LogError>>(
        &self,
        mut visit: impl FnMut(&StoredEntry<'_>, bool) -> Result<(), E>,
    ) -> Result<u64, E> {
        let (first, size) = (self.snapshot.first, self.snapshot.size);
        let of = (size + 1).saturating_sub(first.max(1));
        let mut count = 0;
        self.snapshot.each(|entry| {
            let done = entry.seq - first;
            if done.is_multiple_of(STEP) {
                self.pause(done, of)?;
            }
            let chosen = self.chosen.has(entry.seq);
            count += u64::from(chosen);
            visit(entry, chosen)?;
            Ok::<bool, E>(true)
        })?;
        self.pause(of, of)?;
        Ok(count)
    }

    fn pause(&self, done: u64, of: u64) -> Result<(), Problem> {
        (self.control.progress)(ExportStep::Writing, done, of);
        if self.control.stop.load(Ordering::Relaxed) {
            return Err(Problem::new(
                ErrorCode::Cancelled,
                "The export was called off.",
                "Nothing of it was kept; the log says that it was begun.",
            ));
        }
        Ok(())
    }
}

/// What is said of a question that cannot be read.
fn not_understood(fault: &QueryFault) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("The question is not understood: {fault}"),
        "Correct it as it says; nothing was exported.",
    )
}

/// What is said of an entry that is no text of this format.
fn unreadable(seq: u64) -> Problem {
    Problem::new(
        ErrorCode::DatabaseDamaged,
        format!("Entry #{seq} of the audit log cannot be read, so nothing was exported."),
        ways(
            "Run `gatehouse audit verify`, keep the file as it is, and tell your auditor.",
            "Press Verify log in the Audit screen, keep the file as it is, and tell your auditor.",
        ),
    )
}

/// The proof that one entry stands in the log, as text.
///
/// # Errors
/// `audit_entry_missing`; `database_damaged`.
pub(crate) fn proof(core: &Core, seq: u64) -> Result<String, Problem> {
    let written = Reader::open(core.dir())?.at_once(|snapshot| gatehouse_audit::tlog_proof::write(snapshot, seq));
    let text = written.map_err(|fault: LogError| Problem::from(fault))?;
    text.ok_or_else(|| {
        Problem::new(
            ErrorCode::AuditEntryMissing,
            format!("There is no entry #{seq} here to prove."),
            ways(
                "`gatehouse audit list` shows what is there; an entry that was archived is proven from its archive.",
                "The Audit screen shows what is there; an entry that was archived is proven from its archive.",
            ),
        )
    })
}
