//! Data directories that cannot be written: a file in its place, read-only, full. Nothing is done that cannot be recorded.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::world::{Answer, BAKERY, Place, Served, World, bare, rows, text};

/// Runs a shell script in a mount namespace of its own; its mounts end with it. Nothing where this machine does not allow that.
pub fn with_mounts(place: &Place, script: &str) -> Option<Answer> {
    for ways in [&["--mount"][..], &["--map-root-user", "--mount"]] {
        let allowed = Command::new("unshare")
            .args(ways)
            .args(["sh", "-c", "mount -t tmpfs none /mnt"])
            .stderr(Stdio::null())
            .status();
        if !allowed.is_ok_and(|status| status.success()) {
            continue;
        }
        let mut command = Command::new("unshare");
        command.args(ways).args(["sh", "-c", script]).stdin(Stdio::null());
        command
            .env("GATEHOUSE", env!("CARGO_BIN_EXE_gatehouse"))
            .env("D", place.data(""))
            .env("GATEHOUSE_DATA_DIR", place.data(""));
        command
            .env("GATEHOUSE_PASSPHRASE_FILE", place.beside("passphrase"))
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        return Some(command.output().unwrap().into());
    }
    eprintln!("skipped: this machine allows no mount namespace");
    None
}

#[test]
fn a_file_in_the_place_of_the_directory_is_refused() {
    let place = Place::new();
    fs::write(place.beside("data"), "a file").unwrap();
    let output = bare()
        .arg("--data-dir")
        .arg(place.beside("data"))
        .args(["--json", "profile", "list"])
        .output()
        .unwrap();
    Answer::from(output).refused(3, "data_dir_unusable");
    let output = bare()
        .arg("--data-dir")
        .arg(place.beside("data/below"))
        .args(["--json", "profile", "list"])
        .output()
        .unwrap();
    Answer::from(output).refused(3, "data_dir_unusable");
    assert_eq!(
        fs::read_to_string(place.beside("data")).unwrap(),
        "a file",
        "it is left alone"
    );
}

#[test]
fn a_read_only_directory_is_named_and_no_link_is_made() {
    let world = World::ready();
    world.open().json();
    let script = "mount --bind \"$D\" \"$D\" && mount -o remount,ro,bind \"$D\" || exit 99
        \"$GATEHOUSE\" --json open SE-00417 --no-browser; echo \"open $?\" >&2
        \"$GATEHOUSE\" --json profile create x --sandbox; echo \"create $?\" >&2";
    let Some(said) = with_mounts(&world.place, script) else {
        return;
    };
    assert_ne!(said.code, 99, "the directory is read-only: {said:?}");
    assert!(
        said.stderr.contains("open 6") && said.stderr.contains("create 6"),
        "both are refused: {said:?}"
    );
    assert_eq!(
        said.stderr.matches("\"data_dir_read_only\"").count(),
        2,
        "with their cause: {said:?}"
    );
    assert_eq!(world.served.links().len(), 1, "no link was made");
    world.open().json();
    assert_eq!(
        text(&world.run(&["audit", "verify"]).json(), "verdict"),
        "intact",
        "nothing was lost"
    );
}

#[test]
fn a_full_disk_is_named_nothing_is_done_and_nothing_is_lost() {
    let elsewhere = Place::new();
    let served = Served::start(&elsewhere);
    let place = Place::new();
    fs::create_dir_all(place.data("")).unwrap();
    let key = place.file("api-key", served.api_key());
    let csv = place.file(
        "m.csv",
        "partner_account_id,partner_account_reference,name\nkrn:partner:global:account:test:MB6KIE1P,SE-00417,Bageri\n",
    );
    let script = format!(
        "mount -t tmpfs -o size=3m,mode=700 none \"$D\" || exit 99
         set -e
         \"$GATEHOUSE\" profile create s --sandbox --key-store file --api-url {} --account {} --api-key-stdin < {key} >/dev/null 2>&1
         \"$GATEHOUSE\" merchants import {csv} >/dev/null 2>&1
         \"$GATEHOUSE\" open {BAKERY} --no-browser >/dev/null 2>&1
         set +e
         dd if=/dev/zero of=\"$D/ballast\" bs=4k 2>/dev/null
         for try in 1 2 3; do \"$GATEHOUSE\" --json open {BAKERY} --no-browser; echo \"full $?\" >&2; done
         rm \"$D/ballast\"
         \"$GATEHOUSE\" --json open {BAKERY} --no-browser >/dev/null; echo \"after $?\" >&2
         \"$GATEHOUSE\" --json audit verify
         \"$GATEHOUSE\" --json audit reconcile >/dev/null; echo \"reconciled $?\" >&2",
        served.http(),
        served.account()
    );
    let Some(said) = with_mounts(&place, &script) else {
        return;
    };
    assert_ne!(said.code, 99, "the small disk is there: {said:?}");
    assert_eq!(
        said.stderr.matches("full 6").count(),
        3,
        "each open is refused: {said:?}"
    );
    assert_eq!(
        said.stderr.matches("\"disk_full\"").count(),
        3,
        "with its cause: {said:?}"
    );
    assert!(
        said.stderr.contains("after 0"),
        "with space again, work goes on: {said:?}"
    );
    let report: Value = serde_json::from_str(said.stdout.trim()).unwrap();
    assert_eq!(text(&report, "verdict"), "intact", "nothing was lost: {report}");
    assert!(said.stderr.contains("reconciled 0"), "nothing stays open: {said:?}");
    assert_eq!(
        served.links().len(),
        2,
        "a link was made for the first and the last open alone"
    );
}

#[test]
fn without_its_main_database_the_log_goes_on() {
    let world = World::ready();
    world.open().json();
    let size = world.place.sqlite("audit.db", "SELECT count(*) FROM event");
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(world.place.data(&format!("gatehouse.db{end}")));
    }
    assert_eq!(
        rows(&world.run(&["profile", "list"]).json(), "profiles").len(),
        0,
        "profiles are gone with it"
    );
    assert_eq!(
        rows(&world.run(&["audit", "list", "--limit", "1"]).json(), "entries").len(),
        1,
        "the log is still read"
    );
    world
        .run(&["profile", "create", "again", "--sandbox", "--key-store", "file"])
        .json();
    world.open().json();
    let report = world.run(&["audit", "verify"]).json();
    assert_eq!(text(&report, "verdict"), "intact", "the same log goes on: {report}");
    assert!(
        report["size"].as_i64() > size.parse().ok(),
        "with all that stood in it: {report}"
    );
}
