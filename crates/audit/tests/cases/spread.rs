//! A log long enough to be spread over all cores: the same verdicts at the same entries, progress, and calling it off.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use gatehouse_audit::{BackupStep, BackupWatch, LogError, Outside, Report, Verdict, Watch};

use super::is;
use crate::stage::{Stage, at, intent, note, outcome};

/// 5,001 entries in groups of 500; every second one has a side row.
fn long() -> Stage {
    let stage = Stage::new();
    let log = stage.log();
    for group in 0..10_u64 {
        let drafts: Vec<_> = (0..250)
            .flat_map(|n| {
                let number = u128::from(group * 250 + n);
                [intent(number), outcome(number, "succeeded")]
            })
            .collect();
        log.append(&drafts, at(group)).unwrap();
    }
    stage
}

#[test]
fn a_fault_anywhere_is_found_at_its_entry() {
    let stage = long();
    is(&stage.verify(), Verdict::Intact, None, "untouched");
    let faults = [
        // Alone: behind an entry that does not hold, the one that says that a side row was erased could stand.
        ("a missing side row", "DELETE FROM event_private WHERE seq = 3802", 3802),
        ("a leaf", "UPDATE event SET leaf = zeroblob(32) WHERE seq = 3700", 3700),
        ("a gap", "DELETE FROM event WHERE seq = 3699", 3699),
        (
            "a side row",
            "UPDATE event_private SET salt = zeroblob(32) WHERE seq = 3502",
            3502,
        ),
        (
            "a subtree",
            "UPDATE node SET h = zeroblob(32) WHERE level = 4 AND idx = 200",
            3216,
        ),
        (
            "a missing subtree",
            "DELETE FROM node WHERE level = 1 AND idx = 1600",
            3202,
        ),
        (
            "a checkpoint",
            "UPDATE checkpoint SET note = replace(note, '3001', '3002') WHERE size = 3001",
            3001,
        ),
        (
            "bytes",
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'sandbox', 'sendbox') AS BLOB) WHERE seq = 2",
            2,
        ),
    ];
    // Each is nearer to the beginning than those before, which stay.
    for (what, sql, seq) in faults {
        stage.forge(sql);
        is(&stage.verify(), Verdict::Broken, Some(seq), what);
        is(&gently(&stage), Verdict::Broken, Some(seq), what);
    }
}

/// The same on one thread, as it goes on beside a person's work.
fn gently(stage: &Stage) -> Report {
    let watch = Watch {
        progress: &|_, _| (),
        stop: &AtomicBool::new(false),
        gently: true,
    };
    stage.reader().verify_with(&Outside::default(), Some(&watch)).unwrap()
}

#[test]
fn gently_verified_a_long_log_has_the_same_root() {
    let stage = long();
    let (gentle, all_cores) = (gently(&stage), stage.verify());
    assert_eq!((gentle.root, gentle.size), (all_cores.root, 5001), "the same tree");
}

#[test]
fn a_backup_says_how_far_it_is_and_is_called_off_while_its_copy_is_verified() {
    let stage = long();
    let (path, stop) = (stage.path().join("copy.db"), AtomicBool::new(false));
    let steps = Mutex::new(Vec::new());
    let note = |step, done, of| {
        assert!(done <= of, "no more is done than there is");
        steps.lock().unwrap().push((step, done == of));
    };
    let watch = BackupWatch {
        progress: &note,
        stop: &stop,
    };
    drop(stage.reader().backup(&path, &watch).unwrap());
    let told = std::mem::take(&mut *steps.lock().unwrap());
    assert!(told.contains(&(BackupStep::Copying, true)), "all is copied: {told:?}");
    assert_eq!(told.last(), Some(&(BackupStep::Checking, true)), "then verified");
    let watch = BackupWatch {
        progress: &|step, _, _| stop.store(step == BackupStep::Checking, Ordering::Relaxed),
        stop: &stop,
    };
    let stopped = stage.reader().backup(&path, &watch).unwrap_err();
    assert!(matches!(stopped, LogError::Cancelled), "{stopped}");
    let files = std::fs::read_dir(stage.path()).unwrap();
    let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    assert!(
        !names.iter().any(|name| name.to_string_lossy().contains("copy")),
        "nothing of it is left: {names:?}"
    );
}

#[test]
fn progress_goes_up_to_the_end_and_can_be_stopped_in_the_middle() {
    let stage = long();
    let (last, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let watch = Watch {
        progress: &|done, of| {
            assert!(
                last.swap(done, Ordering::Relaxed) <= done && of == 5001,
                "it never goes back"
            );
        },
        stop: &stop,
        gently: false,
    };
    let report = stage.reader().verify_with(&Outside::default(), Some(&watch)).unwrap();
    assert_eq!(report.verdict, Verdict::Unanchored, "no anchor was given");
    assert_eq!(last.load(Ordering::Relaxed), 5001, "it ends at the end");
    let watch = Watch {
        progress: &|done, _| stop.store(done > 1000, Ordering::Relaxed),
        stop: &stop,
        gently: false,
    };
    let answer = stage.reader().verify_with(&Outside::default(), Some(&watch));
    assert!(matches!(answer, Err(LogError::Cancelled)), "it was called off");
    is(&stage.verify(), Verdict::Intact, None, "and can be begun again");
}

#[test]
fn a_later_key_is_used_for_the_checkpoints_after_it() {
    let mut stage = long();
    stage.seed = 8;
    let log = gatehouse_audit::Log::reanchor(
        stage.path(),
        stage.opening(),
        &gatehouse_audit::Anew::because("a new keyring"),
        at(20),
    )
    .unwrap();
    for group in 0..10 {
        log.append(&vec![note(group); 300], at(21)).unwrap();
    }
    is(&stage.verify(), Verdict::Intact, None, "two keys, each in its time");
    stage.forge("UPDATE meta SET checkpoint_key = (SELECT checkpoint_key FROM meta WHERE epoch = 1) WHERE epoch = 2");
    is(
        &stage.verify(),
        Verdict::Broken,
        Some(5002),
        "meta is believed nothing that entries do not say",
    );
}
