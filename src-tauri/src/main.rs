//! The desktop program `gatehouse-desktop`.
//!
//! It reads arguments and environment, which nothing else in the shell does, and hands them on. Deliberately absent: everything else.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use gatehouse_core::{Problem, data_dir, logging};
use gatehouse_shell::arguments::{self, Arguments, Task};
use gatehouse_shell::sandbox;
use gatehouse_shell::start::{self, Start};

fn main() -> ExitCode {
    gatehouse_core::keep_out_of_core_dumps();
    let given = match arguments::read(std::env::args_os().skip(1)) {
        Ok(given) => given,
        Err(refusal) => return complain(&format!("{refusal}\n{}", arguments::USAGE), 2),
    };
    calm_webkit();
    match run(given) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => complain(
            &format!("{} {}", problem.message, problem.hint),
            problem.code.exit_code(),
        ),
    }
}

fn run(given: Arguments) -> Result<(), Problem> {
    let from_environment = environment("GATEHOUSE_DATA_DIR")
        .map(PathBuf::from)
        .filter(|dir| !dir.as_os_str().is_empty());
    let named = given.data_dir.is_some() || from_environment.is_some();
    let data_dir = data_dir::resolve(given.data_dir, from_environment)?;
    match given.task {
        Task::SandboxServe => sandbox::serve(&data_dir),
        Task::Window { try_sandbox } => {
            data_dir::prepare(&data_dir)?;
            let filter = environment("GATEHOUSE_LOG").and_then(|filter| filter.into_string().ok());
            let _logs = logging::begin(&data_dir, filter.as_deref());
            let passphrase_file = environment("GATEHOUSE_PASSPHRASE_FILE").map(PathBuf::from);
            start::run(&Start {
                data_dir,
                named,
                passphrase_file,
                try_sandbox,
            })
        }
    }
}

/// Keeps WebKitGTK's DMABUF renderer off unless the person set the variable: with it windows stay blank on some drivers
/// (tauri#8462, tauri#9394, tauri#13885).
#[cfg(target_os = "linux")]
fn calm_webkit() {
    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if environment(VARIABLE).is_none() {
        #[expect(
            unsafe_code,
            reason = "no other thread runs yet, so nobody reads the environment meanwhile"
        )]
        // SAFETY: called first thing in main, before any thread is started.
        unsafe {
            std::env::set_var(VARIABLE, "1");
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn calm_webkit() {}

#[expect(clippy::disallowed_methods, reason = "main is where the environment comes in")]
fn environment(name: impl AsRef<OsStr>) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

fn complain(text: &str, code: u8) -> ExitCode {
    // Nobody may be there to read it, and that is no reason to fail differently.
    let _ = writeln!(std::io::stderr(), "{text}");
    ExitCode::from(code)
}
