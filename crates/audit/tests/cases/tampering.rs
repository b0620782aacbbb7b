//! Tampering, each kind by itself: what is found, and at which entry.

use gatehouse_audit::{Defect, Draft, LogError, Phase, Verdict};
use rusqlite::params;
use serde_json::json;

use crate::stage::{Stage, act, at, forge, intent, note, object, outcome};

/// A log of eight entries in six commits: 1 | 2 | 3 | 4 5 6 | 7 | 8. Entries 2, 4 and 6 have side rows.
pub fn eight() -> Stage {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&[intent(1)], at(10)).unwrap();
    log.append(&[outcome(1, "succeeded")], at(20)).unwrap();
    log.append(&[intent(2), outcome(2, "refused"), intent(3)], at(30))
        .unwrap();
    log.append(&[outcome(3, "unknown")], at(40)).unwrap();
    log.append(&[note(4)], at(50)).unwrap();
    stage
}

#[track_caller]
fn broken_at(stage: &Stage, seq: Option<u64>, what: &str) {
    let report = stage.verify();
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (Verdict::Broken, seq),
        "{what}: {}",
        report.reason
    );
}

/// Flips one bit in one cell and verifies; then puts the cell back.
fn flip_each(table: &str, column: &str, row: &str, mut expect: impl FnMut(gatehouse_audit::Report, usize)) {
    let stage = eight();
    let (raw, reader) = (stage.raw(), stage.reader());
    let (anchor, key) = (stage.anchors.get(), stage.key());
    raw.execute_batch("PRAGMA synchronous = OFF").unwrap();
    let cell = format!("SELECT CAST({column} AS BLOB) FROM {table} WHERE {row}");
    let bytes: Vec<u8> = raw.query_row(&cell, [], |row| row.get(0)).unwrap();
    let text = column == "note" || column == "log_id";
    let cast = if text { "CAST(?1 AS TEXT)" } else { "?1" };
    let write = format!("UPDATE {table} SET {column} = {cast} WHERE {row}");
    forge(&raw, "");
    raw.execute_batch(&format!("DROP TRIGGER {table}_no_update")).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        raw.execute(&write, params![changed]).unwrap();
        expect(reader.verify(anchor.as_ref(), Some(key)).unwrap(), place);
    }
}

#[test]
fn every_byte_of_an_entry_counts() {
    flip_each("event", "body", "seq = 5", |report, place| {
        assert_eq!(
            (report.verdict, report.first_bad_seq),
            (Verdict::Broken, Some(5)),
            "byte {place}: {}",
            report.reason
        );
    });
}

#[test]
fn every_byte_of_a_leaf_hash_counts() {
    flip_each("event", "leaf", "seq = 8", |report, place| {
        assert_eq!(
            (report.verdict, report.first_bad_seq),
            (Verdict::Broken, Some(8)),
            "byte {place}: {}",
            report.reason
        );
    });
}

#[test]
fn every_byte_of_a_subtree_counts() {
    flip_each("node", "h", "level = 1 AND idx = 1", |report, place| {
        assert_eq!(
            (report.verdict, report.first_bad_seq),
            (Verdict::Broken, Some(4)),
            "byte {place}: {}",
            report.reason
        );
        assert_eq!(
            report.findings[0].defect,
            Defect::Node,
            "the entries are vouched for, so it is the subtree"
        );
    });
}

#[test]
fn every_byte_of_a_checkpoint_counts() {
    for size in [3, 8] {
        flip_each("checkpoint", "note", &format!("size = {size}"), |report, place| {
            assert_eq!(
                (report.verdict, report.first_bad_seq),
                (Verdict::Broken, Some(size)),
                "byte {place}: {}",
                report.reason
            );
        });
    }
}

#[test]
fn every_byte_of_a_side_row_counts() {
    for column in ["salt", "json"] {
        flip_each("event_private", column, "seq = 4", |report, place| {
            assert_eq!(
                (report.verdict, report.first_bad_seq),
                (Verdict::Broken, Some(4)),
                "byte {place} of {column}: {}",
                report.reason
            );
        });
    }
}

