//! Several writers at once, and writers that are killed: nothing acknowledged is lost, and nothing is written twice.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use gatehouse_audit::{AnchorStore as _, CheckpointSigner as _, Log, Opening, Reader, Verdict};

use crate::stage::{FileAnchor, MemorySigner, Stage, at, intent, note, random};

const DIRECTORY: &str = "GATEHOUSE_AUDIT_TEST_DIRECTORY";

fn opening(dir: &Path) -> Opening {
    Opening {
        signer: Arc::new(MemorySigner::new(7)),
        anchors: Arc::new(FileAnchor(dir.join("anchor.json"))),
        app_version: "0.1.0".to_owned(),
        salt_source: random,
    }
}

/// Runs one of this file's ignored tests in a process of its own.
pub fn child(name: &str, dir: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a child process is told its directory by the environment"
)]
pub fn directory() -> std::path::PathBuf {
    std::env::var_os(DIRECTORY)
        .expect("only the tests of this file start this one")
        .into()
}

fn verify(dir: &Path) -> gatehouse_audit::Report {
    let anchor = FileAnchor(dir.join("anchor.json")).load().unwrap();
    Reader::open(dir)
        .unwrap()
        .verify(anchor.as_ref(), Some(MemorySigner::new(7).verifying_key()))
        .unwrap()
}

#[test]
fn threads_with_one_log_append_one_after_the_other() {
    let stage = Stage::new();
    let log = stage.log();
    std::thread::scope(|scope| {
        for thread in 0..4_u128 {
            let log = &log;
            scope.spawn(move || {
                (0..10).for_each(|n| drop(log.append(&[note(thread * 100 + n)], at(1)).unwrap()));
            });
        }
    });
    let report = stage.verify();
    assert_eq!(
        (report.verdict, report.size),
        (Verdict::Intact, 41),
        "{}",
        report.reason
    );
}

#[test]
fn two_logs_in_one_process_pick_up_each_others_entries() {
    let stage = Stage::new();
    let (one, other) = (stage.log(), stage.log());
    std::thread::scope(|scope| {
        for (log, base) in [(&one, 100), (&other, 200)] {
            scope.spawn(move || {
                (0..15).for_each(|n| drop(log.append(&[intent(base + n)], at(1)).unwrap()));
            });
        }
    });
    let report = stage.verify();
    assert_eq!(
        (report.verdict, report.size),
        (Verdict::Intact, 31),
        "{}",
        report.reason
    );
    assert_eq!(
        stage.anchors.get().unwrap().size,
        31,
        "the anchor is that of the last append"
    );
}

#[test]
#[ignore = "a child process of the test below"]
fn child_appends_fifteen_entries() {
    let dir = directory();
    let log = Log::open(&dir, opening(&dir), at(0)).unwrap();
    (0..15).for_each(|n| drop(log.append(&[note(n)], at(1)).unwrap()));
}

#[test]
fn two_processes_append_at_once() {
    let dir = tempfile::tempdir().unwrap();
    drop(Log::open(dir.path(), opening(dir.path()), at(0)).unwrap());
    let name = "cases::processes::child_appends_fifteen_entries";
    let children = [child(name, dir.path()), child(name, dir.path())];
    for mut child in children {
        assert!(child.wait().unwrap().success(), "each process appends its entries");
    }
    let report = verify(dir.path());
    assert_eq!(
        (report.verdict, report.size, report.anchored),
        (Verdict::Intact, 31, Some(31)),
        "{}",
        report.reason
    );
}

#[test]
fn two_processes_that_begin_a_log_at_once_begin_one() {
    let dir = tempfile::tempdir().unwrap();
    let name = "cases::processes::child_appends_fifteen_entries";
    let children = [child(name, dir.path()), child(name, dir.path())];
    for mut child in children {
        assert!(child.wait().unwrap().success(), "each process appends its entries");
    }
    let report = verify(dir.path());
    assert_eq!(
        (report.verdict, report.size),
        (Verdict::Intact, 31),
        "{}",
        report.reason
    );
}

#[test]
#[ignore = "a child process of the test below"]
fn child_appends_until_it_is_killed() {
    let dir = directory();
    let log = Log::open(&dir, opening(&dir), at(0)).unwrap();
    for n in 0.. {
        let appended = log.append(&[intent(n), note(n)], at(1)).unwrap();
        println!("acknowledged {}", appended[1].seq);
    }
}

#[test]
fn a_killed_process_loses_no_acknowledged_entry() {
    let dir = tempfile::tempdir().unwrap();
    let mut last = 0;
    for round in 1..=8_usize {
        let mut child = child("cases::processes::child_appends_until_it_is_killed", dir.path());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = 0;
        for line in lines.map_while(Result::ok) {
            let Some(seq) = line
                .strip_prefix("acknowledged ")
                .and_then(|seq| seq.parse::<u64>().ok())
            else {
                continue;
            };
            last = seq;
            told += 1;
            if told == round * 2 {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        let report = verify(dir.path());
        assert_eq!(report.verdict, Verdict::Intact, "after kill {round}: {}", report.reason);
        assert!(
            report.size >= last,
            "after kill {round}: {last} was acknowledged, {} are there",
            report.size
        );
    }
    drop(Log::open(dir.path(), opening(dir.path()), at(0)).unwrap());
    assert_eq!(
        verify(dir.path()).anchored,
        Some(verify(dir.path()).size),
        "opening anchors what was left"
    );
}

#[test]
fn a_log_held_by_a_stopped_process_is_busy_and_not_stuck() {
    let stage = Stage::new();
    let log = stage.log();
    let lock = std::fs::File::open(stage.path().join(gatehouse_audit::LOCK_FILE_NAME)).unwrap();
    lock.lock().unwrap();
    let (answer, told) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| answer.send(log.append(&[note(1)], at(1)).is_ok()).unwrap());
        let waited = told.recv_timeout(std::time::Duration::from_millis(200));
        assert!(waited.is_err(), "an append waits for the other holder");
        lock.unlock().unwrap();
        assert!(told.recv().unwrap(), "and goes on when it is free");
    });
}
