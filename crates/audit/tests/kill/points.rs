//! The named places of the sources, and that these are all of them.

use std::fs;
use std::path::Path;

/// Every place.
pub const POINTS: [&str; 23] = [
    "append.anchored",
    "append.begun",
    "append.committed",
    "append.written",
    "archive.committed",
    "archive.compacted",
    "archive.deleted",
    "archive.written",
    "backup.copied",
    "birth.anchored",
    "birth.announced",
    "birth.committed",
    "birth.file",
    "erase.committed",
    "erase.deleted",
    "group.entry",
    "group.tree",
    "index.taken",
    "lock.held",
    "open.checked",
    "reanchor.anchored",
    "reanchor.committed",
    "reanchor.epoch",
];

fn collect(dir: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let names = text.split("failpoint!(\"").skip(1);
            found.extend(names.filter_map(|rest| rest.split('"').next().map(str::to_owned)));
        }
    }
}

#[test]
fn every_named_place_of_the_sources_is_killed_at() {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.sort();
    assert_eq!(found, POINTS, "each name stands once in the sources and once here");
}
