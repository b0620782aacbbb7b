//! The UI's packages and its build.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use crate::failure::{Failure, Outcome};
use crate::{paths, process, say};

/// The oldest Node that the UI's tools run on.
const OLDEST_NODE: u32 = 20;

/// Installs the UI's packages from the lock file, unless that was done since the lock last changed.
pub fn ensure_packages() -> Outcome {
    check_version()?;
    let ui = paths::ui();
    // npm writes this file last, so that an install which was cut off counts as none.
    let installed = changed(&ui.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed(&ui.join("package-lock.json")) {
        say::note("the UI's packages are as the lock file says");
        return Ok(());
    }
    process::run(npm().args(["ci", "--no-audit", "--no-fund"]))
}

/// Builds the UI into `ui/dist`, from where the desktop app embeds it.
pub fn build() -> Outcome {
    script("build", &[])
}

/// Runs one script of `ui/package.json`.
pub fn script(name: &str, arguments: &[&str]) -> Outcome {
    let mut command = npm();
    command.args(["run", "--silent", name]);
    if !arguments.is_empty() {
        command.arg("--").args(arguments);
    }
    process::run(&mut command)
}

fn npm() -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(paths::ui());
    command
}

fn check_version() -> Outcome {
    let advice = format!("Install Node.js {OLDEST_NODE} or newer with npm, then run this again.");
    let said = process::output(Command::new("node").arg("--version"))
        .map_err(|_| Failure::new(format!("Node.js is not on this machine. {advice}")))?;
    let major = said
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major >= OLDEST_NODE) {
        return Ok(());
    }
    Err(Failure::new(format!("Node.js here is {}. {advice}", said.trim())))
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|facts| facts.modified()).ok()
}
