//! Reading where nothing can be written: a read-only mount, rights taken away, a full disk, a write-ahead log left behind.
//!
//! What changes something is refused there with its cause. Deliberately absent: the window; `tests/app` has it.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::bad_places::with_mounts;
use crate::world::{Answer, BAKERY, Place, World, rows, text};

/// Mounts the data directory over itself, read-only.
const READ_ONLY: &str = "mount --bind \"$D\" \"$D\" && mount -o remount,ro,bind \"$D\" || exit 99\n";
/// Takes all rights to write, and from root what lets it write all the same.
const NO_RIGHTS: &str = "chmod -R a-w \"$D\"; GATEHOUSE=\"setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search $GATEHOUSE\"\n";
const READS: [&str; 9] = [
    "profile list",
    "profile show",
    "merchants list",
    "merchants show SE-00417",
    "sessions list",
    "key show",
    "audit list",
    "audit show 1",
    "audit verify",
];
const CHANGES: [&str; 9] = [
    "profile create other --sandbox --key-store file",
    "profile use sandbox",
    "profile set --reason-required true",
    "profile remove sandbox",
    "merchants pin SE-00417",
    "merchants tag SE-00417 vip",
    "merchants import /dev/null",
    "open SE-00417 --no-browser",
    "sessions revoke --all",
];

/// A script that runs commands one after the other; each leaves a line with its exit code.
fn each(commands: &[&str]) -> String {
    let run =
        |command: &&str| format!("$GATEHOUSE --json {command}; echo \"{{\\\"done\\\":\\\"$? {command}\\\"}}\" >&2\n");
    commands.iter().map(run).collect()
}

fn ended(said: &Answer, code: i32, command: &str) -> bool {
    said.stderr.contains(&format!("\"{code} {command}\""))
}

#[track_caller]
fn all_read(said: &Answer) {
    assert_ne!(said.code, 99, "the stage is set: {said:?}");
    for command in READS {
        assert!(ended(said, 0, command), "{command} works: {said:?}");
    }
    assert!(said.stdout.contains("\"intact\""), "the log verifies: {said:?}");
}

#[test]
fn a_read_only_mount_is_read_and_every_change_refused() {
    let world = World::ready();
    world.open().json();
    let script = format!("{READ_ONLY}{}{}", each(&READS), each(&CHANGES));
    let Some(said) = with_mounts(&world.place, &script) else {
        return;
    };
    all_read(&said);
    for command in CHANGES {
        assert!(ended(&said, 6, command), "{command} is refused: {said:?}");
    }
    let causes = said.stderr.matches("\"data_dir_read_only\"").count();
    assert_eq!(causes, CHANGES.len(), "each with its cause: {said:?}");
    assert_eq!(world.served.links().len(), 1, "no link was made");
    world.open().json();
    let report = world.run(&["audit", "verify"]).json();
    assert_eq!(text(&report, "verdict"), "intact", "nothing was lost: {report}");
    let profiles = rows(&world.run(&["profile", "list"]).json(), "profiles");
    assert_eq!(profiles.len(), 1, "no profile was made or removed: {profiles:?}");
}

#[test]
fn rights_that_were_taken_away_leave_reading() {
    let world = World::ready();
    world.open().json();
    let script = format!("{NO_RIGHTS}{}{}", each(&READS), each(&["merchants pin SE-00417"]));
    let Some(said) = with_mounts(&world.place, &script) else {
        return;
    };
    Command::new("chmod")
        .args(["-R", "u+w"])
        .arg(world.place.data(""))
        .status()
        .unwrap();
    if said.stderr.contains("setpriv:") {
        eprintln!("skipped: setpriv does not take the capabilities away here");
        return;
    }
    all_read(&said);
    assert!(
        ended(&said, 6, "merchants pin SE-00417"),
        "a change is refused: {said:?}"
    );
    assert!(
        said.stderr.contains("\"data_dir_read_only\""),
        "with its cause: {said:?}"
    );
}

#[test]
fn the_doctor_names_a_read_only_directory() {
    let world = World::ready();
    let Some(said) = with_mounts(&world.place, &format!("{READ_ONLY}\"$GATEHOUSE\" --json doctor")) else {
        return;
    };
    assert_eq!(said.code, 3, "one part is bad: {said:?}");
    let lines = rows(&said.document(), "lines");
    let bad: Vec<&Value> = lines.iter().filter(|line| text(line, "state") == "bad").collect();
    assert_eq!(bad.len(), 1, "and only one: {lines:?}");
    assert_eq!(text(bad[0], "part"), "data directory", "it is named: {lines:?}");
    assert!(
        text(bad[0], "message").contains("cannot be"),
        "and what is wrong with it: {lines:?}"
    );
}