#[test]
fn every_byte_of_the_tables_id_and_key_counts() {
    for column in ["log_id", "checkpoint_key"] {
        flip_each("meta", column, "epoch = 1", |report, place| {
            assert_eq!(
                report.verdict,
                Verdict::Broken,
                "byte {place} of {column}: {}",
                report.reason
            );
        });
    }
}

#[test]
fn a_deleted_row_is_a_gap_at_its_place() {
    for seq in [1, 2, 5, 7] {
        let stage = eight();
        stage.forge(&format!("DELETE FROM event WHERE seq = {seq}"));
        broken_at(&stage, Some(seq), "a deleted entry");
    }
}

#[test]
fn a_deleted_last_row_is_a_cut() {
    let stage = eight();
    stage.forge("DELETE FROM event WHERE seq = 8");
    let report = stage.verify();
    assert_eq!(
        (report.verdict, report.first_bad_seq),
        (Verdict::Truncated, Some(8)),
        "{}",
        report.reason
    );
}

#[test]
fn deleting_and_closing_the_gap_is_found_at_its_place() {
    let stage = eight();
    stage.forge("DELETE FROM event WHERE seq = 3; UPDATE event SET seq = seq + 100 WHERE seq > 3; UPDATE event SET seq = seq - 101 WHERE seq > 100");
    broken_at(&stage, Some(3), "renumbered rows");
}

#[test]
fn swapped_rows_are_found_at_the_first() {
    let stage = eight();
    stage.forge("UPDATE event SET seq = 99 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 6; UPDATE event SET seq = 6 WHERE seq = 99");
    broken_at(&stage, Some(5), "swapped entries");
}

#[test]
fn a_duplicated_row_is_found_at_its_place() {
    let stage = eight();
    stage.forge("INSERT INTO event SELECT 9, leaf, body FROM event WHERE seq = 8");
    broken_at(&stage, Some(9), "a copied entry");
}

#[test]
fn rows_before_the_first_are_found() {
    let stage = eight();
    stage
        .forge("PRAGMA ignore_check_constraints = 1; INSERT INTO event SELECT -1, leaf, body FROM event WHERE seq = 8");
    broken_at(&stage, Some(1), "an entry before the first");
}

#[test]
fn an_entry_rewritten_with_its_hash_is_found_by_whoever_vouches() {
    // Single commit: its own checkpoint. Inside a group: the next entry's `prev`, then the group's checkpoint.
    for seq in [3, 4, 5] {
        let stage = eight();
        let bytes = stage.reader().entry(seq).unwrap().unwrap().bytes;
        let forged = String::from_utf8(bytes)
            .unwrap()
            .replace("sandbox", "sendbox")
            .into_bytes();
        let leaf = gatehouse_audit::tree::leaf_hash(&forged);
        stage.forge("");
        let raw = stage.raw();
        raw.execute_batch("DROP TRIGGER event_no_update").unwrap();
        raw.execute(
            "UPDATE event SET body = ?1, leaf = ?2 WHERE seq = ?3",
            params![forged, leaf, i64::try_from(seq).unwrap()],
        )
        .unwrap();
        let report = stage.verify();
        assert_eq!(
            (report.verdict, report.first_bad_seq),
            (Verdict::Broken, Some(seq)),
            "entry {seq}: {}",
            report.reason
        );
    }
}

#[test]
fn a_forged_suffix_without_the_key_is_found_at_its_first_entry() {
    let stage = eight();
    let anchor = stage.anchors.get();
    stage.log().append(&[note(90)], at(60)).unwrap();
    stage.log().append(&[note(91)], at(70)).unwrap();
    stage.anchors.set(anchor);
    stage.forge("DELETE FROM checkpoint WHERE size > 8");
    broken_at(&stage, Some(9), "entries without a checkpoint");
    assert!(
        matches!(stage.open(), Err(LogError::Alarm(_))),
        "they are not anchored silently"
    );
    stage.forge("INSERT INTO checkpoint SELECT 10, replace(note, 'A', 'B') FROM checkpoint WHERE size = 8");
    broken_at(&stage, Some(9), "entries with a checkpoint that nobody signed");
}

