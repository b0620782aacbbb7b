//! The rows of the table, in the order of the user's way: start, find, open.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::measure::{complete, in_turns};
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Outcome};
use crate::paths;
use crate::session::Session;

/// Where rows run.
#[derive(Debug)]
pub struct Place<'a> {
    /// The private session.
    pub session: &'a Session,
    /// A folder on the real disk, empty at the start.
    pub folder: &'a Path,
    /// The Python that has the peers' packages.
    pub python: PathBuf,
}

/// Measures one row.
pub type Measure = fn(&Place<'_>) -> Outcome<Row>;

/// All rows by name.
pub const ALL: &[(&str, Measure)] = &[
    ("command line: process start", command_line_start),
    ("disk: append 4 KiB and fdatasync", disk_floor),
    ("size: desktop program", desktop_size),
];

fn command_line_start(place: &Place<'_>) -> Outcome<Row> {
    let gatehouse = paths::built("release", "gatehouse");
    let (ours, peer) = in_turns(
        20,
        || {
            complete(
                place
                    .session
                    .enter(Command::new(&gatehouse).arg("--version")),
            )
        },
        || {
            complete(
                place
                    .session
                    .enter(Command::new(&place.python).args(["-c", "import jwt, requests"])),
            )
        },
    )?;
    let peer = Some(("Python with PyJWT and requests", peer));
    Ok(Row {
        name: "command line: process start",
        unit: "ms",
        ours,
        peer,
        limit: Limit::FasterBy(5.0),
    })
}

fn disk_floor(place: &Place<'_>) -> Outcome<Row> {
    let path = place.folder.join("floor");
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .doing("write to the disk")?;
    let append = || {
        file.write_all(&[0; 4096])
            .and_then(|()| file.sync_data())
            .doing("write to the disk")
    };
    let (ours, _) = in_turns(200, append, || Ok(()))?;
    Ok(Row {
        name: "disk: append 4 KiB and fdatasync",
        unit: "ms",
        ours,
        peer: None,
        limit: Limit::Reported,
    })
}

fn desktop_size(_place: &Place<'_>) -> Outcome<Row> {
    let program = paths::built("release", "gatehouse-desktop");
    let bytes = fs::metadata(&program)
        .doing(format!("look at {}", program.display()))?
        .len();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a program's size is far below 2^52 bytes"
    )]
    let ours = Samples::new(vec![bytes as f64 / 1_048_576.0]);
    Ok(Row {
        name: "size: desktop program",
        unit: "MiB",
        ours,
        peer: None,
        limit: Limit::Reported,
    })
}
