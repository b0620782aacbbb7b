//! Installs missing system packages on Debian and Ubuntu; elsewhere says what is missing.

use std::process::Command;

use super::packages::{Package, Probe};
use crate::failure::{Failure, Outcome};
use crate::{machine, process, say};

/// Makes sure that all packages of these lists are there.
///
/// # Errors
/// Names the packages when they are missing and cannot be installed from here.
pub fn ensure(lists: &[&[Package]]) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let wanted: Vec<Package> = lists.concat();
    let missing = if machine::is_debian_like() {
        not_installed(&wanted)
    } else {
        not_seen(&wanted)
    };
    if missing.is_empty() {
        say::note("all system packages are there");
        return Ok(());
    }
    install(&missing)
}

fn not_installed(wanted: &[Package]) -> Vec<&'static str> {
    let mut query = Command::new("dpkg-query");
    query
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(wanted.iter().map(|package| package.name));
    // dpkg-query exits with 1 as soon as one name is unknown, and still lists the others.
    let listed = query
        .output()
        .map(|out| String::from_utf8_lossy(&out.stdout).into_owned())
        .unwrap_or_default();
    let there = |name: &str| {
        listed
            .lines()
            .any(|line| line.split_once(' ') == Some((name, "installed")))
    };
    wanted
        .iter()
        .map(|package| package.name)
        .filter(|name| !there(name))
        .collect()
}

fn not_seen(wanted: &[Package]) -> Vec<&'static str> {
    let seen = |probe: Probe| match probe {
        Probe::Program(name) => machine::program(name).is_some(),
        Probe::Library(name) => process::succeeds(Command::new("pkg-config").args(["--exists", name])),
        Probe::Module(name) => process::succeeds(Command::new("python3").args(["-c", &format!("import {name}")])),
        Probe::Nothing => true,
    };
    wanted
        .iter()
        .filter(|package| !seen(package.probe))
        .map(|package| package.name)
        .collect()
}

fn install(missing: &[&str]) -> Outcome {
    let names = missing.join(" ");
    if !machine::is_debian_like() {
        return Err(Failure::new(format!(
            "these packages are missing (by their Debian names): {names}. Install what your system calls them, then run this again."
        )));
    }
    say::note(format!("missing system packages: {names}"));
    let root = machine::is_root();
    if !root && !process::succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Err(Failure::new(format!(
            "these packages are missing and installing them needs root. Run: sudo apt-get install {names}"
        )));
    }
    process::run(apt(root).arg("update").arg("-qq"))?;
    process::run(
        apt(root)
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(missing),
    )
}

fn apt(root: bool) -> Command {
    let mut command = Command::new(if root { "env" } else { "sudo" });
    if !root {
        command.args(["-n", "env"]);
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}
