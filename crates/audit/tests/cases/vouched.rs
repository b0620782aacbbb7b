//! What others vouch for: co-signatures in entries, checkpoints that witnesses kept, and the count of signatures beside the anchor.

use gatehouse_audit::note::Checkpoint;
use gatehouse_audit::{Defect, LogError, Outside, Report, Verdict};
use serde_json::json;

use super::is;
use crate::stage::colleague::Colleague;
use crate::stage::{Stage, at, eight, intent, note, outcome};

fn witnessed_to(report: &Report) -> Option<(u64, u64)> {
    report
        .witnessed
        .as_ref()
        .map(|witnessed| (witnessed.size, witnessed.entry))
}

#[test]
fn a_log_is_witnessed_to_the_largest_size_that_somebody_else_co_signed() {
    let stage = eight();
    let (colleague, own) = (Colleague::new(31), Colleague::new(32));
    let drafts = [
        colleague.cosigned("audit.witnessed", &stage, 7),
        colleague.cosigned("audit.witnessed", &stage, 3),
        own.cosigned("audit.review", &stage, 8),
    ];
    stage.log().append(&drafts, at(60)).unwrap();
    let report = stage.verify_with(|outside| outside.own = Box::leak(Box::new([own.public()])));
    is(&report, Verdict::Intact, None, "all of them hold");
    assert_eq!(witnessed_to(&report), Some((7, 9)), "the own person is no witness");
    assert_eq!(report.witnessed.unwrap().witness, hex::encode(colleague.public()));
    let reviewed = report.reviewed.unwrap();
    assert_eq!((reviewed.size, reviewed.entry), (8, 11), "but a reviewer");
    let report = stage.verify();
    assert_eq!(
        witnessed_to(&report),
        Some((8, 11)),
        "whoever is not told of own persons takes all for witnesses"
    );
}

#[test]
fn a_co_signature_that_does_not_hold_is_its_entrys_fault() {
    let colleague = Colleague::new(31);
    let other = Colleague::new(33);
    type Change = fn(&mut gatehouse_audit::Draft, &Colleague);
    let changes: [(&str, Change); 6] = [
        ("another root", |draft, _| {
            draft.request["root"] = json!("00".repeat(32));
        }),
        ("another size", |draft, _| draft.request["size"] = json!(6)),
        ("a size that is not before it", |draft, _| {
            draft.request["size"] = json!(9);
        }),
        ("another witness", |draft, other| {
            draft.request["witness"] = json!(hex::encode(other.public()));
        }),
        ("a changed line", |draft, _| {
            let line = draft.request["cosignature"].as_str().unwrap();
            let at = line.len() - 9;
            let swapped = if line.as_bytes()[at] == b'A' { "B" } else { "A" };
            let mut line = line.to_owned();
            line.replace_range(at..=at, swapped);
            draft.request["cosignature"] = json!(line);
        }),
        ("no line", |draft, _| drop(draft.request.remove("cosignature"))),
    ];
    for kind in ["audit.witnessed", "audit.review"] {
        for (what, change) in changes {
            let stage = eight();
            let mut draft = colleague.cosigned(kind, &stage, 7);
            change(&mut draft, &other);
            stage.log().append(&[draft], at(60)).unwrap();
            let report = stage.verify();
            is(&report, Verdict::Broken, Some(9), what);
            assert_eq!(report.witnessed, None, "{what}: it vouches for nothing");
        }
    }
}

#[test]
fn a_co_signature_over_an_invented_root_does_not_hold() {
    let stage = eight();
    let colleague = Colleague::new(31);
    let mut draft = colleague.cosigned("audit.witnessed", &stage, 7);
    let invented = Checkpoint { size: 7, root: [9; 32] };
    let log_id = stage.reader().log_id().unwrap().unwrap();
    draft.request["root"] = json!("09".repeat(32));
    draft.request["cosignature"] = json!(colleague.line(&log_id, &invented));
    stage.log().append(&[draft], at(60)).unwrap();
    is(
        &stage.verify(),
        Verdict::Broken,
        Some(9),
        "its signature is true, but of other entries",
    );
}

