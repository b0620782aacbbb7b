//! The script of the documentation does what it says: from nothing to the first link, and on from wherever it stopped.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::set_up::Strict;
use crate::world::{Answer, BAKERY, bare, rows, text};

/// Runs the documented script with a program of this build on the world's data directory.
fn script(world: &Strict, key_file: &str, merchants: &str) -> Answer {
    let place = &world.place;
    let ca = place.file("ca.pem", text(&world.served.address, "ca_pem"));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/set-up.sh");
    let mut shell = Command::new("sh");
    // What `bare` takes away from the program is taken away from the shell.
    for (name, value) in bare().get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
        .arg(file)
        .args(["acme", "sandbox --step-by-step", world.served.account()])
        .args(["me@acquirer.example", key_file, merchants, BAKERY])
        .args(["--key-store", "file", "--api-url", world.served.https(), "--ca", &ca])
        .env("GATEHOUSE", env!("CARGO_BIN_EXE_gatehouse"))
        .env("GATEHOUSE_DATA_DIR", place.data(""))
        .env("GATEHOUSE_PASSPHRASE_FILE", place.beside("passphrase"))
        .env("HOME", place.beside(""));
    shell.stdin(Stdio::null()).output().unwrap().into()
}

fn merchants(world: &Strict) -> String {
    let url = format!("{}/_sandbox/merchants.csv", world.served.http());
    let csv = crate::http::send("GET", &url, &[], b"").unwrap();
    world.place.file("merchants.csv", csv.body)
}

#[test]
fn the_documented_script_goes_from_nothing_to_the_first_link_where_mtls_is_enforced() {
    let world = Strict::start();
    let key = world.place.file("api-key", format!("{}\n", world.served.api_key()));
    let merchants = merchants(&world);
    let said = script(&world, &key, &merchants);
    assert_eq!(said.code, 0, "it comes to its end: {said:?}");
    assert_eq!(said.stdout.lines().count(), 1, "stdout is the link alone: {said:?}");
    assert!(
        said.stdout.starts_with("http://127.0.0.1:"),
        "a link of the sandbox: {said:?}"
    );
    let portal = crate::http::send("GET", said.stdout.trim(), &[], b"").unwrap();
    assert!(
        matches!(portal.status, 200 | 302 | 303),
        "and it leads in: {}",
        portal.status
    );
    assert!(!said.stderr.contains(world.served.api_key()), "the key is not said");
    let setup = world.run(&["profile", "setup"]).json();
    assert!(
        rows(&setup, "steps").iter().all(|step| text(step, "state") == "done"),
        "every step is done: {setup}"
    );
    let again = script(&world, &key, &merchants);
    assert_eq!(again.code, 0, "nothing is left to do, and a link is made: {again:?}");
    assert!(!again.stderr.contains("== "), "no step is done twice: {again:?}");
    assert_eq!(world.served.links().len(), 2, "one link a run");
}

#[test]
fn the_documented_script_stops_at_the_first_failure_and_goes_on_from_there() {
    let world = Strict::start();
    let wrong = world.place.file("api-key", "klarna_live_api_otherOTHER1234\n");
    let merchants = merchants(&world);
    let said = script(&world, &wrong, &merchants);
    assert_ne!(said.code, 0, "a key of the other environment is refused: {said:?}");
    assert_eq!(said.stdout, "", "and there is no link");
    assert!(said.stderr.contains("== api_key"), "the step is named: {said:?}");
    assert!(!said.stderr.contains("otherOTHER"), "the key is not said: {said:?}");
    fs::write(&wrong, world.served.api_key()).unwrap();
    let said = script(&world, &wrong, &merchants);
    assert_eq!(said.code, 0, "the right one goes on: {said:?}");
    assert!(!said.stderr.contains("== method"), "from where it stopped: {said:?}");
    assert_eq!(world.served.links().len(), 1, "to the first link");
}
