//! The program `gatehouse-verify`: logs, archives and bundles as a stranger gets them, its words and its exit codes.

use std::path::Path;
use std::process::{Command, Output};

use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::canonical;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::stage::colleague::Colleague;
use crate::stage::{Stage, at, eight, object};

fn run(words: &[&str]) -> (i32, Output) {
    let output = Command::new(env!("CARGO_BIN_EXE_gatehouse-verify"))
        .args(words)
        .output()
        .unwrap();
    (output.status.code().unwrap(), output)
}

fn answer(words: &[&str]) -> (i32, Value) {
    let (code, output) = run(&[words, &["--json"]].concat());
    (code, serde_json::from_slice(&output.stdout).unwrap_or_default())
}

/// The answer on a bundle, which the Python verifier must give too.
#[track_caller]
fn both(path: &Path) -> (i32, Value) {
    let (code, said) = answer(&[&text(path)]);
    let output = Command::new(python())
        .args(["-B", concat!(env!("CARGO_MANIFEST_DIR"), "/verify.py"), &text(path)])
        .output()
        .unwrap();
    let theirs: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    assert_eq!(
        (output.status.code(), &theirs["verdict"], &theirs["first_bad_seq"]),
        (Some(code), &said["verdict"], &said["first_bad_seq"]),
        "verify.py: {theirs}; gatehouse-verify: {said}"
    );
    (code, said)
}

