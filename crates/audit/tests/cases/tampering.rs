//! Tampering, each kind by itself: what is found, and at which entry.

use gatehouse_audit::{Defect, Draft, LogError, Phase, Verdict};
use rusqlite::params;
use serde_json::json;

use crate::stage::{Stage, act, at, eight, note, object};

#[track_caller]
fn broken_at(stage: &Stage, seq: Option<u64>, what: &str) {
    let report = stage.verify();
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (Verdict::Broken, seq),
        "{what}: {}",
        report.reason
    );
}

#[test]
fn a_deleted_row_is_a_gap_at_its_place() {
    for seq in [1, 2, 5, 7] {
        let stage = eight();
        stage.forge(&format!("DELETE FROM event WHERE seq = {seq}"));
        broken_at(&stage, Some(seq), "a deleted entry");
    }
}

#[test]
fn a_deleted_last_row_is_a_cut() {
    let stage = eight();
    stage.forge("DELETE FROM event WHERE seq = 8");
    let report = stage.verify();
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (Verdict::Truncated, Some(8)),
        "{}",
        report.reason
    );
}

#[test]
fn deleting_and_closing_the_gap_is_found_at_its_place() {
    let stage = eight();
    stage.forge("DELETE FROM event WHERE seq = 3; UPDATE event SET seq = seq + 100 WHERE seq > 3; UPDATE event SET seq = seq - 101 WHERE seq > 100");
    broken_at(&stage, Some(3), "renumbered rows");
}

#[test]
fn swapped_rows_are_found_at_the_first() {
    let stage = eight();
    stage.forge("UPDATE event SET seq = 99 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 6; UPDATE event SET seq = 6 WHERE seq = 99");
    broken_at(&stage, Some(5), "swapped entries");
}

#[test]
fn a_duplicated_row_is_found_at_its_place() {
    let stage = eight();
    stage.forge("INSERT INTO event SELECT 9, leaf, body FROM event WHERE seq = 8");
    broken_at(&stage, Some(9), "a copied entry");
}

#[test]
fn rows_before_the_first_are_found() {
    let stage = eight();
    stage
        .forge("PRAGMA ignore_check_constraints = 1; INSERT INTO event SELECT -1, leaf, body FROM event WHERE seq = 8");
    broken_at(&stage, Some(1), "an entry before the first");
}

#[test]
fn an_entry_rewritten_with_its_hash_is_found_by_whoever_vouches() {
    // Single commit: its own checkpoint. Inside a group: the next entry's `prev`, then the group's checkpoint.
    for seq in [3, 4, 5] {
        let stage = eight();
        let bytes = stage.reader().entry(seq).unwrap().unwrap().bytes;
        let forged = String::from_utf8(bytes)
            .unwrap()
            .replace("sandbox", "sendbox")
            .into_bytes();
        let leaf = gatehouse_audit::tree::leaf_hash(&forged);
        stage.forge("");
        let raw = stage.raw();
        raw.execute_batch("DROP TRIGGER event_no_update").unwrap();
        raw.execute(
            "UPDATE event SET body = ?1, leaf = ?2 WHERE seq = ?3",
            params![forged, leaf, i64::try_from(seq).unwrap()],
        )
        .unwrap();
        let report = stage.verify();
        assert_eq!(
            (report.verdict, report.first_bad_seq),
            (Verdict::Broken, Some(seq)),
            "entry {seq}: {}",
            report.reason
        );
    }
}

#[test]
fn a_forged_suffix_without_the_key_is_found_at_its_first_entry() {
    let stage = eight();
    let anchor = stage.anchors.get();
    stage.log().append(&[note(90)], at(60)).unwrap();
    stage.log().append(&[note(91)], at(70)).unwrap();
    stage.anchors.set(anchor);
    stage.forge("DELETE FROM checkpoint WHERE size > 8");
    broken_at(&stage, Some(9), "entries without a checkpoint");
    assert!(
        matches!(stage.open(), Err(LogError::Alarm(_))),
        "they are not anchored silently"
    );
    stage.forge("INSERT INTO checkpoint SELECT 10, replace(note, 'A', 'B') FROM checkpoint WHERE size = 8");
    broken_at(&stage, Some(9), "entries with a checkpoint that nobody signed");
}

