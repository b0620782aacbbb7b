//! Asks a browser to show an address, and checks beforehand that there is one to ask.
//!
//! It is given our loopback address only, so what stands in the process list is worth nothing. A hand-off that would
//! fail is found before a link is made (users.md: hand-off failure spends the link).

use std::path::Path;
use std::process::{Command, Stdio};

use crate::policy::BrowserChoice;
use crate::problem::{ErrorCode, Problem};

/// What the browser is called on screen and in the session's row.
#[must_use]
pub fn name(choice: &BrowserChoice) -> String {
    match choice {
        BrowserChoice::Default => "default browser".into(),
        BrowserChoice::Program(program) => Path::new(program)
            .file_stem()
            .map_or_else(|| program.clone(), |stem| stem.to_string_lossy().into_owned()),
    }
}

/// Refuses, before a link is made, a browser that is certainly not there.
///
/// The system's opener starts without a `screen` all the same, and fails where nobody hears it.
///
/// # Errors
/// `browser_failed`.
pub fn preflight(choice: &BrowserChoice, screen: bool) -> Result<(), Problem> {
    match choice {
        BrowserChoice::Default if screen => Ok(()),
        BrowserChoice::Default => Err(Problem::new(
            ErrorCode::BrowserFailed,
            "There is no screen here for the default browser.",
            "Run this in a graphical session, choose a program with \"profile set --browser\", or use --print-url.",
        )),
        BrowserChoice::Program(program) if executable(Path::new(program)) => Ok(()),
        BrowserChoice::Program(program) => Err(failed(format!("The browser's program {program:?} is not there."))),
    }
}

/// Starts the browser with the address.
///
/// # Errors
/// `browser_failed` when it cannot be started.
pub fn ask(choice: &BrowserChoice, address: &str) -> Result<(), Problem> {
    match choice {
        BrowserChoice::Default => open::that_detached(address)
            .map_err(|cause| failed("The system has no browser to open.".into()).because(&cause)),
        BrowserChoice::Program(program) => Command::new(program)
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(reap)
            .map_err(|cause| failed(format!("The browser's program {program:?} did not start.")).because(&cause)),
    }
}

/// Waits for the program in the background, so that it leaves no zombie.
fn reap(mut child: std::process::Child) {
    std::thread::spawn(move || child.wait());
}

#[cfg(unix)]
fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn executable(path: &Path) -> bool {
    path.is_file()
}

fn failed(message: String) -> Problem {
    Problem::new(
        ErrorCode::BrowserFailed,
        message,
        "Choose another browser in Settings, or open again with \"Copy link\".",
    )
}
