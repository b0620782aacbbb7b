//! The log joined with its archives for an export that names them: a copy in a folder of its own, verified, and gone with the export.
//!
//! Deliberately absent: the archives' say in anything. Each entry of theirs leads to the root that the log itself has.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use gatehouse_audit::{BackupWatch, LogError, Outside, Reader, Verdict, Watch, verify_directory_with};
use uuid::Uuid;

use super::{ExportControl, ExportStep, ExportWanted};
use crate::acts;
use crate::data_dir;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};

/// What such folders are called, with something behind it.
const PREFIX: &str = "joined-";
/// A folder as old as this was left by a process that was killed.
const LEFT_MS: i64 = 86_400_000;

/// The folder, for as long as it is needed.
pub struct Joined(PathBuf);

impl Joined {
    /// Joins the log with the archives that were named, if some were.
    ///
    /// # Errors
    /// `input_invalid` for archives that do not fit the log or each other; `cancelled`; `disk_full`; `log_*`.
    pub fn with(core: &Core, wanted: &ExportWanted, control: &ExportControl) -> Result<Option<Self>, Problem> {
        if wanted.archives.is_empty() {
            return Ok(None);
        }
        forget_left(core);
        let folder = core.dir().join(format!("{PREFIX}{}", Uuid::new_v4()));
        data_dir::prepare(&folder)?;
        let joined = Self(folder);
        let log = Reader::open(core.dir())?;
        let watch = BackupWatch {
            progress: &|_, done, of| (control.progress)(ExportStep::Copying, done, of),
            stop: &control.stop,
        };
        log.join(&wanted.archives, joined.folder(), &watch)
            .map_err(does_not_fit)?;
        joined.check(core, &log, control)?;
        Ok(Some(joined))
    }

    /// Where it lies.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// It holds by itself, and ends with the very root that the log has there.
    fn check(&self, core: &Core, log: &Reader, control: &ExportControl) -> Result<(), Problem> {
        let watch = Watch {
            progress: &|done, of| (control.progress)(ExportStep::Verifying, done, of),
            stop: &control.stop,
            gently: false,
        };
        let outside = Outside {
            key: acts::checkpoint_public(core.key_store()?.as_ref(), core.dir())?,
            ..Outside::default()
        };
        let report = verify_directory_with(&self.0, &outside, Some(&watch))?;
        let here = log.checkpoint_at(report.size)?.map(|here| hex::encode(here.root));
        if report.verdict == Verdict::Unanchored && report.root == here {
            return Ok(());
        }
        Err(Problem::new(
            ErrorCode::VerificationFailed,
            format!("Joined with these archives the log does not verify: {}", report.reason),
            "Name the very files that were written when entries were archived; `log.archived` entries tell their SHA-256.",
        ))
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        if let Err(cause) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%cause, "a copy of the log is left in the data directory");
        }
    }
}

/// Takes away what killed processes left.
fn forget_left(core: &Core) {
    let now_ms = core.clock().unix_ms();
    let is_left = |path: &Path| {
        let made = fs::metadata(path).and_then(|meta| meta.modified()).ok();
        let made = made.and_then(|made| made.duration_since(UNIX_EPOCH).ok());
        made.and_then(|made| i64::try_from(made.as_millis()).ok())
            .is_some_and(|made_ms| now_ms - made_ms > LEFT_MS)
    };
    let found = fs::read_dir(core.dir()).into_iter().flatten().flatten();
    for entry in found.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        if is_left(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn does_not_fit(fault: LogError) -> Problem {
    let why = if let LogError::Refused(why) = fault {
        why
    } else if let LogError::Damaged(why) = fault {
        format!("one of the files is no archive: {why}")
    } else if matches!(fault, LogError::Absent) {
        "one of the files is not there, or empty".to_owned()
    } else {
        return Problem::from(fault);
    };
    Problem::new(
        ErrorCode::InputInvalid,
        format!("The archives do not fit the log: {why}."),
        "Name the archives without a gap, up to where the log begins; nothing was exported.",
    )
}
