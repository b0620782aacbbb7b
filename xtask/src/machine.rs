//! What kind of machine this is: its environment variables, its programs, its user.
//!
//! The only place of this program that reads the environment.

use std::path::PathBuf;
use std::process::Command;

use crate::process;

/// Reads an environment variable; empty counts as absent.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the environment in this program"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Finds a program on the PATH.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = variable("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Tells whether this machine installs its software with apt.
pub fn is_debian_like() -> bool {
    cfg!(target_os = "linux") && program("apt-get").is_some() && program("dpkg-query").is_some()
}

/// Tells whether this process may install packages without any further question.
pub fn is_root() -> bool {
    process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Tells whether a screen is there to open windows on.
pub fn has_display() -> bool {
    !cfg!(target_os = "linux") || variable("DISPLAY").is_some() || variable("WAYLAND_DISPLAY").is_some()
}

/// Tells whether a session bus answers on which somebody keeps secrets, or would when asked.
pub fn has_secret_service() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    if variable("DBUS_SESSION_BUS_ADDRESS").is_none() {
        return false;
    }
    ["ListNames", "ListActivatableNames"].iter().any(|question| {
        process::output(Command::new("dbus-send").args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            &format!("org.freedesktop.DBus.{question}"),
        ]))
        .is_ok_and(|answer| answer.contains("\"org.freedesktop.secrets\""))
    })
}
