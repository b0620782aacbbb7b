//! The sealed file when a process dies while it writes: afterwards there is the old file or the new one, never a third thing.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use gatehouse_core::key_store::{ItemName, KeyStore, SealedFile, SealingCost};

use crate::fixtures::{fill, secret};

const CHEAP: SealingCost = SealingCost::for_tests();
const WRITE_TO: &str = "GATEHOUSE_TEST_WRITE_UNTIL_KILLED";

fn item(name: &str) -> ItemName {
    ItemName::new(name, "test item").unwrap()
}

fn open(path: &Path) -> SealedFile {
    SealedFile::open_at_cost(path, &secret("passphrase"), CHEAP, fill).unwrap()
}

#[test]
fn a_leftover_of_a_killed_write_is_ignored_and_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.sealed");
    let store = SealedFile::create_at_cost(&path, &secret("passphrase"), CHEAP, fill).unwrap();
    store.set(&item("kept"), &secret("old")).unwrap();
    let leftover = folder.path().join("keys.sealed.new");
    std::fs::write(&leftover, "half of a new fi").unwrap();
    assert_eq!(
        open(&path).get(&item("kept")).unwrap().unwrap().expose(),
        b"old",
        "the rename never happened"
    );
    store.set(&item("kept"), &secret("new")).unwrap();
    assert!(!leftover.exists(), "the next write clears it away");
    assert_eq!(
        open(&path).get(&item("kept")).unwrap().unwrap().expose(),
        b"new",
        "and succeeds"
    );
}

#[cfg(unix)]
#[test]
fn a_planted_link_is_not_written_through() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.sealed");
    let store = SealedFile::create_at_cost(&path, &secret("passphrase"), CHEAP, fill).unwrap();
    let victim = folder.path().join("victim");
    std::fs::write(&victim, "untouched").unwrap();
    std::os::unix::fs::symlink(&victim, folder.path().join("keys.sealed.new")).unwrap();
    store.set(&item("a"), &secret("b")).unwrap();
    assert_eq!(
        std::fs::read_to_string(&victim).unwrap(),
        "untouched",
        "the link was replaced, not followed"
    );
}

#[test]
fn a_process_killed_at_any_moment_leaves_a_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.sealed");
    let store = SealedFile::create_at_cost(&path, &secret("passphrase"), CHEAP, fill).unwrap();
    store.set(&item("kept"), &secret("always")).unwrap();
    for round in 0..8_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sealed_file_crash::writes_until_killed", "--ignored"])
            .env(WRITE_TO, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let before = std::fs::read(&path).unwrap();
        while std::fs::read(&path).unwrap() == before {
            assert!(child.try_wait().unwrap().is_none(), "the writing process is at work");
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(700 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let reopened = open(&path);
        assert_eq!(
            reopened.get(&item("kept")).unwrap().unwrap().expose(),
            b"always",
            "round {round}: nothing is lost"
        );
        assert!(
            reopened.get(&item("written")).unwrap().is_some(),
            "round {round}: a whole write is there"
        );
        reopened
            .set(&item("after"), &secret("works"))
            .expect("and the lock of the dead process is gone");
    }
}

#[test]
#[ignore = "the process that the test above starts and kills"]
fn writes_until_killed() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the way in which one test process tells the other the path"
    )]
    let Some(path) = std::env::var_os(WRITE_TO) else {
        return;
    };
    let store = open(Path::new(&path));
    for n in 0..u32::MAX {
        store.set(&item("written"), &secret(&n.to_string())).unwrap();
    }
}
