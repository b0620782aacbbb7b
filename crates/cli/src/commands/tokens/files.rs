//! Tables of tokens: taken in, compared, and looked through for drift.

use std::path::Path;
use std::sync::Arc;

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    PlannedFate, ReconcileOptions, ReconcileProgress, TableControl, TableProgress, TokenImportPlan, reconcile_csv,
};
use gatehouse_core::{Gatehouse, passphrase_from};
use serde_json::json;

use crate::args::{ExportTokensArgs, ImportTokensArgs, ReconcileArgs};
use crate::commands::PARTLY;
use crate::commands::interrupt::on_interrupt;
use crate::commands::merchants::{name_of, read};
use crate::output::{Failure, Output, table};
use crate::surroundings::unwritable;

pub fn import(
    gatehouse: &Gatehouse,
    profile: &Profile,
    args: &ImportTokensArgs,
    output: &Output,
) -> Result<u8, Failure> {
    let passphrase = args.file_passphrase.as_deref().map(passphrase_from).transpose()?;
    let bytes = SecretBytes::new(read(&args.file)?);
    let bytes = gatehouse.open_token_file(profile, bytes, passphrase.as_ref())?;
    let control = Arc::new(TableControl::default());
    ended_by_interrupt(&control);
    let tell = |progress: TableProgress| output.passing(&format!("{} of {} rows", progress.done, progress.total));
    if args.dry_run {
        let plan = gatehouse.plan_token_import(profile, bytes.expose(), &control, &tell)?;
        output.answer(&serde_json::to_value(&plan).unwrap_or_default(), || planned(&plan));
        return Ok(if plan.bad > 0 { PARTLY } else { 0 });
    }
    let file = (name_of(&args.file), bytes);
    let done = gatehouse.import_tokens(profile, (&file.0, file.1.expose()), &control, &tell)?;
    let document = serde_json::to_value(&done).unwrap_or_default();
    output.answer(&document, || {
        let bad = done
            .troubles
            .iter()
            .map(|bad| format!("line {}: {}", bad.line, bad.message));
        let sum = format!(
            "{} added, {} updated, {} unchanged, {} repeated, {} bad",
            done.added, done.updated, done.unchanged, done.repeated, done.bad
        );
        let ended = done.stopped.then(|| {
            "Ended before its end. What was kept stays kept; the same command goes on where it was.".to_owned()
        });
        bad.chain([sum]).chain(ended).collect()
    });
    Ok(if done.bad > 0 || done.stopped { PARTLY } else { 0 })
}

pub fn export(
    gatehouse: &Gatehouse,
    profile: &Profile,
    args: ExportTokensArgs,
    output: &Output,
) -> Result<u8, Failure> {
    let query = super::query(gatehouse, profile, args.which)?;
    let made = match &args.file_passphrase {
        None => gatehouse.export_tokens(profile, &query)?,
        Some(file) => gatehouse.export_sealed_tokens(profile, &query, (&passphrase_from(file)?, &args.reason))?,
    };
    write_new(&args.out, &made.bytes)?;
    let mut document = serde_json::to_value(&made).unwrap_or_default();
    document["file"] = args.out.display().to_string().into();
    output.answer(&document, || {
        vec![format!("{} tokens are in {}.", made.rows, args.out.display())]
    });
    Ok(0)
}

fn planned(plan: &TokenImportPlan) -> Vec<String> {
    let rows: Vec<Vec<String>> = plan
        .rows
        .iter()
        .map(|row| {
            let fate = match row.fate {
                PlannedFate::Added => "added",
                PlannedFate::Updated => "updated",
                PlannedFate::Known => "known",
                PlannedFate::Repeated => "repeated",
            };
            vec![
                row.line.to_string(),
                fate.into(),
                row.hint.clone().unwrap_or_default(),
                row.reference.clone().unwrap_or_default(),
                row.differs.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let mut lines = table(&rows);
    lines.extend(
        plan.troubles
            .iter()
            .map(|bad| format!("line {}: {}", bad.line, bad.message)),
    );
    lines.push(format!(
        "Would be: {} added, {} updated, {} known, {} repeated; {} bad, {} say something else than the vault. Nothing was kept.",
        plan.added, plan.updated, plan.unchanged, plan.repeated, plan.bad, plan.differing
    ));
    lines
}

/// The first interrupt ends the work after the step that is under way, and what was done stays; the second ends the process.
pub fn ended_by_interrupt(control: &Arc<TableControl>) {
    let control = Arc::clone(control);
    on_interrupt(move || control.stop());
}

pub fn reconcile(
    gatehouse: &Gatehouse,
    profile: &Profile,
    args: &ReconcileArgs,
    output: &Output,
) -> Result<u8, Failure> {
    let bytes = read(&args.file)?;
    let options = ReconcileOptions {
        ask: !args.offline,
        per_second: args.rate,
        ask_again: args.again,
    };
    let file = (name_of(&args.file), bytes);
    let control = Arc::new(TableControl::default());
    ended_by_interrupt(&control);
    let tell = |progress: ReconcileProgress| {
        let (done, total, found) = (progress.done, progress.total, progress.found);
        output.passing(&format!("{done} of {total}, {found} differences"));
    };
    let found = gatehouse.reconcile_tokens(profile, (&file.0, &file.1), options, &control, &tell)?;
    if let Some(out) = &args.out {
        write_new(out, reconcile_csv(&found.differences).as_bytes())?;
    }
    output.answer(&serde_json::to_value(&found).unwrap_or_default(), || {
        let rows: Vec<Vec<String>> = found
            .differences
            .iter()
            .map(|row| {
                let line = row.line.map_or_else(|| "-".into(), |line| line.to_string());
                vec![
                    line,
                    row.difference.word().into(),
                    row.reference.clone().unwrap_or_default(),
                    row.what.clone(),
                ]
            })
            .collect();
        let mut lines = table(&rows);
        lines.push(format!(
            "{} rows, {} alike, {} differences, Klarna was asked {} times",
            found.rows,
            found.alike,
            found.differences.len(),
            found.asked
        ));
        if found.stopped {
            lines.push(format!(
                "Held with {} left. The same command goes on where it was: what Klarna was asked within a day is not asked again.",
                found.left
            ));
        }
        lines
    });
    Ok(if found.stopped { PARTLY } else { 0 })
}

pub fn drift(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (file, take): (&Path, bool),
    output: &Output,
) -> Result<u8, Failure> {
    let found = gatehouse.token_drift(profile, &read(file)?, take)?;
    output.answer(
        &json!({ "rows": found.rows, "stale": found.stale, "late": found.late }),
        || {
            let rows: Vec<Vec<String>> = found
                .rows
                .iter()
                .map(|row| {
                    vec![
                        row.line.to_string(),
                        row.finding.to_owned(),
                        row.whose.clone(),
                        row.order_id.clone(),
                        row.what.clone(),
                    ]
                })
                .collect();
            table(&rows)
        },
    );
    Ok(0)
}

/// Writes a new file, for its owner alone.
pub fn write_new(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut open| open.write_all(bytes));
    written.map_err(|cause| unwritable(file, &cause).into())
}
