//! Python environments under `target/`: foreign judges of our output, and checks that come as wheels.
//!
//! Nothing of ours is written in Python but tests and peers of the benchmark.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Doing, Outcome};
use crate::{paths, process, say};

/// What the tests and the benchmark's peers import.
pub const JUDGES: (&str, &[&str]) = (
    "judges",
    &[
        "PyJWT==2.15.1",
        "cryptography==50.0.2",
        "requests==2.34.2",
        "ocsf-json-schema==1.2.0",
        "jsonschema==4.26.0",
        "python3-saml==1.16.0",
        "pysaml2==7.5.5",
        "xmlsec==1.3.17",
        "lxml==6.1.3",
    ],
);

/// The spelling check.
pub const TYPOS: (&str, &[&str]) = ("typos", &["typos==1.52.0"]);

/// Makes the environment unless it is there with exactly these packages; returns its folder of programs.
pub fn environment((name, packages): (&str, &[&str])) -> Outcome<PathBuf> {
    let folder = paths::scratch("python").join(name);
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let stamp = folder.join("packages.txt");
    let list = packages.join("\n");
    if fs::read_to_string(&stamp).is_ok_and(|there| there == list) {
        say::note(format!("the Python environment {} is complete", folder.display()));
        return Ok(programs);
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    process::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&folder))?;
    process::run(
        Command::new(programs.join("python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--only-binary",
                ":all:",
            ])
            .args(packages),
    )?;
    fs::write(&stamp, list).doing(format!("write {}", stamp.display()))?;
    Ok(programs)
}
