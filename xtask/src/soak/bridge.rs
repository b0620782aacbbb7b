//! The login bridge's part: its memory over an hour of people who come and go.

use std::path::Path;
use std::process::Command;

use crate::failure::{Doing, Failure, Outcome};
use crate::{paths, process};

/// Seconds of one run, where nothing else is asked for.
pub const SECONDS: u64 = 3600;
/// So many people a second: a third of what one core is held to.
const EACH_SECOND: &str = "100";
/// From the first quarter to the last, caches being filled in the first.
const GROWN_AT_MOST_MIB: f64 = 4.0;

/// Runs it for so many seconds; what the timing program says is kept in `table`.
pub fn memory(seconds: u64, folder: &Path, table: &Path) -> Outcome {
    let mut build = Command::new("cargo");
    build.args(["build", "--locked", "--release", "--package", "gatehouse-bridge"]);
    process::run(build.args(["--bins", "--example", "load"]))?;
    let place = folder.join("bridge");
    if place.exists() {
        std::fs::remove_dir_all(&place).doing(format!("remove {}", place.display()))?;
    }
    let mut load = Command::new(paths::built("release", "examples/load"));
    load.arg("steady")
        .arg(paths::built("release", "gatehouse-bridge"))
        .arg(&place);
    let said = process::output(load.args([&seconds.to_string(), EACH_SECOND]))?;
    std::fs::write(table, summary(&said)).doing(format!("write {}", table.display()))?;
    let (grown_mib, lost) = (last(&said, "grown")?, last(&said, "steady_lost")?);
    if grown_mib > GROWN_AT_MOST_MIB || lost > 0.0 {
        return Err(Failure::new(format!(
            "memory grew by {grown_mib} MiB (at most {GROWN_AT_MOST_MIB}), and {lost} people were lost (none)"
        )));
    }
    Ok(())
}

/// The lines without the values of every single flow, and of memory one value a minute.
fn summary(said: &str) -> String {
    let lines = said.lines().filter(|line| !line.starts_with("steady_callback "));
    let short = lines.map(|line| {
        let (name, values) = line.split_once(' ').unwrap_or((line, ""));
        let values: Vec<&str> = values.split(' ').step_by(60).collect();
        format!("{name} {}\n", values.join(" "))
    });
    short.collect()
}

fn last(said: &str, name: &str) -> Outcome<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|line| line.split(' ').next_back()?.parse().ok())
        .ok_or_else(|| Failure::new(format!("the timing program said nothing of {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_keeps_a_value_a_minute_and_no_single_flow() {
        let minutes: Vec<String> = (0..120).map(|second| second.to_string()).collect();
        let said = format!(
            "steady_lost 0.000\nsteady_callback 1 2 3\nmemory {}\ngrown 1.5\n",
            minutes.join(" ")
        );
        assert_eq!(summary(&said), "steady_lost 0.000\nmemory 0 60\ngrown 1.5\n");
        assert!(last(&said, "grown").is_ok_and(|grown| (grown - 1.5).abs() < 1e-9));
        assert!(last(&said, "lost").is_err(), "steady_lost is another quantity");
    }
}
