//! An export of the log, where the person says, with how far it is; and the file shown in its folder afterwards.
//!
//! Deliberately absent: a path from the window; the dialog is Rust's, and so is what it answered.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gatehouse_core::audit_export::{ExportControl, ExportFormat, ExportWanted, Exported};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::shell::Shell;
use crate::shown::import::file_name;
use crate::views::audit_keep::{BackedUpView, ExportFormatView, ExportRequest, ExportedView};
use crate::views::number::Seq;

/// Exports the log where the person says; `None` when they did not.
///
/// # Errors
/// As the core says; `input_invalid` while another export is under way.
pub fn export(core: &Gatehouse, shell: &Shell, request: ExportRequest) -> Result<Option<ExportedView>, Problem> {
    let wanted = wanted(request);
    let control = Arc::new(control(shell));
    let stopped = Arc::clone(&control);
    let work = &shell.works().export;
    let Some(_begun) = work.begin(move || stopped.stop.store(true, Ordering::Relaxed)) else {
        return Err(under_way());
    };
    let Some(path) = shell.desktop().save_file(&wish(wanted.format)) else {
        return Ok(None);
    };
    let exported = core.audit_export(&wanted, &path, &control)?;
    let view = view(&path, exported);
    shell.chosen().exported = Some(path);
    Ok(Some(view))
}

/// Backs the log up where the person says; `None` when they did not.
///
/// # Errors
/// As the core says; `input_invalid` while an export or a backup is under way.
pub fn back_up(core: &Gatehouse, shell: &Shell) -> Result<Option<BackedUpView>, Problem> {
    let control = Arc::new(control(shell));
    let stopped = Arc::clone(&control);
    let work = &shell.works().export;
    let Some(_begun) = work.begin(move || stopped.stop.store(true, Ordering::Relaxed)) else {
        return Err(under_way());
    };
    let Some(path) = shell.desktop().save_file("gatehouse-audit-backup.db") else {
        return Ok(None);
    };
    let made = core.audit_backup(&path, &control)?;
    Ok(Some(BackedUpView {
        file: file_name(&path),
        size: Seq(made.size),
    }))
}

fn under_way() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "An export or a backup is under way.",
        "Wait for its end, or stop it.",
    )
}

/// Shows the file that was exported last in its folder.
///
/// # Errors
/// `input_invalid` when none was; `browser_failed`.
pub fn show(shell: &Shell) -> Result<(), Problem> {
    let path = shell.chosen().exported.clone().ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "Nothing was exported since Gatehouse was opened.",
            "Export the log first.",
        )
    })?;
    shell.desktop().reveal(&path)
}

fn control(shell: &Shell) -> ExportControl {
    let work = shell.works().export.clone();
    ExportControl {
        stop: AtomicBool::new(false),
        progress: Box::new(move |step, done, of| work.note(step, done, of)),
    }
}

fn wanted(request: ExportRequest) -> ExportWanted {
    ExportWanted {
        format: match request.format {
            ExportFormatView::Csv => ExportFormat::Csv,
            ExportFormatView::Jsonl => ExportFormat::JsonLines,
            ExportFormatView::Ocsf => ExportFormat::Ocsf,
            ExportFormatView::Bundle => ExportFormat::Bundle,
        },
        query: request.query.into_string(),
        redact: request.redact,
        archives: Vec::new(),
    }
}

/// What the file is called unless the person says otherwise.
fn wish(format: ExportFormat) -> String {
    let ending = match format {
        ExportFormat::JsonLines => "jsonl",
        ExportFormat::Csv => "csv",
        ExportFormat::Ocsf => "ocsf.jsonl",
        ExportFormat::Bundle => "zip",
    };
    format!("gatehouse-audit.{ending}")
}

fn view(path: &Path, exported: Exported) -> ExportedView {
    ExportedView {
        file: file_name(path),
        place: path.display().to_string(),
        entries: Seq(exported.entries),
        bytes: Seq(exported.bytes),
        sha256: exported.sha256,
    }
}