/// T10: somebody with the file, the key and the keyring rewrites the end of the log.
#[test]
fn a_suffix_forged_with_the_key_is_found_by_the_witness_and_by_nobody_else() {
    let stage = eight();
    let kept = [stage.checkpoint(7)];
    let (mut forged, seed) = (Stage::new(), stage.seed);
    forged.seed = seed;
    let copy = |name: &str| {
        std::fs::copy(stage.path().join(name), forged.path().join(name)).unwrap();
    };
    stage
        .raw()
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    copy("audit.db");
    forged.forge(
        "DELETE FROM event WHERE seq > 6; DELETE FROM event_private WHERE seq > 6; DELETE FROM checkpoint WHERE size > 6;
         DELETE FROM node WHERE idx >= 6 >> level",
    );
    let cut = stage.anchor_at(6);
    forged.anchors.set(Some(cut));
    forged.log().append(&[note(99), note(98)], at(60)).unwrap();
    is(
        &forged.verify(),
        Verdict::Intact,
        None,
        "nothing on this computer tells it: the anchor was rewritten too",
    );
    let report = forged.verify_with(|outside| outside.kept = &kept);
    is(&report, Verdict::Replaced, None, "the witness has seen another entry 7");
    let report = stage.verify_with(|outside| outside.kept = &kept);
    is(&report, Verdict::Intact, None, "the true log is what the witness saw");
}

/// T5: cut, then appended to until it is as long again.
#[test]
fn a_log_that_was_cut_and_went_on_is_found_by_anchor_and_by_witness() {
    let stage = eight();
    let (anchor, kept) = (stage.anchors.get(), [stage.checkpoint(8)]);
    let older = stage.anchor_at(6);
    stage.forge(
        "DELETE FROM event WHERE seq > 6; DELETE FROM event_private WHERE seq > 6; DELETE FROM checkpoint WHERE size > 6;
         DELETE FROM node WHERE idx >= 6 >> level",
    );
    stage.anchors.set(Some(older.clone()));
    let report = stage.verify_with(|outside| outside.kept = &kept);
    is(
        &report,
        Verdict::RolledBack,
        Some(7),
        "a kept checkpoint that is ahead is like an anchor",
    );
    stage
        .log()
        .append(&[intent(7), outcome(7, "refused"), note(8)], at(60))
        .unwrap();
    let rewritten = stage.anchors.get();
    stage.anchors.set(anchor);
    is(&stage.verify(), Verdict::Replaced, None, "by the anchor");
    stage.anchors.set(rewritten);
    is(&stage.verify(), Verdict::Intact, None, "not once that was rewritten");
    let report = stage.verify_with(|outside| outside.kept = &kept);
    is(&report, Verdict::Replaced, None, "but by the witness");
}

#[test]
fn a_checkpoint_of_another_log_means_that_this_one_replaced_it() {
    let (stage, other) = (eight(), eight());
    let kept = [other.checkpoint(3)];
    let report = stage.verify_with(|outside| outside.kept = &kept);
    is(&report, Verdict::Replaced, None, "another log id");
    let own = [stage.checkpoint(3), stage.checkpoint(8)];
    let report = stage.verify_with(|outside| {
        outside.kept = &own;
        outside.anchor = None;
    });
    is(
        &report,
        Verdict::Unanchored,
        None,
        "they do not stand in for the anchor",
    );
}

#[test]
fn a_kept_checkpoint_that_is_none_is_refused() {
    let stage = eight();
    for text in ["", "nothing", "gatehouse/x\n1\nAAAA\n"] {
        let kept = [text.to_owned()];
        let outside = Outside {
            kept: &kept,
            ..Outside::default()
        };
        let answer = stage.reader().verify_with(&outside, None);
        assert!(matches!(answer, Err(LogError::Refused(_))), "{text:?} is no checkpoint");
    }
}

#[test]
fn more_signatures_than_intents_are_noticed_and_change_no_verdict() {
    let stage = Stage::new();
    let log = stage.log();
    for number in 1..=3 {
        let mut draft = intent(number);
        draft.signing.insert("key_id".to_owned(), json!("thumb"));
        log.append(&[draft, outcome(number, "succeeded")], at(10)).unwrap();
    }
    log.append(&[intent(4)], at(20)).unwrap();
    let counted = |key: &str, count: u64| {
        let mut anchor = stage.anchors.get().unwrap();
        anchor.signatures = Some([(key.to_owned(), count)].into());
        stage.verify_with(|outside| outside.anchor = Some(Box::leak(Box::new(anchor))))
    };
    for (key, count, noticed) in [
        ("thumb", 3, false),
        ("thumb", 4, true),
        ("other", 1, true),
        ("other", 0, false),
    ] {
        let report = counted(key, count);
        is(&report, Verdict::Intact, None, "the log itself is whole");
        let found = report.notices.iter().any(|notice| notice.defect == Defect::Signatures);
        assert_eq!(found, noticed, "{count} tokens of {key}");
    }
}
