//! The desktop program leaves its memory nowhere, and shows it to no other program of the same person.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Root sees every process, so under root an ordinary user stands in; the system has always this one.
const NOBODY: u32 = 65534;

#[test]
fn the_desktop_program_may_write_no_core_dump_and_is_looked_into_by_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("gatehouse-desktop");
    fs::copy(env!("CARGO_BIN_EXE_gatehouse-desktop"), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    if is_root() {
        chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let data = folder.path().join("data");
    let mut serve = Command::new(&program);
    serve.arg("sandbox-serve").arg("--data-dir").arg(&data);
    let mut child = ordinary(serve.env("HOME", folder.path())).spawn().unwrap();
    let begun = Instant::now();
    while !data.join("sandbox.json").exists() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut plain = ordinary(Command::new("sleep").arg("60")).spawn().unwrap();
    let serves = data.join("sandbox.json").exists();
    let (limit, ours, others) = (core_limit(&child), is_open(&child), is_open(&plain));
    for child in [&mut child, &mut plain] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(serves, "it was past its first lines");
    let zeros = limit.split_whitespace().filter(|word| *word == "0").count();
    assert_eq!(zeros, 2, "no dump, neither now nor by raising the limit: {limit}");
    assert!(others, "any other program of the person could be looked into");
    assert!(!ours, "this one is not dumpable");
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn ordinary(command: &mut Command) -> &mut Command {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn core_limit(child: &Child) -> String {
    let text = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let line = text.lines().find(|line| line.starts_with("Max core file size"));
    line.unwrap().to_owned()
}

/// Whether another program of the same person may read what lies in this one's memory; its environment stands for all of it, and asks
/// for the same right.
fn is_open(child: &Child) -> bool {
    let file = format!("/proc/{}/environ", child.id());
    ordinary(Command::new("cat").arg(file)).status().unwrap().success()
}
