//! The audit log's rows: appending beside the disk alone, going through a million entries beside reading and hashing them, asking them, and
//! handing them out.
//!
//! The log is made once a run, by whichever of these comes first. Deliberately absent: the anchor's place in a keyring, which an open measures.

use std::fs;
use std::path::PathBuf;

use super::core::{speed_within, values};
use super::measure::bounded;
use super::place::Place;
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Outcome};
use crate::{paths, process, say};

/// How many entries the log has.
const ENTRIES: &str = "1000000";
/// The most seconds that making it, or going through it four times, may take.
const BOUND_S: u32 = 300;
/// What is said of the log while it was made, beside it.
const SAID: &str = "built.txt";

/// Appending: one entry beside the disk alone, and a group.
pub fn appends(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let built = fs::read_to_string(made(place)?.join(SAID)).doing("read what was measured while the log was made")?;
    say::note(format!(
        "an append writes {:.0} bytes",
        values(&built, "append_bytes")?.median()
    ));
    let floor = Some(("a durable write of as many bytes", values(&built, "append_floor")?));
    let one = row(
        "log: append one entry",
        "ms",
        (&built, "append"),
        Limit::AtMostTimes(1.5),
    )?;
    Ok(vec![
        Row { peer: floor, ..one },
        // 20,000 entries a second.
        row(
            "log: append a group of 10,000",
            "ms",
            (&built, "group"),
            Limit::P95AtMost(500.0),
        )?,
    ])
}

/// Verifying, in a process of its own so that its memory can be told.
pub fn verified(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let checked = log_speed(place, &["verify", &made(place)?.to_string_lossy()])?;
    let hashed: Option<(&str, Samples)> = Some((
        "reading and hashing the same rows, one core",
        values(&checked, "hashed")?,
    ));
    let whole = row(
        "log: verify 1,000,000 entries",
        "ms",
        (&checked, "verified"),
        Limit::AtMostTimes(3.0),
    )?;
    Ok(vec![
        Row { peer: hashed, ..whole },
        row("log: verify 100 more", "ms", (&checked, "went_on"), Limit::Reported)?,
        row(
            "log: most memory held while verifying",
            "MiB",
            (&checked, "memory"),
            Limit::Reported,
        )?,
    ])
}

/// The read model made anew, and what it answers; each question opens the log as a command does.
pub fn asked(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let said = log_speed(place, &["ask", &made(place)?.to_string_lossy()])?;
    say::note(format!(
        "the read model took {:.1} s of processor time and has {:.0} MiB",
        values(&said, "catch_up_cpu")?.median(),
        values(&said, "index_size")?.median()
    ));
    Ok(vec![
        // 50,000 entries a second.
        row(
            "log: the read model of 1,000,000 entries made anew",
            "s",
            (&said, "catch_up"),
            Limit::P95AtMost(20.0),
        )?,
        row(
            "log: first page of any filter",
            "ms",
            (&said, "pages"),
            Limit::P95AtMost(20.0),
        )?,
        row(
            "log: first page of any words",
            "ms",
            (&said, "words"),
            Limit::P95AtMost(100.0),
        )?,
        row(
            "log: bars over time of any filter",
            "ms",
            (&said, "histogram"),
            Limit::P95AtMost(50.0),
        )?,
        row(
            "log: bars over time of any words",
            "ms",
            (&said, "word_bars"),
            Limit::Reported,
        )?,
        row(
            "log: counts beside the filters",
            "ms",
            (&said, "facets"),
            Limit::Reported,
        )?,
        row(
            "log: most memory held while made and asked",
            "MiB",
            (&said, "ask_memory"),
            Limit::P95AtMost(64.0),
        )?,
    ])
}

/// The same log handed out by the facade: 100,000 OCSF events a second at least.
pub fn exported(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let said = speed_within(place, BOUND_S, &["export", &made(place)?.to_string_lossy()])?;
    let copied = Some(("its exact bytes as JSON Lines", values(&said, "jsonl")?));
    let ocsf = row(
        "export: 1,000,000 entries as OCSF",
        "s",
        (&said, "ocsf"),
        Limit::P95AtMost(10.0),
    )?;
    Ok(vec![
        Row { peer: copied, ..ocsf },
        row(
            "export: the most memory held",
            "MiB",
            (&said, "ocsf_memory"),
            Limit::P95AtMost(64.0),
        )?,
        row("export: the same as CSV", "s", (&said, "csv"), Limit::Reported)?,
    ])
}

fn row(name: &'static str, unit: &'static str, (said, quantity): (&str, &str), limit: Limit) -> Outcome<Row> {
    Ok(Row {
        name,
        unit,
        ours: values(said, quantity)?,
        peer: None,
        limit,
    })
}

/// Where the log is, made if it is not there yet.
fn made(place: &Place<'_>) -> Outcome<PathBuf> {
    let folder = place.folder.join("log");
    let told = folder.join(SAID);
    if !told.exists() {
        paths::private_folder(&folder)?;
        let said = log_speed(place, &["build", &folder.to_string_lossy(), ENTRIES])?;
        fs::write(&told, said).doing(format!("write {}", told.display()))?;
    }
    Ok(folder)
}

fn log_speed(place: &Place<'_>, words: &[&str]) -> Outcome<String> {
    let program = paths::built("release", "examples/log_speed");
    let mut command = bounded(&program.to_string_lossy(), BOUND_S);
    process::output(place.session.enter(command.args(words)))
}
