//! Saved views, witnesses by file, and how far a long work is, shown.
//!
//! A question that waits for consent stays here; the window gets what it says. Deliberately absent: paths.

use gatehouse_audit::Reader;
use gatehouse_core::audit_export::ExportStep;
use gatehouse_core::witness::{FirstSeen, Told, WitnessAlarm, WitnessedLog};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, SavedView};

use crate::argument::Text;
use crate::desktop::Wanted;
use crate::shell::Shell;
use crate::shown::{audit_verdict, keys};
use crate::views::audit_keep::{
    AuditWork, FirstKey, KeptLogRow, SavedViewView, SavedViewWish, WitnessRow, WitnessSigned, WitnessTaken,
    WitnessesView, WorkStep, WorkView,
};
use crate::views::number::{Millis, Seq, count};
use crate::works::Far;

/// The saved views.
///
/// # Errors
/// As the core says.
pub fn views(core: &Gatehouse) -> Result<Vec<SavedViewView>, Problem> {
    Ok(shown(core.audit_views()?))
}

/// Keeps a view.
///
/// # Errors
/// As the core says.
pub fn save_view(core: &Gatehouse, wish: SavedViewWish) -> Result<Vec<SavedViewView>, Problem> {
    let view = SavedView {
        id: wish.id.map(Text::into_string).unwrap_or_default(),
        name: wish.name.into_string(),
        query: wish.query.into_string(),
        pinned: wish.pinned,
    };
    Ok(shown(core.save_audit_view(&view)?))
}

/// Removes a view.
///
/// # Errors
/// As the core says.
pub fn remove_view(core: &Gatehouse, id: &str) -> Result<Vec<SavedViewView>, Problem> {
    Ok(shown(core.remove_audit_view(id)?))
}

fn shown(views: Vec<SavedView>) -> Vec<SavedViewView> {
    let view = |view: SavedView| SavedViewView {
        id: view.id,
        name: view.name,
        query: view.query,
        pinned: view.pinned,
    };
    views.into_iter().map(view).collect()
}

/// How far the long works of this window are, and what is known of the log without another look.
pub fn work(core: &Gatehouse, shell: &Shell) -> AuditWork {
    let step = |step: ExportStep| match step {
        ExportStep::Verifying => WorkStep::Verifying,
        ExportStep::Copying => WorkStep::Copying,
        ExportStep::Writing => WorkStep::Writing,
    };
    let view = |far: Option<Far>| {
        far.map(|far| WorkView {
            step: far.step.map(step),
            done: Seq(far.done),
            of: Seq(far.of),
        })
    };
    AuditWork {
        verify: view(shell.works().verify.state()),
        export: view(shell.works().export.state()),
        verdict: audit_verdict::known(core),
        views_waiting: count(core.audit_views_waiting()),
    }
}

/// Who witnesses this log, and which logs are witnessed here.
///
/// # Errors
/// As the core says; no log is no witness.
pub fn witnesses(core: &Gatehouse) -> Result<WitnessesView, Problem> {
    let found = core.witnesses()?;
    let reader = match core.audit_reader() {
        Ok(reader) => Some(reader),
        Err(problem) if problem.code == ErrorCode::AuditEntryMissing => None,
        Err(problem) => return Err(problem),
    };
    let fingerprint = reader.as_ref().map(|_| core.checkpoint_fingerprint()).transpose()?;
    let size = reader.as_ref().map(Reader::size).transpose()?;
    let told = found.by.into_iter().map(|told| witness(told, reader.as_ref()));
    Ok(WitnessesView {
        size: Seq(size.unwrap_or_default()),
        fingerprint: fingerprint.unwrap_or_default(),
        witnesses: told.collect::<Result<_, _>>()?,
        kept: found.of.into_iter().map(kept).collect(),
        alarms: found.alarms.into_iter().map(alarm).collect(),
    })
}

