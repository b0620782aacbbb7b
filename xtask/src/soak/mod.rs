//! `cargo xtask soak`: the audit log's hardest tests as often as a night allows (tampering, kills, power cuts), and the login bridge's memory.
//!
//! The log's tests are those of CI; only their number differs. What came of the tamper matrix is kept in `target/soak/matrix.txt`. Absent
//! on purpose: any judgement of its own. A test that fails names its seed, and `GATEHOUSE_SEED` brings the same run back.

mod bridge;

use std::path::Path;
use std::process::Command;

use crate::failure::{Doing, Failure, Outcome};
use crate::options::Options;
use crate::report::Report;
use crate::setup::python;
use crate::{paths, process, say};

/// A part: its name, the test that it runs, in which test program, and how often.
struct Part {
    name: &'static str,
    program: &'static str,
    test: &'static str,
    times: u64,
}

const PARTS: [Part; 3] = [
    Part {
        name: "matrix",
        program: "matrix",
        test: "classes::the_whole_matrix",
        times: 10_000,
    },
    Part {
        name: "kill",
        program: "kill",
        test: "every_kill",
        times: 10_000,
    },
    Part {
        name: "power",
        program: "power",
        test: "every_cut",
        times: 1_000,
    },
];

/// The part that is not the log's; its number is seconds.
const BRIDGE: &str = "bridge";

/// Runs the task.
pub fn soak(options: &Options) -> Outcome {
    let known: Vec<_> = PARTS.iter().map(|part| part.name).chain([BRIDGE]).collect();
    if let Some(only) = options.only.as_deref().filter(|only| !known.contains(only)) {
        return Err(Failure::new(format!(
            "\"{only}\" is no part of the soak. --only takes one of: {}",
            known.join(" ")
        )));
    }
    let folder = paths::root().join("target/soak");
    std::fs::create_dir_all(&folder).doing("make target/soak")?;
    let mut report = Report::default();
    let wanted = |name: &str| options.only.as_deref().is_none_or(|only| only == name);
    let table = |name: &str| folder.join(format!("{name}.txt"));
    if PARTS.iter().any(|part| wanted(part.name)) {
        let judges = report.need("Python, for the other verifier", || python::environment(python::JUDGES))?;
        for part in PARTS.iter().filter(|part| wanted(part.name)) {
            report.check(part.name, || {
                run(part, options.times.unwrap_or(part.times), &table(part.name), &judges)
            });
        }
    }
    if wanted(BRIDGE) {
        report.check(BRIDGE, || {
            bridge::memory(options.times.unwrap_or(bridge::SECONDS), &folder, &table(BRIDGE))
        });
    }
    for name in known.iter().filter(|name| wanted(name)) {
        if let Ok(lines) = std::fs::read_to_string(table(name)) {
            say::line(lines);
        }
    }
    report.close("soak")
}

fn run(part: &Part, times: u64, table: &Path, judges: &Path) -> Outcome {
    process::run(
        Command::new("cargo")
            .current_dir(paths::root())
            .args(["test", "--package", "gatehouse-audit", "--test", part.program, "--"])
            .args(["--exact", part.test, "--ignored", "--nocapture"])
            .env("GATEHOUSE_TIMES", times.to_string())
            .env("GATEHOUSE_TABLE", table)
            .env("GATEHOUSE_TEST_PYTHON", judges.join("python")),
    )
}
