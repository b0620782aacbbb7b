//! Erasing, archiving, backing up: what goes is gone, what stays verifies, and nothing is half.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use gatehouse_audit::archive::{self, ArchiveFile};
use gatehouse_audit::{BackupWatch, Draft, Log, LogError, Phase, Query, Verdict};
use serde_json::json;

use crate::stage::{Stage, act, at, intent, note, object, outcome};

const ADDRESS: &str = "anna@example.org";

pub fn erasure() -> Draft {
    let mut draft = Draft::new("private.erased", Phase::Note, act(900));
    draft.private = Some(object(json!({ "reason": "the person asked for it" })));
    draft
}

pub fn announcement(file: &ArchiveFile) -> Draft {
    let mut draft = Draft::new("log.archived", Phase::Note, act(901));
    draft.request = object(json!({
        "size": file.size, "root": hex::encode(file.root), "last_leaf": hex::encode(file.last_leaf),
        "file_sha256": file.sha256, "signatures": {},
    }));
    draft.private = Some(object(json!({ "reason": "twelve months are over", "file": "old.db" })));
    draft
}

/// Ten entries a day, in commits of two, from day 0 on; the first is genesis.
fn days(stage: &Stage, log: &Log, from: u64, to: u64) {
    for day in from..to {
        for number in 0..5 {
            let id = u128::from(day * 10 + number);
            let time = at(day * 86_400_000 + number * 1000);
            log.append(&[intent(id), outcome(id, "succeeded")], time).unwrap();
        }
    }
    assert!(stage.verify().is_intact(), "a sound log to begin with");
}

fn day(number: u64) -> String {
    // The tests' beginning of time is 2026-06-21T00:00:00Z.
    format!("2026-06-{:02}T00:00:00.000Z", 21 + number)
}

fn found_in(dir: &Path, text: &str) -> Vec<String> {
    let hit = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    let files = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|path| hit(path))
        .map(|path| path.display().to_string())
        .collect()
}

#[test]
fn what_was_erased_is_in_no_file_any_more_and_the_log_still_verifies() {
    let stage = Stage::new();
    let log = stage.log();
    days(&stage, &log, 0, 2);
    let reader = stage.reader();
    let word = Query {
        text: Some("bucher".to_owned()),
        ..Query::default()
    };
    assert!(
        !reader.list(&word).unwrap().entries.is_empty(),
        "the words are in the read model"
    );
    assert!(
        found_in(stage.path(), ADDRESS).len() > 1,
        "the address lies in log and read model"
    );
    drop(reader);
    let all: Vec<u64> = stage.reader().private_of(ADDRESS).unwrap();
    assert_eq!(all.len(), 10, "each intent names the person");
    let erased = log.erase(&all, &erasure(), at(9_000_000_000)).unwrap();
    assert_eq!(erased.announced.len(), 10, "an entry for each");
    assert!(erased.settled, "nobody was reading");
    assert_eq!(
        found_in(stage.path(), ADDRESS),
        Vec::<String>::new(),
        "it is in no file any more"
    );
    assert_eq!(
        found_in(stage.path(), "Bücher"),
        Vec::<String>::new(),
        "nor is what stood beside it"
    );
    let report = stage.verify();
    assert!(report.is_intact(), "the tree does not notice: {report:?}");
    assert!(
        stage.reader().list(&word).unwrap().entries.is_empty(),
        "the words are forgotten"
    );
    let again = log.erase(&all[..1], &erasure(), at(9_000_000_001)).unwrap_err();
    assert!(
        matches!(again, LogError::Refused(_)),
        "what is gone cannot go again: {again}"
    );
    assert!(stage.verify().is_intact(), "and nothing was announced");
    log.append(&[note(5)], at(9_000_000_002)).unwrap();
}

#[test]
fn an_erasure_that_fails_erases_and_announces_nothing() {
    let stage = Stage::new();
    let log = stage.log();
    days(&stage, &log, 0, 1);
    let size = stage.reader().size().unwrap();
    log.erase(&[2, 3], &erasure(), at(99_000)).unwrap_err();
    assert_eq!(
        stage.reader().size().unwrap(),
        size,
        "entry 3 has no private part, so entry 2 keeps its own"
    );
    assert!(
        stage.reader().entry(2).unwrap().unwrap().private.is_some(),
        "it is still there"
    );
}

