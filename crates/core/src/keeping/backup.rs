//! A backup of the log: made and verified, told in the log, and only then under its name.
//!
//! Deliberately absent: a backup of keys and anchor, which the key store's own backup holds.

use std::path::Path;

use gatehouse_audit::{BackupStep, BackupWatch, Draft, Reader};

use super::{BackUp, file_name, note};
use crate::audit_export::{ExportControl, ExportStep};
use crate::facade::Core;
use crate::problem::Problem;

/// Makes a backup.
///
/// # Errors
/// `input_invalid` for a file that is there, `cancelled`, `disk_full`, `database_damaged`; `log_*`. Nothing is left then.
pub(crate) fn backup(core: &Core, out: &Path, control: &ExportControl) -> Result<BackUp, Problem> {
    core.unlock_log()?;
    let watch = BackupWatch {
        progress: &|step, done, of| (control.progress)(told_as(step), done, of),
        stop: &control.stop,
    };
    let made = Reader::open(core.dir())?.backup(out, &watch)?;
    let mut told = note("audit.backup");
    told.request.insert("size".into(), made.size.into());
    told.request.insert("root".into(), made.root.as_str().into());
    told.request.insert("file_sha256".into(), made.sha256.as_str().into());
    told.private = Some([("file".to_owned(), file_name(out).into())].into_iter().collect());
    let ended = BackUp {
        size: made.size,
        root: made.root.clone(),
        sha256: made.sha256.clone(),
        seq: core.journal().append(with(&told, "succeeded", None))?,
    };
    if let Err(fault) = made.keep() {
        let problem = Problem::from(fault);
        core.journal()
            .append(with(&told, "refused", Some(problem.code.as_str())))?;
        return Err(problem);
    }
    Ok(ended)
}

fn told_as(step: BackupStep) -> ExportStep {
    match step {
        BackupStep::Copying => ExportStep::Copying,
        BackupStep::Checking => ExportStep::Verifying,
    }
}

fn with(told: &Draft, outcome: &str, code: Option<&str>) -> Draft {
    let mut draft = told.clone();
    draft.result.insert("outcome".into(), outcome.into());
    if let Some(code) = code {
        draft.result.insert("code".into(), code.into());
    }
    draft
}