/// The Python with `cryptography` that `cargo xtask test` names, or else the system's.
#[expect(
    clippy::disallowed_methods,
    reason = "a test binary is told of its tools by its environment"
)]
pub fn python() -> std::ffi::OsString {
    std::env::var_os("GATEHOUSE_TEST_PYTHON").unwrap_or_else(|| "python3".into())
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn anchor_file(stage: &Stage) -> String {
    let path = stage.path().join("anchor.json");
    std::fs::write(&path, stage.anchors.get().unwrap().to_json()).unwrap();
    text(&path)
}

#[test]
fn a_log_is_judged_as_by_the_program_that_wrote_it() {
    let stage = eight();
    let dir = text(stage.path());
    let file = text(&stage.path().join("audit.db"));
    let (anchor, key) = (anchor_file(&stage), hex::encode(stage.key()));
    for path in [&dir, &file] {
        let (code, said) = answer(&[path, "--anchor", &anchor, "--key", &key]);
        assert_eq!((code, &said["verdict"]), (0, &json!("intact")), "{said}");
        assert_eq!(said["root"], json!(stage.verify().root), "the same root");
        assert_eq!(said["size"], 8, "all entries");
    }
    let (code, said) = answer(&[&file]);
    assert_eq!(
        (code, &said["verdict"]),
        (7, &json!("unanchored")),
        "nothing vouches for it"
    );
    stage.forge("UPDATE event SET leaf = zeroblob(32) WHERE seq = 5");
    let (code, output) = run(&[&file, "--anchor", &anchor]);
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(code, 7, "{lines}");
    assert!(
        lines.contains("broken") && lines.contains("first bad entry #5"),
        "{lines}"
    );
}

#[test]
fn witnesses_are_told_of_and_believed() {
    let stage = eight();
    let kept = stage.path().join("kept.txt");
    std::fs::write(&kept, stage.checkpoint(7)).unwrap();
    let colleague = Colleague::new(31);
    stage
        .log()
        .append(&[colleague.cosigned("audit.witnessed", &stage, 8)], at(60))
        .unwrap();
    let (file, anchor) = (text(&stage.path().join("audit.db")), anchor_file(&stage));
    let (code, said) = answer(&[&file, "--anchor", &anchor, "--witnessed", &text(&kept)]);
    assert_eq!((code, &said["witnessed"]["size"]), (0, &json!(8)), "{said}");
    let own = hex::encode(colleague.public());
    let (_, said) = answer(&[&file, "--anchor", &anchor, "--own", &own]);
    assert_eq!(said["witnessed"], Value::Null, "the own person is no witness");
    std::fs::write(&kept, eight().checkpoint(7)).unwrap();
    let (code, said) = answer(&[&file, "--anchor", &anchor, "--witnessed", &text(&kept)]);
    assert_eq!(
        (code, &said["verdict"]),
        (7, &json!("replaced")),
        "another history was kept"
    );
}

#[test]
fn wrong_calls_and_unreadable_files_have_codes_of_their_own() {
    let stage = eight();
    let file = text(&stage.path().join("audit.db"));
    for words in [
        &[][..],
        &[file.as_str(), &file],
        &["--nonsense", &file],
        &[&file, "--key", "ab"],
        &[&file, "--anchor"],
    ] {
        assert_eq!(run(words).0, 2, "{words:?} is no call");
    }
    let nowhere = text(&stage.path().join("nowhere"));
    assert_eq!(run(&[&nowhere]).0, 3, "no file");
    assert_eq!(run(&[&file, "--anchor", &nowhere]).0, 3, "no anchor");
    let noise = stage.path().join("noise");
    std::fs::write(&noise, b"noise").unwrap();
    assert_eq!(run(&[&file, "--witnessed", &text(&noise)]).0, 3, "no checkpoint");
    assert_eq!(run(&[&text(&noise)]).0, 7, "a file that is no database is a broken log");
    assert_eq!(run(&["--help"]).0, 0, "help is no mistake");
}

#[test]
fn an_archive_needs_no_anchor() {
    let stage = eight();
    let file = text(&stage.path().join("audit.db"));
    let leaf = hex::encode(stage.reader().entry(2).unwrap().unwrap().leaf);
    assert_eq!(run(&[&file, "--archive"]).0, 0, "a first archive");
    let copy = eight();
    stage.drop_upto(2);
    assert_eq!(run(&[&file, "--archive"]).0, 7, "a later one, joined to nothing");
    assert_eq!(run(&[&file, "--previous-leaf", &leaf]).0, 0, "behind the one before it");
    let other = text(&copy.path().join("audit.db"));
    assert_eq!(run(&[&file, "--previous", &other]).0, 7, "behind another one");
}

/// A bundle of some entries of a log, witnessed at 7.
fn bundle(stage: &Stage, seqs: &[u64]) -> Vec<(String, Vec<u8>)> {
    let reader = stage.reader();
    let proof = reader.proof(seqs).unwrap();
    let colleague = Colleague::new(31);
    let mut lines = Vec::new();
    for proven in &proof.entries {
        let mut line = object(json!({ "seq": proven.seq, "body": String::from_utf8(proven.bytes.clone()).unwrap() }));
        if seqs.len() as u64 != proof.size {
            line.insert("path".to_owned(), proven.path.iter().map(hex::encode).collect());
        }
        lines.extend(canonical::write(&line, 1 << 20).unwrap());
        lines.push(b'\n');
    }
    let checkpoint = gatehouse_audit::note::Checkpoint {
        size: 7,
        root: stage.root(7),
    };
    let node = |level: u32, idx: u64| {
        let mut tree = gatehouse_audit::tree::Frontier::default();
        for seq in (idx << level) + 1..=(idx + 1) << level {
            tree.push(reader.entry(seq).unwrap().unwrap().leaf);
        }
        Ok(Some(tree.root()))
    };
    let path = gatehouse_audit::proof::consistency(7, proof.size, &node).unwrap();
    let note = format!(
        "{}{}\n",
        stage.checkpoint(7),
        colleague.line(&proof.log_id, &checkpoint)
    );
    let witnessed = object(json!({ "note": note, "consistency": path.iter().map(hex::encode).collect::<Vec<_>>() }));
    let witnessed = [canonical::write(&witnessed, 1 << 20).unwrap(), b"\n".to_vec()].concat();
    let files = vec![
        ("entries.jsonl".to_owned(), lines),
        ("checkpoint.txt".to_owned(), proof.note.clone().into_bytes()),
        ("witnessed.jsonl".to_owned(), witnessed),
    ];
    described(stage, &proof.log_id, proof.size, seqs.len(), files)
}

fn described(
    stage: &Stage,
    log: &str,
    size: u64,
    entries: usize,
    mut files: Vec<(String, Vec<u8>)>,
) -> Vec<(String, Vec<u8>)> {
    let key = SigningKey::from_bytes(&[32; 32]);
    let listed: Vec<Value> = files
        .iter()
        .map(
            |(name, bytes)| json!({ "name": name, "bytes": bytes.len(), "sha256": hex::encode(Sha256::digest(bytes)) }),
        )
        .collect();
    let mut said = object(json!({
        "format": "gatehouse-audit-bundle", "v": 1, "log": log, "made_at": "2026-07-01T09:30:00.125Z", "query": "", "redacted": true,
        "size": size, "root": hex::encode(stage.root(size)), "entries": entries, "files": listed,
        "epochs": [{ "epoch": 1, "first_seq": 1, "key": hex::encode(stage.key()) }],
        "witnesses": [{ "name": "Bert", "key": hex::encode(Colleague::new(31).public()) }],
        "signer": hex::encode(key.verifying_key().to_bytes()),
    }));
    let unsigned = canonical::write(&said, 1 << 20).unwrap();
    let signature = key.sign(&[b"gatehouse-audit-bundle/v1\n", unsigned.as_slice()].concat());
    said.insert("signature".to_owned(), json!(hex::encode(signature.to_bytes())));
    let bytes = [canonical::write(&said, 1 << 20).unwrap(), b"\n".to_vec()].concat();
    files.push(("bundle.json".to_owned(), bytes));
    files
}

fn unpacked(files: &[(String, Vec<u8>)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

/// A ZIP file with stored members; nobody reads its checksums here.
fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let four = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let two = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let at = body.len();
        let sizes = [[0; 4], four(bytes.len()), four(bytes.len())].concat();
        body.extend([b"PK\x03\x04".as_slice(), &[0; 10], &sizes, &two(name.len()), &[0; 2]].concat());
        body.extend([name.as_bytes(), bytes].concat());
        directory.extend(
            [
                b"PK\x01\x02".as_slice(),
                &[0; 12],
                &sizes,
                &two(name.len()),
                &[0; 12],
                &four(at),
            ]
            .concat(),
        );
        directory.extend(name.as_bytes());
    }
    let begin = body.len();
    let count = two(files.len());
    let end = [
        b"PK\x05\x06".as_slice(),
        &[0; 4],
        &count,
        &count,
        &four(directory.len()),
        &four(begin),
        &[0; 2],
    ]
    .concat();
    [body, directory, end].concat()
}

#[test]
fn a_bundle_is_verified_by_itself_packed_or_not() {
    let stage = eight();
    for seqs in [&[1, 2, 3, 4, 5, 6, 7, 8][..], &[1, 4, 5, 8]] {
        let files = bundle(&stage, seqs);
        let dir = unpacked(&files);
        let packed = dir.path().join("evidence.zip");
        std::fs::write(&packed, zipped(&files)).unwrap();
        assert_eq!(both(dir.path()).0, 0, "both verifiers say so");
        for path in [dir.path(), &packed] {
            let (code, said) = answer(&[&text(path)]);
            assert_eq!((code, &said["verdict"]), (0, &json!("intact")), "{said}");
            assert_eq!(
                (&said["entries"], &said["witnessed"]),
                (&json!(seqs.len()), &json!(7)),
                "{said}"
            );
        }
    }
}

#[test]
fn whatever_is_changed_in_a_bundle_is_found() {
    let stage = eight();
    let files = bundle(&stage, &[1, 4, 5, 8]);
    for (name, bytes) in &files {
        for at in (0..bytes.len()).step_by(bytes.len() / 5 + 1) {
            let dir = unpacked(&files);
            let mut other = bytes.clone();
            other[at] ^= 1;
            std::fs::write(dir.path().join(name), other).unwrap();
            assert_eq!(both(dir.path()).0, 7, "a bit at {at} of {name}");
        }
    }
}

/// As somebody would who has a key of their own to sign the bundle with.
#[test]
fn a_bundle_signed_anew_over_changed_members_does_not_hold() {
    let stage = eight();
    let log = stage.reader().log_id().unwrap().unwrap();
    let change = |member: &str, from: &str, to: &str| {
        let mut files = bundle(&stage, &[1, 4, 5, 8]);
        files.pop();
        for (_, bytes) in files.iter_mut().filter(|(name, _)| name == member) {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(text.contains(from), "{from} is there to be changed");
            *bytes = text.replace(from, to).into_bytes();
        }
        let dir = unpacked(&described(&stage, &log, 8, 4, files));
        both(dir.path())
    };
    let (code, said) = change("entries.jsonl", "sandbox", "sendbox");
    assert_eq!((code, &said["first_bad_seq"]), (7, &json!(4)), "an entry: {said}");
    let (code, said) = change("entries.jsonl", "\"seq\":5}", "\"seq\":6}");
    assert_eq!((code, &said["first_bad_seq"]), (7, &json!(6)), "a number: {said}");
    let (code, said) = change("checkpoint.txt", "\n8\n", "\n9\n");
    assert_eq!(code, 7, "the checkpoint: {said}");
    let (code, said) = change("witnessed.jsonl", "consistency\":[\"", "consistency\":[\"00");
    assert_eq!(code, 7, "a proof of consistency: {said}");
}