fn witness(told: Told, reader: Option<&Reader>) -> Result<WitnessRow, Problem> {
    let entry = reader.map(|reader| reader.entry(told.seq)).transpose()?.flatten();
    Ok(WitnessRow {
        name: told.name,
        key: told.public_key,
        size: Seq(told.size),
        time: Millis(entry.map_or(0, |entry| entry.body.unix_ms())),
    })
}

fn kept(log: WitnessedLog) -> KeptLogRow {
    KeptLogRow {
        log: log.log_id,
        size: Seq(log.size),
        time: Millis(log.signed_ms),
    }
}

fn alarm(alarm: WitnessAlarm) -> KeptLogRow {
    KeptLogRow {
        log: alarm.log_id,
        size: Seq(0),
        time: Millis(alarm.found_ms),
    }
}

/// Writes a question to a witness where the person says; `None` when they did not.
///
/// # Errors
/// As the core says; `input_invalid` for a place that cannot be written.
pub fn ask(core: &Gatehouse, shell: &Shell) -> Result<Option<String>, Problem> {
    let question = core.witness_question(None)?;
    keys::save(shell, "audit.witness-question", question.as_bytes())
}

/// Reads a colleague's question; signs it at once where its log is known here, else says what it is. `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn sign(core: &Gatehouse, shell: &Shell) -> Result<Option<WitnessSigned>, Problem> {
    let Some(question) = text(shell, Wanted::WitnessFile)? else {
        return Ok(None);
    };
    let seen = core.witness_look(&question)?;
    match seen.fingerprint {
        Some(key) if !seen.known_key => {
            shell.chosen().question = Some((question, key.clone()));
            Ok(Some(WitnessSigned {
                log: seen.log_id,
                size: Seq(seen.size),
                first: Some(FirstKey { key }),
                file: None,
            }))
        }
        Some(_) | None => answer(core, shell, &question, None).map(Some),
    }
}

/// Signs the question that was read last, with the person's consent to its key; `None` when none waits.
///
/// # Errors
/// As the core says.
pub fn trust(core: &Gatehouse, shell: &Shell) -> Result<Option<WitnessSigned>, Problem> {
    let Some((question, fingerprint)) = shell.chosen().question.clone() else {
        return Ok(None);
    };
    let signed = answer(core, shell, &question, Some(FirstSeen { fingerprint }))?;
    shell.chosen().question = None;
    Ok(Some(signed))
}

fn answer(core: &Gatehouse, shell: &Shell, question: &str, first: Option<FirstSeen>) -> Result<WitnessSigned, Problem> {
    let signed = core.witness_sign(question, first)?;
    let wish = format!(
        "{}-{}.witness-answer",
        signed.log_id.chars().take(8).collect::<String>(),
        signed.size
    );
    let file = keys::save(shell, &wish, signed.answer.as_bytes())?;
    Ok(WitnessSigned {
        log: signed.log_id,
        size: Seq(signed.size),
        first: None,
        file,
    })
}

/// Takes a witness's answer into the log; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn take(core: &Gatehouse, shell: &Shell) -> Result<Option<WitnessTaken>, Problem> {
    let Some(answer) = text(shell, Wanted::WitnessFile)? else {
        return Ok(None);
    };
    let told = core.witness_take(&answer)?;
    Ok(Some(WitnessTaken {
        by: told.name,
        size: Seq(told.size),
    }))
}

fn text(shell: &Shell, wanted: Wanted) -> Result<Option<String>, Problem> {
    let Some(path) = shell.desktop().choose_file(wanted) else {
        return Ok(None);
    };
    let bytes = keys::read(&path)?;
    String::from_utf8(bytes).map(Some).map_err(|cause| {
        Problem::new(
            ErrorCode::WitnessFileDamaged,
            "The file is no text, so it is no question and no answer of a witness.",
            "Have it sent again.",
        )
        .because(&cause)
    })
}
