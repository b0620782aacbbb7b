//! `gatehouse audit checkpoint`, `witness ...`, `erase`, `archive`, `backup`: the log vouched for by colleagues, and kept.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use gatehouse_core::keeping::{ArchivedPart, BackUp, ErasedParts, Erasure};
use gatehouse_core::witness::{Cosigned, FirstSeen, Told, Witnesses};
use gatehouse_core::{Gatehouse, Problem, data_dir};
use serde_json::{Value, json};

use crate::args::{KeepCommand, WitnessCommand};
use crate::output::{Failure, Output, short_time, table, time};
use crate::surroundings::{unreadable, unwritable};

/// The longest file that is read: a question has a few lines.
const MAX_FILE: u64 = 256 * 1024;

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: KeepCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        KeepCommand::Checkpoint { out } => checkpoint(gatehouse, out.as_deref(), output)?,
        KeepCommand::Witness(WitnessCommand::Ask { out, from, witness }) => {
            ask(gatehouse, name, &out, from, witness.as_deref(), output)?;
        }
        KeepCommand::Witness(WitnessCommand::Sign { file, out, trust }) => {
            sign(gatehouse, &file, &out, trust, output)?;
        }
        KeepCommand::Witness(WitnessCommand::Take { file }) => take(gatehouse, &file, output)?,
        KeepCommand::Witness(WitnessCommand::List) => list(&gatehouse.witnesses()?, output),
        KeepCommand::Erase { seqs, person, reason } => {
            let what = person.map_or(Erasure::Entries(seqs), Erasure::Person);
            erased(&gatehouse.audit_erase(&what, &reason)?, output);
        }
        KeepCommand::Archive { before, out, reason } => {
            archived(&gatehouse.audit_archive(&before, &out, &reason)?, &out, output);
        }
        KeepCommand::Backup { out } => {
            let made = super::audit_export::told(output, |control| gatehouse.audit_backup(&out, control))?;
            backed_up(&made, &out, output)
        }
    }
    Ok(0)
}

fn checkpoint(gatehouse: &Gatehouse, out: Option<&Path>, output: &Output) -> Result<(), Failure> {
    let note = gatehouse.audit_checkpoint()?;
    if let Some(out) = out {
        write(out, &note)?;
    }
    output.answer(&json!({ "checkpoint": note, "file": out }), || match out {
        Some(out) => vec![format!("Wrote {}.", out.display())],
        None => note.lines().map(str::to_owned).collect(),
    });
    Ok(())
}

fn ask(
    gatehouse: &Gatehouse,
    name: Option<&str>,
    out: &Path,
    from: Option<u64>,
    witness: Option<&str>,
    output: &Output,
) -> Result<(), Failure> {
    absent(out)?;
    let question = match (from, witness) {
        (Some(size), _) => gatehouse.witness_question_from(size)?,
        (None, None) => gatehouse.witness_question(None)?,
        (None, Some(person)) => {
            let persons = gatehouse.persons(&gatehouse.profile(name)?)?;
            gatehouse.witness_question(Some(&persons.find(person)?.public_key))?
        }
    };
    write(out, &question)?;
    let fingerprint = gatehouse.checkpoint_fingerprint()?;
    output.answer(&json!({ "file": out, "key_fingerprint": fingerprint }), || {
        vec![
            format!("Wrote {}.", out.display()),
            format!("Fingerprint of this log's key: {fingerprint}"),
            "Send the file to a colleague; who signs it for the first time asks you for the fingerprint, by telephone or in person.".into(),
        ]
    });
    Ok(())
}

fn sign(gatehouse: &Gatehouse, file: &Path, out: &Path, trust: Option<String>, output: &Output) -> Result<(), Failure> {
    absent(out)?;
    let question = read(file)?;
    let consent = trust.map(|fingerprint| FirstSeen { fingerprint });
    let signed = gatehouse.witness_sign(&question, consent)?;
    write(out, &signed.answer)?;
    output.answer(&cosigned(&signed, out), || {
        vec![
            format!("Co-signed the log {} up to entry #{}.", signed.log_id, signed.size),
            format!("Wrote {}; send it back.", out.display()),
        ]
    });
    Ok(())
}

fn cosigned(signed: &Cosigned, out: &Path) -> Value {
    json!({
        "log_id": signed.log_id,
        "size": signed.size,
        "root": signed.root,
        "from": signed.from,
        "seq": signed.seq,
        "file": out,
    })
}

