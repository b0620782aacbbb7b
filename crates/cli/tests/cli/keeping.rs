//! Private details erased, old entries archived, backups made, over the real command line.

use std::fs;
use std::path::{Path, PathBuf};

use crate::world::{BAKERY, World, members, number, rows, sqlite, text};

const ADDRESS: &str = "ann.gone@shop.example";
const REASON: &str = "she asked about her xylophone";

/// The files below a directory that hold a text; the simulated Klarna's are not ours to erase.
fn holding(dir: &Path, needle: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("sandbox"))
        {
            continue;
        }
        if path.is_dir() {
            found.extend(holding(&path, needle));
        } else if let Ok(bytes) = fs::read(&path)
            && bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn an_erased_person_is_in_no_file_of_the_log_and_the_log_verifies() {
    let world = World::ready();
    let open = ["open", BAKERY, "--as", ADDRESS, "--reason", REASON, "--no-browser"];
    world.run(&open).json();
    world.run(&open).json();
    world.run(&["audit", "list", "--query", ADDRESS]).json();
    assert!(
        !holding(&world.place.data(""), ADDRESS).is_empty(),
        "it is there to begin with"
    );
    world
        .run(&["audit", "erase", "--person", ADDRESS, "--reason", " "])
        .refused(3, "reason_required");
    let erased = world
        .run(&[
            "audit",
            "erase",
            "--person",
            &ADDRESS.to_uppercase(),
            "--reason",
            "article 17",
        ])
        .json();
    assert_eq!(
        members(&erased),
        ["announced", "entries", "not_touched", "settled"],
        "the documented shape"
    );
    assert_eq!(
        rows(&erased, "entries").len(),
        3,
        "both intents, and the search for the address: {erased}"
    );
    assert_eq!(rows(&erased, "announced").len(), 3, "each is announced: {erased}");
    for gone in [ADDRESS, "xylophone"] {
        let left = holding(&world.place.data(""), gone);
        assert_eq!(
            left,
            Vec::<PathBuf>::new(),
            "{gone} is in no file of the data directory"
        );
    }
    assert_eq!(erased["settled"], true, "nobody else was reading: {erased}");
    world.run(&["sessions", "list"]).json();
    let report = world.run(&["audit", "verify"]).json();
    assert_eq!(text(&report, "verdict"), "intact", "{report}");
    let found = world.run(&["audit", "list", "--query", "xylophone"]).json();
    assert!(rows(&found, "entries").is_empty(), "the words are forgotten: {found}");
    world
        .run(&["audit", "erase", "--person", ADDRESS, "--reason", "again"])
        .refused(3, "input_invalid");
    let told = world.run(&["audit", "list", "--query", "private.erased"]).json();
    assert_eq!(rows(&told, "entries").len(), 3, "the log tells of all: {told}");
    world.open().json();
}

#[test]
fn entries_are_erased_by_number_and_a_wrong_number_erases_nothing() {
    let world = World::ready();
    let seq = number(
        &world.run(&["open", BAKERY, "--reason", REASON, "--no-browser"]).json(),
        "intent_seq",
    );
    let (own, next) = (seq.to_string(), (seq + 1).to_string());
    let erase = |seqs: &[&str]| world.run(&[&["audit", "erase"], seqs, &["--reason", "why"]].concat());
    erase(&[&own, &next]).refused(3, "input_invalid");
    erase(&[&own, "9999"]).refused(3, "audit_entry_missing");
    let shown = world.run(&["audit", "show", &own]).json();
    assert_eq!(text(&shown["private"], "reason"), REASON, "nothing was erased");
    let erased = erase(&[&own, &own]).json();
    assert_eq!(rows(&erased, "entries").len(), 1, "once: {erased}");
    let shown = world.run(&["audit", "show", &own]).json();
    assert!(shown["private"].is_null(), "the side row is gone: {shown}");
    assert_eq!(text(&world.run(&["audit", "verify"]).json(), "verdict"), "intact");
}

#[test]
fn nothing_younger_than_twelve_months_is_archived() {
    let world = World::ready();
    let out = world.place.beside("old.db");
    let archive = |before: &str| {
        let out = out.to_str().unwrap();
        world.run(&["audit", "archive", "--before", before, "--out", out, "--reason", "tidy"])
    };
    for near in ["2999-01-01", "tomorrow", "2026-13-01", ""] {
        archive(near).refused(3, "input_invalid");
    }
    let nothing = archive("2001-01-01").refused(3, "input_invalid");
    assert!(
        text(&nothing, "message").contains("older"),
        "nothing is that old: {nothing}"
    );
    assert!(!out.exists(), "no file was begun");
    let told = world.run(&["audit", "list", "--query", "log.archived"]).json();
    assert!(rows(&told, "entries").is_empty(), "and nothing was announced");
}

#[test]
fn a_backup_is_a_whole_log_of_its_own() {
    let world = World::ready();
    world.open().json();
    let out = world.place.beside("backup.db");
    let name = out.to_str().unwrap().to_owned();
    let made = world.run(&["audit", "backup", "--out", &name]).json();
    assert_eq!(
        members(&made),
        ["file", "file_sha256", "root", "seq", "size"],
        "the documented shape"
    );
    assert_eq!(
        sqlite(&out, "SELECT max(seq) FROM event"),
        number(&made, "size").to_string()
    );
    assert_eq!(sqlite(&out, "PRAGMA integrity_check"), "ok");
    let hash = std::process::Command::new("sha256sum").arg(&out).output().unwrap();
    assert!(
        String::from_utf8_lossy(&hash.stdout).starts_with(text(&made, "file_sha256")),
        "the hash is the file's"
    );
    let told = world.run(&["audit", "show", &number(&made, "seq").to_string()]).json();
    assert!(
        text(&told, "bytes").contains(text(&made, "file_sha256")),
        "it stands in the log: {told}"
    );
    world
        .run(&["audit", "backup", "--out", &name])
        .refused(3, "input_invalid");
    world
        .run(&["audit", "backup", "--out", "/none/backup.db"])
        .refused(6, "log_unwritable");
    let left = fs::read_dir(world.place.beside(""))
        .unwrap()
        .map(|file| file.unwrap().file_name());
    let half: Vec<_> = left.filter(|name| name.to_string_lossy().contains("part")).collect();
    assert!(half.is_empty(), "nothing half is left: {half:?}");
    // Put in the log's place it is the older state that it is, and found to be one.
    for end in ["audit.db-wal", "audit.db-shm"] {
        let _ = fs::remove_file(world.place.data(end));
    }
    fs::copy(&out, world.place.data("audit.db")).unwrap();
    let report = world.run(&["audit", "verify"]);
    assert_eq!(text(&report.document(), "verdict"), "rolled_back", "{report:?}");
}

#[test]
fn tokens_and_intents_agree_after_opens_in_several_processes() {
    let world = World::ready();
    for _ in 0..3 {
        world.open().json();
    }
    let report = world.run(&["audit", "verify"]).json();
    assert!(
        rows(&report, "notices").is_empty(),
        "every token has its intent: {report}"
    );
}
