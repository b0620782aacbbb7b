//! `gatehouse audit export` and `gatehouse audit proof`: the log handed out, with progress; an interrupt leaves nothing half.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gatehouse_core::audit_export::{ExportControl, ExportStep, ExportWanted};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, data_dir};
use serde_json::json;

use crate::args::{ExportArgs, ProofArgs};
use crate::commands::interrupt::on_interrupt;
use crate::output::{Failure, Output};
use crate::terminal;

pub fn export(gatehouse: &Gatehouse, args: &ExportArgs, output: &Output) -> Result<u8, Failure> {
    let wanted = ExportWanted {
        format: args.format.into(),
        query: args.query.clone(),
        redact: args.redact,
        archives: args.archives.clone(),
    };
    agreed(&wanted, args, output)?;
    let exported = told(output, |control| {
        gatehouse.audit_export_new(&wanted, &args.out, control)
    })?;
    let document = json!({
        "format": wanted.format.word(),
        "file": args.out.display().to_string(),
        "entries": exported.entries,
        "bytes": exported.bytes,
        "sha256": exported.sha256,
        "redacted": wanted.redact || !wanted.format.names_persons(),
    });
    output.answer(&document, || {
        vec![
            format!("{} entries in {}", exported.entries, args.out.display()),
            format!("sha256 {}", exported.sha256),
        ]
    });
    Ok(0)
}

/// Runs an export whose progress is told and which an interrupt calls off.
pub(super) fn told<T>(output: &Output, export: impl FnOnce(&ExportControl) -> T) -> T {
    std::thread::scope(|scope| {
        let (sender, lines) = std::sync::mpsc::channel::<String>();
        scope.spawn(move || lines.iter().for_each(|line| output.progress(&line)));
        let last = AtomicU64::new(u64::MAX);
        let control = Arc::new(ExportControl {
            progress: Box::new(move |step, done, of| {
                // A line a tenth of the way: a script's log stays short.
                let tenth = done.saturating_mul(10) / of.max(1);
                if last.swap(tenth, Ordering::Relaxed) != tenth {
                    let _ = sender.send(how_far(step, done, of));
                }
            }),
            ..ExportControl::default()
        });
        stop_on_interrupt(&control);
        export(&control)
    })
}

fn how_far(step: ExportStep, done: u64, of: u64) -> String {
    match step {
        ExportStep::Verifying => format!("verified {done} of {of} entries"),
        ExportStep::Copying => format!("copied {done} of {of} pages"),
        ExportStep::Writing => format!("{done} of {of} entries"),
    }
}

/// Asks before persons are named in a file, where somebody can be asked.
fn agreed(wanted: &ExportWanted, args: &ExportArgs, output: &Output) -> Result<(), Problem> {
    if wanted.redact || args.yes || !wanted.format.names_persons() {
        return Ok(());
    }
    let question = "The file will name persons: addresses, reasons, notes (--redact leaves them out). Write it?";
    match terminal::agrees(question, output) {
        Some(false) => Err(Problem::new(
            ErrorCode::Cancelled,
            "Nothing was exported.",
            "--redact leaves out what names persons; --yes writes it without asking.",
        )),
        Some(true) | None => Ok(()),
    }
}

/// The first interrupt calls the export off; the second ends the process.
fn stop_on_interrupt(control: &Arc<ExportControl>) {
    let control = Arc::downgrade(control);
    on_interrupt(move || {
        if let Some(control) = control.upgrade() {
            control.stop.store(true, Ordering::Relaxed);
        }
    });
}

pub fn proof(gatehouse: &Gatehouse, args: &ProofArgs, output: &Output) -> Result<u8, Failure> {
    let proof = gatehouse.audit_proof(args.seq)?;
    if let Some(out) = &args.out {
        data_dir::write_private(out, proof.as_bytes()).map_err(|cause| unwritable(out, &cause))?;
        output.answer(&json!({ "seq": args.seq, "file": out.display().to_string() }), || {
            vec![format!("The proof of entry #{} is in {}.", args.seq, out.display())]
        });
    } else {
        output.answer(&json!({ "seq": args.seq, "proof": proof }), || {
            proof.lines().map(str::to_owned).collect()
        });
    }
    Ok(0)
}

fn unwritable(out: &Path, cause: &std::io::Error) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("{} cannot be written: {cause}.", out.display()),
        "Name a new file in a folder that you may write to.",
    )
}
