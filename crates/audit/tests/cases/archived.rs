//! A log whose beginning was archived: it verifies by what is left, and every rule of section 10 finds what breaks it.

use std::process::Command;

use gatehouse_audit::{Draft, Former, Outside, Report, Verdict, note, verify_file};
use serde_json::{Value, json};

use super::is;
use super::verifier::python;
use crate::stage::colleague::Colleague;
use crate::stage::{Stage, at, intent, note as started, outcome};

/// 30 entries in commits of one and two, then the entry that tells of an archive, and one more. The first `size` are gone.
fn archived(size: u64) -> Stage {
    let stage = told(size);
    stage.drop_upto(size);
    stage
}

/// As [`archived`], before anything is deleted.
fn told(size: u64) -> Stage {
    let stage = Stage::new();
    let log = stage.log();
    for number in 1..=9_u64 {
        log.append(&[intent(number.into())], at(number)).unwrap();
        log.append(&[outcome(number.into(), "succeeded"), started(100)], at(number))
            .unwrap();
    }
    log.append(&[stage.archived(size)], at(50)).unwrap();
    log.append(&[started(200)], at(60)).unwrap();
    stage
}

/// What the Python verifier says must be what the library says.
#[track_caller]
fn agrees(stage: &Stage, report: &Report, words: &[&str]) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/verify.py");
    let file = stage.path().join("audit.db");
    let output = Command::new(python())
        .args(["-B", script])
        .arg(file)
        .args(words)
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let intact = report.verdict == Verdict::Intact;
    assert_eq!(
        (
            said["verdict"].as_str(),
            said["first_bad_seq"].as_u64(),
            output.status.code()
        ),
        (
            Some(report.verdict.as_str()),
            report.first_bad_seq,
            Some(if intact { 0 } else { 7 })
        ),
        "verify.py: {said} {}; the library: {}",
        String::from_utf8_lossy(&output.stderr),
        report.reason
    );
}

/// Both verifiers' judgement on a log beside its anchor and key.
#[track_caller]
fn judged(stage: &Stage) -> Report {
    let (report, anchor) = (stage.verify(), stage.path().join("anchor.json"));
    std::fs::write(&anchor, stage.anchors.get().unwrap().to_json()).unwrap();
    let key = hex::encode(stage.key());
    agrees(stage, &report, &["--anchor", anchor.to_str().unwrap(), "--key", &key]);
    report
}

/// Sizes at which a commit ended, even and odd ones.
const ENDS: [u64; 5] = [1, 2, 4, 13, 16];

#[test]
fn what_is_left_verifies_and_names_its_first_entry() {
    for size in ENDS {
        let stage = archived(size);
        let report = judged(&stage);
        is(&report, Verdict::Intact, None, "an archived log");
        assert_eq!((report.first, report.size), (size + 1, 30), "archived to {size}");
        stage.log().append(&[started(300)], at(70)).unwrap();
        is(&judged(&stage), Verdict::Intact, None, "it goes on");
    }
}

#[test]
fn entries_that_were_told_of_but_not_deleted_yet_are_no_fault() {
    let stage = told(13);
    is(&judged(&stage), Verdict::Intact, None, "a crash came between");
    stage.log().append(&[stage.archived(16)], at(70)).unwrap();
    stage.drop_upto(13);
    let report = judged(&stage);
    is(
        &report,
        Verdict::Intact,
        None,
        "only the first archive's entries are gone",
    );
    assert_eq!(report.first, 14, "they are");
}

#[test]
fn entries_cut_off_without_an_archive_are_missing() {
    let stage = told(4);
    stage.drop_upto(13);
    is(
        &judged(&stage),
        Verdict::Broken,
        Some(5),
        "from the archive's end on they are missing",
    );
    let stage = told(16);
    stage.drop_upto(4);
    is(
        &judged(&stage),
        Verdict::Broken,
        Some(1),
        "a part of what was to be archived is no archive",
    );
}

