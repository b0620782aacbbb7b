//! Tools that have to be compiled: once for each version, kept in the person's cache.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Outcome;
use crate::{paths, process, say};

/// A tool from the crate registry, at the one version that every machine uses.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// The crate, which is also the program.
    pub name: &'static str,
    /// The exact version.
    pub version: &'static str,
}

impl Tool {
    /// Returns the program; compiles it when this version is not in the cache yet.
    pub fn ready(self) -> Outcome<PathBuf> {
        let folder = paths::tool_cache().join(format!("{}-{}", self.name, self.version));
        let program = folder
            .join("bin")
            .join(format!("{}{}", self.name, std::env::consts::EXE_SUFFIX));
        if program.is_file() {
            return Ok(program);
        }
        say::note(format!(
            "{} {} is compiled once; this takes minutes",
            self.name, self.version
        ));
        let mut install = Command::new("cargo");
        install
            .args(["install", "--quiet", "--locked", "--version", self.version, "--root"])
            .arg(&folder)
            .arg(self.name);
        // A target folder of its own: the project's would keep gigabytes of another program's parts.
        process::run(install.env_remove("CARGO_TARGET_DIR"))?;
        Ok(program)
    }
}
