//! One data directory, and the program that works on it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub use crate::served::Served;

/// An operational merchant of every sandbox.
pub const BAKERY: &str = "SE-00417";
/// What seals the key store of every test.
pub const PASSPHRASE: &str = "canary passphrase of the tests";
/// The acquirer's person in every sandbox profile.
pub const USER: &str = "account.manager@acquirer.example";

/// The program's answer.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// The one JSON document of a command that did its work.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "the command does its work: {self:?}");
        self.document()
    }

    /// The one JSON document on stdout, whatever the exit code.
    #[track_caller]
    pub fn document(&self) -> Value {
        let document = serde_json::from_str(&self.stdout);
        document.unwrap_or_else(|cause| panic!("stdout is exactly one JSON document ({cause}): {self:?}"))
    }

    /// The error on stderr, after checking its exit code and that it is a full one.
    #[track_caller]
    pub fn refused(&self, exit_code: i32, code: &str) -> Value {
        assert_eq!(self.code, exit_code, "the exit code tells the kind: {self:?}");
        assert_eq!(self.stdout, "", "an error leaves stdout empty: {self:?}");
        let error: Value = serde_json::from_str(&self.stderr)
            .unwrap_or_else(|cause| panic!("stderr is one JSON document ({cause}): {self:?}"));
        assert_eq!(text(&error, "code"), code, "the code is stable: {error}");
        for member in ["message", "hint"] {
            assert!(text(&error, member).len() > 10, "{member} is a sentence: {error}");
        }
        error
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A data directory with a passphrase file beside it.
pub struct Place {
    root: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        Self { root }
    }

    /// A path beside the data directory.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A path within the data directory.
    pub fn data(&self, name: &str) -> PathBuf {
        self.root.path().join("data").join(name)
    }

    /// Writes a file beside the data directory and gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.beside(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The program on this data directory, with nothing of the caller's desktop around it.
    pub fn command(&self, args: &[&str]) -> Command {
        self.command_in(&self.data(""), args)
    }

    /// The same on another directory.
    pub fn command_in(&self, dir: &Path, args: &[&str]) -> Command {
        let mut command = bare();
        command
            .arg("--data-dir")
            .arg(dir)
            .arg("--passphrase-file")
            .arg(self.beside("passphrase"))
            .args(args)
            .env("HOME", self.root.path());
        command
    }

    /// Runs a command for people.
    pub fn say(&self, args: &[&str]) -> Answer {
        self.command(args).stdin(Stdio::null()).output().unwrap().into()
    }

    /// Runs a command for scripts.
    pub fn run(&self, args: &[&str]) -> Answer {
        self.say(&[&["--json"], args].concat())
    }

    /// Runs a command for scripts that reads stdin.
    pub fn run_with(&self, args: &[&str], stdin: &[u8]) -> Answer {
        let mut command = self.command(&[&["--json"], args].concat());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// What the `sqlite3` program answers to `sql` on a file of the data directory.
    pub fn sqlite(&self, file: &str, sql: &str) -> String {
        sqlite(&self.data(file), sql)
    }

    /// Makes a profile at an address that is served elsewhere.
    pub fn stand_in(&self, url: &str, served: &Served) -> Answer {
        let args = ["stand-in", "--api-url", url, "--api-key-stdin"];
        self.create(served, &args, served.api_key())
    }

    /// Makes a profile of the account that is served elsewhere, with its secrets in a file.
    pub fn create(&self, served: &Served, args: &[&str], stdin: &str) -> Answer {
        let tail = ["--sandbox", "--key-store", "file", "--account", served.account()];
        self.run_with(&[&["profile", "create"], args, &tail].concat(), stdin.as_bytes())
    }
}

/// The program without any directory.
pub fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse"));
    for gone in [
        "DBUS_SESSION_BUS_ADDRESS",
        "BROWSER",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "GNOME_KEYRING_CONTROL",
        "XDG_DATA_HOME",
        "GATEHOUSE_DATA_DIR",
        "GATEHOUSE_PASSPHRASE_FILE",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        command.env_remove(gone);
    }
    command
}

/// What the `sqlite3` program answers to `sql` on a file.
pub fn sqlite(file: &Path, sql: &str) -> String {
    let output = Command::new("sqlite3")
        .arg("-bail")
        .arg(file)
        .arg(sql)
        .output()
        .expect("the sqlite3 program is installed");
    assert!(
        output.status.success(),
        "sqlite3 takes {sql:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A data directory whose sandbox profile is ready, and the sandbox beside it.
pub struct World {
    pub place: Place,
    pub served: Served,
}

impl World {
    pub fn ready() -> Self {
        let place = Place::new();
        let served = Served::start(&place);
        place
            .run(&["profile", "create", "sandbox", "--sandbox", "--key-store", "file"])
            .json();
        Self { place, served }
    }

    pub fn run(&self, args: &[&str]) -> Answer {
        self.place.run(args)
    }

    /// Opens the bakery's portal and drops the link.
    pub fn open(&self) -> Answer {
        self.run(&["open", BAKERY, "--no-browser"])
    }

    /// Makes a browser program of a shell script; the script's folder has its notes.
    pub fn browser(&self, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self
            .place
            .file("browser", format!("#!/bin/sh\ncd \"$(dirname \"$0\")\"\n{script}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self.run(&["profile", "set", "--browser", &path]).json();
    }
}

/// A text member, or nothing.
pub fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// A number, or -1.
pub fn number(value: &Value, member: &str) -> i64 {
    value.get(member).and_then(Value::as_i64).unwrap_or(-1)
}

/// A list's rows.
pub fn rows(value: &Value, member: &str) -> Vec<Value> {
    value.get(member).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The names of an object's members, sorted.
pub fn members(value: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