#[test]
fn an_archive_of_other_entries_is_its_entrys_fault() {
    for (member, deleted) in [
        ("root", true),
        ("last_leaf", true),
        ("root", false),
        ("last_leaf", false),
    ] {
        let stage = told(13);
        let mut wrong: Draft = stage.archived(16);
        wrong.request[member] = json!("00".repeat(32));
        stage.log().append(&[wrong], at(70)).unwrap();
        if deleted {
            stage.drop_upto(16);
        }
        is(&judged(&stage), Verdict::Broken, Some(31), member);
    }
    let stage = told(13);
    let mut late = stage.archived(16);
    late.request["size"] = json!(31);
    stage.log().append(&[late], at(70)).unwrap();
    is(
        &judged(&stage),
        Verdict::Broken,
        Some(31),
        "a size that is not before it",
    );
}

#[test]
fn what_an_archive_leaves_is_checked() {
    let cases = [
        (
            "the checkpoint at its end is gone",
            "DELETE FROM checkpoint WHERE size = 13",
        ),
        (
            "the checkpoint at its end is another one",
            "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 16) WHERE size = 13",
        ),
        (
            "an older checkpoint is not signed",
            "UPDATE checkpoint SET note = substr(note, 1, length(note) - 20) || 'AAAA' || substr(note, -16) WHERE size = 4",
        ),
        (
            "an older checkpoint of an odd size names another one",
            "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 4) WHERE size = 1",
        ),
        (
            "a subtree of the lowest level",
            "UPDATE node SET h = zeroblob(32) WHERE level = 1 AND idx = 2",
        ),
        (
            "a subtree of the second level",
            "UPDATE node SET h = zeroblob(32) WHERE level = 2 AND idx = 1",
        ),
        ("a peak", "UPDATE node SET h = zeroblob(32) WHERE level = 3 AND idx = 0"),
        ("a missing subtree", "DELETE FROM node WHERE level = 1 AND idx = 3"),
        (
            "a missing subtree above",
            "DELETE FROM node WHERE level = 2 AND idx = 0",
        ),
        (
            "a side row of an archived entry",
            "INSERT INTO event_private VALUES (5, zeroblob(32), CAST('{}' AS BLOB))",
        ),
    ];
    for (what, sql) in cases {
        let stage = archived(13);
        stage.forge(sql);
        let report = judged(&stage);
        assert_ne!(report.verdict, Verdict::Intact, "{what} must be found");
        assert_eq!(report.verdict, Verdict::Broken, "{what}: {}", report.reason);
    }
}

#[test]
fn a_checkpoint_of_archived_entries_has_the_root_of_their_subtrees() {
    let stage = archived(13);
    let log_id = stage.reader().log_id().unwrap().unwrap();
    let other = note::Checkpoint { size: 4, root: [9; 32] };
    let text = note::text(&log_id, &other);
    let signature = stage.opening().signer.sign(text.as_bytes()).unwrap();
    let sealed = note::seal(&log_id, &text, &stage.key(), &signature);
    stage.forge(&format!("UPDATE checkpoint SET note = '{sealed}' WHERE size = 4"));
    is(
        &judged(&stage),
        Verdict::Broken,
        Some(4),
        "signed by the key, over other entries",
    );
}

#[test]
fn the_keys_of_archived_entries_are_bound_to_the_one_outside() {
    let stage = archived(13);
    stage.forge("UPDATE meta SET checkpoint_key = zeroblob(32)");
    is(
        &judged(&stage),
        Verdict::Replaced,
        None,
        "another key than the one outside",
    );
    let report = stage.verify_with(|outside| outside.key = None);
    is(&report, Verdict::Broken, Some(1), "without it, the checkpoints tell");
}

#[test]
fn the_first_entry_that_is_there_is_bound_to_the_archive() {
    for size in [13, 16] {
        let stage = archived(size);
        let first = stage.reader().entry(size + 1).unwrap().unwrap();
        let text = String::from_utf8(first.bytes).unwrap();
        let forged = text.replace(&first.body.prev, &"ab".repeat(32)).into_bytes();
        let leaf = gatehouse_audit::tree::leaf_hash(&forged);
        let raw = stage.raw();
        raw.execute_batch("DROP TRIGGER event_no_update").unwrap();
        raw.execute(
            "UPDATE event SET body = ?1, leaf = ?2 WHERE seq = ?3",
            rusqlite::params![forged, leaf, i64::try_from(size + 1).unwrap()],
        )
        .unwrap();
        let report = judged(&stage);
        assert_eq!(report.verdict, Verdict::Broken, "{size}: {}", report.reason);
    }
}

