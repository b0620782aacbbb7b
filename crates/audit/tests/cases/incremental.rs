//! Going on from an earlier verification of the same process: only what came since, and nothing that is not the same log.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use gatehouse_audit::{LogError, Outside, Verdict, Watch};

use crate::stage::colleague::Colleague;
use crate::stage::{Stage, at, busy, eight, note};

#[test]
fn what_came_since_is_verified_and_adds_up() {
    let stage = busy();
    let first = stage.verify();
    let verified = first.verified.expect("an intact log can be gone on from");
    assert_eq!(verified.size(), 61, "it stands at the end");
    let colleague = Colleague::new(31);
    stage
        .log()
        .append(&[colleague.cosigned("audit.witnessed", &stage, 61)], at(90))
        .unwrap();
    let counted = AtomicU64::new(u64::MAX);
    let stop = AtomicBool::new(false);
    let watch = Watch {
        progress: &|done, of| {
            assert!(done >= 61, "what was verified is not gone through again");
            counted.store(of, Ordering::Relaxed);
        },
        stop: &stop,
        gently: false,
    };
    let anchor = stage.anchors.get();
    let outside = Outside {
        anchor: anchor.as_ref(),
        key: Some(stage.key()),
        verified: Some(&verified),
        ..Outside::default()
    };
    let report = stage.reader().verify_with(&outside, Some(&watch)).unwrap();
    assert_eq!(report.verdict, Verdict::Intact, "{}", report.reason);
    assert_eq!(counted.into_inner(), 62, "it says how many there are");
    let whole = stage.verify();
    assert_eq!(report, whole, "it comes to the same as going through all");
    let again =
        stage.verify_with(|outside| outside.verified = Some(Box::leak(Box::new(whole.verified.clone().unwrap()))));
    assert_eq!(again, whole, "with nothing new as well");
}

#[test]
fn a_fault_in_what_came_since_is_found() {
    let stage = busy();
    let verified: &'static _ = Box::leak(Box::new(stage.verify().verified.unwrap()));
    stage.log().append(&[note(70), note(71)], at(90)).unwrap();
    stage.forge(
        "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'app.start', 'app.begin') AS BLOB) WHERE seq = 63",
    );
    let report = stage.verify_with(|outside| outside.verified = Some(verified));
    assert_eq!((report.verdict, report.first_bad_seq), (Verdict::Broken, Some(63)));
    assert_eq!(report.verified, None, "a broken log is no place to go on from");
    stage.forge("DELETE FROM event WHERE seq > 61; DELETE FROM event_private WHERE seq > 61");
    let report = stage.verify_with(|outside| outside.verified = Some(verified));
    assert_eq!(report.verdict, Verdict::Truncated, "{}", report.reason);
}

#[test]
fn another_log_or_another_end_is_verified_from_its_beginning() {
    let stage = busy();
    let verified: &'static _ = Box::leak(Box::new(stage.verify().verified.unwrap()));
    let other = busy();
    other.forge("UPDATE event SET leaf = zeroblob(32) WHERE seq = 5");
    let report = other.verify_with(|outside| outside.verified = Some(verified));
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (Verdict::Broken, Some(5)),
        "another log"
    );
    let shorter = eight();
    let report = shorter.verify_with(|outside| outside.verified = Some(verified));
    assert_eq!(report.verdict, Verdict::Intact, "a shorter one, from its beginning");
    stage.forge("UPDATE event SET leaf = zeroblob(32) WHERE seq = 61");
    let report = stage.verify_with(|outside| outside.verified = Some(verified));
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (Verdict::Broken, Some(61)),
        "its last entry"
    );
}

/// At an odd size the last leaf is itself a part of the root, at an even one it is not: it is looked at in each.
#[test]
fn the_last_entry_still_stands_whatever_the_size() {
    for more in 0..4 {
        let stage = busy();
        (0..more).for_each(|number| drop(stage.log().append(&[note(number)], at(90)).unwrap()));
        let verified: &'static _ = Box::leak(Box::new(stage.verify().verified.unwrap()));
        let last = verified.size();
        stage.forge(&format!("UPDATE event SET leaf = zeroblob(32) WHERE seq = {last}"));
        let report = stage.verify_with(|outside| outside.verified = Some(verified));
        assert_eq!(
            (report.verdict, report.first_bad_seq),
            (Verdict::Broken, Some(last)),
            "the last of {last} entries"
        );
    }
}

#[test]
fn whoever_watches_can_call_it_off() {
    let stage = busy();
    let stop = AtomicBool::new(true);
    let watch = Watch {
        progress: &|_, _| {},
        stop: &stop,
        gently: false,
    };
    let answer = stage.reader().verify_with(&Outside::default(), Some(&watch));
    assert!(matches!(answer, Err(LogError::Cancelled)), "got {answer:?}");
    let _: &Stage = &stage;
}
