//! A private session for windows and secrets: virtual display, session bus, gnome-keyring, folders of its own.
//!
//! Nothing in it reaches the person's own desktop, keyring or files; all parts end with this program.

mod bus;
mod display;
mod folders;
mod sandbox;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::Command;

use crate::failure::Outcome;
use crate::{machine, paths, say};

/// Which parts of the session have to be private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Start a virtual display.
    pub display: bool,
    /// Start a session bus with an unlocked keyring, and use private folders for data.
    pub secrets: bool,
}

impl Parts {
    /// Takes what the machine lacks.
    pub fn missing() -> Self {
        Self {
            display: !machine::has_display(),
            secrets: !machine::has_secret_service(),
        }
    }

    /// Takes both, as tests do: they must not meet the person's own things.
    pub const ALL: Self = Self {
        display: true,
        secrets: true,
    };
}

/// A running session; its programs end when this value goes.
#[derive(Debug)]
pub struct Session {
    display: Option<display::Display>,
    bus: Option<bus::Bus>,
    folders: Option<folders::Folders>,
}

impl Session {
    /// Starts the private parts, with their files in `folder`.
    pub fn start(parts: Parts, folder: &Path) -> Outcome<Self> {
        if !cfg!(target_os = "linux") {
            return Ok(Self {
                display: None,
                bus: None,
                folders: None,
            });
        }
        paths::private_folder(folder)?;
        let display = parts.display.then(|| display::Display::start(folder)).transpose()?;
        let folders = (parts.display || parts.secrets)
            .then(|| folders::Folders::make(folder))
            .transpose()?;
        let mut session = Self {
            display,
            bus: None,
            folders,
        };
        if parts.secrets {
            session.bus = Some(bus::Bus::start(folder, |command| {
                session.enter_with_own_sockets(command)
            })?);
        }
        session.announce();
        Ok(session)
    }

    /// Puts a command into this session.
    pub fn enter<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        if let Some(folders) = &self.folders {
            folders.enter(command, self.display.is_some());
        }
        if let Some(display) = &self.display {
            command
                .env("DISPLAY", display.name())
                .env_remove("WAYLAND_DISPLAY")
                .env("GDK_BACKEND", "x11");
        }
        if let Some(bus) = &self.bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", bus.address());
        }
        command
    }

    // The keyring's control socket must not meet the person's own, even where the display is the person's.
    fn enter_with_own_sockets<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        self.enter(command);
        if let Some(folders) = &self.folders {
            folders.enter(command, true);
        }
        command
    }

    /// Takes a picture of the whole virtual display.
    pub fn picture(&self, file: &Path) -> Outcome {
        crate::process::run(self.enter(Command::new("import").args(["-window", "root"]).arg(file)))
    }

    fn announce(&self) {
        if let Some(display) = &self.display {
            say::note(format!("no display is used but a virtual one, {}", display.name()));
        }
        if self.bus.is_some() {
            say::note(
                "secrets go to a private session bus with gnome-keyring (throw-away password), not to your keyring",
            );
        }
    }
}
