//! Several writers at once, and writers that are killed: nothing acknowledged is lost, and nothing is written twice.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use gatehouse_audit::{
    AnchorStore as _, CheckpointSigner as _, Defect, Log, LogError, Opening, Reader, Stamp, Verdict,
};

use crate::stage::{FileAnchor, MemorySigner, Stage, at, intent, note, random};

const DIRECTORY: &str = "GATEHOUSE_AUDIT_TEST_DIRECTORY";
const CLOCK: &str = "GATEHOUSE_AUDIT_TEST_CLOCK";

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

/// A process that stops itself in the middle of its second append, and goes on when it is woken.
#[cfg(all(unix, debug_assertions))]
#[test]
#[ignore = "a child process of the test below"]
fn child_stops_between_writing_and_committing() {
    use std::sync::atomic::{AtomicU64, Ordering};
    static PASSED: AtomicU64 = AtomicU64::new(0);
    let dir = directory();
    let log = Log::open(&dir, opening(&dir), at(0)).unwrap();
    gatehouse_audit::on_reached(|name| {
        if name == "append.written" && PASSED.fetch_add(1, Ordering::SeqCst) == 1 {
            println!("stopping");
            signal("STOP", std::process::id());
        }
    });
    (0..5).for_each(|n| drop(log.append(&[note(n)], at(1)).unwrap()));
}

#[cfg(unix)]
fn signal(name: &str, process: u32) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &process.to_string()])
        .status();
    assert!(sent.unwrap().success(), "the process {process} gets its signal");
}

#[cfg(all(unix, debug_assertions))]
#[test]
fn a_writer_stopped_in_the_middle_holds_others_up_and_forks_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::open(dir.path(), opening(dir.path()), at(0)).unwrap();
    let mut child = child(
        "cases::processes::child_stops_between_writing_and_committing",
        dir.path(),
    );
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok).filter(|line| line.ends_with("stopping"));
    lines.next().expect("it comes to its second append");
    let before = verify(dir.path());
    assert_eq!(
        (before.verdict, before.size),
        (Verdict::Intact, 2),
        "reading goes on: {}",
        before.reason
    );
    let refused = log.append(&[note(50)], at(2)).unwrap_err();
    assert!(
        matches!(refused, LogError::Busy),
        "a second writer is told so: {refused}"
    );
    assert_eq!(verify(dir.path()).size, 2, "and nothing of it is there");
    signal("CONT", child.id());
    assert!(child.wait().unwrap().success(), "the first one goes on where it stood");
    log.append(&[note(51)], at(3)).unwrap();
    let report = verify(dir.path());
    assert_eq!(
        (report.verdict, report.size, report.anchored),
        (Verdict::Intact, 7, Some(7)),
        "one line of entries: {}",
        report.reason
    );
}

#[test]
#[ignore = "a child process of the test below"]
#[expect(
    clippy::disallowed_methods,
    reason = "a child process is told its clock by the environment"
)]
fn child_appends_by_its_own_clock() {
    let (dir, clock) = (directory(), std::env::var(CLOCK).unwrap());
    let now = Stamp {
        unix_ms: at(0).unix_ms + clock.parse::<i64>().unwrap(),
        mono_ms: 5,
    };
    let log = Log::open(&dir, opening(&dir), now).unwrap();
    drop(log.append(&[note(1), note(2)], now).unwrap());
}

/// Each process has its own clock, as after a reboot or a trip: what goes back is flagged where it does, and nothing is refused.
#[test]
fn a_clock_that_jumps_between_processes_is_flagged_and_refuses_nothing() {
    const DAY: i64 = 86_400_000;
    let dir = tempfile::tempdir().unwrap();
    for clock in [0, 3 * DAY, 3 * DAY - 1_900, DAY, 30 * DAY, -400 * DAY] {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args([
            "--exact",
            "cases::processes::child_appends_by_its_own_clock",
            "--ignored",
        ]);
        let ended = child
            .env(DIRECTORY, dir.path())
            .env(CLOCK, clock.to_string())
            .output()
            .unwrap();
        assert!(ended.status.success(), "a clock at {clock} refuses nothing: {ended:?}");
    }
    let report = verify(dir.path());
    assert_eq!(
        (report.verdict, report.size),
        (Verdict::Intact, 13),
        "{}",
        report.reason
    );
    let odd = report.notices.iter().filter(|notice| notice.defect == Defect::Clock);
    let odd: Vec<_> = odd.filter_map(|notice| notice.seq).collect();
    assert_eq!(
        odd,
        [8, 12],
        "a day and a half back, and a year back; not what goes on, nor two seconds"
    );
}
