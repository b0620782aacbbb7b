//! A PostgreSQL of the test's own; where none of 13 or newer is installed, tests say so and end.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A PostgreSQL of the test's own, on a socket in its folder; ended with it.
pub struct Database {
    dir: tempfile::TempDir,
    programs: PathBuf,
}

impl Database {
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        let dir = tempfile::Builder::new().prefix("pg-").tempdir_in("/tmp").unwrap();
        let database = Self { dir, programs };
        // PostgreSQL refuses to run as root, so root gives the folder to somebody who is not.
        if is_root() {
            let given = Command::new("chown")
                .args(["-R", "nobody"])
                .arg(database.dir.path())
                .status()
                .unwrap();
            assert!(given.success(), "the folder has another owner");
        }
        database.run(
            "initdb",
            &["--auth=trust", "--username=bridge", "--no-sync", "-D", "data"],
        );
        database.up();
        Some(database)
    }

    pub fn up(&self) {
        let socket = format!("-c listen_addresses= -c fsync=off -k {}", self.dir.path().display());
        self.run("pg_ctl", &["-w", "-D", "data", "-l", "log", "-o", &socket, "start"]);
    }

    pub fn down(&self) {
        self.run("pg_ctl", &["-w", "-m", "immediate", "-D", "data", "stop"]);
    }

    fn run(&self, program: &str, args: &[&str]) {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"])
                .arg(program);
            command
        } else {
            Command::new(program)
        };
        let done = command
            .args(args)
            .current_dir(self.dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let done = done.env("LC_ALL", "C").status().unwrap();
        assert!(done.success(), "PostgreSQL: {args:?}");
    }

    pub fn url(&self) -> String {
        format!("host={} user=bridge dbname=postgres", self.dir.path().display())
    }

    /// Everything that the database wrote.
    pub fn bytes(&self) -> Vec<u8> {
        let mut found = Vec::new();
        gather(&self.dir.path().join("data"), &mut found);
        found
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.dir.path().join("data/postmaster.pid").exists() {
            self.down();
        }
    }
}

fn gather(dir: &Path, found: &mut Vec<u8>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        if entry.path().is_dir() {
            gather(&entry.path(), found);
        } else {
            found.extend(std::fs::read(entry.path()).unwrap_or_default());
        }
    }
}

fn programs() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut found: Vec<PathBuf> = folders
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    if found.is_empty() {
        eprintln!("PostgreSQL is not installed, so the shared store is not tried here.");
    }
    found.pop()
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|facts| std::os::unix::fs::MetadataExt::uid(&facts) == 0)
}
