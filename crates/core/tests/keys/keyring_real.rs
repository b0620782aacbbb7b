//! A real gnome-keyring, in private D-Bus sessions: what each state of it answers (machine.md section 5, "Secrets").
//!
//! Runs only when the harness sets `GATEHOUSE_TEST_KEYRING=1`. Each test starts a session of its own with its own folders, so it neither
//! sees nor touches anybody's keyring, and runs one of the ignored tests below inside it.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use dbus_secret_service::{EncryptionType, SecretService};
use gatehouse_core::key_store::{ItemName, KeyStore, KeyStoreError, KeyStoreState, Keyring, SecretBytes};

use crate::fixtures::{key, secret};

const SWITCH: &str = "GATEHOUSE_TEST_KEYRING";
const INSIDE: &str = "GATEHOUSE_TEST_KEYRING_SESSION";

/// Unlocks a new keyring and waits until it is on the bus: asked sooner, the bus would start a second, locked one.
const UNLOCK: &str = r#"printf %s PASSWORD | gnome-keyring-daemon --unlock --components=secrets >/dev/null
for try in $(seq 500); do
  dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true && break
  sleep 0.02
done
exec "$@""#;

#[expect(
    clippy::disallowed_methods,
    reason = "the switch of this test group, set by the harness"
)]
fn switched_on(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| value == "1")
}

/// How the session around a scenario is made up.
#[derive(Clone, Copy, PartialEq)]
enum Session {
    /// gnome-keyring, unlocked, with its login collection.
    Unlocked,
    /// gnome-keyring with no collection at all.
    Fresh,
    /// A bus that knows no service.
    BusAlone,
    /// No bus.
    Nothing,
    /// Unlocked at first, and with a screen for its dialog.
    WithScreen,
}

/// Runs one ignored test of this file inside a private session.
fn run(scenario: &str, session: Session) {
    if !switched_on(SWITCH) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut words: Vec<String> = Vec::new();
    if session == Session::WithScreen {
        words.extend(["xvfb-run", "-a", "-s", "-screen 0 1280x800x24 -nolisten tcp"].map(str::to_owned));
    }
    match session {
        Session::Unlocked | Session::WithScreen => {
            words.extend(["dbus-run-session", "--", "sh", "-c", UNLOCK, "sh"].map(str::to_owned));
        }
        Session::Fresh => words.extend(["dbus-run-session", "--"].map(str::to_owned)),
        Session::BusAlone => {
            let config = folder.path().join("bus.conf");
            fs::write(&config, BUS_WITHOUT_SERVICES).unwrap();
            words.extend(["dbus-run-session", "--config-file", config.to_str().unwrap(), "--"].map(str::to_owned));
        }
        Session::Nothing => {}
    }
    words.push(std::env::current_exe().unwrap().to_str().unwrap().to_owned());
    words.extend(
        [
            "--exact",
            &format!("keyring_real::{scenario}"),
            "--ignored",
            "--nocapture",
        ]
        .map(str::to_owned),
    );
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).env(INSIDE, "1").stdin(Stdio::null());
    for gone in [
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "GNOME_KEYRING_CONTROL",
    ] {
        command.env_remove(gone);
    }
    for (name, part) in [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        let path = folder.path().join(part);
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        command.env(name, path);
    }
    let output = command
        .output()
        .expect("dbus-run-session, gnome-keyring and xvfb-run are installed where this group is switched on");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{scenario} in its session:\n{said}");
    assert!(said.contains("1 passed"), "{scenario} was run:\n{said}");
}

const BUS_WITHOUT_SERVICES: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"#;

macro_rules! scenarios {
    ($($outer:ident runs $inner:ident in $session:ident;)+) => {
        $(#[test]
        fn $outer() {
            run(stringify!($inner), Session::$session);
        })+
    };
}

scenarios! {
    a_real_keyring_keeps_replaces_and_removes runs inside_round_trip in Unlocked;
    an_item_carries_our_label_and_no_clear_text runs inside_label in Unlocked;
    a_missing_collection_is_told_from_a_missing_item runs inside_no_collection in Fresh;
    a_locked_keyring_without_a_screen_is_locked runs inside_locked in Unlocked;
    a_bus_without_a_service_is_absent runs inside_absent in BusAlone;
    no_bus_at_all_is_absent runs inside_absent in Nothing;
    a_service_that_comes_later_is_found runs inside_service_comes_later in BusAlone;
    a_killed_daemon_is_no_dead_end runs inside_killed_daemon in Unlocked;
    an_unanswered_dialog_is_slow_and_its_answer_is_seen runs inside_dialog_answered in WithScreen;
    a_dialog_that_is_closed_is_a_denial runs inside_dialog_closed in WithScreen;
}

