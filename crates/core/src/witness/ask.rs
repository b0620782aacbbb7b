//! Asking: the question's file, and from which size it goes.

use gatehouse_audit::{LogError, Reader};

use super::{store, take};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};

/// From where a question goes.
pub(crate) enum Asked<'a> {
    /// From what the only witness kept last; the first time from nothing.
    Anybody,
    /// From what the witness of this public key (hex) kept last.
    Witness(&'a str),
    /// From a size, as a witness named it.
    From(u64),
}

/// Writes the question, and remembers that it went out.
///
/// # Errors
/// `input_invalid` when it is not clear whom it goes to; `log_alarm` when the log is shorter than what the witness kept.
pub(crate) fn ask(core: &Core, asked: &Asked<'_>) -> Result<String, Problem> {
    let reader = Reader::open(core.dir())?;
    let old = match asked {
        Asked::From(size) => *size,
        Asked::Witness(public) => last_of(&reader, Some(public))?,
        Asked::Anybody => last_of(&reader, None)?,
    };
    let question = reader.question(old).map_err(|fault| {
        if matches!(fault, LogError::Refused(_)) {
            shorter(old)
        } else if matches!(fault, LogError::Damaged(_)) && archived(&reader, old) {
            in_archive(old)
        } else {
            Problem::from(fault)
        }
    })?;
    let id = reader.log_id()?.unwrap_or_default();
    let size = gatehouse_audit::note::size(&question.note).unwrap_or(0);
    store::note_question(&*core.database_for_change()?, &id, size, core.clock().unix_ms())?;
    Ok(question.to_text())
}

fn last_of(reader: &Reader, public: Option<&str>) -> Result<u64, Problem> {
    let mut newest = take::told(reader)?;
    if let Some(public) = public {
        newest.retain(|told| told.public_key == public);
    }
    match newest.as_slice() {
        [] => Ok(0),
        [one] => Ok(one.size),
        _ => Err(Problem::new(
            ErrorCode::InputInvalid,
            "More than one person witnesses this log, and each knows it up to another entry.",
            ways(
                "Name whom the question goes to with `--witness`, or the size that they told you with `--from`.",
                "Choose whom the question goes to.",
            ),
        )),
    }
}

fn archived(reader: &Reader, old: u64) -> bool {
    reader.entry(old).is_ok_and(|entry| entry.is_none())
}

fn shorter(old: u64) -> Problem {
    Problem::new(
        ErrorCode::LogAlarm,
        format!("The witness knows {old} entries of this log, and it has fewer."),
        "The log was set back: keep the directory as it is and tell your auditor. If it is another log's witness, name your own size.",
    )
}

fn in_archive(old: u64) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("What would prove how this log went on from entry #{old} lies in an archive."),
        "Make the question on a copy of the log from before it was archived, or have the witness begin anew.",
    )
}
