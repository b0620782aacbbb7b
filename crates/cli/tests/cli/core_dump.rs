//! No process of ours leaves its memory behind, or shows it to another program of the same person.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::world::{Place, Served};

/// Root sees every process, so under root an ordinary user stands in; the system has always this one.
const NOBODY: u32 = 65534;

#[test]
fn a_running_program_may_write_no_core_dump() {
    let place = Place::new();
    let served = Served::start(&place);
    let limits = fs::read_to_string(format!("/proc/{}/limits", served.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "neither now nor by raising the limit: {core}");
}

#[test]
fn a_running_program_shows_its_memory_to_no_other_program_of_the_same_person() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let program = folder.path().join("gatehouse");
    fs::copy(env!("CARGO_BIN_EXE_gatehouse"), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    for path in [folder.path(), &data] {
        given_to_the_ordinary(path);
    }
    let mut serve = Command::new(&program);
    serve
        .args(["--json", "--data-dir"])
        .arg(&data)
        .args(["sandbox", "serve"]);
    let mut served = started(serve.env("HOME", folder.path()));
    let mut line = String::new();
    BufReader::new(served.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with('{'), "it serves: {line:?}");
    let mut plain = started(Command::new("sleep").arg("60"));
    let (ours, others) = (is_open(&served), is_open(&plain));
    for child in [&mut served, &mut plain] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(others, "any other program of the person could be looked into");
    assert!(
        !ours,
        "this one is not dumpable, so neither a debugger nor a dump that is piped to a program gets its memory"
    );
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn given_to_the_ordinary(path: &Path) {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

fn ordinary(command: &mut Command) -> &mut Command {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
}

fn started(command: &mut Command) -> Child {
    ordinary(command).spawn().unwrap()
}

/// Whether another program of the same person may read what lies in this one's memory; its environment stands for all of it, and asks
/// for the same right.
fn is_open(child: &Child) -> bool {
    let file = format!("/proc/{}/environ", child.id());
    ordinary(Command::new("cat").arg(file)).status().unwrap().success()
}
