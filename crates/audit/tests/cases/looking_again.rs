//! Looking again at a part of what was verified: whatever was changed in it since is found, and nothing is found where nothing was.

use gatehouse_audit::tree::{Frontier, leaf_hash};
use gatehouse_audit::{Draft, Phase, Verified};
use rusqlite::params;
use uuid::Uuid;

use crate::stage::{Stage, at, busy, forge, note, raw};

fn verified(stage: &Stage) -> Verified {
    stage.verify().verified.expect("an intact log")
}

/// The first entry at which something is found.
fn found(stage: &Stage, known: &Verified, entries: (u64, u64)) -> Option<u64> {
    let finding = stage.reader().look_again(known, entries, None).unwrap();
    finding.map(|finding| finding.seq.expect("it names an entry"))
}

#[test]
fn nothing_is_found_where_nothing_was_changed() {
    let stage = busy();
    stage
        .log()
        .erase(&[10], &Draft::new("private.erased", Phase::Note, Uuid::nil()), at(80))
        .unwrap();
    let known = verified(&stage);
    stage.log().append(&[note(90), note(91)], at(95)).unwrap();
    for from in 1..=known.size() {
        for to in [from, from + 1, from + 6, known.size(), known.size() + 9] {
            assert_eq!(found(&stage, &known, (from, to)), None, "from {from} to {to}");
        }
    }
    assert_eq!(
        found(&stage, &known, (known.size() + 1, known.size() + 2)),
        None,
        "what came since is not judged"
    );
    let archived = busy();
    archived.log().append(&[archived.archived(21)], at(99)).unwrap();
    archived.drop_upto(21);
    let known = archived.verify().verified.unwrap();
    for from in 1..=known.size() {
        assert_eq!(
            found(&archived, &known, (from, from + 4)),
            None,
            "behind an archive, from {from}"
        );
    }
}

#[test]
fn every_row_that_was_changed_is_found_in_its_part_and_left_to_it() {
    let changes = [
        (
            "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'sandbox', 'sendbox') AS BLOB) WHERE seq = 20",
            20,
        ),
        ("UPDATE event SET leaf = zeroblob(32) WHERE seq = 20", 20),
        ("DELETE FROM event WHERE seq = 20", 20),
        ("UPDATE event_private SET json = CAST('{}' AS BLOB) WHERE seq = 20", 20),
        ("DELETE FROM event_private WHERE seq = 20", 20),
        ("UPDATE node SET h = zeroblob(32) WHERE level = 1 AND idx = 9", 20),
        ("DELETE FROM node WHERE level = 1 AND idx = 9", 20),
        (
            "UPDATE checkpoint SET note = replace(note, '+', '/') || 'x' WHERE size = 19",
            19,
        ),
    ];
    for (sql, seq) in changes {
        let stage = busy();
        let known = verified(&stage);
        stage.forge(sql);
        assert_eq!(found(&stage, &known, (17, 24)), Some(seq), "{sql}");
        assert_eq!(found(&stage, &known, (1, 61)), Some(seq), "in all of it: {sql}");
        assert_eq!(
            found(&stage, &known, (33, 40)),
            None,
            "elsewhere there is nothing: {sql}"
        );
    }
}

/// Somebody who can write the file writes another history: every hash fits the next one, and the checkpoints since are gone.
fn rewritten(stage: &Stage, from: i64) {
    let conn = raw(stage.path());
    let mut statement = conn.prepare("SELECT body FROM event ORDER BY seq").unwrap();
    let bodies = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let bodies: Vec<String> = bodies.map(|body| String::from_utf8(body.unwrap()).unwrap()).collect();
    drop(statement);
    forge(
        &conn,
        &format!(
            "DELETE FROM checkpoint WHERE size >= {from}; DELETE FROM node; CREATE TEMP TABLE kept AS SELECT * FROM event"
        ),
    );
    let mut tree = Frontier::default();
    let (mut before, mut old) = (String::new(), String::new());
    for (seq, body) in (1_i64..).zip(&bodies) {
        let mut other = body.replace(&format!("\"prev\":\"{old}\""), &format!("\"prev\":\"{before}\""));
        if seq == from {
            other = other.replace("\"http\":201", "\"http\":202").replace("sandbox", "live");
            assert_ne!(&other, body, "something is changed");
        }
        old = hex::encode(leaf_hash(body.as_bytes()));
        let leaf = leaf_hash(other.as_bytes());
        before = hex::encode(leaf);
        conn.execute(
            "UPDATE kept SET body = ?2, leaf = ?3 WHERE seq = ?1",
            params![seq, other.as_bytes(), leaf],
        )
        .unwrap();
        for node in tree.push(leaf) {
            let (level, idx) = (node.level, i64::try_from(node.idx).unwrap());
            conn.execute(
                "INSERT INTO node (level, idx, h) VALUES (?1, ?2, ?3)",
                params![level, idx, node.hash],
            )
            .unwrap();
        }
    }
    forge(
        &conn,
        "UPDATE event SET (leaf, body) = (SELECT leaf, body FROM kept WHERE kept.seq = event.seq)",
    );
}

#[test]
fn a_history_rewritten_from_one_entry_on_is_found_wherever_one_looks_behind_it() {
    let stage = busy();
    let known = verified(&stage);
    rewritten(&stage, 20);
    assert_eq!(
        found(&stage, &known, (1, 16)),
        Some(1),
        "the part before leads to another root than it did"
    );
    assert_eq!(found(&stage, &known, (17, 24)), Some(17), "the part itself");
    assert_eq!(found(&stage, &known, (50, 55)), Some(50), "a part behind it");
}