#[test]
fn missing_derived_rows_are_found() {
    let stage = eight();
    stage.forge("DELETE FROM node WHERE level = 2 AND idx = 0");
    broken_at(&stage, Some(4), "a missing subtree");
    let stage = eight();
    stage.forge("DELETE FROM checkpoint WHERE size = 8");
    broken_at(&stage, Some(8), "a missing last checkpoint");
    let stage = eight();
    stage.forge("DELETE FROM event_private WHERE seq = 2");
    broken_at(&stage, Some(2), "a missing side row");
    let stage = eight();
    stage.forge("DELETE FROM meta");
    assert_eq!(stage.verify().verdict, Verdict::Broken, "missing id and key");
}

#[test]
fn older_checkpoints_may_be_thinned_out() {
    let stage = eight();
    stage.forge("DELETE FROM checkpoint WHERE size < 8");
    assert_eq!(stage.verify().verdict, Verdict::Intact, "the last one vouches for all");
}

#[test]
fn rows_that_belong_to_nothing_are_found() {
    for (what, sql) in [
        (
            "a subtree beyond the end",
            "INSERT INTO node VALUES (1, 4, zeroblob(32))",
        ),
        (
            "a subtree of no level",
            "PRAGMA ignore_check_constraints = 1; INSERT INTO node VALUES (-1, 0, zeroblob(32))",
        ),
        (
            "a side row without commitment",
            "INSERT INTO event_private VALUES (3, zeroblob(32), CAST('{}' AS BLOB))",
        ),
        (
            "a side row beyond the end",
            "PRAGMA ignore_check_constraints = 1; INSERT INTO event_private VALUES (20, zeroblob(32), CAST('{}' AS BLOB))",
        ),
        (
            "a checkpoint that nobody signed",
            "INSERT INTO checkpoint VALUES (20, 'note')",
        ),
        (
            "another epoch",
            "INSERT INTO meta SELECT 2, log_id, 9, checkpoint_key FROM meta",
        ),
    ] {
        let stage = eight();
        stage.forge(sql);
        let report = stage.verify();
        assert_eq!(report.verdict, Verdict::Broken, "{what}: {}", report.reason);
    }
}

#[test]
fn a_side_row_may_go_after_the_entry_that_says_so() {
    let stage = eight();
    let mut erased = Draft::new("private.erased", Phase::Note, act(60));
    erased.request = object(json!({ "seq": 4 }));
    stage.log().append(&[erased], at(60)).unwrap();
    let raw = stage.raw();
    assert!(
        raw.execute_batch("DELETE FROM event_private WHERE seq = 2").is_err(),
        "no entry names this one"
    );
    raw.execute_batch("DELETE FROM event_private WHERE seq = 4").unwrap();
    let report = stage.verify();
    assert_eq!(report.verdict, Verdict::Intact, "{}", report.reason);
    assert_eq!(
        stage.reader().entry(4).unwrap().unwrap().private,
        None,
        "the side row is gone"
    );
}

#[test]
fn a_damaged_file_is_broken_and_not_an_error() {
    let stage = eight();
    let path = stage.path().join(gatehouse_audit::FILE_NAME);
    let whole = std::fs::read(&path).unwrap();
    let verify =
        || gatehouse_audit::verify_directory(stage.path(), stage.anchors.get().as_ref(), Some(stage.key())).unwrap();
    for (what, bytes) in [
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("noise", vec![0xa5; whole.len()]),
        (
            "a page of noise",
            [&whole[..8192], vec![0xa5; 4096].as_slice(), &whole[12288..]].concat(),
        ),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let report = verify();
        assert_eq!(report.verdict, Verdict::Broken, "{what}: {}", report.reason);
        assert!(
            matches!(stage.open(), Err(LogError::Alarm(_))),
            "{what}: the log must not be opened for writing"
        );
    }
}

#[test]
fn a_clock_that_goes_back_is_flagged_and_nothing_more() {
    let stage = eight();
    let mut early = at(60);
    early.unix_ms -= 3_600_000;
    stage.log().append(&[note(5)], early).unwrap();
    let report = stage.verify();
    assert_eq!(report.verdict, Verdict::Intact, "the clock is no proof");
    let flagged: Vec<_> = report
        .notices
        .iter()
        .map(|notice| (notice.defect, notice.seq))
        .collect();
    assert_eq!(flagged, [(Defect::Clock, Some(9))], "but it is told");
}
