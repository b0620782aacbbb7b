//! The evidence bundle, judged by the Python program that lies in it, with none of our code; and OCSF events by their PyPI validator.

use std::fs;
use std::path::{Path, PathBuf};

use super::python::{judge, run};
use crate::world::{BAKERY, World, number, text};

const REASON: &str = "canary reason \"x\"";

/// A world with acts, and a bundle of it.
pub fn bundled(words: &[&str]) -> (World, PathBuf) {
    let world = World::ready();
    world
        .run(&[
            "open",
            BAKERY,
            "--no-browser",
            "--as",
            "canary@bakery.example",
            "--reason",
            REASON,
        ])
        .json();
    world.run(&["sessions", "revoke", "--all"]).json();
    let zip = world.place.beside("bundle.zip");
    let export = ["audit", "export", "--format", "bundle", "--out", zip.to_str().unwrap()];
    let answer = world.run(&[&export, words].concat()).json();
    assert!(number(&answer, "entries") > 2, "{answer}");
    (world, zip)
}

/// Unpacks a ZIP file as a stranger would.
pub fn unpacked(zip: &Path) -> Option<PathBuf> {
    let folder = zip.with_extension("folder");
    let script = zip.with_extension("py");
    fs::write(
        &script,
        "import sys, zipfile\nzipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])\n",
    )
    .unwrap();
    let (code, said) = run(&script, &[zip.to_str().unwrap(), folder.to_str().unwrap()])?;
    assert_eq!(code, 0, "it unpacks: {said}");
    Some(folder)
}

/// The ways in which a bundle is asked for.
pub const SHAPES: [&[&str]; 4] = [
    &[],
    &["--redact"],
    &["--query", "act:portal.open"],
    &["--redact", "--query", "act:portal.open"],
];

#[test]
fn a_bundle_is_verified_by_the_program_in_it() {
    for words in SHAPES {
        let (_world, zip) = bundled(words);
        let Some(folder) = unpacked(&zip) else { return };
        let script = folder.join("verify.py");
        for bundle in [&zip, &folder] {
            let (code, said) = run(&script, &[bundle.to_str().unwrap()]).unwrap();
            assert_eq!(code, 0, "{words:?}: {said}");
            assert!(said.contains("intact"), "{words:?}: {said}");
        }
        let told = fs::read_to_string(folder.join("entries.jsonl")).unwrap();
        let redacted = words.contains(&"--redact");
        assert_eq!(
            told.contains("canary"),
            !redacted,
            "{words:?}: persons are named, or not"
        );
        let asked = words.contains(&"--query");
        assert_eq!(
            told.contains("\"path\":["),
            asked,
            "{words:?}: a part of the log has paths, the whole is its own proof"
        );
        assert!(
            fs::read(folder.join("report.pdf")).unwrap().starts_with(b"%PDF"),
            "a page for people"
        );
    }
}

#[test]
fn each_member_that_is_changed_by_a_byte_is_found() {
    for words in [&[][..], &["--redact", "--query", "act:portal.open"]] {
        let (_world, zip) = bundled(words);
        let Some(folder) = unpacked(&zip) else { return };
        let script = zip.with_file_name("verify.py");
        fs::copy(folder.join("verify.py"), &script).unwrap();
        for member in [
            "bundle.json",
            "entries.jsonl",
            "checkpoint.txt",
            "README.txt",
            "verify.py",
        ] {
            let path = folder.join(member);
            let sound = fs::read(&path).unwrap();
            for at in [0, sound.len() / 2, sound.len() - 2] {
                let mut changed = sound.clone();
                changed[at] ^= 1;
                fs::write(&path, &changed).unwrap();
                let (code, said) = run(&script, &[folder.to_str().unwrap()]).unwrap();
                assert_eq!(code, 7, "{member}, byte {at}: {said}");
            }
            fs::write(&path, &sound).unwrap();
        }
        fs::write(folder.join("witnessed.jsonl"), "{}\n").unwrap();
        let (code, said) = run(&script, &[folder.to_str().unwrap()]).unwrap();
        assert_eq!(code, 7, "a line that was added: {said}");
    }
}

#[test]
fn a_bundle_of_a_log_that_does_not_verify_is_not_made() {
    let world = World::ready();
    world.open().json();
    let other = "DROP TRIGGER node_no_update; UPDATE node SET h = zeroblob(32) WHERE level = 1 AND idx = 0";
    world.place.sqlite("audit.db", other);
    let out = world.place.beside("bundle.zip");
    let refused = world.run(&["audit", "export", "--format", "bundle", "--out", out.to_str().unwrap()]);
    assert!(matches!(refused.code, 6 | 7), "it is no evidence: {refused:?}");
    assert!(!out.exists(), "nothing is there");
}

#[test]
fn the_pypi_validator_accepts_the_events_of_a_real_log() {
    let (world, _) = bundled(&[]);
    world
        .run(&["access", "grant", BAKERY, "ann@bakery.example", "--reason", "till"])
        .json();
    world.run(&["access", "revoke", BAKERY, "ann@bakery.example"]).json();
    let out = world.place.beside("events.jsonl");
    let answer = world
        .run(&["audit", "export", "--format", "ocsf", "--out", out.to_str().unwrap()])
        .json();
    assert_eq!(text(&answer, "format"), "ocsf", "{answer}");
    let events = fs::read(&out).unwrap();
    let Some(said) = judge("judge_ocsf.py", &[], &events) else {
        return;
    };
    assert_eq!(
        number(&said, "events"),
        number(&answer, "entries"),
        "all were judged: {said}"
    );
    assert_eq!(number(&said, "refused"), 3, "and what was broken is refused: {said}");
}
