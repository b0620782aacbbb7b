//! Where things lie: the repository, what Cargo builds, what these tasks leave behind.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Doing, Outcome};
use crate::machine;

/// Returns the top folder of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies directly under the repository's top folder")
}

/// Returns the folder of the UI's sources.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Returns a folder or file under `target/` of the repository, which Git ignores.
pub fn scratch(name: &str) -> PathBuf {
    root().join("target").join(name)
}

/// Returns a program that Cargo built, with `profile` either `debug` or `release`.
pub fn built(profile: &str, program: &str) -> PathBuf {
    let target = machine::variable("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir));
    target
        .join(profile)
        .join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// Returns the folder under the person's cache where compiled tools are kept, one folder for each version.
pub fn tool_cache() -> PathBuf {
    let cache = machine::variable("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || {
        machine::variable("HOME")
            .or_else(|| machine::variable("USERPROFILE"))
            .map(PathBuf::from)
    };
    cache
        .or_else(|| home().map(|home| home.join(".cache")))
        .unwrap_or_else(|| scratch("cache"))
        .join("gatehouse-tools")
}

/// Makes a folder, readable by this user alone, and everything above it.
pub fn private_folder(path: &Path) -> Outcome {
    fs::create_dir_all(path).doing(format!("make the folder {}", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
            .doing(format!("close the folder {} to others", path.display()))?;
    }
    Ok(())
}
