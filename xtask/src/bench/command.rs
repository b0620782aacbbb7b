//! The command's rows: from a cold process to a portal link, beside the scripts that people write instead.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::measure::{complete, in_turns, until_said};
use super::place::{PERSON, Place, REFERENCE, STAND_IN};
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Outcome};
use crate::paths;

const ROUNDS: usize = 40;
const PYTHON: &str = "PyJWT and requests";
const BASH: &str = "openssl, curl and jq";

/// Cold process to link, against Python and against bash, over plain HTTP to the same sandbox.
pub fn links(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let sign = format!("{}/portal/open/", place.base);
    let (ours, peer) = in_turns(
        ROUNDS,
        || until_said(&mut ours(place), &sign),
        || until_said(&mut python(place), &sign),
    )?;
    let first = row(
        "command: cold process to link",
        ours,
        (PYTHON, peer),
        Limit::FasterBy(5.0),
    );
    let (ours, peer) = in_turns(
        ROUNDS,
        || until_said(&mut self::ours(place), &sign),
        || until_said(&mut bash(place), &sign),
    )?;
    let second = row("command: the same", ours, (BASH, peer), Limit::FasterBy(1.0));
    Ok(vec![first, second])
}

/// The most memory that the command and the Python script hold.
pub fn memory(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let file = place.folder.join("peak");
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        ours.push(peak(&self::ours(place), &file)?);
        peer.push(peak(&python(place), &file)?);
    }
    let mut told = row(
        "command: most memory held",
        Samples::new(ours),
        (PYTHON, Samples::new(peer)),
        Limit::Reported,
    );
    told.unit = "MiB";
    Ok(vec![told])
}

/// The time a process takes that does nothing, to tell start from work.
pub fn start(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let import = || {
        let mut command = Command::new(&place.python);
        command.args(["-c", "import jwt, requests"]);
        place.session.enter(&mut command);
        command
    };
    let (ours, peer) = in_turns(
        20,
        || complete(&mut place.gatehouse(&["--version"])),
        || complete(&mut import()),
    )?;
    Ok(vec![row(
        "command: process start",
        ours,
        ("import jwt, requests", peer),
        Limit::Reported,
    )])
}

fn ours(place: &Place<'_>) -> Command {
    place.gatehouse(&["--profile", STAND_IN, "open", REFERENCE, "--print-url"])
}

fn python(place: &Place<'_>) -> Command {
    script(place, &place.python, "deep_link.py")
}

fn bash(place: &Place<'_>) -> Command {
    script(place, Path::new("bash"), "deep_link.sh")
}

fn script(place: &Place<'_>, program: &Path, name: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(Place::peer(name));
    command.args([&place.base, &place.account, &place.merchant, PERSON]);
    place.session.enter(command.arg(&place.peers));
    command
}

/// Runs a command under GNU time and reads its largest resident set, in MiB.
fn peak(command: &Command, file: &Path) -> Outcome<f64> {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "%M", "-o"]).arg(file);
    timed.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => timed.env(name, value),
            None => timed.env_remove(name),
        };
    }
    complete(&mut timed)?;
    let said = fs::read_to_string(file).doing("read what GNU time wrote")?;
    let kib: f64 = said.trim().parse().doing(format!("read \"{}\"", said.trim()))?;
    Ok(kib / 1024.0)
}

fn row(name: &'static str, ours: Samples, peer: (&'static str, Samples), limit: Limit) -> Row {
    Row {
        name,
        unit: "ms",
        ours,
        peer: Some(peer),
        limit,
    }
}

/// The sizes of what is delivered.
pub fn sizes(_place: &Place<'_>) -> Outcome<Vec<Row>> {
    let size = |name, program| -> Outcome<Row> {
        let program = paths::built("release", program);
        let bytes = fs::metadata(&program)
            .doing(format!("look at {}", program.display()))?
            .len();
        #[expect(clippy::cast_precision_loss, reason = "a program's size is far below 2^52 bytes")]
        let ours = Samples::new(vec![bytes as f64 / 1_048_576.0]);
        Ok(Row {
            name,
            unit: "MiB",
            ours,
            peer: None,
            limit: Limit::Reported,
        })
    };
    Ok(vec![
        size("size: desktop program", "gatehouse-desktop")?,
        size("size: command", "gatehouse")?,
    ])
}
