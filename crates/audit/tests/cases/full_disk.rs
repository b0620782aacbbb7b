//! A disk without room for giving room back: the archived entries are gone, the log is whole, and it goes on.
//!
//! The small disk is mounted in a namespace of its own, in which this test program runs once more.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gatehouse_audit::{FILE_NAME, Log, Reader};
use serde_json::json;

use super::keeping::announcement;
use crate::stage::{Stage, at, note, object, raw};

/// Says to the program that runs once more where its disk and its other folder are.
const DISK: &str = "GATEHOUSE_TEST_SMALL_DISK";
const ELSEWHERE: &str = "GATEHOUSE_TEST_ELSEWHERE";

#[expect(
    clippy::disallowed_methods,
    reason = "the test program is told by the one that begins it"
)]
fn told(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from)
}

/// How the machine allows a mount of one's own; nothing where it does not.
fn ways() -> Option<&'static [&'static str]> {
    let all: [&[&str]; 2] = [&["--mount"], &["--map-root-user", "--mount"]];
    let allowed = |ways: &&[&str]| {
        let tried = Command::new("unshare")
            .args(*ways)
            .args(["sh", "-c", "mount -t tmpfs none /mnt"])
            .stderr(Stdio::null())
            .status();
        tried.is_ok_and(|status| status.success())
    };
    all.into_iter().find(allowed)
}

#[test]
fn archiving_ends_well_where_no_room_can_be_given_back() {
    let Some(ways) = ways() else {
        eprintln!("skipped: this machine allows no mount namespace");
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let (disk, elsewhere) = (place.path().join("disk"), place.path().join("elsewhere"));
    fs::create_dir(&disk).unwrap();
    fs::create_dir(&elsewhere).unwrap();
    let script = "mount -t tmpfs -o size=16m,mode=700 none \"$1\" && exec \"$2\" --exact cases::full_disk::on_a_small_disk --ignored --nocapture";
    let output = Command::new("unshare")
        .args(ways)
        .args(["sh", "-c", script, "sh"])
        .args([&disk, &std::env::current_exe().unwrap()])
        // SQLite looks for a place for its unnamed files there.
        .env("TMPDIR", &disk)
        .env(DISK, &disk)
        .env(ELSEWHERE, &elsewhere)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said} {complaint}");
    assert!(said.contains("1 passed"), "it ran: {said}");
}

/// Fills the disk but for so many bytes; answers the file that fills it.
fn fill(disk: &Path, but: u64) -> PathBuf {
    let path = disk.join("filler");
    let mut file = OpenOptions::new().create_new(true).append(true).open(&path).unwrap();
    while file.write_all(&[7; 4096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length - but).unwrap();
    path
}

fn length(disk: &Path) -> u64 {
    fs::metadata(disk.join(FILE_NAME)).unwrap().len()
}

fn settle(disk: &Path) {
    raw(disk)
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
}

#[test]
#[ignore = "the test before it runs it, on a disk of its own"]
fn on_a_small_disk() {
    let (Some(disk), Some(elsewhere)) = (told(DISK), told(ELSEWHERE)) else {
        return;
    };
    let stage = Stage::new();
    let log = Log::open(&disk, stage.opening(), at(0)).unwrap();
    let append = |number: u64| {
        let mut draft = note(number.into());
        draft.request = object(json!({ "text": "x".repeat(8_000) }));
        log.append(&[draft], at(number)).map(|appended| appended[0].seq)
    };
    let written: Vec<u64> = (1..=400).map(|number| append(number).unwrap()).collect();
    assert_eq!(written.last(), Some(&401), "there is something to archive");
    let reader = Reader::open(&disk).unwrap();
    let file = elsewhere.join("old.db");
    let written = reader.write_archive(50, &file).unwrap();
    log.append(&[announcement(&written)], at(500)).unwrap();
    settle(&disk);
    let before = length(&disk);

    // Enough for the deletion of 50 entries, and not for what is left to be written once more.
    let filler = fill(&disk, 1_500_000);
    assert!(log.drop_archived(&file).unwrap(), "the entries go all the same");
    assert_eq!(reader.first().unwrap(), 51, "they are gone");
    assert!(
        length(&disk) >= before,
        "the room was not given back, for that needs room"
    );
    let report = reader.verify(stage.anchors.get().as_ref(), Some(stage.key())).unwrap();
    assert!(report.is_intact(), "the log is whole: {}", report.reason);
    append(600).expect("and goes on where entries were deleted");

    fs::remove_file(filler).unwrap();
    let second = elsewhere.join("next.db");
    let written = reader.write_archive(100, &second).unwrap();
    log.append(&[announcement(&written)], at(700)).unwrap();
    assert!(log.drop_archived(&second).unwrap(), "with room, the next ones go");
    settle(&disk);
    assert!(
        length(&disk) < before * 9 / 10,
        "and the room of both is given back: {} of {before}",
        length(&disk)
    );
    let report = reader.verify(stage.anchors.get().as_ref(), Some(stage.key())).unwrap();
    assert!(report.is_intact(), "the log is whole: {}", report.reason);
}
