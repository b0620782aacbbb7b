//! What the audit log cannot do, put into words.

use gatehouse_audit::{LogError, Verdict};

use super::{ErrorCode, Hint, Problem, ways};
use crate::key_store::KeyStoreError;

impl From<LogError> for Problem {
    fn from(cause: LogError) -> Self {
        if let LogError::Anchor(failure) = cause {
            return anchor(failure);
        }
        let (code, message, hint) = match &cause {
            LogError::Absent => (
                ErrorCode::AuditEntryMissing,
                "There is no audit log yet.".to_owned(),
                "It begins with the first act.".into(),
            ),
            LogError::Alarm(report) => alarm(report.verdict, &report.reason),
            LogError::Newer { found, known } => (
                ErrorCode::DatabaseNewer,
                format!("The audit log was written by a newer Gatehouse (version {found}, this one knows {known})."),
                "Update Gatehouse; nothing was changed.".into(),
            ),
            LogError::DiskFull => (
                ErrorCode::DiskFull,
                "The disk is full, so the act could not be recorded and was not made.".to_owned(),
                "Free some space, then try again; nothing that was recorded is lost.".into(),
            ),
            LogError::ReadOnly => (
                ErrorCode::DataDirReadOnly,
                "The audit log cannot be written, so nothing was done.".to_owned(),
                "Make the data directory writable for you.".into(),
            ),
            LogError::Busy => (
                ErrorCode::DatabaseBusy,
                "Another Gatehouse process holds the audit log.".to_owned(),
                "Try again in a moment.".into(),
            ),
            LogError::Refused(why) => (
                ErrorCode::Internal,
                format!("An entry does not fit the log's format ({why}), which is a defect of ours."),
                "Please report it with the reference; nothing was sent.".into(),
            ),
            LogError::Damaged(_) => (
                ErrorCode::DatabaseDamaged,
                "The audit log's file is damaged.".to_owned(),
                ways(
                    "Keep the file as it is, run `gatehouse audit verify`, and restore a backup beside it.",
                    "Keep the file as it is, press Verify log in the Audit screen, and restore a backup beside it.",
                ),
            ),
            LogError::OldSqlite(_) => (
                ErrorCode::Internal,
                "This program was built with an SQLite that may damage the audit log, so nothing was done.".to_owned(),
                "Please report it; install Gatehouse from where it is published.".into(),
            ),
            LogError::Cancelled => (
                ErrorCode::Cancelled,
                "The work on the audit log was called off.".to_owned(),
                "Nothing was changed.".into(),
            ),
            LogError::Exists => (
                ErrorCode::InputInvalid,
                "A file of that name is there already.".to_owned(),
                "Name a new file; nothing is written over.".into(),
            ),
            LogError::Anchor(_) | LogError::Io(_) | LogError::Sqlite(_) => (
                ErrorCode::LogUnwritable,
                "The audit log cannot be written, so nothing was done.".to_owned(),
                ways(
                    "Check the disk and the data directory; `gatehouse doctor` tells more.",
                    "Check the disk and the data folder; Settings, This computer, tells more.",
                ),
            ),
        };
        Self::new(code, message, hint).because(&cause)
    }
}

fn alarm(verdict: Verdict, reason: &str) -> (ErrorCode, String, Hint) {
    let hint = match verdict {
        Verdict::Unanchored => ways(
            "If the keyring is new or the directory was moved on purpose, run `gatehouse audit reanchor --reason TEXT`; it is recorded.",
            "If the keyring is new or the data folder was moved on purpose, the command gatehouse audit reanchor says so; it is recorded.",
        ),
        Verdict::Truncated | Verdict::RolledBack | Verdict::Replaced | Verdict::Broken | Verdict::Intact => ways(
            "Acts stay refused and reading goes on. Keep the file, run `gatehouse audit verify`, and tell your auditor.",
            "Acts stay refused and reading goes on. Keep the file, press Verify log in the Audit screen, and tell your auditor.",
        ),
    };
    let reason = reason.trim_end_matches('.');
    (
        ErrorCode::LogAlarm,
        format!("The audit log is not as it was left: {reason}."),
        hint,
    )
}

/// A key store says what is wrong with it by its own error, a place outside the machine by a problem.
fn anchor(failure: gatehouse_audit::AnchorFailure) -> Problem {
    let failure = match failure.0.downcast::<KeyStoreError>() {
        Ok(cause) => return Problem::from(*cause),
        Err(other) => other,
    };
    match failure.downcast::<Problem>() {
        Ok(problem) => *problem,
        Err(cause) => Problem::new(
            ErrorCode::KeyStoreDamaged,
            "The audit log's anchor in the key store cannot be read.",
            ways(
                "Another program may have changed it; run `gatehouse audit verify` and tell your auditor.",
                "Another program may have changed it; press Verify log in the Audit screen, and tell your auditor.",
            ),
        )
        .because(cause.as_ref()),
    }
}
