//! A log of one of several replicas: its name stands in its checkpoints, signed, and every verifier reads on as before.

use std::process::Command;
use std::sync::Arc;

use gatehouse_audit::{AnchorFailure, CheckpointSigner, Log, Opening, replica};

use super::verifier::python;
use crate::stage::{MemorySigner, Stage, at, intent, outcome};

struct Named(MemorySigner, &'static str);

impl CheckpointSigner for Named {
    fn verifying_key(&self) -> [u8; 32] {
        self.0.verifying_key()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], AnchorFailure> {
        self.0.sign(message)
    }

    fn replica(&self) -> Option<&str> {
        Some(self.1)
    }
}

fn written_by(stage: &Stage, name: &'static str) -> String {
    let opening = Opening {
        signer: Arc::new(Named(MemorySigner::new(stage.seed), name)),
        ..stage.opening()
    };
    let log = Log::open(stage.path(), opening, at(0)).unwrap();
    log.append(&[intent(1), outcome(1, "succeeded")], at(1)).unwrap();
    newest(stage)
}

fn newest(stage: &Stage) -> String {
    let take = "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1";
    stage.raw().query_row(take, [], |row| row.get(0)).unwrap()
}

#[test]
fn each_checkpoint_of_a_replica_bears_its_name_and_every_verifier_reads_on() {
    let stage = Stage::new();
    let note = written_by(&stage, "bridge-1.north");
    assert_eq!(
        replica::named(&note, &stage.key()).as_deref(),
        Some("bridge-1.north"),
        "{note}"
    );
    let report = stage.verify();
    assert!(report.is_intact(), "our verifier: {report:?}");
    let anchor = stage.path().join("anchor.json");
    std::fs::write(&anchor, stage.anchors.get().unwrap().to_json()).unwrap();
    let theirs = Command::new(python())
        .args(["-B", concat!(env!("CARGO_MANIFEST_DIR"), "/verify.py")])
        .arg(stage.path().join("audit.db"))
        .args(["--key", &hex::encode(stage.key()), "--anchor"])
        .arg(&anchor)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&theirs.stdout).into_owned();
    assert_eq!(theirs.status.code(), Some(0), "verify.py: {said}");
}

#[test]
fn a_name_that_the_key_did_not_sign_is_none() {
    let stage = Stage::new();
    let note = written_by(&stage, "bridge-1");
    let key = stage.key();
    let (other_key, lone) = (MemorySigner::new(9).verifying_key(), Stage::new());
    let _ = lone.log();
    for (why, note, key) in [
        (
            "another name",
            note.replace("replica/bridge-1", "replica/bridge-2"),
            key,
        ),
        ("another text", note.replacen("\n3\n", "\n2\n", 1), key),
        ("another key", note.clone(), other_key),
        ("a lone log", newest(&lone), lone.key()),
    ] {
        assert_eq!(replica::named(&note, &key), None, "{why}");
    }
}

#[test]
fn a_name_is_short_and_plain() {
    for name in ["b", "bridge-1", "a.b-c", &"x".repeat(40)] {
        assert!(replica::is_name(name), "{name}");
    }
    for name in [
        "",
        "-a",
        "a-",
        ".",
        "A",
        "a b",
        "a/b",
        "a+b",
        "a\nb",
        "é",
        &"x".repeat(41),
    ] {
        assert!(!replica::is_name(name), "{name:?}");
    }
}
