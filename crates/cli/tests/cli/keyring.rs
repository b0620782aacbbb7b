//! Without a keyring nothing is done and nothing is guessed; with the real one the same journey works (`GATEHOUSE_TEST_KEYRING=1`).

use std::process::{Command, Stdio};

use crate::world::{Answer, BAKERY, Place, Served, bare, rows, text};

/// Unlocks a new keyring and waits until it is on the bus: asked sooner, the bus would start a second, locked one.
const UNLOCK: &str = r#"printf %s PASSWORD | gnome-keyring-daemon --unlock --components=secrets >/dev/null
for try in $(seq 500); do
  dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true && break
  sleep 0.02
done
set -e
"$GATEHOUSE" profile create sandbox --sandbox --key-store keyring
"$GATEHOUSE" open SE-00417 --no-browser
"$GATEHOUSE" audit verify"#;

#[expect(
    clippy::disallowed_methods,
    reason = "the switch of this test group, set by the harness"
)]
fn switched_on() -> bool {
    std::env::var_os("GATEHOUSE_TEST_KEYRING").is_some_and(|value| value == "1")
}

#[test]
fn an_absent_keyring_is_named_and_nothing_falls_back() {
    let place = Place::new();
    let _served = Served::start(&place);
    place
        .run(&["profile", "create", "sandbox", "--sandbox"])
        .refused(4, "keyring_absent");
    place
        .run(&["profile", "create", "sandbox", "--sandbox", "--key-store", "keyring"])
        .refused(4, "keyring_absent");
    assert!(
        !place.data("keys.sealed").exists(),
        "no sealed file was made in its stead"
    );
    assert!(
        !place.data("audit.db").exists(),
        "nothing was recorded, because nothing was done"
    );
    let found = place.run(&["doctor"]);
    assert!(
        found.code == 3 && found.stdout.contains("key store"),
        "doctor names the part: {found:?}"
    );
}

