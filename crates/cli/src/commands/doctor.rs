//! `gatehouse doctor`: every part, with cause and cure; and a bundle for support, shown before it is saved.
//!
//! Deliberately absent: writing the bundle without a person's word, and sending it.

use std::path::Path;

use gatehouse_core::doctor::{self, DoctorLine, DoctorState};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use serde_json::{Value, json};

use crate::args::DoctorArgs;
use crate::output::{Failure, Output};
use crate::terminal;

/// Something is bad.
const BAD: u8 = 3;

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, args: &DoctorArgs, output: &Output) -> Result<u8, Failure> {
    let profile = match name {
        Some(name) => Some(gatehouse.profile(Some(name))?),
        None => gatehouse.active()?,
    };
    let lines = gatehouse.doctor(profile.as_ref());
    let mut document = document(&lines);
    let Some(file) = &args.bundle else {
        output.answer(&document, || shown(&lines));
        return Ok(code(&lines));
    };
    let bundle = gatehouse.doctor_bundle(profile.as_ref(), &lines);
    let text = format!("{bundle:#}\n");
    if let Some(members) = document.as_object_mut() {
        members.insert("bundle".into(), bundle);
        members.insert("written".into(), args.yes.into());
    }
    if args.yes {
        doctor::save_bundle(file, &text)?;
    }
    output.answer(&document, || {
        let mut all = shown(&lines);
        all.push("This is the bundle:".into());
        all.extend(text.lines().map(str::to_owned));
        all
    });
    if args.yes {
        output.progress(&format!("Written to {}.", file.display()));
    } else {
        save_if_wanted(file, &text, output)?;
    }
    Ok(code(&lines))
}

/// What is known of a directory that could not be opened.
pub fn unopened(dir: &Path, problem: Problem, output: &Output) -> Result<u8, Failure> {
    let lines = doctor::unopened(dir, problem);
    output.answer(&document(&lines), || shown(&lines));
    Ok(code(&lines))
}

fn save_if_wanted(file: &Path, text: &str, output: &Output) -> Result<(), Failure> {
    if output.is_json() {
        return Ok(());
    }
    match terminal::agrees(&format!("Write this to {}?", file.display()), output) {
        Some(true) => {
            doctor::save_bundle(file, text)?;
            output.progress("Written.");
            Ok(())
        }
        Some(false) => {
            output.progress("Not written.");
            Ok(())
        }
        None => Err(Problem::new(
            ErrorCode::InputInvalid,
            "The bundle was shown and not written: nobody is here to say yes.",
            "Read it, then run the command again with --yes.",
        )
        .into()),
    }
}

fn document(lines: &[DoctorLine]) -> Value {
    let row = |line: &DoctorLine| json!({ "part": line.part, "state": line.state.word(), "message": line.message, "hint": line.hint.text });
    json!({ "lines": lines.iter().map(row).collect::<Vec<Value>>(), "bad": bad(lines) })
}

fn shown(lines: &[DoctorLine]) -> Vec<String> {
    let one = |line: &DoctorLine| {
        let head = format!("{:<7}  {}: {}", line.state.word(), line.part, line.message);
        let hint = (!line.hint.text.is_empty()).then(|| format!("         {}", line.hint.text));
        std::iter::once(head).chain(hint)
    };
    lines.iter().flat_map(one).collect()
}

fn bad(lines: &[DoctorLine]) -> usize {
    lines.iter().filter(|line| line.state == DoctorState::Bad).count()
}

fn code(lines: &[DoctorLine]) -> u8 {
    if bad(lines) == 0 { 0 } else { BAD }
}
