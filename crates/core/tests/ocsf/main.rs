//! OCSF events, judged by the published schemas: every kind of the log's format, with all of its members and with the fewest.
//!
//! The kinds are read from docs/audit-format.md, so that a new one is judged as soon as it stands there.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]
#![allow(clippy::print_stderr, reason = "a test that this machine cannot run says why")]

mod kinds;
mod schemas;

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use gatehouse_audit::{StoredEntry, tree};
use gatehouse_core::audit_export::ocsf;
use kinds::{Sample, samples};
use proptest::prelude::*;
use schemas::Judge;
use serde_json::{Value, json};

/// The event of an entry.
fn event(sample: &Sample, redact: bool) -> Value {
    serde_json::from_slice(&bytes(sample, redact)).expect("an event is JSON")
}

fn bytes(sample: &Sample, redact: bool) -> Vec<u8> {
    let body = sample.body.to_string().into_bytes();
    let private = sample.private.as_ref().map(|private| private.to_string().into_bytes());
    let salt = [7; 32];
    let leaf = tree::leaf_hash(&body);
    let entry = StoredEntry {
        seq: sample.body["seq"].as_u64().unwrap(),
        leaf: &leaf,
        body: &body,
        private: private.as_deref().map(|json| (salt.as_slice(), json)),
    };
    let mut out = Vec::new();
    assert!(ocsf::write(&entry, redact, &mut out), "{} is an entry", sample.kind);
    out
}

#[test]
fn every_kind_is_an_event_that_the_published_schema_accepts() {
    let judge = Judge::new();
    let (mut judged, mut kinds) = (0, BTreeSet::new());
    for sample in samples() {
        for redact in [false, true] {
            let event = event(&sample, redact);
            judge
                .accepts(&event)
                .unwrap_or_else(|fault| panic!("{}: {fault}\n{event:#}", sample.kind));
            assert_ne!(event["class_uid"], 0, "{} has a class of its own", sample.kind);
            judged += 1;
        }
        kinds.insert(sample.kind);
    }
    assert!(
        kinds.len() >= 70 && judged > 4 * kinds.len(),
        "all of the format were judged: {}",
        kinds.len()
    );
}

#[test]
fn an_event_names_its_entry_and_its_act() {
    for sample in samples() {
        let event = event(&sample, false);
        let leaf = tree::leaf_hash(sample.body.to_string().as_bytes());
        let hex: String = leaf.iter().map(|byte| format!("{byte:02x}")).collect();
        let metadata = &event["metadata"];
        assert_eq!(metadata["uid"], hex, "{}: the leaf hash", sample.kind);
        assert_eq!(metadata["sequence"], sample.body["seq"], "{}: the number", sample.kind);
        assert_eq!(
            metadata["correlation_uid"], sample.body["act"],
            "{}: the act",
            sample.kind
        );
        let (class, activity) = (
            event["class_uid"].as_i64().unwrap(),
            event["activity_id"].as_i64().unwrap(),
        );
        assert_eq!(
            event["type_uid"],
            class * 100 + activity,
            "{}: class and activity",
            sample.kind
        );
        let status = match (
            sample.body["phase"].as_str().unwrap(),
            sample.body["result"]["outcome"].as_str(),
        ) {
            _ if class == 2004 => json!(1),
            (_, Some("succeeded")) => json!(1),
            (_, Some("refused")) => json!(2),
            (_, Some(_)) | ("intent", None) => json!(0),
            _ => Value::Null,
        };
        assert_eq!(event["status_id"], status, "{}: how it ended", sample.kind);
        for part in ["request", "result", "signing"] {
            assert_eq!(
                event["unmapped"][part], sample.body[part],
                "{}: {part} as it stands",
                sample.kind
            );
        }
    }
}

#[test]
fn a_redacted_event_names_nobody() {
    let mut named = 0;
    for sample in samples() {
        let open = event(&sample, false).to_string();
        let redacted = event(&sample, true).to_string();
        named += usize::from(open.contains("canary"));
        assert!(!redacted.contains("canary"), "{}: {redacted}", sample.kind);
    }
    assert!(named > 20, "without redaction persons are named: {named}");
}

