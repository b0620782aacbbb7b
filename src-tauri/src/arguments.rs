//! The desktop program's arguments; it has few, the command line is `gatehouse`.
//!
//! Deliberately absent: secrets, which are never taken from arguments.

use std::ffi::OsString;
use std::path::PathBuf;

/// What the program was started for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Show the window.
    Window {
        /// Set the sandbox up at once when there is no profile yet.
        try_sandbox: bool,
    },
    /// Serve the simulated Klarna of the data directory, without a window.
    SandboxServe,
}

/// The arguments, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// What to do.
    pub task: Task,
    /// The data directory, when it was named.
    pub data_dir: Option<PathBuf>,
}

/// How the program is called.
pub const USAGE: &str = "Usage: gatehouse-desktop [--data-dir DIR]";

/// Reads the arguments that follow the program's name.
///
/// # Errors
/// A sentence that says which argument is not understood.
pub fn read(given: impl IntoIterator<Item = OsString>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        task: Task::Window { try_sandbox: false },
        data_dir: None,
    };
    let mut given = given.into_iter();
    while let Some(argument) = given.next() {
        match argument.to_str() {
            Some("--data-dir") => arguments.data_dir = Some(directory(given.next())?),
            Some("--try-sandbox") => arguments.task = Task::Window { try_sandbox: true },
            Some("sandbox-serve") => arguments.task = Task::SandboxServe,
            _ => return Err(format!("The argument {} is not known.", argument.display())),
        }
    }
    Ok(arguments)
}

fn directory(value: Option<OsString>) -> Result<PathBuf, String> {
    value
        .filter(|dir| !dir.is_empty())
        .map(PathBuf::from)
        .ok_or_else(|| "--data-dir needs a directory.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(words: &[&str]) -> Result<Arguments, String> {
        read(words.iter().map(OsString::from))
    }

    #[test]
    fn no_argument_shows_the_window() {
        let read = read_all(&[]).unwrap();
        assert_eq!(
            read.task,
            Task::Window { try_sandbox: false },
            "a plain start shows the window"
        );
        assert_eq!(read.data_dir, None, "on the user's own data directory");
    }

    #[test]
    fn the_sandbox_is_served_from_its_directory() {
        let read = read_all(&["sandbox-serve", "--data-dir", "/tmp/x"]).unwrap();
        assert_eq!(read.task, Task::SandboxServe, "the core starts it like this");
        assert_eq!(read.data_dir, Some(PathBuf::from("/tmp/x")), "for one data directory");
    }

    #[test]
    fn unknown_and_incomplete_arguments_are_refused() {
        assert!(read_all(&["--api-key", "x"]).is_err(), "nothing is guessed");
        assert!(read_all(&["--data-dir"]).is_err(), "a directory must follow");
    }
}
