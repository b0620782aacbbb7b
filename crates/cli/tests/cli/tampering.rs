//! A log that somebody changed with a foreign tool: the verdict, exit 7, and acts refused.

use std::fs;

use crate::world::{Answer, Place, World, number, text};

/// The exact file, without a write-ahead log beside it.
fn settle(place: &Place) {
    place.sqlite("audit.db", "PRAGMA wal_checkpoint(TRUNCATE)");
}

/// What the log consists of, to be put back after each case.
struct Saved(Vec<u8>, Vec<u8>);

impl Saved {
    fn take(place: &Place) -> Self {
        settle(place);
        Self(
            fs::read(place.data("audit.db")).unwrap(),
            fs::read(place.data("keys.sealed")).unwrap(),
        )
    }

    fn put_back(&self, place: &Place) {
        for end in [
            "audit.db-wal",
            "audit.db-shm",
            "audit-index.db",
            "audit-index.db-wal",
            "audit-index.db-shm",
        ] {
            let _ = fs::remove_file(place.data(end));
        }
        fs::write(place.data("audit.db"), &self.0).unwrap();
        fs::write(place.data("keys.sealed"), &self.1).unwrap();
    }
}

#[track_caller]
fn verdict(world: &World, wanted: &str, first_bad: Option<i64>) {
    let answer = world.run(&["audit", "verify"]);
    let report = answer.document();
    assert_eq!(
        (text(&report, "verdict"), answer.code),
        (wanted, 7),
        "the verdict and its exit code: {answer:?}"
    );
    assert!(text(&report, "reason").len() > 10, "in words: {report}");
    if let Some(seq) = first_bad {
        assert_eq!(
            number(&report, "first_bad_seq"),
            seq,
            "the first bad entry is named: {report}"
        );
    }
}

#[track_caller]
fn acts_are_refused(world: &World) {
    let links = world.served.links().len();
    world.open().refused(6, "log_alarm");
    assert_eq!(world.served.links().len(), links, "no link was made");
}

fn worked() -> (World, Saved) {
    let world = World::ready();
    world.open().json();
    let saved = Saved::take(&world.place);
    (world, saved)
}

/// The intent of the one open.
fn intent(world: &World) -> i64 {
    let found = "SELECT seq FROM event WHERE CAST(body AS TEXT) LIKE '%portal.open%' ORDER BY seq LIMIT 1";
    world.place.sqlite("audit.db", found).parse().unwrap()
}

const DROP: &str = "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; DROP TRIGGER checkpoint_no_delete; DROP TRIGGER node_no_delete;
    DROP TRIGGER event_private_no_delete;";

#[test]
fn triggers_refuse_a_change_by_accident() {
    let (world, _) = worked();
    for sql in [
        "UPDATE event SET body = body WHERE seq = 3",
        "DELETE FROM event WHERE seq = 3",
        "DELETE FROM checkpoint",
    ] {
        let output = std::process::Command::new("sqlite3")
            .arg(world.place.data("audit.db"))
            .arg(sql)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{sql} is refused");
    }
    assert_eq!(
        text(&world.run(&["audit", "verify"]).json(), "verdict"),
        "intact",
        "nothing happened"
    );
}

#[test]
fn a_changed_row_is_found_and_named() {
    let (world, saved) = worked();
    let seq = intent(&world);
    let changed = format!(
        "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'portal.open', 'portal.copy') AS BLOB) WHERE seq = {seq};"
    );
    world.place.sqlite("audit.db", &format!("{DROP}{changed}"));
    verdict(&world, "broken", Some(seq));
    acts_are_refused(&world);
    saved.put_back(&world.place);
    assert_eq!(
        text(&world.run(&["audit", "verify"]).json(), "verdict"),
        "intact",
        "the state before is sound"
    );
}

#[test]
fn a_deleted_row_is_found_and_named() {
    let (world, _) = worked();
    world
        .place
        .sqlite("audit.db", &format!("{DROP}DELETE FROM event WHERE seq = 5;"));
    verdict(&world, "broken", Some(5));
    acts_are_refused(&world);
}

