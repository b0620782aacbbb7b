//! The log's tables and triggers: what they refuse, and that a change of them is found.

use gatehouse_audit::{LogError, Verdict};

use crate::stage::eight;

#[test]
fn every_change_of_the_schema_is_found() {
    for (what, sql) in [
        ("a dropped trigger", "DROP TRIGGER event_no_update"),
        (
            "a trigger that does nothing",
            "DROP TRIGGER event_no_update; CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT 1; END",
        ),
        ("an extra table", "CREATE TABLE extra (a)"),
        ("an extra view", "CREATE VIEW v AS SELECT * FROM event"),
        ("an extra index", "CREATE INDEX i ON event (leaf)"),
        (
            "an extra trigger",
            "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event_private; END",
        ),
        ("another application id", "PRAGMA application_id = 1"),
        ("an older schema version", "PRAGMA user_version = 0"),
        (
            "a view in a table's place",
            "ALTER TABLE event RENAME TO hidden; CREATE VIEW event AS SELECT * FROM hidden",
        ),
    ] {
        let stage = eight();
        stage.raw().execute_batch(sql).unwrap();
        let report = stage.verify();
        assert_eq!(report.verdict, Verdict::Broken, "{what}: {}", report.reason);
        assert!(
            matches!(stage.open(), Err(LogError::Alarm(_))),
            "{what}: the log must not be opened for writing"
        );
    }
}

#[test]
fn the_triggers_refuse_every_change_by_accident() {
    let stage = eight();
    let raw = stage.raw();
    for sql in [
        "UPDATE event SET body = leaf",
        "DELETE FROM event WHERE seq = 8",
        "REPLACE INTO event SELECT * FROM event WHERE seq = 8",
        "INSERT INTO event SELECT 10, leaf, body FROM event WHERE seq = 8",
        "UPDATE event_private SET salt = zeroblob(32)",
        "DELETE FROM event_private",
        "REPLACE INTO event_private SELECT * FROM event_private",
        "UPDATE node SET h = zeroblob(32)",
        "DELETE FROM node",
        "REPLACE INTO node SELECT * FROM node",
        "UPDATE checkpoint SET note = ''",
        "DELETE FROM checkpoint",
        "REPLACE INTO checkpoint SELECT * FROM checkpoint",
        "UPDATE meta SET first_seq = 2",
        "DELETE FROM meta",
        "REPLACE INTO meta SELECT * FROM meta",
    ] {
        assert!(raw.execute_batch(sql).is_err(), "{sql} must be refused");
    }
    assert_eq!(stage.verify().verdict, Verdict::Intact, "and nothing was changed");
}