/// Runs a shell script in a session of its own, with its own bus and its own empty keyring.
fn in_session(place: &Place, script: &str) -> Answer {
    let mut session = Command::new("dbus-run-session");
    session
        .args(["--", "sh", "-c", script])
        .stdin(Stdio::null())
        .env("HOME", place.beside("home"));
    session
        .env("GATEHOUSE", env!("CARGO_BIN_EXE_gatehouse"))
        .env("GATEHOUSE_DATA_DIR", place.data(""));
    for (name, folder) in [
        ("XDG_DATA_HOME", "share"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        std::fs::create_dir_all(place.beside(folder)).unwrap();
        session.env(name, place.beside(folder));
    }
    for gone in [
        "DBUS_SESSION_BUS_ADDRESS",
        "BROWSER",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "GNOME_KEYRING_CONTROL",
        "GATEHOUSE_PASSPHRASE_FILE",
    ] {
        session.env_remove(gone);
    }
    session.output().unwrap().into()
}

#[test]
fn the_real_keyring_serves_the_whole_journey() {
    if !switched_on() {
        return;
    }
    let place = Place::new();
    let served = Served::start(&place);
    let said = in_session(&place, UNLOCK);
    assert!(
        said.code == 0 && said.stdout.contains("intact"),
        "create, open and verify work on the keyring: {said:?}"
    );
    assert!(!place.data("keys.sealed").exists(), "no secret is in a file");
    assert_eq!(served.links().len(), 1, "the link was made");
    let outside = bare()
        .arg("--data-dir")
        .arg(place.data(""))
        .args(["--json", "open", BAKERY, "--no-browser"])
        .output()
        .unwrap();
    let refused = Answer::from(outside).refused(4, "keyring_absent");
    assert!(
        text(&refused, "hint").contains("keyring") || text(&refused, "hint").contains("Keyring"),
        "the cure is named: {refused}"
    );
}

#[test]
fn a_keyring_that_is_locked_is_named_by_the_doctor() {
    if !switched_on() {
        return;
    }
    let place = Place::new();
    let _served = Served::start(&place);
    let lock = "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
        org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null
        XDG_CURRENT_DESKTOP=GNOME \"$GATEHOUSE\" --json doctor >&2";
    let said = in_session(&place, &format!("{UNLOCK}\n{lock}"));
    let document = said.stderr.lines().find(|line| line.starts_with('{'));
    let document: serde_json::Value = serde_json::from_str(document.expect("the doctor speaks")).unwrap();
    let lines = rows(&document, "lines");
    let of = |part: &str| lines.iter().find(|line| text(line, "part") == part).unwrap();
    assert_eq!(text(of("key store"), "state"), "bad", "{document}");
    assert!(
        text(of("key store"), "hint").contains("Seahorse"),
        "the cure is GNOME's: {document}"
    );
    assert_eq!(
        text(of("TLS"), "state"),
        "ok",
        "the network is looked at all the same: {document}"
    );
}

/// Stops the keyring of the private session, by the id that its own bus tells, for as long as the doctor looks; it always goes on after.
const HANG: &str = r#"daemon=$(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets | tr -dc ' 0-9' | awk '{print $NF}')
grep -q gnome-keyring "/proc/$daemon/cmdline"
trap 'kill -CONT "$daemon"' EXIT
kill -STOP "$daemon"
echo "hung: $(cut -d' ' -f3 "/proc/$daemon/stat")"
XDG_CURRENT_DESKTOP=GNOME "$GATEHOUSE" --json doctor >&2 || echo "doctor: $?"
"$GATEHOUSE" open SE-00417 --no-browser 2>/dev/null || echo "open: $?"
kill -CONT "$daemon"
"$GATEHOUSE" open SE-00417 --no-browser
echo "and goes on""#;

#[test]
fn a_keyring_that_hangs_is_named_by_the_doctor_and_nothing_is_lost() {
    if !switched_on() {
        return;
    }
    let place = Place::new();
    let served = Served::start(&place);
    let said = in_session(&place, &format!("{UNLOCK}\n{HANG}"));
    assert_eq!(said.code, 0, "the session comes to its end: {said:?}");
    assert!(said.stdout.contains("hung: T"), "it was stopped for real: {said:?}");
    let document = said.stderr.lines().find(|line| line.starts_with('{'));
    let document: serde_json::Value = serde_json::from_str(document.expect("the doctor speaks")).unwrap();
    let lines = rows(&document, "lines");
    let of = |part: &str| lines.iter().find(|line| text(line, "part") == part).unwrap();
    assert_eq!(text(of("key store"), "state"), "bad", "{document}");
    assert!(
        text(of("key store"), "message").contains("has not answered") && text(of("key store"), "hint").len() > 10,
        "cause and cure: {document}"
    );
    assert_eq!(text(of("TLS"), "state"), "ok", "the network is looked at all the same");
    assert!(said.stdout.contains("doctor: 3"), "something is bad: {said:?}");
    assert!(
        said.stdout.contains("open: 4"),
        "an act is refused, not waited for without end: {said:?}"
    );
    assert!(
        said.stdout.contains("and goes on"),
        "and is done once the keyring answers: {said:?}"
    );
    assert_eq!(served.links().len(), 2, "the one that was refused made no link");
}

#[test]
fn the_app_lock_seals_what_lies_in_the_real_keyring() {
    if !switched_on() {
        return;
    }
    let place = Place::new();
    let _served = Served::start(&place);
    let lock = place.file("lock", "a lock of nine horses");
    // How many items of ours lie in the keyring with an API key that can be read.
    let script = format!(
        r#"{UNLOCK}
kept() {{ secret-tool search --all service gatehouse 2>/dev/null | grep '^secret = ' | cut -c10- | grep -c "$1" || true; }}
echo "clear before: $(kept '"api_key"')"
"$GATEHOUSE" lock set --new-passphrase-file '{lock}'
echo "clear while set: $(kept '"api_key"')"
"$GATEHOUSE" open SE-00417 --no-browser 2>&1 && exit 9 || echo "refused with $?"
"$GATEHOUSE" --lock-passphrase-file '{lock}' open SE-00417 --no-browser
"$GATEHOUSE" --lock-passphrase-file '{lock}' lock remove
echo "clear after: $(kept '"api_key"')"
"$GATEHOUSE" open SE-00417 --no-browser
"$GATEHOUSE" audit verify"#
    );
    let said = in_session(&place, &script);
    assert_eq!(said.code, 0, "set, used, removed: {said:?}");
    assert!(
        said.stdout.contains("refused with 3"),
        "locked, nothing is done: {said:?}"
    );
    for (when, count) in [("before", 1), ("after", 1)] {
        let line = format!("clear {when}: {count}");
        assert!(said.stdout.contains(&line), "without a lock it is as ever: {said:?}");
    }
    assert!(
        said.stdout.contains("clear while set: 0"),
        "the keyring holds no key in clear: {said:?}"
    );
    assert!(said.stdout.contains("intact"), "and the log is whole: {said:?}");
}
