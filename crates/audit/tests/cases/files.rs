//! The log's files: newer ones, none at all, whose they are, and where they may lie.

use gatehouse_audit::{FILE_NAME, LogError, Query, Reader, Verdict};

use crate::stage::{Stage, at, busy, note};

#[test]
fn a_newer_file_is_refused_by_writer_and_reader() {
    let stage = busy();
    stage.raw().execute_batch("PRAGMA user_version = 2").unwrap();
    let newer = |fault: Option<LogError>| matches!(fault, Some(LogError::Newer { found: 2, known: 1 }));
    assert!(newer(stage.open().err()), "the writer refuses");
    assert!(newer(Reader::open(stage.path()).err()), "the reader refuses");
}

#[test]
fn no_log_is_absent_and_not_an_empty_list() {
    let dir = tempfile::tempdir().unwrap();
    assert!(
        matches!(Reader::open(dir.path()), Err(LogError::Absent)),
        "there is no file"
    );
    std::fs::write(dir.path().join(FILE_NAME), b"").unwrap();
    assert!(
        matches!(Reader::open(dir.path()), Err(LogError::Absent)),
        "there is an empty file"
    );
}

#[cfg(unix)]
#[test]
fn the_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let stage = busy();
    let log = stage.log();
    log.append(&[note(1)], at(90)).unwrap();
    let reader = stage.reader();
    reader.list(&Query::default()).unwrap();
    let files: Vec<_> = std::fs::read_dir(stage.path()).unwrap().map(Result::unwrap).collect();
    assert!(
        files.len() >= 6,
        "log, read model, their write-ahead logs and the lock: {files:?}"
    );
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{} is for its owner alone", file.path().display());
    }
}

#[test]
fn a_path_with_any_characters_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let mut stage = Stage::new();
    let odd = dir.path().join("a b?c#d%41ü");
    std::fs::create_dir(&odd).unwrap();
    let log = gatehouse_audit::Log::open(&odd, stage.opening(), at(0)).unwrap();
    log.append(&[note(1)], at(1)).unwrap();
    let reader = Reader::open(&odd).unwrap();
    let report = reader.verify(stage.anchors.get().as_ref(), Some(stage.key())).unwrap();
    assert_eq!(report.verdict, Verdict::Intact, "{}", report.reason);
    stage.seed = 0;
}
