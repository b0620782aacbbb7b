//! The anchor's members: each one counts, and no other form is read.

use gatehouse_audit::{Anchor, LogError, Verdict};

use crate::stage::eight;

#[test]
fn every_member_of_the_anchor_counts() {
    let stage = eight();
    let sound = stage.anchors.get().unwrap();
    type Change = fn(&mut Anchor);
    let changes: [(&str, Change); 6] = [
        ("log_id", |anchor| anchor.log_id = "0".repeat(32)),
        ("epoch", |anchor| anchor.epoch = 2),
        ("a larger size", |anchor| anchor.size = 9),
        ("a smaller size", |anchor| anchor.size = 7),
        ("root", |anchor| anchor.root = "0".repeat(64)),
        ("key_id", |anchor| anchor.key_id = "00000000".to_owned()),
    ];
    for (name, change) in changes {
        let mut anchor = sound.clone();
        change(&mut anchor);
        stage.anchors.set(Some(anchor));
        assert_ne!(stage.verify().verdict, Verdict::Intact, "{name} must count");
        assert!(
            matches!(stage.open(), Err(LogError::Alarm(_))),
            "{name} must count when the log is opened"
        );
    }
}

#[test]
fn an_anchor_reads_back_and_refuses_other_forms() {
    let sound = eight().anchors.get().unwrap();
    let json = sound.to_json();
    assert_eq!(Anchor::from_json(&json).unwrap(), sound, "it reads back");
    assert!(json.len() < 256, "it is small: {} bytes", json.len());
    let text = String::from_utf8(json).unwrap();
    for (what, trick) in [
        ("another version", text.replace("\"v\":1", "\"v\":2")),
        ("an unknown member", text.replace("\"v\":1", "\"v\":1,\"w\":1")),
        ("a short root", text.replace(&sound.root, "00")),
        ("a missing member", text.replace("\"v\":1,", "")),
        ("no JSON", "anchor".to_owned()),
    ] {
        assert!(Anchor::from_json(trick.as_bytes()).is_err(), "{what} must be refused");
    }
}