/// Copies the data directory while its database holds a change in the write-ahead log alone.
fn copy_with_a_living_log(world: &World, index: bool) -> Place {
    let copy = Place::new();
    let mut shell = Command::new("sqlite3")
        .arg(world.place.data("gatehouse.db"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let script = "PRAGMA wal_autocheckpoint=0; UPDATE merchant SET name = 'From the log' WHERE reference = 'SE-00417';\n.print ready\n";
    shell.stdin.as_mut().unwrap().write_all(script.as_bytes()).unwrap();
    let mut said = std::io::BufReader::new(shell.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("ready") {
        assert_ne!(
            std::io::BufRead::read_line(&mut said, &mut line).unwrap(),
            0,
            "sqlite3 works"
        );
    }
    fs::create_dir(copy.data("")).unwrap();
    for file in [
        "gatehouse.db",
        "gatehouse.db-wal",
        "gatehouse.db-shm",
        "audit.db",
        "keys.sealed",
    ] {
        fs::copy(world.place.data(file), copy.data(file)).unwrap();
    }
    if !index {
        fs::remove_file(copy.data("gatehouse.db-shm")).unwrap();
    }
    shell.kill().unwrap();
    shell.wait().unwrap();
    copy
}

#[test]
fn what_stands_in_the_write_ahead_log_alone_is_read() {
    let world = World::ready();
    for index in [true, false] {
        let copy = copy_with_a_living_log(&world, index);
        let Some(said) = with_mounts(
            &copy,
            &format!("{READ_ONLY}\"$GATEHOUSE\" --json merchants show {BAKERY}"),
        ) else {
            return;
        };
        let name = text(&said.json(), "name").to_owned();
        assert_eq!(
            name, "From the log",
            "a committed change is not left out (index: {index})"
        );
    }
}

#[test]
fn an_empty_read_only_directory_is_an_empty_one() {
    let place = Place::new();
    fs::create_dir(place.data("")).unwrap();
    let script = format!(
        "{READ_ONLY}{}",
        each(&[
            "profile list",
            "audit list",
            "profile create x --sandbox --key-store file"
        ])
    );
    let Some(said) = with_mounts(&place, &script) else {
        return;
    };
    assert!(
        ended(&said, 0, "profile list") && ended(&said, 0, "audit list"),
        "there is nothing: {said:?}"
    );
    assert!(
        said.stderr.contains("\"data_dir_read_only\""),
        "and nothing can be made: {said:?}"
    );
    assert_eq!(
        fs::read_dir(place.data("")).unwrap().count(),
        0,
        "nothing was left behind"
    );
}

#[test]
fn a_database_that_has_to_be_migrated_says_so() {
    let world = World::ready();
    world.place.sqlite("gatehouse.db", "PRAGMA user_version = 0");
    let Some(said) = with_mounts(
        &world.place,
        &format!("{READ_ONLY}\"$GATEHOUSE\" --json merchants list"),
    ) else {
        return;
    };
    let error = said.refused(6, "data_dir_read_only");
    assert!(
        text(&error, "message").contains("version 0"),
        "the version is named: {error}"
    );
    assert!(
        text(&error, "hint").contains("start Gatehouse once"),
        "and the cure: {error}"
    );
}

#[test]
fn a_full_disk_is_read_and_a_change_refused() {
    let world = World::ready();
    world.open().json();
    let script = format!(
        "mkdir /mnt/full && mount -t tmpfs -o size=24m,mode=700 none /mnt/full && cp -a \"$D\"/. /mnt/full/ && mount --bind /mnt/full \"$D\" || exit 99
         dd if=/dev/zero of=\"$D/ballast\" bs=4k 2>/dev/null
         {}{}
         rm \"$D/ballast\"
         {}",
        each(&READS),
        each(&["merchants pin SE-00417", "profile use sandbox"]),
        each(&["merchants tag SE-00417 vip"]),
    );
    let Some(said) = with_mounts(&world.place, &format!("mount -t tmpfs none /mnt\n{script}")) else {
        return;
    };
    all_read(&said);
    for command in ["merchants pin SE-00417", "profile use sandbox"] {
        assert!(ended(&said, 6, command), "{command} is refused: {said:?}");
    }
    assert_eq!(
        said.stderr.matches("\"disk_full\"").count(),
        2,
        "each with its cause: {said:?}"
    );
    assert!(
        ended(&said, 0, "merchants tag SE-00417 vip"),
        "with space again, work goes on: {said:?}"
    );
}
