//! `cargo xtask start`: from a fresh clone to the open app.
//!
//! Builds without optimisation unless asked: a release build takes minutes longer, and the first minute is
//! what this task is for. Without a display it cannot be clicked, so it opens on the sandbox by itself.

pub mod picture;

use std::fs;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::failure::{Doing, Failure, Outcome};
use crate::options::Options;
use crate::report::Report;
use crate::session::{Parts, Session};
use crate::setup::packages::{self, Package};
use crate::setup::{apt, build};
use crate::{paths, process, say};

/// Runs the task.
pub fn start(options: &Options) -> Outcome {
    let mut report = Report::default();
    build::prepare(&mut report, &[])?;
    build::programs(&mut report, options.release)?;
    let parts = Parts::missing();
    let folder = paths::scratch("start-session");
    if options.fresh && folder.exists() {
        fs::remove_dir_all(&folder).doing(format!("remove {}", folder.display()))?;
    }
    let session = report.need("session", || {
        apt::ensure(&session_packages(parts))?;
        Session::start(parts, &folder)
    })?;
    report.need("open", || open(options, parts, &session))?;
    report.close("start")
}

fn session_packages(parts: Parts) -> Vec<&'static [Package]> {
    let display = parts.display.then_some(packages::DISPLAY);
    let secrets = parts.secrets.then_some(packages::SECRETS);
    display.into_iter().chain(secrets).collect()
}

fn open(options: &Options, parts: Parts, session: &Session) -> Outcome {
    let program = paths::built(if options.release { "release" } else { "debug" }, "gatehouse-desktop");
    let mut command = Command::new(&program);
    if parts.display || options.try_sandbox {
        command.arg("--try-sandbox");
    }
    session.enter(&mut command).stdin(Stdio::null());
    let mut app = command.spawn().doing(format!("start {}", program.display()))?;
    say::note("Gatehouse is open; Ctrl-C here ends it");
    if parts.display {
        let file = paths::scratch("start.png");
        picture::when_painted(session, &mut app, &file)?;
        say::note(format!("a picture of the window is in {}", file.display()));
        if options.picture_only || !std::io::stdin().is_terminal() {
            return end(&mut app);
        }
    }
    wait(&mut app, &program)
}

fn wait(app: &mut Child, program: &Path) -> Outcome {
    let status = app.wait().doing("wait for the app")?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("{} ended with {status}", program.display())))
    }
}

/// Asks a program to end, and ends it after 5 s if it does not.
pub fn end(app: &mut Child) -> Outcome {
    let asked = cfg!(unix) && process::succeeds(Command::new("kill").args(["-TERM", &app.id().to_string()]));
    for _ in 0..if asked { 50 } else { 0 } {
        if app.try_wait().doing("wait for the app")?.is_some() {
            return Ok(());
        }
        sleep(Duration::from_millis(100));
    }
    app.kill().doing("end the app")?;
    app.wait().doing("wait for the app").map(drop)
}
