//! The PKCS#11 modules that this system's administrator registered with p11-kit.
//!
//! A module runs its maker's code in this process, so it comes from here (files that only root writes) or from a person's explicit
//! choice, never from elsewhere. The form is that of pkcs11.conf(5). Deliberately absent: modules for trust alone, a user's own
//! configuration, and modules that are switched on or off for single programs.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

/// In the order of precedence: a file's second appearance is not read.
const FOLDERS: [&str; 2] = ["/etc/pkcs11/modules", "/usr/share/p11-kit/modules"];

/// Where a module named without a folder lies.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/pkcs11",
    "/usr/lib/aarch64-linux-gnu/pkcs11",
    "/usr/lib64/pkcs11",
    "/usr/lib/pkcs11",
];

/// A module that is there to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisteredModule {
    /// The name of its registration, or of its file.
    pub name: String,
    /// The absolute path of its library.
    pub path: PathBuf,
}

/// What is registered on this system, by name; nothing where p11-kit is not.
pub(crate) fn registered_modules() -> Vec<RegisteredModule> {
    registered_in(&FOLDERS.map(Path::new), &LIBRARIES.map(Path::new))
}

fn registered_in(folders: &[&Path], libraries: &[&Path]) -> Vec<RegisteredModule> {
    let mut found: Vec<RegisteredModule> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for entry in folders.iter().flat_map(fs::read_dir).flatten().flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|kind| kind != "module") || seen.contains(&name) {
            continue;
        }
        let module = fs::read_to_string(&path)
            .ok()
            .and_then(|text| library(&text, libraries));
        seen.push(name.clone());
        if let Some(path) = module.filter(|path| found.iter().all(|known| known.path != *path)) {
            found.push(RegisteredModule { name, path });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

/// The library that a registration names, if it is there and meant for keys.
fn library(text: &str, libraries: &[&Path]) -> Option<PathBuf> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let members: Vec<(&str, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect();
    let member = |wanted: &str| {
        members
            .iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| *value)
    };
    if member("trust-policy") == Some("yes") {
        return None;
    }
    let named = Path::new(member("module")?);
    let candidates = libraries.iter().map(|folder| folder.join(named));
    // Joining an absolute path to a folder gives the path itself.
    let found = candidates.into_iter().find(|path| path.is_file())?;
    fs::canonicalize(found).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::fs;

    use super::{RegisteredModule, registered_in};

    #[test]
    fn modules_are_read_as_p11_kit_registers_them() {
        let folder = tempfile::tempdir().unwrap();
        let (own, system, libraries) = (
            folder.path().join("own"),
            folder.path().join("system"),
            folder.path().join("lib"),
        );
        for made in [&own, &system, &libraries] {
            fs::create_dir(made).unwrap();
        }
        for library in ["card.so", "trust.so", "hsm.so", "other.so"] {
            fs::write(libraries.join(library), "").unwrap();
        }
        let write = |folder: &std::path::Path, name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        let whole = libraries.join("hsm.so");
        write(&system, "card.module", "# a card\n module: card.so \npriority: 3\n");
        write(&system, "trust.module", "module: trust.so\ntrust-policy: yes\n");
        write(&system, "hsm.module", &format!("module: {}\n", whole.display()));
        write(&own, "hsm.module", "module: other.so\n");
        write(&system, "gone.module", "module: gone.so\n");
        write(&system, "notes.txt", "module: card.so\n");
        let found = registered_in(&[&own, &system], &[&libraries]);
        let expected = [("card", "card.so"), ("hsm", "other.so")].map(|(name, library)| RegisteredModule {
            name: name.to_owned(),
            path: fs::canonicalize(libraries.join(library)).unwrap(),
        });
        assert_eq!(
            found, expected,
            "the nearer folder wins; trust, missing files and strangers are left out"
        );
        assert!(
            registered_in(&[&folder.path().join("none")], &[]).is_empty(),
            "no folder, no module"
        );
    }
}
