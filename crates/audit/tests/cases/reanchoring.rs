//! Re-anchoring: explicit, recorded, and never over a log that is broken in itself.

use gatehouse_audit::{Anew, FILE_NAME, KIND_REANCHORED, Log, LogError, Verdict};
use serde_json::json;

use crate::stage::{Stage, at, intent, note, object};

fn three() -> Stage {
    let stage = Stage::new();
    stage.log().append(&[intent(1), note(2)], at(10)).unwrap();
    stage
}

fn reanchor(stage: &Stage) -> Result<Log, LogError> {
    Log::reanchor(
        stage.path(),
        stage.opening(),
        &Anew::because("moved to another laptop"),
        at(100),
    )
}

#[test]
fn a_lost_keyring_begins_a_new_epoch_with_a_new_key() {
    let mut stage = three();
    stage.anchors.set(None);
    stage.seed = 8;
    assert_eq!(
        stage.verify().verdict,
        Verdict::Unanchored,
        "neither anchor nor key are known"
    );
    reanchor(&stage).unwrap().append(&[note(5)], at(110)).unwrap();
    let entry = stage.reader().entry(4).unwrap().unwrap();
    assert_eq!(entry.body.kind, KIND_REANCHORED, "an entry says so");
    assert_eq!(
        entry.body.request.get("found"),
        Some(&json!("unanchored")),
        "and what was found"
    );
    assert_eq!(
        entry.private,
        Some(object(json!({ "reason": "moved to another laptop" }))),
        "and why, privately"
    );
    let anchor = stage.anchors.get().unwrap();
    assert_eq!((anchor.epoch, anchor.size), (2, 5), "the anchor is of the new epoch");
    assert_eq!(
        stage.verify().verdict,
        Verdict::Intact,
        "both keys count, each in its epoch"
    );
    stage.log();
}

#[test]
fn a_restored_older_state_is_taken_up_explicitly() {
    let stage = three();
    let yesterday = stage.path().join("yesterday");
    std::fs::copy(stage.path().join(FILE_NAME), &yesterday).unwrap();
    stage.log().append(&[note(5)], at(20)).unwrap();
    std::fs::copy(&yesterday, stage.path().join(FILE_NAME)).unwrap();
    assert_eq!(stage.verify().verdict, Verdict::RolledBack, "the anchor remembers more");
    reanchor(&stage).unwrap();
    let entry = stage.reader().entry(4).unwrap().unwrap();
    assert_eq!(
        entry.body.request.get("found"),
        Some(&json!("rolled_back")),
        "the entry says what was found"
    );
    let previous = entry
        .body
        .request
        .get("previous")
        .and_then(|previous| previous.get("size").cloned());
    assert_eq!(previous, Some(json!(4)), "and what had been anchored");
    assert_eq!(stage.verify().verdict, Verdict::Intact, "the new epoch stands");
}

#[test]
fn the_state_before_a_re_anchoring_does_not_pass_as_the_newer_one() {
    let stage = three();
    let longer = stage.path().join("longer");
    stage.log().append(&[note(5), note(6), note(7)], at(20)).unwrap();
    std::fs::copy(stage.path().join(FILE_NAME), &longer).unwrap();
    reanchor(&stage).unwrap();
    std::fs::copy(&longer, stage.path().join(FILE_NAME)).unwrap();
    assert_eq!(
        stage.verify().verdict,
        Verdict::RolledBack,
        "the anchor is of a later epoch"
    );
}

#[test]
fn a_lost_log_is_followed_by_a_new_one_that_names_it() {
    let stage = three();
    let lost = stage.anchors.get().unwrap();
    std::fs::remove_file(stage.path().join(FILE_NAME)).unwrap();
    let log = reanchor(&stage).unwrap();
    let genesis = stage.reader().entry(1).unwrap().unwrap();
    let previous = genesis.body.request.get("previous").unwrap();
    assert_eq!(
        previous.get("root"),
        Some(&json!(lost.root)),
        "the genesis entry names the lost log's root"
    );
    assert_ne!(log.id(), lost.log_id, "it is another log");
    assert_eq!(stage.verify().verdict, Verdict::Intact, "and it stands");
}

#[test]
fn a_broken_log_cannot_be_anchored_away() {
    let stage = three();
    stage.forge("UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'POST', 'PUT') AS BLOB) WHERE seq = 2");
    stage.anchors.set(None);
    let answer = reanchor(&stage);
    assert!(
        matches!(&answer, Err(LogError::Alarm(report)) if report.first_bad_seq == Some(2)),
        "got {answer:?}"
    );
    assert_eq!(stage.reader().size().unwrap(), 3, "nothing was written");
}

#[test]
fn somebody_elses_key_in_a_later_epoch_is_found() {
    let mut stage = three();
    let (anchor, key) = (stage.anchors.get(), stage.key());
    stage.seed = 99;
    reanchor(&stage).unwrap().append(&[note(66)], at(120)).unwrap();
    let report = stage.reader().verify(anchor.as_ref(), Some(key)).unwrap();
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (Verdict::Broken, Some(4)),
        "{}",
        report.reason
    );
    stage.seed = 7;
    stage.anchors.set(anchor);
    assert!(matches!(stage.open(), Err(LogError::Alarm(_))), "it is not written to");
}

#[test]
fn a_log_signed_throughout_with_another_key_is_a_replaced_one() {
    let mut stage = three();
    stage.seed = 9;
    assert_eq!(
        stage.verify().verdict,
        Verdict::Replaced,
        "the key kept outside never signed it"
    );
    assert!(matches!(stage.open(), Err(LogError::Alarm(_))), "it is not written to");
}

#[test]
fn the_logs_own_kinds_are_written_by_the_log_alone() {
    let stage = three();
    let mut draft = note(4);
    draft.kind = KIND_REANCHORED.to_owned();
    let answer = stage.log().append(&[draft], at(20));
    assert!(matches!(answer, Err(LogError::Refused(_))), "got {answer:?}");
}

#[test]
fn an_open_log_follows_a_re_anchoring_by_another_process() {
    let stage = three();
    let log = stage.log();
    reanchor(&stage).unwrap();
    log.append(&[note(8)], at(130)).unwrap();
    let anchor = stage.anchors.get().unwrap();
    assert_eq!((anchor.epoch, anchor.size), (2, 5), "it goes on in the new epoch");
    assert_eq!(stage.verify().verdict, Verdict::Intact, "and the log holds");
}
