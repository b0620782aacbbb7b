//! The anchor: what stands against a cut, an older state, another log, and its own loss.

use std::path::Path;

use gatehouse_audit::{Anchor, FILE_NAME, LogError, Report, Verdict, verify_directory};

use crate::stage::{Stage, at, eight, intent, note, outcome};

fn alarm(answer: Result<gatehouse_audit::Log, LogError>) -> Report {
    match answer {
        Err(LogError::Alarm(report)) => *report,
        other => panic!("an alarm was expected, not {other:?}"),
    }
}

fn remove_log(dir: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(dir.join(format!("{FILE_NAME}{suffix}"))).ok();
    }
}

fn copy_log(from: &Path, to: &Path) {
    remove_log(to);
    std::fs::copy(from.join(FILE_NAME), to.join(FILE_NAME)).unwrap();
}

/// Everything that somebody without the key can take away behind an entry.
fn cut(stage: &Stage, size: u64) {
    stage.forge(&format!(
        "DELETE FROM event_private WHERE seq > {size}; DELETE FROM event WHERE seq > {size};
         DELETE FROM checkpoint WHERE size > {size}; DELETE FROM node WHERE idx >= {size} >> level;"
    ));
}

#[test]
fn a_crash_between_commit_and_anchor_is_anchored_at_the_next_opening() {
    let stage = eight();
    let late = stage.anchors.get();
    stage.log().append(&[intent(9)], at(60)).unwrap();
    stage.anchors.set(late);
    assert_eq!(
        stage.verify().verdict,
        Verdict::Intact,
        "a log ahead of its anchor is sound"
    );
    stage.log();
    assert_eq!(stage.anchors.get().unwrap().size, 9, "opening anchors it");
}

#[test]
fn what_a_cut_left_of_a_birth_makes_way_and_is_kept_beside() {
    let unborn = Anchor::new(
        "ab".repeat(16),
        1,
        0,
        hex::encode(gatehouse_audit::tree::empty_root()),
        "00000000".to_owned(),
    );
    let stage = Stage::new();
    stage.anchors.set(Some(unborn.clone()));
    let file = stage.path().join(FILE_NAME);
    std::fs::write(&file, [7; 4096]).unwrap();
    stage.log();
    assert_eq!(stage.verify().verdict, Verdict::Intact, "a new log is begun");
    let aside = stage.path().join(format!("{FILE_NAME}.torn"));
    assert_eq!(std::fs::read(aside).unwrap(), [7; 4096], "what was torn is kept");

    let grown = eight();
    grown.forge("UPDATE event SET body = x'7b7d' WHERE seq = 2");
    grown.anchors.set(Some(unborn));
    assert!(
        matches!(grown.open(), Err(LogError::Alarm(_))),
        "a log with entries never makes way"
    );
    let stage = eight();
    std::fs::write(stage.path().join(FILE_NAME), [7; 4096]).unwrap();
    assert!(
        matches!(stage.open(), Err(LogError::Alarm(_))),
        "nor does a file under an anchor with entries"
    );
}

#[test]
fn a_crash_while_the_log_is_born_leaves_nothing_to_explain() {
    let stage = Stage::new();
    let unborn = Anchor::new(
        "ab".repeat(16),
        1,
        0,
        hex::encode(gatehouse_audit::tree::empty_root()),
        "00000000".to_owned(),
    );
    stage.anchors.set(Some(unborn));
    std::fs::write(stage.path().join(FILE_NAME), b"").unwrap();
    stage.log();
    assert_eq!(
        stage.verify().verdict,
        Verdict::Intact,
        "a log that was announced and not made is made"
    );
    let mut early = stage.anchors.get().unwrap();
    early.size = 0;
    early.root = hex::encode(gatehouse_audit::tree::empty_root());
    stage.anchors.set(Some(early));
    stage.log();
    assert_eq!(
        stage.anchors.get().unwrap().size,
        1,
        "a log that was made and not anchored is anchored"
    );
}

#[test]
fn entries_that_could_not_be_anchored_are_anchored_by_the_next_append() {
    let stage = Stage::new();
    let log = stage.log();
    stage.anchors.fail(true);
    let answer = log.append(&[intent(1)], at(1));
    assert!(
        matches!(answer, Err(LogError::Anchor(_))),
        "the caller is told, got {answer:?}"
    );
    assert_eq!(stage.reader().size().unwrap(), 2, "the entry is durable all the same");
    stage.anchors.fail(false);
    let next = log.append(&[outcome(1, "refused")], at(2)).unwrap();
    assert_eq!(next[0].seq, 3, "the next one follows it");
    assert_eq!(stage.anchors.get().unwrap().size, 3, "and the anchor covers both");
    assert_eq!(stage.verify().verdict, Verdict::Intact, "nothing is wrong with the log");
}

#[test]
fn a_tail_that_was_cut_with_everything_derived_from_it_is_found_by_the_anchor() {
    for size in 1..8 {
        let stage = eight();
        cut(&stage, size);
        let report = stage.verify();
        let whole = ![4, 5].contains(&size);
        let expected = if whole { Verdict::RolledBack } else { Verdict::Truncated };
        assert_eq!(report.verdict, expected, "a cut at {size}: {}", report.reason);
        let vouched = if whole { size } else { 3 };
        assert_eq!(
            report.first_bad_seq,
            Some(vouched + 1),
            "the first entry that nothing vouches for is named"
        );
        assert_eq!(
            alarm(stage.open()).verdict,
            expected,
            "and the log is not opened for writing"
        );
    }
}