#[test]
fn roots_of_archived_sizes_are_told_by_subtrees_or_by_their_checkpoint() {
    let stage = told(13);
    let colleague = Colleague::new(31);
    let drafts = [4, 7, 12].map(|size| colleague.cosigned("audit.witnessed", &stage, size));
    stage.log().append(&drafts, at(70)).unwrap();
    let (kept, other) = ([stage.checkpoint(7)], told(13));
    stage.drop_upto(13);
    let report = stage.verify_with(|outside| outside.kept = &kept);
    is(
        &report,
        Verdict::Intact,
        None,
        "even ones by subtrees, odd ones by checkpoints",
    );
    assert_eq!(report.witnessed.map(|w| w.size), Some(12), "the largest of them");
    let forged = note_of(&kept[0], &other.checkpoint(7));
    let report = stage.verify_with(|outside| outside.kept = Box::leak(Box::new([forged])));
    is(&report, Verdict::Replaced, None, "another root at 7");
    let mut wrong = colleague.cosigned("audit.witnessed", &stage_again(), 7);
    wrong.request["root"] = json!("00".repeat(32));
    stage.log().append(&[wrong], at(80)).unwrap();
    is(
        &judged(&stage),
        Verdict::Broken,
        Some(34),
        "a co-signature over another root",
    );
}

fn stage_again() -> Stage {
    told(13)
}

/// The first note's log id and size with the other one's root.
fn note_of(own: &str, other: &str) -> String {
    let mut lines: Vec<&str> = own.split('\n').collect();
    lines[2] = other.split('\n').nth(2).unwrap();
    lines.join("\n")
}

#[test]
fn intents_in_the_archive_are_counted_by_the_entry_that_tells_of_it() {
    let counted = |signatures: Option<serde_json::Value>| {
        let stage = told(13);
        let mut draft = stage.archived(16);
        if let Some(counts) = signatures {
            draft.request.insert("signatures".to_owned(), counts);
        }
        stage.log().append(&[draft], at(70)).unwrap();
        stage.drop_upto(16);
        let mut anchor = stage.anchors.get().unwrap();
        anchor.signatures = Some([("thumb".to_owned(), 5)].into());
        let report = stage.verify_with(|outside| outside.anchor = Some(Box::leak(Box::new(anchor))));
        is(&report, Verdict::Intact, None, "a count changes no verdict");
        report.notices.len()
    };
    assert_eq!(counted(Some(json!({ "thumb": 5 }))), 0, "as many as were signed");
    assert_eq!(counted(Some(json!({ "thumb": 4 }))), 1, "one was signed beside the log");
    assert_eq!(counted(None), 0, "nobody counted them");
}

#[test]
fn an_archive_is_judged_by_itself_or_behind_the_one_before_it() {
    let stage = told(13);
    let leaf = stage.reader().entry(4).unwrap().unwrap().leaf;
    stage.forge(
        "DELETE FROM event WHERE seq > 13; DELETE FROM event_private WHERE seq > 13;
         DELETE FROM checkpoint WHERE size > 13; DELETE FROM node WHERE idx >= 13 >> level",
    );
    let path = stage.path().join("audit.db");
    let outside = Outside::default();
    let verify = |last_leaf: Option<[u8; 32]>| {
        let report = verify_file(&path, &outside, Some(Former { last_leaf }), None).unwrap();
        let leaf = last_leaf.map(hex::encode);
        let words = std::iter::once("--archive").chain(leaf.as_deref());
        agrees(&stage, &report, &words.collect::<Vec<_>>());
        report
    };
    is(
        &verify(None),
        Verdict::Intact,
        None,
        "a first archive needs nothing else",
    );
    stage.forge("DELETE FROM event_private WHERE seq = 2");
    is(
        &verify(None),
        Verdict::Intact,
        None,
        "a side row may have been erased by an entry that came later",
    );
    is(
        &verify_file(&path, &outside, None, None).unwrap(),
        Verdict::Broken,
        Some(2),
        "not in a log",
    );
    stage.drop_upto(4);
    is(
        &verify(None),
        Verdict::Unanchored,
        None,
        "a later archive by itself is not joined to anything",
    );
    is(&verify(Some(leaf)), Verdict::Intact, None, "behind the one before it");
    is(&verify(Some([1; 32])), Verdict::Broken, Some(5), "behind another one");
}
