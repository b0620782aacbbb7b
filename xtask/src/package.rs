//! `cargo xtask package`: the login bridge as a Debian package, for whoever installs it as a service.
//!
//! Absent on purpose: the desktop app's own packages, which the Tauri CLI makes.

use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::options::Options;
use crate::{machine, paths, process, say};

/// Runs the task.
pub fn package(options: &Options) -> Outcome {
    if machine::program("dpkg-deb").is_none() {
        return Err(Failure::new(
            "dpkg-deb is missing. Run this on Debian or Ubuntu, or install the package dpkg.",
        ));
    }
    let profile = if options.release { "release" } else { "debug" };
    let mut build = Command::new("cargo");
    build.args(["build", "--locked", "--package", "gatehouse-bridge"]);
    if options.release {
        build.arg("--release");
    }
    process::run(build.current_dir(paths::root()))?;
    let mut script = Command::new(paths::root().join("crates/bridge/package/build.sh"));
    script
        .arg(paths::built(profile, "gatehouse-bridge"))
        .arg(env!("CARGO_PKG_VERSION"))
        .arg(paths::scratch("package"));
    let made = process::output(&mut script)?;
    say::step("package");
    say::line(made.trim());
    Ok(())
}
