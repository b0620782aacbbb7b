//! The project's own text files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Git cannot be asked: folders that hold nothing written by hand.
const SKIPPED: [&str; 5] = [".git", "target", "node_modules", "dist", "gen"];
/// Endings of the files that the rules are about.
const TEXT: [&str; 15] = [
    "rs", "ts", "js", "mjs", "svelte", "css", "html", "toml", "json", "md", "sql", "sh", "py", "yml", "txt",
];

/// One file: its path from the top folder, with `/`, and its text.
#[derive(Debug)]
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// Tells whether the name ends in one of these.
    pub fn is(&self, endings: &[&str]) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Tells whether a tool wrote it.
    pub fn is_generated(&self) -> bool {
        self.path.ends_with("-lock.json") || self.path == "ui/src/ipc/bindings.ts"
    }

    /// Tells whether it holds nothing but tests.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap();
        let in_folder = self.path.split('/').any(|part| part == "tests");
        in_folder || name == "tests.rs" || name.ends_with("_tests.rs") || name.contains(".test.")
    }
}

/// Returns the top folder of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Reads all text files of the project: those that Git knows or would take.
pub fn all() -> Vec<File> {
    let mut found = listed_by_git().unwrap_or_else(|| {
        let mut found = Vec::new();
        collect(root(), &mut found);
        found
    });
    found.retain(|path| path.is_file() && is_text(path));
    found.sort();
    found.iter().map(|path| read(path)).collect()
}

fn listed_by_git() -> Option<Vec<PathBuf>> {
    let mut git = Command::new("git");
    git.current_dir(root())
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let out = git.output().ok().filter(|out| out.status.success())?;
    let names = String::from_utf8(out.stdout).unwrap();
    let names = names.split('\0').filter(|name| !name.is_empty());
    Some(names.map(|name| root().join(name)).collect())
}

fn is_text(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| TEXT.contains(&ending))
}

/// Reads one file by its path from the top folder, if it is there.
pub fn one(path: &str) -> Option<File> {
    let full = root().join(path);
    full.is_file().then(|| read(&full))
}

fn read(path: &Path) -> File {
    let text = fs::read_to_string(path).unwrap_or_else(|cause| panic!("{} is UTF-8 text: {cause}", path.display()));
    let path = path.strip_prefix(root()).unwrap().components();
    let path = path
        .map(|part| part.as_os_str().to_str().unwrap())
        .collect::<Vec<_>>()
        .join("/");
    File { path, text }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if !path.is_dir() {
            found.push(path);
        } else if !SKIPPED.iter().any(|skipped| name == *skipped) {
            collect(&path, found);
        }
    }
}
