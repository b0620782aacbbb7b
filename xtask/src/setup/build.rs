//! The build that `start`, `bench` and `pictures` share: system packages, UI, then the programs.

use std::process::Command;

use super::packages::Package;
use super::{apt, node, packages};
use crate::failure::Outcome;
use crate::process;
use crate::report::Report;

/// Makes everything ready to compile: system packages, the UI's packages, and the UI itself.
///
/// `more` lists what the task needs beside the build's own packages.
pub fn prepare(report: &mut Report, more: &[&[Package]]) -> Outcome {
    let lists = [&[packages::BUILD], more].concat();
    report.need("system packages", || apt::ensure(&lists))?;
    report.need("UI packages", node::ensure_packages)?;
    report.need("UI build", node::build)
}

/// Compiles the desktop app and the command line.
pub fn programs(report: &mut Report, release: bool) -> Outcome {
    report.need("compile", || {
        let mut cargo = Command::new("cargo");
        cargo.args([
            "build",
            "--locked",
            "--package",
            "gatehouse-desktop",
            "--package",
            "gatehouse-cli",
        ]);
        if release {
            cargo.arg("--release");
        }
        process::run(&mut cargo)
    })
}
