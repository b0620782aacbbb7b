//! Tables of tokens: taken in, compared, and looked through for drift.

use std::path::Path;

use gatehouse_core::Gatehouse;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{ReconcileControl, ReconcileOptions, reconcile_csv};
use serde_json::json;

use crate::args::ReconcileArgs;
use crate::commands::PARTLY;
use crate::commands::merchants::{name_of, read};
use crate::output::{Failure, Output, table};
use crate::surroundings::unwritable;

pub fn import(gatehouse: &Gatehouse, profile: &Profile, file: &Path, output: &Output) -> Result<u8, Failure> {
    let bytes = read(file)?;
    let done = gatehouse.import_tokens(profile, &name_of(file), &bytes, &|rows| {
        output.passing(&format!("{rows} rows"));
    })?;
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
        bad.chain([sum]).collect()
    });
    Ok(if done.bad > 0 { PARTLY } else { 0 })
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
    let found = gatehouse.reconcile_tokens(
        profile,
        (&file.0, &file.1),
        options,
        &ReconcileControl::default(),
        &|progress| output.passing(&format!("{} of {}", progress.done, progress.total)),
    )?;
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
        lines
    });
    Ok(0)
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