#[test]
fn a_kind_of_a_newer_version_is_a_base_event_that_keeps_its_members() {
    let mut sample = samples().remove(0);
    sample.body["kind"] = "token.of_tomorrow".into();
    sample.body["request"] = json!({ "amount": 100, "nested": { "deep": ["x"] } });
    let event = event(&sample, false);
    Judge::new().accepts(&event).unwrap();
    assert_eq!(
        (&event["class_uid"], &event["type_uid"]),
        (&json!(0), &json!(99)),
        "it is a base event"
    );
    assert_eq!(
        event["unmapped"]["request"], sample.body["request"],
        "nothing of it is lost"
    );
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let judge = Judge::new();
    let sample = samples()
        .into_iter()
        .find(|sample| sample.kind == "access.grant")
        .unwrap();
    let sound = event(&sample, false);
    judge.accepts(&sound).unwrap();
    let mut stray = sound.clone();
    stray["token"] = "x".into();
    let mut deep = sound.clone();
    deep["metadata"]["secret"] = "x".into();
    let mut missing = sound.clone();
    missing.as_object_mut().unwrap().remove("user");
    let mut nobody = sound.clone();
    nobody["user"] = json!({ "type_id": 1 });
    let mut activity = sound.clone();
    activity["activity_id"] = 3.into();
    let mut number = sound;
    number["time"] = "yesterday".into();
    for (wrong, event) in [
        ("a stray member", stray),
        ("a stray member within", deep),
        ("a missing member", missing),
        ("a user who is nobody", nobody),
        ("an activity of 1.9", activity),
        ("a time that is text", number),
    ] {
        assert!(judge.accepts(&event).is_err(), "{wrong} is refused");
    }
}

#[test]
fn the_pypi_validator_accepts_every_kind_and_refuses_what_is_wrong() {
    let Some(python) = python() else {
        eprintln!("skipped: set GATEHOUSE_TEST_PYTHON to a Python with ocsf-json-schema, as `cargo xtask test` does");
        return;
    };
    let lines: Vec<u8> = samples()
        .iter()
        .flat_map(|sample| [bytes(sample, false), bytes(sample, true)])
        .flat_map(|event| [event.as_slice(), b"\n"].concat())
        .collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/tests/cli/interop/judge_ocsf.py");
    let mut command = Command::new(python);
    command
        .args(["-B", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), &lines).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the judge accepts all: {output:?}");
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        said["events"],
        lines.iter().filter(|byte| **byte == b'\n').count(),
        "it judged all: {said}"
    );
    assert_eq!(said["refused"], 3, "and refused what it broke itself: {said}");
}

#[expect(clippy::disallowed_methods, reason = "the judges' Python, set by the harness")]
fn python() -> Option<String> {
    std::env::var("GATEHOUSE_TEST_PYTHON").ok()
}

#[test]
fn the_table_of_the_documentation_is_what_is_done() {
    let page = include_str!("../../../../docs/ocsf.md");
    let mut missing = BTreeSet::new();
    for sample in samples() {
        let event = event(&sample, true);
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        let row = format!(
            "| `{}` | {} {} | {} {} |",
            sample.kind,
            event["class_uid"],
            text("class_name"),
            event["activity_id"],
            text("activity_name")
        );
        let verdict = sample.kind == "audit.verify" && event["class_uid"] == 2004;
        if !verdict && !page.contains(&row) {
            missing.insert(row);
        }
    }
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(
        missing.is_empty(),
        "rows that docs/ocsf.md lacks:\n{}",
        missing.join("\n")
    );
}

proptest! {
    #[test]
    fn no_bytes_make_the_mapper_panic_or_write_what_is_no_json(body in prop::collection::vec(any::<u8>(), 0..200), tweak in 0_usize..2000, byte in any::<u8>()) {
        let mut sound = samples().remove(tweak % 40).body.to_string().into_bytes();
        let at = tweak % sound.len();
        sound[at] = byte;
        for body in [body, sound] {
            let leaf = tree::leaf_hash(&body);
            let entry = StoredEntry { seq: 1, leaf: &leaf, body: &body, private: Some((&[], &body)) };
            let mut out = Vec::new();
            if ocsf::write(&entry, false, &mut out) {
                let read: Result<Value, _> = serde_json::from_slice(&out);
                prop_assert!(read.is_ok(), "what is written is JSON: {}", String::from_utf8_lossy(&out));
            }
        }
    }
}
