//! `gatehouse doctor` and `gatehouse network` from outside: states that need a whole program around them, and what is printed.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::Value;

use crate::bad_places::with_mounts;
use crate::world::{Place, World, number, rows, text};

/// The line of one part.
#[track_caller]
fn line(document: &Value, part: &str) -> Value {
    let found = rows(document, "lines")
        .into_iter()
        .find(|line| text(line, "part") == part);
    found.unwrap_or_else(|| panic!("the doctor looks at {part}: {document}"))
}

#[track_caller]
fn is_bad(document: &Value, part: &str, cause: &str, cure: &str) {
    let line = line(document, part);
    assert_eq!(text(&line, "state"), "bad", "{part}: {document}");
    assert!(text(&line, "message").contains(cause), "it names {cause:?}: {line}");
    assert!(text(&line, "hint").contains(cure), "it says {cure:?}: {line}");
}

#[test]
fn a_log_that_is_broken_by_one_byte_is_named() {
    let world = World::ready();
    world.open().json();
    world.place.sqlite("audit.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    let path = world.place.data("audit.db");
    let mut bytes = fs::read(&path).unwrap();
    let word = b"\"portal.open\"";
    let at = bytes
        .windows(word.len())
        .position(|part| part == word)
        .expect("the entry is in the file");
    bytes[at + 1] ^= 1;
    fs::write(&path, bytes).unwrap();
    let answer = world.run(&["doctor"]);
    assert_eq!(answer.code, 3, "something is bad: {answer:?}");
    is_bad(
        &answer.document(),
        "audit log",
        "not as it was left",
        "gatehouse audit verify",
    );
}

#[test]
fn a_read_only_directory_is_named_by_the_doctor() {
    let world = World::ready();
    let script = "mount --bind \"$D\" \"$D\" && mount -o remount,ro,bind \"$D\" || exit 99
        \"$GATEHOUSE\" --json doctor";
    let Some(said) = with_mounts(&world.place, script) else {
        return;
    };
    assert_eq!(
        said.code, 3,
        "the doctor speaks although nothing can be opened: {said:?}"
    );
    is_bad(&said.document(), "data directory", "cannot be written", "--data-dir");
}

#[test]
fn a_file_in_the_place_of_the_directory_is_named_by_the_doctor() {
    let place = Place::new();
    fs::write(place.beside("data"), "a file").unwrap();
    let mut command = crate::world::bare();
    command
        .arg("--data-dir")
        .arg(place.beside("data"))
        .args(["--json", "doctor"]);
    let answer: crate::world::Answer = command.output().unwrap().into();
    assert_eq!(answer.code, 3, "{answer:?}");
    is_bad(&answer.document(), "data directory", "is a file", "--data-dir");
}

#[test]
fn a_database_of_a_newer_version_is_named_by_the_doctor() {
    let world = World::ready();
    world.place.sqlite("gatehouse.db", "PRAGMA user_version = 9000");
    let answer = world.run(&["doctor"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    is_bad(&answer.document(), "database", "newer Gatehouse", "Update");
}

#[test]
fn a_keyring_that_is_absent_is_named_with_the_cure_of_this_desktop() {
    let place = Place::new();
    for (desktop, cure) in [
        ("", "--key-store file"),
        ("KDE", "KDE wallet"),
        ("ubuntu:GNOME", "gnome-keyring"),
    ] {
        let mut command = place.command(&["--json", "doctor"]);
        command
            .env("XDG_CURRENT_DESKTOP", desktop)
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        let answer: crate::world::Answer = command.stdin(Stdio::null()).output().unwrap().into();
        assert_eq!(answer.code, 3, "{answer:?}");
        is_bad(&answer.document(), "key store", "no keyring that answers", cure);
    }
}

#[test]
fn a_pac_file_that_gnome_names_is_shown() {
    let place = Place::new();
    let folder = place.beside("bin");
    fs::create_dir_all(&folder).unwrap();
    let script = "#!/bin/sh\ncase \"$3\" in mode) echo \"'auto'\";; autoconfig-url) echo \"'http://wpad.example/p.pac'\";; esac\n";
    fs::write(folder.join("gsettings"), script).unwrap();
    fs::set_permissions(folder.join("gsettings"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let mut command = place.command(&["--json", "network", "show"]);
    command.env("PATH", path).env("XDG_CURRENT_DESKTOP", "GNOME");
    let answer: crate::world::Answer = command.stdin(Stdio::null()).output().unwrap().into();
    let shown = answer.json();
    assert_eq!(
        text(&shown, "system"),
        "only a PAC file (http://wpad.example/p.pac)",
        "{shown}"
    );
}

#[test]
fn the_network_is_set_shown_and_recorded() {
    let world = World::ready();
    let shown = world.run(&["network", "show"]).json();
    assert_eq!(text(&shown, "proxy"), "system", "the default: {shown}");
    let words = [
        "network",
        "proxy",
        "proxy.example:3128",
        "--no-proxy",
        ".corp, 10.0.0.0/8",
        "--user",
        "anna",
        "--password-stdin",
    ];
    let set = world.place.run_with(&words, b"canary-password\n").json();
    assert_eq!(
        (
            text(&set, "proxy"),
            text(&set, "address"),
            text(&set, "no_proxy"),
            set["sign_in"].as_bool()
        ),
        ("manual", "http://proxy.example:3128", ".corp,10.0.0.0/8", Some(true)),
        "{set}"
    );
    assert!(!set.to_string().contains("canary"), "the password is not shown: {set}");
    world
        .run(&["network", "proxy", "http://u:p@proxy.example"])
        .refused(3, "input_invalid");
    world
        .run(&["network", "proxy", "direct", "--no-proxy", "a"])
        .refused(3, "input_invalid");
    let ca = text(&world.served.address, "ca_pem").to_owned();
    let ca = if ca.is_empty() {
        fs::read_to_string(world.place.data("sandbox.json")).map(ca_of).unwrap()
    } else {
        ca
    };
    let file = world.place.file("corp.pem", ca);
    let added = world.run(&["network", "ca", "add", &file]).json();
    let authority = rows(&added, "authorities").remove(0);
    for member in ["subject", "issuer", "sha256", "not_before", "not_after"] {
        assert!(!text(&authority, member).is_empty(), "{member} is shown: {authority}");
    }
    let gone = world
        .run(&["network", "ca", "remove", text(&authority, "sha256")])
        .json();
    assert_eq!(rows(&gone, "authorities").len(), 0, "it is removed: {gone}");
    world
        .run(&["network", "ca", "remove", "0123456789"])
        .refused(3, "input_invalid");
    assert_eq!(
        text(&world.run(&["network", "proxy", "direct"]).json(), "proxy"),
        "direct",
        "set again"
    );
    let entries = rows(&world.run(&["audit", "list", "--limit", "10"]).json(), "entries");
    let changes = entries
        .iter()
        .filter(|entry| text(entry, "kind") == "network.change")
        .count();
    assert_eq!(changes, 4, "each change is a note: {entries:?}");
    world.open().json();
}

fn ca_of(document: String) -> String {
    let value: Value = serde_json::from_str(&document).unwrap();
    text(&value, "ca_pem").to_owned()
}

#[test]
fn a_bundle_is_shown_before_it_is_saved_and_written_only_on_a_persons_word() {
    let world = World::ready();
    world.browser("true");
    let file = world.place.beside("bundle.json");
    let name = file.to_str().unwrap();
    let shown = world.place.say(&["doctor", "--bundle", name]);
    assert!(shown.stdout.contains("\"bundle\": 1"), "it is shown: {shown:?}");
    assert!(
        shown.stderr.contains("--yes"),
        "nobody said yes, and the way is told: {shown:?}"
    );
    assert!(!file.exists(), "nothing was written");
    let document = world.run(&["doctor", "--bundle", name]).json();
    assert_eq!(
        (document["written"].as_bool(), file.exists()),
        (Some(false), false),
        "a script sees it first, too"
    );
    let document = world.run(&["doctor", "--bundle", name, "--yes"]).json();
    let mut written = String::new();
    fs::File::open(&file).unwrap().read_to_string(&mut written).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(
        written["doctor"].as_array(),
        document["bundle"]["doctor"].as_array(),
        "what was shown is what is saved"
    );
    assert!(
        number(&written, "bundle") == 1 && !written.to_string().contains('@'),
        "no e-mail: {written}"
    );
    world
        .run(&["doctor", "--bundle", name, "--yes"])
        .refused(3, "input_invalid");
}

#[test]
fn the_doctor_starts_no_sandbox() {
    let world = World::ready();
    drop(world.served);
    let before = fs::read(world.place.data("sandbox.json")).ok();
    let answer = world.place.run(&["doctor"]);
    let document = answer.document();
    assert_eq!(
        text(&line(&document, "DNS"), "state"),
        "skipped",
        "the reason is told: {document}"
    );
    assert!(
        text(&line(&document, "DNS"), "message").contains("not running"),
        "{document}"
    );
    assert_eq!(
        fs::read(world.place.data("sandbox.json")).ok(),
        before,
        "none was started"
    );
}

#[test]
fn a_call_through_a_proxy_that_is_closed_says_so() {
    let world = World::ready();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    world
        .run(&["network", "proxy", &format!("http://127.0.0.1:{port}")])
        .json();
    let away = "UPDATE profile SET endpoint = 'https://api.klarna.invalid', ca_pem = NULL";
    world.place.sqlite("gatehouse.db", away);
    let answer = world.run(&["doctor"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    is_bad(&answer.document(), "proxy", "accepts no connection", "nothing was sent");
    let refused = world.open().refused(4, "network_proxy");
    assert!(
        text(&refused, "message").contains("accepts no connection"),
        "an act says the same: {refused}"
    );
}
