//! The proof of one entry as a file, judged by `gatehouse-verify` and by `verify.py`, which must agree.

use std::path::{Path, PathBuf};
use std::process::Command;

use gatehouse_audit::{LogError, tlog_proof};
use serde_json::Value;

use super::verifier::python;
use crate::stage::{Stage, eight};

fn proof_of(stage: &Stage, seq: u64) -> String {
    let written = stage
        .reader()
        .at_once(|snapshot| tlog_proof::write(snapshot, seq))
        .map_err(|fault: LogError| fault);
    written.unwrap().unwrap()
}

/// The exit code and the answer of both verifiers.
#[track_caller]
fn both(file: &Path, key: &[u8]) -> (i32, Value) {
    let words = [file.to_str().unwrap().to_owned(), "--key".to_owned(), hex::encode(key)];
    let ours = Command::new(env!("CARGO_BIN_EXE_gatehouse-verify"))
        .args(&words)
        .arg("--json")
        .output()
        .unwrap();
    let theirs = Command::new(python())
        .args(["-B", concat!(env!("CARGO_MANIFEST_DIR"), "/verify.py")])
        .args(&words)
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&ours.stdout).unwrap_or_default();
    let told: Value = serde_json::from_slice(&theirs.stdout).unwrap_or_default();
    assert_eq!(
        (ours.status.code(), &said["verdict"]),
        (theirs.status.code(), &told["verdict"]),
        "gatehouse-verify: {said}; verify.py: {told}"
    );
    if said["verdict"] == "intact" {
        assert_eq!(said["root"], told["root"], "both name the same root");
    }
    (ours.status.code().unwrap(), said)
}

fn kept(stage: &Stage, bytes: &[u8]) -> PathBuf {
    let path = stage.path().join("one.tlog-proof");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn every_entry_of_a_log_is_proven_by_itself() {
    let stage = eight();
    for seq in 1..=8 {
        let path = kept(&stage, proof_of(&stage, seq).as_bytes());
        let (code, said) = both(&path, &stage.key());
        assert_eq!((code, said["seq"].as_u64()), (0, Some(seq)), "{said}");
        assert_eq!(said["root"], hex::encode(stage.root(8)), "under the newest checkpoint");
    }
}

#[test]
fn whatever_is_changed_in_a_proof_is_found() {
    let stage = eight();
    let text = proof_of(&stage, 5);
    for at in (0..text.len()).step_by(text.len() / 11) {
        let mut other = text.clone().into_bytes();
        // The first bytes say what kind of file it is: other ones are judged as a log.
        other[at.max(12)] ^= 1;
        assert_eq!(both(&kept(&stage, &other), &stage.key()).0, 7, "a bit at {at}");
    }
    let grafted = [
        ("index 4", "index 04", "a number in another form"),
        ("index 4", "index +4", "a number with a sign"),
        ("index 4", "index 5", "the place of another entry"),
        ("\n\n", "\n\n\n", "a line more"),
        ("extra ", "extra", "a name without its value"),
    ];
    for (from, to, what) in grafted {
        assert!(text.contains(from), "{from} is there to be changed");
        let (code, said) = both(&kept(&stage, text.replacen(from, to, 1).as_bytes()), &stage.key());
        assert_eq!(code, 7, "{what}: {said}");
    }
    assert_eq!(
        both(&kept(&stage, &text.as_bytes()[..text.len() / 2]), &stage.key()).0,
        7,
        "cut"
    );
}

#[test]
fn a_proof_counts_by_the_key_of_its_log_alone() {
    let stage = eight();
    let path = kept(&stage, proof_of(&stage, 5).as_bytes());
    let (code, said) = both(&path, &[9; 32]);
    assert_eq!(code, 7, "another key signed nothing of it: {said}");
    let output = Command::new(env!("CARGO_BIN_EXE_gatehouse-verify"))
        .arg(&path)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        output.status.code(),
        Some(3),
        "without a key nothing can be said: {told}"
    );
    assert!(told.contains("--key"), "it says what is missing: {told}");
}
