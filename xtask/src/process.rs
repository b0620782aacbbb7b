//! Running other programs: shown before they run, named when they fail.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::failure::{Doing, Failure, Outcome};
use crate::say;

/// Shows a command, runs it, and fails with its name unless it exits with 0.
pub fn run(command: &mut Command) -> Outcome {
    say::note(format!("$ {}", shown(command)));
    let status = command
        .stdin(Stdio::null())
        .status()
        .doing(format!("start {}", name(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{}` ended with {status}", shown(command))))
    }
}

/// Runs a command without showing it and returns what it printed; fails unless it exits with 0.
pub fn output(command: &mut Command) -> Outcome<String> {
    let out = command
        .stdin(Stdio::null())
        .output()
        .doing(format!("start {}", name(command)))?;
    if out.status.success() {
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&out.stderr);
        Err(Failure::new(format!(
            "`{}` ended with {}: {}",
            shown(command),
            out.status,
            said.trim()
        )))
    }
}

/// Tells whether a command exits with 0; nothing that it prints is shown.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Returns a command that the kernel ends when this program ends, however that happens.
///
/// It does not hear Ctrl-C itself: what runs on it hears that first, and can still say goodbye.
/// `setpriv` is part of util-linux; where it is missing the command runs without that guard.
pub fn tied(program: &str) -> Command {
    let guarded = crate::machine::program("setpriv").is_some();
    let mut command = Command::new(if guarded { "setpriv" } else { program });
    if guarded {
        command.args(["--pdeathsig", "TERM", "--", program]);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// A program in the background; it is ended when this value goes.
#[derive(Debug)]
pub struct Background(pub Child);

impl Background {
    /// Starts it with its error output in `log`.
    pub fn start(command: &mut Command, log: &Path) -> Outcome<Self> {
        let log = File::create(log).doing(format!("write {}", log.display()))?;
        let child = command.stderr(log).spawn().doing(format!("start {}", name(command)))?;
        Ok(Self(child))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let gone = self.0.kill().and_then(|()| self.0.wait());
        drop(gone); // Nothing can be done for a process that does not want to end.
    }
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .map(|word| {
            if word.is_empty() || word.contains(' ') {
                format!("'{word}'")
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}
