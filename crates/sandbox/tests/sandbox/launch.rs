//! Finding and starting: a stale address is seen through, a program is started detached, two starters share one sandbox.
//!
//! The program that is started is this test binary itself, told by an argument to run the test that serves.

use crate::support::{House, options};
use gatehouse_sandbox::{StartError, ensure_running, find_running, serve};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

const MARK: &str = "serve-here";

#[tokio::test]
async fn a_running_one_is_found_and_a_stale_address_is_not_believed() {
    let house = House::open().await;
    let dir = house.dir.path().to_path_buf();
    let find = async || {
        let dir = dir.clone();
        tokio::task::spawn_blocking(move || find_running(&dir)).await.unwrap()
    };
    assert_eq!(find().await.as_ref(), Some(&house.running.address), "found");
    let file = std::fs::read_to_string(dir.join("sandbox.json")).unwrap();
    house.running.shutdown().await;
    assert!(!dir.join("sandbox.json").exists(), "removed at the end");
    std::fs::write(dir.join("sandbox.json"), &file).unwrap();
    assert_eq!(find().await, None, "nobody answers");
    let again = serve(options(&house.dir, None)).await.unwrap();
    std::fs::write(dir.join("sandbox.json"), &file).unwrap();
    assert_eq!(find().await, None, "somebody answers, but it is another one");
    drop(again);
}

/// Served by the child: ends when nobody has called for two seconds.
#[test]
#[ignore = "started by the tests below as a program of its own"]
fn serve_here() {
    let Some(dir) = marked_dir() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = gatehouse_sandbox::ServeOptions {
            idle_exit: Some(Duration::from_secs(2)),
            merchants: 5,
            ..gatehouse_sandbox::ServeOptions::new(dir)
        };
        if let Ok(running) = serve(options).await {
            running.wait().await;
        }
    });
}

/// The harness takes unknown words as test filters, so the directory travels behind a mark.
fn marked_dir() -> Option<PathBuf> {
    let mut arguments = std::env::args_os();
    arguments.find(|argument| argument == MARK)?;
    arguments.next().map(PathBuf::from)
}

fn start(dir: &Path) -> Result<gatehouse_sandbox::Address, StartError> {
    let program = std::env::current_exe().unwrap();
    let words = ["--ignored", "--exact", "launch::serve_here", MARK].map(OsString::from);
    ensure_running(dir, &program, &[&words[..], &[dir.as_os_str().to_owned()]].concat())
}

#[test]
fn two_starters_at_once_get_the_same_sandbox_which_ends_by_itself() {
    let dir = TempDir::new().unwrap();
    let addresses: Vec<_> = std::thread::scope(|scope| {
        let starters: Vec<_> = (0..2).map(|_| scope.spawn(|| start(dir.path()).unwrap())).collect();
        starters.into_iter().map(|starter| starter.join().unwrap()).collect()
    });
    assert_eq!(addresses[0], addresses[1], "one sandbox");
    assert_eq!(start(dir.path()).unwrap(), addresses[0], "a third finds it");
    let end = std::time::Instant::now() + Duration::from_secs(15);
    while dir.path().join("sandbox.json").exists() && std::time::Instant::now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(find_running(dir.path()).is_none(), "idle, it has ended");
}

#[test]
fn a_program_that_ends_or_does_not_exist_is_told_apart() {
    let dir = TempDir::new().unwrap();
    let missing = ensure_running(dir.path(), Path::new("no-such-program-here"), &[]);
    assert!(matches!(missing, Err(StartError::Spawn(_))), "it does not exist");
    let ended = ensure_running(dir.path(), &std::env::current_exe().unwrap(), &["--list".into()]);
    assert!(matches!(ended, Err(StartError::Ended(_))), "it ended");
}