#[test]
fn missing_derived_rows_are_found() {
    let stage = eight();
    stage.forge("DELETE FROM node WHERE level = 2 AND idx = 0");
    broken_at(&stage, Some(4), "a missing subtree");
    let stage = eight();
    stage.forge("DELETE FROM checkpoint WHERE size = 8");
    broken_at(&stage, Some(8), "a missing last checkpoint");
    let stage = eight();
    stage.forge("DELETE FROM event_private WHERE seq = 2");
    broken_at(&stage, Some(2), "a missing side row");
    let stage = eight();
    stage.forge("DELETE FROM meta");
    assert_eq!(stage.verify().verdict, Verdict::Broken, "missing id and key");
}

#[test]
fn older_checkpoints_may_be_thinned_out() {
    let stage = eight();
    stage.forge("DELETE FROM checkpoint WHERE size < 8");
    assert_eq!(stage.verify().verdict, Verdict::Intact, "the last one vouches for all");
}

#[test]
fn rows_that_belong_to_nothing_are_found() {
    for (what, sql) in [
        (
            "a subtree beyond the end",
            "INSERT INTO node VALUES (1, 4, zeroblob(32))",
        ),
        (
            "a subtree of no level",
            "PRAGMA ignore_check_constraints = 1; INSERT INTO node VALUES (-1, 0, zeroblob(32))",
        ),
        (
            "a side row without commitment",
            "INSERT INTO event_private VALUES (3, zeroblob(32), CAST('{}' AS BLOB))",
        ),
        (
            "a side row beyond the end",
            "PRAGMA ignore_check_constraints = 1; INSERT INTO event_private VALUES (20, zeroblob(32), CAST('{}' AS BLOB))",
        ),
        (
            "a checkpoint that nobody signed",
            "INSERT INTO checkpoint VALUES (20, 'note')",
        ),
        (
            "another epoch",
            "INSERT INTO meta SELECT 2, log_id, 9, checkpoint_key FROM meta",
        ),
    ] {
        let stage = eight();
        stage.forge(sql);
        let report = stage.verify();
        assert_eq!(report.verdict, Verdict::Broken, "{what}: {}", report.reason);
    }
}

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

#[test]
fn a_side_row_may_go_after_the_entry_that_says_so() {
    let stage = eight();
    let mut erased = Draft::new("private.erased", Phase::Note, act(60));
    erased.request = object(json!({ "seq": 4 }));
    stage.log().append(&[erased], at(60)).unwrap();
    let raw = stage.raw();
    assert!(
        raw.execute_batch("DELETE FROM event_private WHERE seq = 2").is_err(),
        "no entry names this one"
    );
    raw.execute_batch("DELETE FROM event_private WHERE seq = 4").unwrap();
    let report = stage.verify();
    assert_eq!(report.verdict, Verdict::Intact, "{}", report.reason);
    assert_eq!(
        stage.reader().entry(4).unwrap().unwrap().private,
        None,
        "the side row is gone"
    );
}

#[test]
fn a_damaged_file_is_broken_and_not_an_error() {
    let stage = eight();
    let path = stage.path().join(gatehouse_audit::FILE_NAME);
    let whole = std::fs::read(&path).unwrap();
    let verify =
        || gatehouse_audit::verify_directory(stage.path(), stage.anchors.get().as_ref(), Some(stage.key())).unwrap();
    for (what, bytes) in [
        ("half of it", whole[..whole.len() / 2].to_vec()),
        ("noise", vec![0xa5; whole.len()]),
        (
            "a page of noise",
            [&whole[..8192], vec![0xa5; 4096].as_slice(), &whole[12288..]].concat(),
        ),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let report = verify();
        assert_eq!(report.verdict, Verdict::Broken, "{what}: {}", report.reason);
        assert!(
            matches!(stage.open(), Err(LogError::Alarm(_))),
            "{what}: the log must not be opened for writing"
        );
    }
}

#[test]
fn a_clock_that_goes_back_is_flagged_and_nothing_more() {
    let stage = eight();
    let mut early = at(60);
    early.unix_ms -= 3_600_000;
    stage.log().append(&[note(5)], early).unwrap();
    let report = stage.verify();
    assert_eq!(report.verdict, Verdict::Intact, "the clock is no proof");
    let flagged: Vec<_> = report
        .notices
        .iter()
        .map(|notice| (notice.defect, notice.seq))
        .collect();
    assert_eq!(flagged, [(Defect::Clock, Some(9))], "but it is told");
}
