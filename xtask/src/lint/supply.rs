//! What we build on: licences, sources, bans and known holes (cargo deny), and what we no longer use (machete).

use std::path::PathBuf;
use std::process::Command;

use super::tools::Tool;
use crate::failure::Outcome;
use crate::report::Report;
use crate::{machine, paths, process, say};

const DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
};
const MACHETE: Tool = Tool {
    name: "cargo-machete",
    version: "0.9.2",
};

/// Finds dependencies that nothing uses.
pub fn machete(report: &mut Report, fix: bool) {
    report.check("machete", || {
        let mut machete = Command::new(MACHETE.ready()?);
        machete.current_dir(paths::root());
        if fix {
            machete.arg("--fix");
        }
        process::run(&mut machete)
    });
}

/// Judges the dependency tree; the database of known holes is asked where it can be had.
pub fn deny(report: &mut Report, _fix: bool) {
    report.check("deny", || {
        process::run(&mut deny_command(
            "--log-level error check --hide-inclusion-graph bans licenses sources",
        )?)
    });
    if !has_advisories() {
        report.skipped("advisories", "no advisory database");
        return;
    }
    report.check("advisories", || {
        process::run(&mut deny_command("--offline check advisories")?)
    });
}

fn deny_command(words: &str) -> Outcome<Command> {
    let mut command = Command::new(DENY.ready()?);
    command.current_dir(paths::root()).args(words.split_whitespace());
    Ok(command)
}

/// Fetches the database, or falls back on one that was fetched before.
fn has_advisories() -> bool {
    if deny_command("fetch db").is_ok_and(|mut fetch| process::succeeds(&mut fetch)) {
        return true;
    }
    let stored = stored_database();
    if let Some(folder) = &stored {
        say::note(format!(
            "the advisory database could not be fetched; the one in {} is used",
            folder.display()
        ));
    }
    stored.is_some()
}

fn stored_database() -> Option<PathBuf> {
    let mut folders = advisory_folder()?.read_dir().ok()?.flatten();
    folders
        .find(|folder| folder.path().join("crates").is_dir())
        .map(|folder| folder.path())
}

fn advisory_folder() -> Option<PathBuf> {
    let cargo_home = machine::variable("CARGO_HOME").map(PathBuf::from);
    let home = || machine::variable("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    cargo_home.or_else(home).map(|home| home.join("advisory-dbs"))
}