fn take(gatehouse: &Gatehouse, file: &Path, output: &Output) -> Result<(), Failure> {
    let taken = gatehouse.witness_take(&read(file)?)?;
    output.answer(&told(&taken), || {
        let how = if taken.known { "stood already" } else { "stands" };
        vec![format!(
            "{} witnesses this log up to entry #{}; that {how} in entry #{}.",
            taken.name, taken.size, taken.seq
        )]
    });
    Ok(())
}

fn told(told: &Told) -> Value {
    json!({
        "name": told.name,
        "public_key": told.public_key,
        "size": told.size,
        "root": told.root,
        "cosignature": told.cosignature,
        "time": told.time,
        "seq": told.seq,
        "known": told.known,
    })
}

fn list(witnesses: &Witnesses, output: &Output) {
    let by: Vec<Value> = witnesses.by.iter().map(told).collect();
    let of = witnesses.of.iter().map(|log| {
        json!({
            "log_id": log.log_id,
            "key_fingerprint": log.fingerprint,
            "size": log.size,
            "root": log.root,
            "time": time(log.signed_ms),
            "checkpoint": log.note,
        })
    });
    let alarms = witnesses.alarms.iter().map(|alarm| {
        json!({
            "log_id": alarm.log_id,
            "time": time(alarm.found_ms),
            "kept": alarm.kept_note,
            "shown": alarm.shown_note,
        })
    });
    let document = json!({ "by": by, "of": of.collect::<Vec<_>>(), "alarms": alarms.collect::<Vec<_>>() });
    output.answer(&document, || lines(witnesses));
}

fn lines(witnesses: &Witnesses) -> Vec<String> {
    let alarms = witnesses.alarms.iter().map(|alarm| {
        let when = short_time(alarm.found_ms);
        vec!["TWO HISTORIES".to_owned(), alarm.log_id.clone(), String::new(), when]
    });
    let by = witnesses.by.iter().map(|told| {
        let size = format!("#{}", told.size);
        vec![
            "witness of this log".to_owned(),
            told.name.clone(),
            size,
            told.time.clone(),
        ]
    });
    let of = witnesses.of.iter().map(|log| {
        let size = format!("#{}", log.size);
        vec![
            "witnessed here".to_owned(),
            log.log_id.clone(),
            size,
            short_time(log.signed_ms),
        ]
    });
    let rows: Vec<Vec<String>> = alarms.chain(by).chain(of).collect();
    if rows.is_empty() {
        return vec!["Nobody witnesses this log yet, and no other log is witnessed here.".into()];
    }
    table(&rows)
}

fn erased(erased: &ErasedParts, output: &Output) {
    let document = json!({
        "entries": erased.entries,
        "announced": erased.announced,
        "settled": erased.settled,
        "not_touched": ["grants", "plans", "reviews"],
    });
    output.answer(&document, || {
        let mut lines = vec![format!(
            "Erased the private details of {} entries.",
            erased.entries.len()
        )];
        if !erased.settled {
            lines.push("Another program was reading the log; what it still holds goes when it ends.".into());
        }
        lines.push("The lists of grants, plans and reviews were not touched; they are records of their own.".into());
        lines
    });
}

fn archived(part: &ArchivedPart, out: &Path, output: &Output) {
    let document = json!({
        "file": out,
        "first": part.first,
        "size": part.size,
        "file_sha256": part.sha256,
        "seq": part.seq,
        "resumed": part.resumed,
    });
    output.answer(&document, || {
        vec![
            format!(
                "Entries #{} to #{} are in {} now.",
                part.first,
                part.size,
                out.display()
            ),
            format!("SHA-256 {}", part.sha256),
            "Keep the file for as long as the log has to be kept; nothing else holds these entries.".into(),
        ]
    });
}

fn backed_up(made: &BackUp, out: &Path, output: &Output) {
    let document = json!({
        "file": out,
        "size": made.size,
        "root": made.root,
        "file_sha256": made.sha256,
        "seq": made.seq,
    });
    output.answer(&document, || {
        vec![
            format!(
                "Wrote {} with {} entries; it was read back and verifies.",
                out.display(),
                made.size
            ),
            format!("SHA-256 {}", made.sha256),
        ]
    });
}

/// A small text file; what is larger than any question is not one.
fn read(file: &Path) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|open| open.take(MAX_FILE).read_to_end(&mut bytes));
    read.map_err(|cause| unreadable(file, &cause))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Refuses a file that is there before anything is done for it.
fn absent(out: &Path) -> Result<(), Problem> {
    if out.exists() {
        let cause = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        return Err(unwritable(out, &cause));
    }
    Ok(())
}

fn write(out: &Path, content: &str) -> Result<(), Problem> {
    data_dir::write_private(out, content.as_bytes()).map_err(|cause| unwritable(out, &cause))
}
