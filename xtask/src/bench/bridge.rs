//! The login bridge's rows: complete button flows on one core.
//!
//! The first core is the bridge's, everything else of the flow is on the second: browsers, provider, simulated Klarna.

use std::fs;

use super::core::values;
use super::measure::bounded;
use super::place::Place;
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Failure, Outcome};
use crate::{machine, paths, process};

/// How long people are sent through.
const SECONDS: &str = "30";
/// The most seconds that one measurement may take, its set-up included.
const BOUND_S: u32 = 120;

/// Button flows a second, our own share of each, and memory.
pub fn flows(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let program = paths::built("release", "gatehouse-bridge");
    let ours = load(place, "bridge", &["bridge", &program.to_string_lossy()])?;
    let own_ms = values(&ours, "own_p99_login")?.median() + values(&ours, "own_p99_callback")?.median();
    let row = |name, unit, ours, limit| Row {
        name,
        unit,
        ours,
        peer: None,
        limit,
    };
    let flows = row(
        "bridge: button flows a second, one core",
        "1/s",
        values(&ours, "flows_a_second")?,
        Limit::AtLeast(300.0),
    );
    let back = row(
        "bridge: the way back, from outside",
        "ms",
        values(&ours, "callback")?,
        Limit::Reported,
    );
    Ok(vec![
        flows,
        row(
            "bridge: our own share of a flow, p99",
            "ms",
            Samples::new(vec![own_ms]),
            Limit::P95AtMost(20.0),
        ),
        back,
        row(
            "bridge: processor time of a flow",
            "ms",
            values(&ours, "cpu_per_flow")?,
            Limit::Reported,
        ),
        row("bridge: memory", "MiB", values(&ours, "memory")?, Limit::Reported),
        row(
            "bridge: memory grown from the first to the last quarter",
            "MiB",
            values(&ours, "grown")?,
            Limit::P95AtMost(8.0),
        ),
        row(
            "bridge: people who were lost",
            "",
            values(&ours, "lost")?,
            Limit::P95AtMost(0.0),
        ),
    ])
}

/// Sends people through on the second core.
fn load(place: &Place<'_>, name: &str, words: &[&str]) -> Outcome<String> {
    if machine::program("taskset").is_none() {
        return Err(Failure::new(
            "taskset is missing (Debian: util-linux); the bridge is measured on one core.",
        ));
    }
    let folder = place.folder.join(format!("bridge-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).doing(format!("remove {}", folder.display()))?;
    }
    let mut command = bounded("taskset", BOUND_S);
    command.args(["-c", "1"]).arg(paths::built("release", "examples/load"));
    process::output(command.args(words).arg(folder).arg(SECONDS))
}
