//! `gatehouse audit verify`: the verdict, how far it is anchored and witnessed, and on a terminal how far the work is.
//!
//! Deliberately absent: verifying a file that is no data directory's; that is `gatehouse-verify`.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use gatehouse_audit::{Report, Verdict, Watch};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::output::{Failure, Output};

/// Verification failed (design section 7).
const NOT_INTACT: u8 = 7;
/// Entries between two words on a terminal.
const STEP: u64 = 20_000;
/// The longest file that is read as a checkpoint.
const MAX_NOTE: u64 = 64 * 1024;

pub fn run(gatehouse: &Gatehouse, witnessed: &[PathBuf], output: &Output) -> Result<u8, Failure> {
    let kept = witnessed.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let (told, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let watch = Watch {
        progress: &|done, of| {
            if of > STEP && done / STEP > told.load(Ordering::Relaxed) / STEP {
                told.store(done, Ordering::Relaxed);
                output.passing(&format!("verified to #{done} of {of}"));
            }
        },
        stop: &stop,
        gently: false,
    };
    let report = gatehouse.audit_verify_against(&kept, Some(&watch));
    output.passing("");
    let report = report?;
    output.answer(&report.document(), || lines(&report));
    Ok(if report.verdict == Verdict::Intact {
        0
    } else {
        NOT_INTACT
    })
}

fn read(path: &PathBuf) -> Result<String, Problem> {
    let unreadable = || {
        Problem::new(
            ErrorCode::InputInvalid,
            "The witness's file cannot be read as a checkpoint.",
            "Give the text file that the witness handed over.",
        )
    };
    let short = std::fs::metadata(path).is_ok_and(|meta| meta.len() <= MAX_NOTE);
    let text = short.then(|| std::fs::read_to_string(path).ok()).flatten();
    text.ok_or_else(unreadable)
}

fn lines(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("{}: {} entries", report.verdict.as_str(), report.size)];
    lines.extend(report.root.as_ref().map(|root| format!("root {root}")));
    lines.extend(report.first_bad_seq.map(|seq| format!("first bad entry #{seq}")));
    lines.push(report.reason.clone());
    lines.push(witness_line(report));
    lines.extend(report.notices.iter().map(|notice| notice.detail.clone()));
    lines
}

/// Without a witness nothing but this computer vouches for the log, and that is said.
fn witness_line(report: &Report) -> String {
    match &report.witnessed {
        None => "Not witnessed: nobody else has co-signed this log yet.".to_owned(),
        Some(witnessed) => format!(
            "Witnessed to #{} (entry #{} of {}); {} entries not yet witnessed.",
            witnessed.size,
            witnessed.entry,
            witnessed.time,
            report.size.saturating_sub(witnessed.size)
        ),
    }
}