#[test]
fn a_tail_that_was_cut_carelessly_leaves_marks_even_without_an_anchor() {
    for sql in [
        "DELETE FROM event WHERE seq > 6",
        "DELETE FROM event WHERE seq > 6; DELETE FROM checkpoint WHERE size > 6",
    ] {
        let stage = eight();
        stage.forge(sql);
        let report = stage.verify();
        assert_eq!(
            (report.verdict, report.first_bad_seq),
            (Verdict::Truncated, Some(7)),
            "{sql}: {}",
            report.reason
        );
        stage.anchors.set(None);
        let alone = stage.verify();
        assert_eq!(
            (alone.verdict, alone.first_bad_seq),
            (Verdict::Truncated, Some(7)),
            "{sql}: {}",
            alone.reason
        );
    }
}

#[test]
fn a_cut_under_triggers_that_are_gone_is_no_older_state() {
    let stage = eight();
    cut(&stage, 7);
    stage.raw().execute_batch("DROP TRIGGER event_no_delete").unwrap();
    assert_eq!(
        stage.verify().verdict,
        Verdict::Truncated,
        "an older state would have its triggers"
    );
}

#[test]
fn yesterdays_file_is_a_whole_older_state() {
    let stage = eight();
    let yesterday = tempfile::tempdir().unwrap();
    copy_log(stage.path(), yesterday.path());
    stage.log().append(&[note(5)], at(70)).unwrap();
    copy_log(yesterday.path(), stage.path());
    let report = stage.verify();
    assert_eq!(
        (report.verdict, report.size),
        (Verdict::RolledBack, 8),
        "{}",
        report.reason
    );
    assert_eq!(alarm(stage.open()).verdict, Verdict::RolledBack, "it is not written to");
}

#[test]
fn a_file_that_is_exchanged_under_an_open_log_is_not_written_to() {
    let stage = eight();
    let yesterday = tempfile::tempdir().unwrap();
    copy_log(stage.path(), yesterday.path());
    let log = stage.log();
    copy_log(yesterday.path(), stage.path());
    let answer = log.append(&[note(5)], at(70));
    assert!(
        matches!(answer, Err(LogError::Damaged(_))),
        "an entry must not go to a file without a name, got {answer:?}"
    );
}

#[test]
fn another_log_under_the_anchor_is_a_replaced_one() {
    let (stage, other) = (eight(), eight());
    copy_log(other.path(), stage.path());
    assert_eq!(stage.verify().verdict, Verdict::Replaced, "another laptop's log");
    assert_eq!(alarm(stage.open()).verdict, Verdict::Replaced, "it is not written to");
}

#[test]
fn a_log_that_was_cut_and_went_on_is_a_replaced_one() {
    let stage = eight();
    let kept = stage.anchors.get();
    cut(&stage, 7);
    let mut early = kept.clone().unwrap();
    let head = stage.reader().head().unwrap();
    (early.size, early.root) = (7, hex::encode(head.root));
    stage.anchors.set(Some(early));
    stage.log().append(&[note(77), note(78)], at(90)).unwrap();
    stage.anchors.set(kept);
    let report = stage.verify();
    assert_eq!(
        report.verdict,
        Verdict::Replaced,
        "the anchored entry is another one: {}",
        report.reason
    );
    assert_eq!(alarm(stage.open()).verdict, Verdict::Replaced, "it is not written to");
}

#[test]
fn a_lost_anchor_is_an_alarm_and_not_a_new_beginning() {
    let stage = eight();
    stage.anchors.set(None);
    assert_eq!(stage.verify().verdict, Verdict::Unanchored, "entries, but no anchor");
    assert_eq!(
        alarm(stage.open()).verdict,
        Verdict::Unanchored,
        "it is not anchored silently"
    );
    assert_eq!(stage.anchors.get(), None, "no anchor was made");
}

#[test]
fn a_lost_log_under_an_anchor_is_an_alarm_and_not_a_new_beginning() {
    let stage = eight();
    let anchor = stage.anchors.get();
    remove_log(stage.path());
    let report = alarm(stage.open());
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (Verdict::Truncated, Some(1)),
        "{}",
        report.reason
    );
    assert!(!stage.path().join(FILE_NAME).exists(), "no file was made");
    let told = verify_directory(stage.path(), anchor.as_ref(), Some(stage.key())).unwrap();
    assert_eq!(told.verdict, Verdict::Truncated, "a verification says the same");
    let nothing = verify_directory(stage.path(), None, None);
    assert!(
        matches!(nothing, Err(LogError::Absent)),
        "without an anchor there is simply no log"
    );
}

#[test]
fn an_emptied_log_under_an_anchor_is_a_cut() {
    let stage = eight();
    cut(&stage, 0);
    assert_eq!(stage.verify().verdict, Verdict::Truncated, "all entries are gone");
    assert_eq!(alarm(stage.open()).verdict, Verdict::Truncated, "no new one is begun");
}

#[test]
fn a_holder_of_key_and_anchor_can_rewrite_the_log_and_only_a_witness_would_see_it() {
    let stage = eight();
    cut(&stage, 7);
    let head = stage.reader().head().unwrap();
    let mut anchor = stage.anchors.get().unwrap();
    (anchor.size, anchor.root) = (7, hex::encode(head.root));
    stage.anchors.set(Some(anchor));
    assert_eq!(
        stage.verify().verdict,
        Verdict::Intact,
        "this is the honest limit of a local check (T10)"
    );
}
