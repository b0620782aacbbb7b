//! Compiles what is measured: our programs, the core's and the log's timings, and the bare window they are set against.

use std::process::Command;

use crate::failure::Outcome;
use crate::process;

/// Compiles everything with optimisation.
///
/// The bare window is a program of the shell's package, so that it is built with exactly the app's dependencies.
pub fn all() -> Outcome {
    let mut programs = cargo();
    programs.args(["--package", "gatehouse-desktop", "--package", "gatehouse-cli"]);
    programs.args(["--bins", "--features", "gatehouse-desktop/bare-window"]);
    process::run(&mut programs)?;
    process::run(cargo().args(["--package", "gatehouse-core", "--example", "speed"]))?;
    process::run(cargo().args(["--package", "gatehouse-audit", "--example", "log_speed"]))?;
    process::run(cargo().args(["--package", "gatehouse-bridge", "--bins", "--example", "load"]))
}

fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.args(["build", "--locked", "--release"]);
    command
}