#[test]
fn old_entries_go_into_a_file_that_verifies_and_the_log_verifies_without_them() {
    let stage = Stage::new();
    let log = stage.log();
    days(&stage, &log, 0, 4);
    let reader = stage.reader();
    let size = reader.older_than(&day(2)).unwrap().unwrap();
    assert_eq!(size, 21, "genesis and two days, up to a checkpoint");
    let path = stage.path().join("old.db");
    let file = reader.write_archive(size, &path).unwrap();
    assert_eq!((file.first, file.size, file.privates), (1, 21, 10), "all of it");
    let again = reader.write_archive(size, &path).unwrap_err();
    assert!(matches!(again, LogError::Exists), "nothing is written over");
    let early = log.drop_archived(&path).unwrap_err();
    assert!(
        matches!(early, LogError::Refused(_)),
        "nothing goes unannounced: {early}"
    );
    log.append(&[announcement(&file)], at(900_000_000)).unwrap();
    assert!(stage.verify().is_intact(), "announced and not deleted yet is sound");
    assert!(log.drop_archived(&path).unwrap(), "now they go");
    assert!(
        !log.drop_archived(&path).unwrap(),
        "and a second time there is nothing to do"
    );
    assert_eq!(stage.reader().first().unwrap(), 22, "the log begins behind them");
    let report = stage.verify();
    assert!(report.is_intact(), "the rest verifies: {report:?}");
    assert_eq!(report.first, 22, "and says where it begins");

    let reader = stage.reader();
    assert!(reader.entry(5).unwrap().is_none(), "what is archived is not in the log");
    let page = reader.list(&Query::default()).unwrap();
    assert!(page.missing.is_empty(), "and no row of a list is missing for it");
    let told = reader.archives().unwrap();
    assert_eq!((told.len(), told[0].size), (1, 21), "the log tells where they are");

    // The process before it goes on, and a new one opens.
    log.append(&[note(5)], at(900_000_001)).unwrap();
    drop(log);
    let log = stage.log();
    log.append(&[note(6)], at(900_000_002)).unwrap();
    assert!(stage.verify().is_intact(), "it goes on as before");
    let question = stage.reader().question(21).unwrap();
    assert!(
        !question.proof.is_empty(),
        "a witness who kept the archive's end can be shown how it went on"
    );

    let size = stage.reader().older_than(&day(3)).unwrap().unwrap();
    let second = stage.path().join("older.db");
    let file = stage.reader().write_archive(size, &second).unwrap();
    assert_eq!((file.first, file.size), (22, 31), "the second begins behind the first");
    log.append(&[announcement(&file)], at(900_000_003)).unwrap();
    assert!(stage.verify().is_intact(), "a broken-off second archive is sound too");
    drop(log);
    let log = stage.log();
    assert!(log.drop_archived(&second).unwrap(), "another process finishes it");
    let report = stage.verify();
    assert!(report.is_intact(), "and after it: {report:?}");
    assert_eq!(report.first, 32, "it begins behind both");
    archive::look(&path).unwrap();
    archive::look(&second).unwrap();
}

#[test]
fn the_room_of_what_was_archived_is_given_back() {
    let stage = Stage::new();
    let log = stage.log();
    days(&stage, &log, 0, 30);
    let database = stage.path().join("audit.db");
    let pages = |what: &str| -> i64 {
        stage
            .raw()
            .query_row(&format!("PRAGMA {what}"), [], |row| row.get(0))
            .unwrap()
    };
    stage.raw().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let before = fs::metadata(&database).unwrap().len();
    let file = stage.reader().write_archive(281, &stage.path().join("old.db")).unwrap();
    log.append(&[announcement(&file)], at(9_000_000_000)).unwrap();
    assert!(log.drop_archived(&stage.path().join("old.db")).unwrap(), "they go");
    let after = fs::metadata(&database).unwrap().len();
    assert!(after * 2 < before, "{before} bytes before, {after} after");
    assert_eq!(pages("freelist_count"), 0, "no page is kept for nothing");
    assert!(stage.verify().is_intact(), "and all holds");
    log.append(&[note(5)], at(9_000_000_001)).unwrap();
}

/// Whoever reads sees the log as it was; the act is done all the same, and the room comes back when they are through.
#[test]
fn a_reader_in_the_way_of_the_room_is_no_fault() {
    let stage = Stage::new();
    let log = stage.log();
    days(&stage, &log, 0, 30);
    let (database, old) = (stage.path().join("audit.db"), stage.path().join("old.db"));
    let file = stage.reader().write_archive(281, &old).unwrap();
    log.append(&[announcement(&file)], at(9_000_000_000)).unwrap();
    stage.raw().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let reading = stage.raw();
    reading.execute_batch("BEGIN; SELECT count(*) FROM event").unwrap();
    assert!(log.drop_archived(&old).unwrap(), "they go");
    let seen: i64 = reading
        .query_row("SELECT min(seq) FROM event", [], |row| row.get(0))
        .unwrap();
    assert_eq!(seen, 1, "whoever was reading reads on");
    let large = fs::metadata(&database).unwrap().len();
    reading.execute_batch("COMMIT").unwrap();
    assert!(stage.verify().is_intact(), "the log holds");
    stage.raw().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    assert!(
        fs::metadata(&database).unwrap().len() * 2 < large,
        "then the room comes back"
    );
}

