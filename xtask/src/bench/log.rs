//! The audit log's rows: appending beside the disk alone, and going through a million entries beside reading and hashing them.

use super::core::values;
use super::measure::bounded;
use super::place::Place;
use super::row::{Limit, Row};
use crate::failure::Outcome;
use crate::{paths, process, say};

/// How many entries the log has.
const ENTRIES: &str = "1000000";
/// The most seconds that making it, or going through it four times, may take.
const BOUND_S: u32 = 300;

/// Makes the log, appends to it, and verifies it in a process of its own.
pub fn all(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let folder = place.folder.join("log");
    paths::private_folder(&folder)?;
    let folder = folder.to_string_lossy();
    let built = log_speed(place, &["build", &folder, ENTRIES])?;
    let checked = log_speed(place, &["verify", &folder])?;
    say::note(format!(
        "an append writes {:.0} bytes",
        values(&built, "append_bytes")?.median()
    ));
    let row = |name, unit, said: &str, quantity, peer, limit| {
        Ok(Row {
            name,
            unit,
            ours: values(said, quantity)?,
            peer,
            limit,
        })
    };
    let floor = Some(("a durable write of as many bytes", values(&built, "append_floor")?));
    let hashed = Some((
        "reading and hashing the same rows, one core",
        values(&checked, "hashed")?,
    ));
    Ok(vec![
        row(
            "log: append one entry",
            "ms",
            &built,
            "append",
            floor,
            Limit::AtMostTimes(1.5),
        )?,
        // 20,000 entries a second.
        row(
            "log: append a group of 10,000",
            "ms",
            &built,
            "group",
            None,
            Limit::P95AtMost(500.0),
        )?,
        row(
            "log: verify 1,000,000 entries",
            "ms",
            &checked,
            "verified",
            hashed,
            Limit::AtMostTimes(3.0),
        )?,
        row("log: verify 100 more", "ms", &checked, "went_on", None, Limit::Reported)?,
        row(
            "log: most memory held while verifying",
            "MiB",
            &checked,
            "memory",
            None,
            Limit::Reported,
        )?,
    ])
}

fn log_speed(place: &Place<'_>, words: &[&str]) -> Outcome<String> {
    let program = paths::built("release", "examples/log_speed");
    let mut command = bounded(&program.to_string_lossy(), BOUND_S);
    process::output(place.session.enter(command.args(words)))
}
