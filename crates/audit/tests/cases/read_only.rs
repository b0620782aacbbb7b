//! Reading where nothing can be written: a read-only directory, with and without a write-ahead log, and what writers say there.
//!
//! Root may write anywhere, so as root the work is done by a child process of another user.

#![cfg(unix)]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use gatehouse_audit::{FILE_NAME, Log, LogError, Query, Reader, Verdict};

use crate::stage::{Stage, at, intent, note};

const DIRECTORY: &str = "GATEHOUSE_AUDIT_TEST_READ_ONLY";
const NOBODY: u32 = 65_534;

#[expect(
    clippy::disallowed_methods,
    reason = "a child process is told its directory by the environment"
)]
fn directory() -> PathBuf {
    std::env::var_os(DIRECTORY)
        .expect("only the tests of this file start this one")
        .into()
}

/// Makes a directory and all in it read-only, and reads the log there in a process that may not write.
fn read_in_child(stage: &Stage) {
    let dir = tempfile::Builder::new()
        .permissions(PermissionsExt::from_mode(0o755))
        .tempdir()
        .unwrap();
    let (data, program) = (dir.path().join("data"), dir.path().join("test"));
    std::fs::create_dir(&data).unwrap();
    for file in std::fs::read_dir(stage.path()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), data.join(file.file_name())).unwrap();
    }
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let root = std::fs::metadata(&data).unwrap().uid() == 0;
    close(&data, root);
    let mut command = Command::new(&program);
    command
        .args([
            "--exact",
            "cases::read_only::child_reads",
            "--ignored",
            "--test-threads=1",
        ])
        .env(DIRECTORY, &data);
    if root {
        command.uid(NOBODY);
    }
    let output = command.output().unwrap();
    std::fs::set_permissions(&data, PermissionsExt::from_mode(0o755)).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn close(data: &Path, root: bool) {
    let all = std::fs::read_dir(data)
        .unwrap()
        .map(|file| file.unwrap().path())
        .chain([data.to_owned()]);
    for path in all.collect::<Vec<_>>() {
        let mode = if path.is_dir() { 0o555 } else { 0o400 };
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        if root {
            chown(&path, Some(NOBODY), None).unwrap();
        }
    }
}

#[test]
#[ignore = "a child process of the tests below"]
fn child_reads() {
    let dir = directory();
    assert!(
        std::fs::write(dir.join("probe"), b"").is_err(),
        "the stage is set: nothing can be written here"
    );
    let reader = Reader::open(&dir).unwrap();
    assert_eq!(reader.size().unwrap(), 4, "every entry is there");
    assert_eq!(
        reader.list(&Query::default()).unwrap().entries.len(),
        4,
        "the read model is built in memory"
    );
    assert_eq!(reader.unresolved().unwrap().len(), 2, "and answers");
    assert_eq!(
        reader.verify(None, None).unwrap().verdict,
        Verdict::Unanchored,
        "all is checked"
    );
    let answer = Log::open(&dir, Stage::new().opening(), at(0));
    assert!(
        matches!(answer, Err(LogError::ReadOnly)),
        "a writer is told why it cannot, got {answer:?}"
    );
}

#[test]
fn a_log_in_a_read_only_directory_is_read() {
    let stage = Stage::new();
    stage.log().append(&[intent(1), intent(2), note(3)], at(1)).unwrap();
    assert!(
        !stage.path().join(format!("{FILE_NAME}-wal")).exists(),
        "the stage is set: closing left one file"
    );
    read_in_child(&stage);
}

#[test]
fn a_log_with_its_write_ahead_log_in_a_read_only_directory_is_read() {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&[intent(1), intent(2), note(3)], at(1)).unwrap();
    assert!(
        stage.path().join(format!("{FILE_NAME}-wal")).exists(),
        "the stage is set: an open log has one"
    );
    read_in_child(&stage);
}

#[test]
fn a_write_ahead_log_that_lost_its_index_is_read_too() {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&[intent(1), intent(2), note(3)], at(1)).unwrap();
    let copy = Stage::new();
    for suffix in ["", "-wal"] {
        let name = format!("{FILE_NAME}{suffix}");
        std::fs::copy(stage.path().join(&name), copy.path().join(&name)).unwrap();
    }
    read_in_child(&copy);
}
