//! Migrations are append-only: a file that once stood in a release changes no more.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::files;
use crate::nothing_found;

/// One line a migration: SHA-256 in hex, two spaces, path; as `sha256sum` writes it.
const LIST: &str = include_str!("migrations.sha256");

#[test]
fn no_migration_has_changed() {
    let listed: BTreeMap<_, _> = LIST
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(hash, path)| (path, hash))
        .collect();
    let there: BTreeMap<_, _> = files::all()
        .into_iter()
        .filter(|file| file.path.contains("/migrations/") && file.is(&["sql"]))
        .map(|file| (file.path, hex(&Sha256::digest(&file.text))))
        .collect();
    let mut found = Vec::new();
    for (path, hash) in &there {
        match listed.get(path.as_str()) {
            Some(known) if known == hash => {}
            Some(_) => found.push(format!("{path} has changed: restore it and write a new migration")),
            None => found.push(format!(
                "a new migration; add this line to xtask/tests/tidy/migrations.sha256:\n{hash}  {path}"
            )),
        }
    }
    found.extend(
        listed
            .keys()
            .filter(|path| !there.contains_key(**path))
            .map(|path| format!("{path} is gone: restore it")),
    );
    nothing_found("Old files of old users are migrated by the very same steps.", &found);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
