//! A verification of the log, shown: its verdict, to where the log was witnessed and reviewed, how far it is.
//!
//! Deliberately absent: any judgement of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use gatehouse_audit::{Reader, Report, Verdict, Watch, Witnessed};
use gatehouse_core::audit_export::ExportStep;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::shell::Shell;
use crate::views::audit::{VerdictView, VerifyView, WitnessedView};
use crate::views::number::{Millis, Seq, count};

/// Verifies the log, saying how far it is, and says how long it took.
///
/// # Errors
/// `cancelled`; `input_invalid` while it is verified already; what the log or the keyring says. The verdict itself is no error.
pub fn verify(core: &Gatehouse, shell: &Shell) -> Result<VerifyView, Problem> {
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let work = &shell.works().verify;
    let Some(_begun) = work.begin(move || stopped.store(true, Ordering::Relaxed)) else {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "The log is being verified already.",
            "Wait for its end, or stop it.",
        ));
    };
    let watch = Watch {
        progress: &|done, of| work.note(ExportStep::Verifying, done, of),
        stop: &stop,
        gently: false,
    };
    let began = Instant::now();
    let report = core.audit_verify_watched(&watch)?;
    let took_ms = count(began.elapsed().as_millis());
    Ok(view(report, core, (core.now_ms(), took_ms)))
}

/// What the last verification found, whoever asked; nothing before the first, nor for somebody who may not read the log.
pub fn known(core: &Gatehouse) -> Option<VerifyView> {
    let checked = core.audit_checked().ok().flatten()?;
    let (report, when) = (Report::clone(&checked.report), (checked.at_ms, count(checked.took_ms)));
    Some(view(report, core, when))
}

fn view(report: Report, core: &Gatehouse, (at_ms, took_ms): (i64, u32)) -> VerifyView {
    let reader = core.audit_reader().ok();
    let reader = reader.as_ref();
    VerifyView {
        verdict: verdict(report.verdict),
        size: Seq(report.size),
        root: report.root.unwrap_or_default(),
        first_bad_seq: report.first_bad_seq.map(Seq),
        reason: report.reason,
        checked_at: Millis(at_ms),
        took_ms,
        witnessed: report.witnessed.map(|witnessed| vouched(witnessed, reader)),
        reviewed: report.reviewed.map(|reviewed| vouched(reviewed, reader)),
        notices: report.notices.into_iter().map(|notice| notice.detail).collect(),
    }
}

fn vouched(witnessed: Witnessed, reader: Option<&Reader>) -> WitnessedView {
    let entry = reader.and_then(|reader| reader.entry(witnessed.entry).ok().flatten());
    WitnessedView {
        size: Seq(witnessed.size),
        time: Millis(entry.map_or(0, |entry| entry.body.unix_ms())),
        by: witnessed.witness,
    }
}

fn verdict(verdict: Verdict) -> VerdictView {
    match verdict {
        Verdict::Intact => VerdictView::Intact,
        Verdict::Broken => VerdictView::Broken,
        Verdict::Truncated => VerdictView::Truncated,
        Verdict::RolledBack => VerdictView::RolledBack,
        Verdict::Replaced => VerdictView::Replaced,
        Verdict::Unanchored => VerdictView::Unanchored,
    }
}
