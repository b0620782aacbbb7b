//! The private session's folders, so that nothing in it meets the person's own files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::sandbox;
use crate::failure::Outcome;
use crate::paths;

/// Data, settings, cache and sockets of one session.
#[derive(Debug)]
pub struct Folders {
    base: PathBuf,
    runtime: PathBuf,
}

impl Folders {
    /// Makes them under `base`; sockets lie in the temporary folder, where their paths are short enough.
    pub fn make(base: &Path) -> Outcome<Self> {
        let runtime = std::env::temp_dir().join(format!("gatehouse-session-{}", std::process::id()));
        let folders = Self {
            base: base.to_owned(),
            runtime,
        };
        for name in ["data", "config", "cache", "state"] {
            paths::private_folder(&base.join(name))?;
        }
        paths::private_folder(&folders.runtime)?;
        paths::private_folder(&shader_cache())?;
        Ok(folders)
    }

    /// Puts a command into these folders; its sockets too when the display is private as well.
    ///
    /// HOME stays: rustup and npm look for their own things there.
    pub fn enter(&self, command: &mut Command, own_sockets: bool) {
        command
            .env("XDG_DATA_HOME", self.base.join("data"))
            .env("XDG_CONFIG_HOME", self.base.join("config"))
            .env("XDG_CACHE_HOME", self.base.join("cache"))
            .env("XDG_STATE_HOME", self.base.join("state"))
            .env("GSETTINGS_BACKEND", "memory")
            .env("MESA_SHADER_CACHE_DIR", shader_cache());
        if own_sockets {
            command.env("XDG_RUNTIME_DIR", &self.runtime);
        }
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        sandbox::end(&self.base.join("data"));
        // Left-over sockets do no harm: the next session makes a folder of its own.
        drop(fs::remove_dir_all(&self.runtime));
    }
}

/// Software shaders are compiled once, not in every fresh session: a start takes 0.4 s instead of 1.2 s.
fn shader_cache() -> PathBuf {
    paths::scratch("mesa-shaders")
}
