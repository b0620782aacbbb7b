//! Asks a browser to show an address, and checks beforehand that there is one to ask.
//!
//! It is given our loopback address only, so what stands in the process list is worth nothing. A hand-off that would
//! fail is found before a link is made (users.md: hand-off failure spends the link).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::default_browser;
use crate::data_dir;
use crate::network::Desktop;
use crate::policy::{BrowserApart, BrowserChoice, BrowserFamily};
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::Profile;

const FOLDER: &str = "browser";

/// What the browser is called on screen and in the session's row.
#[must_use]
pub fn name(choice: &BrowserChoice) -> String {
    choice.program().map_or_else(
        || "default browser".into(),
        |program| {
            Path::new(program)
                .file_stem()
                .map_or_else(|| program.to_owned(), |stem| stem.to_string_lossy().into_owned())
        },
    )
}

/// Where a profile's browser folders are; removed with the profile.
#[must_use]
pub fn folders(data_dir: &Path, profile: &Profile) -> PathBuf {
    data_dir.join(FOLDER).join(profile.id.to_string())
}

/// The folder that the browser is given for a merchant's portal; `None` where nothing is kept apart.
#[must_use]
pub fn folder(data_dir: &Path, profile: &Profile, merchant_id: &str) -> Option<PathBuf> {
    let last = || merchant_id.rsplit(':').next().unwrap_or_default();
    let one = match profile.policy.browser.apart() {
        BrowserApart::Nothing => return None,
        BrowserApart::Environment => profile.environment.word(),
        BrowserApart::Merchant => last(),
    };
    Some(folders(data_dir, profile).join(one))
}

/// Refuses, before a link is made, a browser that is certainly not there or could not use its folder.
///
/// The system's opener starts without a `screen`, or without a browser that it could start, all the same, and fails where nobody
/// hears it.
///
/// # Errors
/// `browser_failed`.
pub fn preflight(
    choice: &BrowserChoice,
    (screen, desktop): (bool, &Desktop),
    folder: Option<&Path>,
) -> Result<(), Problem> {
    match choice.program() {
        None if screen => default_browser::preflight(desktop),
        None => Err(Problem::new(
            ErrorCode::BrowserFailed,
            "There is no screen here for the default browser.",
            ways(
                "Run this in a graphical session, choose a program with `gatehouse profile set --browser`, or use --print-url.",
                "Choose a program under Browser in the settings.",
            ),
        )),
        Some(program) if !executable(Path::new(program)) => {
            Err(failed(format!("The browser's program {program:?} is not there.")))
        }
        Some(program) => folder.map_or(Ok(()), |folder| usable(program, folder)),
    }
}

/// Makes the browser's folder; a browser that is shut into its own part of the disk could not reach it.
fn usable(program: &str, folder: &Path) -> Result<(), Problem> {
    let real = std::fs::canonicalize(program).unwrap_or_else(|_| program.into());
    if real.starts_with("/snap") || real.ends_with("snap") {
        return Err(Problem::new(
            ErrorCode::BrowserFailed,
            format!("{program:?} is a snap, which cannot reach a folder of Gatehouse."),
            "Choose a browser that is not a snap, or keep nothing apart.",
        ));
    }
    let parent = folder.parent().unwrap_or(folder);
    std::fs::create_dir_all(folder)
        .and_then(|()| data_dir::private_dir(parent))
        .and_then(|()| data_dir::private_dir(folder))
        .map_err(|cause| failed("The browser's own folder cannot be made.".into()).because(&cause))
}

/// Starts the browser with the address, and its folder where it has one.
///
/// # Errors
/// `browser_failed` when it cannot be started.
pub fn ask(choice: &BrowserChoice, address: &str, folder: Option<&Path>) -> Result<(), Problem> {
    let Some(program) = choice.program() else {
        return open::that_detached(address)
            .map_err(|cause| failed("The system has no browser to open.".into()).because(&cause));
    };
    let mut command = Command::new(program);
    match (folder, BrowserFamily::of(program)) {
        (Some(folder), Some(BrowserFamily::Chromium)) => {
            let mut argument = std::ffi::OsString::from("--user-data-dir=");
            argument.push(folder);
            command
                .arg(argument)
                .args(["--no-first-run", "--no-default-browser-check"]);
        }
        (Some(folder), Some(BrowserFamily::Firefox)) => {
            command.arg("--profile").arg(folder);
        }
        (Some(_), None) | (None, _) => {}
    }
    command
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(reap)
        .map_err(|cause| failed(format!("The browser's program {program:?} did not start.")).because(&cause))
}

/// Waits for the program in the background, so that it leaves no zombie.
fn reap(mut child: std::process::Child) {
    std::thread::spawn(move || child.wait());
}

#[cfg(unix)]
pub(super) fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
pub(super) fn executable(path: &Path) -> bool {
    path.is_file()
}

fn failed(message: String) -> Problem {
    Problem::new(
        ErrorCode::BrowserFailed,
        message,
        "Choose another browser in Settings, or open again with \"Copy link\".",
    )
}
