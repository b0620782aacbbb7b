//! The app lock on the command line: set, used, changed, removed, forgotten.

use crate::world::{Answer, BAKERY, World, members, text};

const LOCK: &str = "a lock of nine horses";

struct Locked {
    world: World,
    file: String,
}

fn locked() -> Locked {
    let world = World::ready();
    let file = world.place.file("lock", LOCK);
    let status = world.run(&["lock", "set", "--new-passphrase-file", &file]).json();
    assert_eq!(
        members(&status),
        ["absolute_s", "idle_s", "set", "wait_s"],
        "the documented shape"
    );
    Locked { world, file }
}

impl Locked {
    fn with(&self, args: &[&str]) -> Answer {
        self.world
            .run(&[&["--lock-passphrase-file", &self.file], args].concat())
    }
}

#[test]
fn a_command_that_needs_keys_needs_the_passphrase_and_one_that_reads_does_not() {
    let locked = locked();
    let open = ["open", BAKERY, "--no-browser"];
    let error = locked.world.run(&open).refused(3, "app_locked");
    assert!(
        text(&error, "hint").contains("--lock-passphrase-file"),
        "the way on is named: {error}"
    );
    locked.world.run(&["merchants", "list"]).json();
    locked.world.run(&["audit", "list"]).json();
    locked.with(&open).json();
    locked.with(&["open", BAKERY, "--print-url"]).json();
    locked.with(&["sessions", "revoke", "--all"]).json();
    locked.with(&["key", "rotate", "--usage", "mtls"]).json();
    for asks_klarna in [
        &["credential", "list"][..],
        &["credential", "create-api-key", "--description", "laptop 7"],
        &["credential", "report", "--yes"],
    ] {
        locked.world.run(asks_klarna).refused(3, "app_locked");
        locked.with(asks_klarna).json();
    }
    let wrong = locked.world.place.file("wrong", "a lock of ten horses");
    locked
        .world
        .run(&["--lock-passphrase-file", &wrong, "open", BAKERY, "--no-browser"])
        .refused(3, "passphrase_wrong");
    let found = locked.world.run(&["audit", "list", "--query", "app.unlock"]).json();
    assert!(
        found.to_string().contains("refused"),
        "the wrong one stands in the log: {found}"
    );
}

#[test]
fn it_is_changed_by_stdin_and_removed() {
    let locked = locked();
    let change = [
        "--lock-passphrase-file",
        &locked.file,
        "lock",
        "change",
        "--stdin",
        "--idle",
        "5",
    ];
    let status = locked.world.place.run_with(&change, b"another lock of horses\n").json();
    assert_eq!(
        status.get("idle_s").and_then(serde_json::Value::as_u64),
        Some(300),
        "the limit went along: {status}"
    );
    locked.with(&["lock", "remove"]).refused(3, "passphrase_wrong");
    let next = locked.world.place.file("next", "another lock of horses");
    locked
        .world
        .run(&["--lock-passphrase-file", &next, "lock", "remove"])
        .json();
    locked.world.open().json();
    let short = locked.world.place.file("short", "short");
    locked
        .world
        .run(&["lock", "set", "--new-passphrase-file", &short])
        .refused(3, "input_invalid");
}

#[test]
fn without_a_terminal_and_a_file_it_says_how_to_give_the_passphrase() {
    let locked = locked();
    let error = locked.world.run(&["lock", "remove"]);
    // With a terminal it would be asked for there; a test has none, or one that nobody sits at.
    if error.code == 3 {
        assert!(error.stderr.contains("--lock-passphrase-file"), "{error:?}");
    }
}

#[test]
fn a_forgotten_passphrase_is_named_as_a_loss() {
    let locked = locked();
    let usage = locked.world.run(&["lock", "reset"]);
    assert_eq!(usage.code, 2, "the consequence has to be written out: {usage:?}");
    locked.world.run(&["lock", "reset", "--i-need-new-keys"]).json();
    locked.world.open().refused(3, "keyring_item_missing");
    locked.world.run(&["key", "lost"]).json();
}

#[test]
fn the_doctor_says_that_a_lock_is_set() {
    let locked = locked();
    let document = locked.world.run(&["doctor"]).document();
    let lines = crate::world::rows(&document, "lines");
    let line = lines.iter().find(|line| text(line, "part") == "app lock");
    let line = line.unwrap_or_else(|| panic!("there is a line of its own: {document}"));
    assert_eq!(text(line, "state"), "ok", "{line}");
}