#[test]
fn only_the_very_file_that_was_announced_lets_entries_go() {
    let stage = Stage::new();
    let log = stage.log();
    days(&stage, &log, 0, 3);
    let reader = stage.reader();
    let path = stage.path().join("old.db");
    let file = reader.write_archive(11, &path).unwrap();
    log.append(&[announcement(&file)], at(900_000_000)).unwrap();
    let whole = fs::read(&path).unwrap();
    for place in (100..whole.len()).step_by(whole.len() / 40) {
        let mut changed = whole.clone();
        changed[place] ^= 4;
        fs::write(&path, &changed).unwrap();
        log.drop_archived(&path).unwrap_err();
        assert_eq!(stage.reader().first().unwrap(), 1, "nothing went for a changed file");
    }
    fs::remove_file(&path).unwrap();
    log.drop_archived(&path).unwrap_err();
    let other = reader.write_archive(9, &path).unwrap();
    assert_ne!(other.sha256, file.sha256);
    log.drop_archived(&path).unwrap_err();
    fs::write(&path, &whole).unwrap();
    log.erase(&[2], &erasure(), at(900_000_001)).unwrap();
    let stale = log.drop_archived(&path).unwrap_err();
    assert!(
        matches!(stale, LogError::Refused(_)),
        "an archive that still holds what was erased is not the one to keep: {stale}"
    );
    let anew = stage.path().join("anew.db");
    let file = reader.write_archive(11, &anew).unwrap();
    assert_eq!(file.privates, 4, "without what was erased");
    log.append(&[announcement(&file)], at(900_000_002)).unwrap();
    assert!(log.drop_archived(&anew).unwrap(), "a new one takes its place");
    assert!(stage.verify().is_intact(), "and all holds");
}

fn unwatched(stop: &AtomicBool) -> BackupWatch<'_> {
    BackupWatch {
        progress: &|_, _, _| (),
        stop,
    }
}

#[test]
fn a_backup_is_whole_while_the_log_goes_on() {
    let stage = Stage::new();
    let log = stage.log();
    days(&stage, &log, 0, 1);
    let path = stage.path().join("copy.db");
    let go = AtomicBool::new(false);
    let made = std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..40).for_each(|n| drop(log.append(&[note(n)], at(100_000)).unwrap())));
        let made = stage.reader().backup(&path, &unwatched(&go)).unwrap();
        writer.join().unwrap();
        made
    });
    assert!(!path.exists(), "it has its name only when it is kept");
    let (size, root) = (made.size, made.root.clone());
    made.keep().unwrap();
    let held = stage.reader().checkpoint_at(size).unwrap().unwrap();
    assert_eq!(hex::encode(held.root), root, "it is the log as it was");
    let names: Vec<_> = fs::read_dir(stage.path())
        .unwrap()
        .map(|f| f.unwrap().file_name())
        .collect();
    assert!(
        !names.iter().any(|name| name.to_string_lossy().contains("part")),
        "nothing half is left: {names:?}"
    );
    let folder = tempfile::tempdir().unwrap();
    fs::copy(&path, folder.path().join("audit.db")).unwrap();
    let report = gatehouse_audit::verify_directory(folder.path(), None, Some(stage.key())).unwrap();
    assert_eq!(
        (report.verdict, report.size),
        (Verdict::Unanchored, size),
        "it stands alone"
    );
}

#[test]
fn a_backup_that_is_called_off_or_has_no_room_leaves_nothing() {
    let stage = Stage::new();
    days(&stage, &stage.log(), 0, 1);
    let path = stage.path().join("copy.db");
    let stopped = stage
        .reader()
        .backup(&path, &unwatched(&AtomicBool::new(true)))
        .unwrap_err();
    assert!(matches!(stopped, LogError::Cancelled), "{stopped}");
    let nowhere = stage.path().join("none").join("copy.db");
    stage
        .reader()
        .backup(&nowhere, &unwatched(&AtomicBool::new(false)))
        .unwrap_err();
    let taken = stage.path().join("taken");
    fs::write(&taken, "mine").unwrap();
    stage
        .reader()
        .backup(&taken, &unwatched(&AtomicBool::new(false)))
        .unwrap_err();
    assert_eq!(fs::read_to_string(&taken).unwrap(), "mine", "what is there stays");
    let names: Vec<_> = fs::read_dir(stage.path())
        .unwrap()
        .map(|f| f.unwrap().file_name())
        .collect();
    assert!(
        !names.iter().any(|name| name.to_string_lossy().starts_with("copy")),
        "nothing is left: {names:?}"
    );
}
