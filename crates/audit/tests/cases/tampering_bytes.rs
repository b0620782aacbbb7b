//! Tampering with single bytes: each one that is kept counts.

use gatehouse_audit::{Defect, Verdict};
use rusqlite::params;

use crate::stage::{eight, forge};

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