#[test]
fn a_changed_private_row_is_found_and_named() {
    let (world, _) = worked();
    let seq = intent(&world);
    let changed = r#"UPDATE event_private SET json = CAST('{"sub":"x@y.example"}' AS BLOB)"#;
    let sql = format!("DROP TRIGGER event_private_no_update; {changed} WHERE seq = {seq};");
    world.place.sqlite("audit.db", &sql);
    verdict(&world, "broken", Some(seq));
}

#[test]
fn a_cut_tail_is_found() {
    let (world, _) = worked();
    let tail = "DELETE FROM event WHERE seq > 10; DELETE FROM event_private WHERE seq > 10;";
    world.place.sqlite("audit.db", &format!("{DROP}{tail}"));
    verdict(&world, "truncated", None);
    acts_are_refused(&world);
}

#[test]
fn an_older_whole_state_is_found() {
    let (world, saved) = worked();
    world.open().json();
    let sealed = fs::read(world.place.data("keys.sealed")).unwrap();
    saved.put_back(&world.place);
    fs::write(world.place.data("keys.sealed"), sealed).unwrap();
    verdict(&world, "rolled_back", None);
    acts_are_refused(&world);
}

#[test]
fn a_missing_file_is_found() {
    let (world, _) = worked();
    for end in ["audit.db", "audit.db-wal", "audit.db-shm"] {
        let _ = fs::remove_file(world.place.data(end));
    }
    verdict(&world, "truncated", None);
    acts_are_refused(&world);
    assert!(
        !world.place.data("audit.db").exists(),
        "no new log was begun in silence"
    );
}

#[test]
fn another_log_in_its_place_is_found() {
    let (world, _) = worked();
    let other = World::ready();
    settle(&other.place);
    let strange = fs::read(other.place.data("audit.db")).unwrap();
    settle(&world.place);
    fs::write(world.place.data("audit.db"), strange).unwrap();
    verdict(&world, "replaced", None);
    acts_are_refused(&world);
}

#[test]
fn dropped_triggers_alone_are_found() {
    let (world, _) = worked();
    world.place.sqlite("audit.db", DROP);
    verdict(&world, "broken", None);
}

#[test]
fn a_lost_key_store_is_an_alarm_until_a_person_anchors_anew() {
    let (world, _) = worked();
    fs::remove_file(world.place.data("keys.sealed")).unwrap();
    verdict(&world, "unanchored", None);
    let answer = world.open();
    assert!(answer.code == 3 || answer.code == 6, "acts are refused: {answer:?}");
    world
        .run(&["audit", "reanchor", "--reason", "the key store was lost"])
        .json();
    let report = world.run(&["audit", "verify"]).json();
    assert_eq!(text(&report, "verdict"), "intact", "a new epoch begins: {report}");
    let log = world.run(&["audit", "list", "--query", "log.reanchored"]).json();
    assert!(
        !log["entries"].as_array().unwrap().is_empty(),
        "which stands in the log"
    );
}

#[test]
fn a_moved_directory_is_noticed_and_anchored_anew_by_a_person() {
    let (world, _) = worked();
    let moved = world.place.beside("moved");
    let copied = std::process::Command::new("cp")
        .arg("-a")
        .arg(world.place.data(""))
        .arg(&moved)
        .status()
        .unwrap();
    assert!(copied.success(), "the directory was copied");
    let there = |words: &[&str]| Answer::from(world.place.command_in(&moved, words).output().unwrap());
    let answer = there(&["--json", "audit", "verify"]);
    assert_eq!(
        (text(&answer.document(), "verdict"), answer.code),
        ("unanchored", 7),
        "the copy has no anchor: {answer:?}"
    );
    let opened = there(&["--json", "open", crate::world::BAKERY, "--no-browser"]);
    assert!(
        opened.code == 3 || opened.code == 6,
        "acts are refused there: {opened:?}"
    );
    world.open().json();
}