fn item() -> ItemName {
    ItemName::new("test/item", "test item").unwrap()
}

/// The keyring of the private session; never that of whoever runs these tests by hand.
fn keyring() -> Keyring {
    assert!(switched_on(INSIDE), "this test runs inside a private session only");
    Keyring::system()
}

fn lock_the_collection() {
    let service = SecretService::connect(EncryptionType::Plain).unwrap();
    service.get_default_collection().unwrap().lock().unwrap();
}

fn type_on_the_screen(keys: &[&str]) {
    let deadline = Instant::now() + Duration::from_secs(15);
    loop {
        let found = Command::new("xdotool")
            .args(["search", "--onlyvisible", "--class", "gcr-prompter"])
            .output()
            .unwrap();
        if !found.stdout.is_empty() {
            break;
        }
        assert!(Instant::now() < deadline, "the unlock dialog appears");
        thread::sleep(Duration::from_millis(100));
    }
    thread::sleep(Duration::from_millis(1200));
    for key in keys {
        let typed = if key.len() > 6 && key.chars().all(char::is_uppercase) {
            vec!["type", key]
        } else {
            vec!["key", key]
        };
        assert!(
            Command::new("xdotool").args(typed).status().unwrap().success(),
            "xdotool types {key}"
        );
    }
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_round_trip() {
    let keyring = keyring();
    assert!(keyring.get(&item()).unwrap().is_none(), "nothing is there at first");
    let binary = key().to_pkcs8_der();
    keyring.set(&item(), &secret("text")).unwrap();
    keyring.set(&item(), &binary).unwrap();
    assert_eq!(
        keyring.get(&item()).unwrap().unwrap().expose(),
        binary.expose(),
        "any bytes come back"
    );
    assert_eq!(
        Keyring::system().get(&item()).unwrap().unwrap().expose(),
        binary.expose(),
        "over another connection, too"
    );
    let full = SecretBytes::new((0..2000_u32).map(|n| n.to_le_bytes()[0]).collect());
    keyring.set(&item(), &full).unwrap();
    assert_eq!(
        keyring.get(&item()).unwrap().unwrap().expose(),
        full.expose(),
        "of the full size"
    );
    keyring.set(&item(), &secret("")).unwrap();
    assert_eq!(keyring.get(&item()).unwrap().unwrap().expose(), b"", "and of none");
    assert!(keyring.remove(&item()).unwrap(), "there was one");
    assert!(!keyring.remove(&item()).unwrap(), "and now there is none");
    assert_eq!(keyring.state(), KeyStoreState::Ready, "all went well");
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_label() {
    keyring().set(&item(), &secret("canary-in-clear")).unwrap();
    let service = SecretService::connect(EncryptionType::Plain).unwrap();
    let found = service
        .search_items([("service", "gatehouse"), ("username", "test/item")].into())
        .unwrap();
    assert_eq!(found.unlocked.len(), 1, "one item, found by service and account");
    assert_eq!(
        found.unlocked[0].get_label().unwrap(),
        "Gatehouse: test item",
        "its owner can read what it is"
    );
    let looked_up = Command::new("secret-tool")
        .args(["lookup", "service", "gatehouse", "username", "test/item"])
        .output();
    if let Ok(output) = looked_up {
        assert_eq!(
            output.stdout, b"canary-in-clear",
            "another program finds it, with the owner's consent"
        );
    }
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_no_collection() {
    let keyring = keyring();
    assert!(
        matches!(keyring.get(&item()), Err(KeyStoreError::NoCollection)),
        "not “no such item”: {:?}",
        keyring.get(&item())
    );
    assert!(
        matches!(keyring.set(&item(), &secret("x")), Err(KeyStoreError::NoCollection)),
        "nor can anything be stored"
    );
    assert!(
        matches!(keyring.remove(&item()), Err(KeyStoreError::NoCollection)),
        "or removed"
    );
    assert_eq!(keyring.state().as_str(), "no_collection", "which the state says");
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_locked() {
    let keyring = keyring();
    keyring.set(&item(), &secret("one")).unwrap();
    lock_the_collection();
    let missing = ItemName::new("test/missing", "missing").unwrap();
    for refused in [
        keyring.get(&item()).err(),
        keyring.set(&item(), &secret("two")).err(),
        keyring.get(&missing).err(),
    ] {
        assert!(
            matches!(refused, Some(KeyStoreError::Locked)),
            "locked, with no screen to ask on: {refused:?}"
        );
    }
    assert_eq!(keyring.state().as_str(), "locked", "which the state says");
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_absent() {
    let keyring = keyring();
    let refused = keyring.get(&item()).unwrap_err();
    assert!(
        matches!(refused, KeyStoreError::Absent),
        "nobody offers a keyring here: {refused:?}"
    );
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_service_comes_later() {
    let keyring = keyring();
    assert!(
        matches!(keyring.get(&item()), Err(KeyStoreError::Absent)),
        "not there yet"
    );
    let script = "printf %s PASSWORD | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
    assert!(
        Command::new("sh").args(["-c", script]).status().unwrap().success(),
        "now it starts"
    );
    let deadline = Instant::now() + Duration::from_secs(10);
    while let Err(refused) = keyring.set(&item(), &secret("one")) {
        assert!(
            Instant::now() < deadline,
            "the same handle finds the service: {refused:?}"
        );
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(keyring.get(&item()).unwrap().unwrap().expose(), b"one", "and works");
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_killed_daemon() {
    let keyring = keyring();
    keyring.set(&item(), &secret("one")).unwrap();
    let answer = Command::new("dbus-send")
        .args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"])
        .args([
            "org.freedesktop.DBus.GetConnectionUnixProcessID",
            "string:org.freedesktop.secrets",
        ])
        .output()
        .unwrap();
    let digits = String::from_utf8(answer.stdout)
        .unwrap()
        .replace("uint32", "")
        .trim()
        .to_owned();
    assert!(
        Command::new("kill")
            .args(["-KILL", &digits])
            .status()
            .unwrap()
            .success(),
        "the daemon of this session is killed"
    );
    let refused = keyring.get(&item()).unwrap_err();
    let named = matches!(
        refused,
        KeyStoreError::Locked | KeyStoreError::NoCollection | KeyStoreError::Crashed(_) | KeyStoreError::Absent
    );
    assert!(named, "the bus starts another one, which is locked: {refused:?}");
    let script = "printf %s PASSWORD | gnome-keyring-daemon --replace --unlock --components=secrets >/dev/null";
    assert!(
        Command::new("sh").args(["-c", script]).status().unwrap().success(),
        "the person logs in again"
    );
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        match keyring.get(&item()) {
            Ok(found) => {
                break assert_eq!(found.unwrap().expose(), b"one", "the same handle has the item again");
            }
            Err(refused) => assert!(Instant::now() < deadline, "the same handle works again: {refused:?}"),
        }
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_dialog_answered() {
    let keyring = keyring();
    keyring.set(&item(), &secret("one")).unwrap();
    lock_the_collection();
    let brief = keyring.with_patience(Duration::from_millis(800));
    assert!(
        matches!(brief.get(&item()), Err(KeyStoreError::Slow)),
        "the dialog is open"
    );
    assert_eq!(keyring.state(), KeyStoreState::Waiting, "waiting for a person");
    type_on_the_screen(&["PASSWORD", "Return"]);
    let patient = keyring.with_patience(Duration::from_secs(20));
    assert_eq!(
        patient.get(&item()).unwrap().unwrap().expose(),
        b"one",
        "the person typed the password"
    );
    assert_eq!(keyring.state(), KeyStoreState::Ready, "and all is well");
}

#[test]
#[ignore = "runs inside a private session"]
fn inside_dialog_closed() {
    let keyring = keyring();
    keyring.set(&item(), &secret("one")).unwrap();
    lock_the_collection();
    let patient = keyring.with_patience(Duration::from_secs(20));
    let caller = thread::spawn(move || patient.get(&item()).map(drop));
    type_on_the_screen(&["Escape"]);
    let refused = caller.join().unwrap().unwrap_err();
    assert!(
        matches!(refused, KeyStoreError::Denied),
        "the person said no: {refused:?}"
    );
}
