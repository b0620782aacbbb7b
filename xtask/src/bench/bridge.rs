//! The login bridge's rows: complete button flows on one core.
//!
//! The first core is the bridge's, everything else of the flow is on the second: browsers, provider, simulated Klarna. A minimal reverse
//! proxy that sends out the same requests stands in the bridge's place for comparison.

use std::fs;

use super::core::values;
use super::measure::bounded;
use super::place::Place;
use super::row::{Limit, Row};
use super::samples::Samples;
use crate::failure::{Doing, Failure, Outcome};
use crate::{machine, paths, process};

/// How long people are sent through, each time.
const SECONDS: &str = "30";
/// The most seconds that one measurement may take, its set-up included.
const BOUND_S: u32 = 180;
const STAND_IN: &str = "a minimal reverse proxy";

/// Button flows a second, and at the promised number of them: our own share of each, the log's disk, and memory.
pub fn flows(place: &Place<'_>) -> Outcome<Vec<Row>> {
    let program = paths::built("release", "gatehouse-bridge");
    let ours = load(place, "bridge", &["bridge", &program.to_string_lossy()])?;
    let stand_in = load(place, "stand-in", &["stand-in"])?;
    let own_ms = values(&ours, "own_p99_login")?.median() + values(&ours, "own_p99_callback")?.median();
    let lost = values(&ours, "lost")?.median() + values(&ours, "steady_lost")?.median();
    let row = |name, unit, ours, limit| Row {
        name,
        unit,
        ours,
        peer: None,
        limit,
    };
    let beside = |name, unit, said, limit| {
        Ok::<_, Failure>(Row {
            peer: Some((STAND_IN, values(&stand_in, said)?)),
            ..row(name, unit, values(&ours, said)?, limit)
        })
    };
    let told = |name, unit, said| Ok::<_, Failure>(row(name, unit, values(&ours, said)?, Limit::Reported));
    let own = Samples::new(vec![own_ms]);
    let nobody = Samples::new(vec![lost]);
    Ok(vec![
        beside(
            "bridge: button flows a second, one core",
            "1/s",
            "flows_a_second",
            Limit::AtLeast(300.0),
        )?,
        beside(
            "bridge: processor time of a flow",
            "ms",
            "cpu_per_flow",
            Limit::Reported,
        )?,
        row(
            "bridge: our own share of a flow, p99",
            "ms",
            own,
            Limit::P95AtMost(20.0),
        ),
        told("bridge: the log's disk and anchor in a flow, p99", "ms", "log_p99")?,
        told("bridge: the way back, from outside", "ms", "steady_callback")?,
        told("bridge: memory", "MiB", "memory")?,
        row("bridge: people who were lost", "", nobody, Limit::P95AtMost(0.0)),
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
