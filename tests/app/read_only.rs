//! The window on a directory that cannot be written: it shows what is there and refuses what would change it.
//!
//! Rights do not hold root back, so the directory is mounted read-only in a mount namespace, around this very program.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::desk::Desk;

const DIRECTORY: &str = "GATEHOUSE_APP_TEST_READ_ONLY";
const SCRIPT: &str = "mount --bind \"$D\" \"$D\" && mount -o remount,ro,bind \"$D\" || exit 99; exec \"$@\"";

#[expect(
    clippy::disallowed_methods,
    reason = "a child process is told its directory by the environment"
)]
fn directory() -> PathBuf {
    std::env::var_os(DIRECTORY)
        .expect("only the test of this file starts this one")
        .into()
}

#[test]
fn a_read_only_directory_is_shown_and_every_change_refused() {
    let desk = Desk::with_sandbox();
    let test = std::env::current_exe().unwrap();
    for ways in [&["--mount"][..], &["--map-root-user", "--mount"]] {
        let allowed = Command::new("unshare")
            .args(ways)
            .args(["sh", "-c", "mount -t tmpfs none /mnt"])
            .stderr(Stdio::null())
            .status();
        if !allowed.is_ok_and(|status| status.success()) {
            continue;
        }
        let output = Command::new("unshare")
            .args(ways)
            .args(["sh", "-c", SCRIPT, "sh"])
            .arg(&test)
            .args(["--exact", "read_only::child_shows", "--ignored"])
            .env("D", desk.dir.path())
            .env(DIRECTORY, desk.dir.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    eprintln!("skipped: this machine allows no mount namespace");
}

#[test]
#[ignore = "a child process of the test above"]
fn child_shows() {
    let dir = directory();
    assert!(std::fs::write(dir.join("probe"), "").is_err(), "the stage is set");
    let desk = Desk::at_directory(&dir);
    let state = desk.ask("app_state", json!({})).unwrap();
    assert_eq!(state["firstRun"], json!(false), "the profile is there");
    let rows = json!({ "request": { "query": "", "first": 0, "count": 20 } });
    let found = desk.ask("merchants_search", rows).unwrap();
    assert!(found["of"].as_u64().unwrap() > 0, "merchants are listed");
    desk.ask("merchant_detail", json!({ "id": found["rows"][0]["id"] }))
        .unwrap();
    desk.ask("sessions_list", json!({})).unwrap();
    let acts = json!({ "request": { "before": null, "limit": 50, "query": "" } });
    let size = desk.ask("audit_acts", acts).unwrap()["size"].clone();
    assert!(size.as_u64().unwrap() > 0, "and the log");
    desk.ask("app_painted", json!({})).unwrap();
    let id = found["rows"][0]["id"].clone();
    for (command, arguments) in [
        ("merchant_pin", json!({ "id": id, "pinned": false })),
        ("settings_save", json!({ "change": { "theme": "dark" } })),
        ("settings_save", json!({ "change": { "reasonRequired": true } })),
        ("profile_use", json!({ "name": "sandbox" })),
        ("merchants_import", json!({})),
    ] {
        assert_eq!(
            desk.code(command, arguments),
            "data_dir_read_only",
            "{command} is refused with its cause"
        );
    }
    let lines = desk.ask("doctor", json!({})).unwrap()["lines"].clone();
    assert_eq!(
        lines[0]["state"],
        json!("bad"),
        "the doctor names the directory: {lines}"
    );
}
