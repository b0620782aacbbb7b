//! The read model and its loss: what is damaged or gone, in it or in the log, is made anew or told.

use gatehouse_audit::{INDEX_FILE_NAME, Query};

use crate::stage::{Stage, at, busy, note};

#[test]
fn a_damaged_or_foreign_read_model_is_made_anew() {
    let stage = busy();
    let index = stage.path().join(INDEX_FILE_NAME);
    for bytes in [
        b"".to_vec(),
        b"no database at all, but long enough to be read as one".repeat(100),
    ] {
        std::fs::write(&index, bytes).unwrap();
        assert_eq!(
            stage.reader().list(&Query::default()).unwrap().entries.len(),
            50,
            "the list is whole"
        );
    }
    let other = Stage::new();
    other.log().append(&[note(1), note(2), note(3)], at(1)).unwrap();
    other.reader().list(&Query::default()).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("{INDEX_FILE_NAME}{suffix}");
        std::fs::remove_file(stage.path().join(&name)).ok();
        std::fs::copy(other.path().join(&name), stage.path().join(&name)).ok();
    }
    let page = stage
        .reader()
        .acts(&Query {
            limit: 100,
            ..Query::default()
        })
        .unwrap();
    assert_eq!(page.rows.len(), 31, "another log's read model is not believed");
}

#[test]
fn a_read_model_with_a_damaged_page_is_given_up() {
    let stage = busy();
    stage.reader().list(&Query::default()).unwrap();
    let index = stage.path().join(INDEX_FILE_NAME);
    let mut bytes = std::fs::read(&index).unwrap();
    bytes.iter_mut().skip(4096).for_each(|byte| *byte = 0xa5);
    bytes.resize(200_000, 0xa5);
    std::fs::remove_file(stage.path().join(format!("{INDEX_FILE_NAME}-wal"))).ok();
    std::fs::write(&index, bytes).unwrap();
    for round in ["in memory", "from a new file"] {
        let page = stage
            .reader()
            .acts(&Query {
                limit: 100,
                ..Query::default()
            })
            .unwrap();
        assert_eq!(page.rows.len(), 31, "the list is whole, {round}");
    }
}

#[test]
fn an_unreadable_entry_is_shown_and_not_hidden() {
    let stage = busy();
    stage.forge("UPDATE event SET body = CAST('{broken' AS BLOB) WHERE seq = 30");
    let entry = stage.reader().entry(30).unwrap().unwrap();
    assert!(!entry.readable, "its bytes cannot be read");
    assert_eq!(
        (entry.seq, entry.bytes.as_slice(), entry.body.kind.as_str()),
        (30, b"{broken".as_slice(), "unreadable"),
        "it is shown as it is"
    );
    assert_eq!(
        stage
            .reader()
            .list(&Query {
                limit: 100,
                ..Query::default()
            })
            .unwrap()
            .entries
            .len(),
        61,
        "in its place"
    );
}

#[test]
fn an_entry_that_vanished_since_is_named_as_missing() {
    let stage = busy();
    stage.reader().list(&Query::default()).unwrap();
    stage.forge("DELETE FROM event WHERE seq = 30");
    let page = stage
        .reader()
        .list(&Query {
            limit: 100,
            ..Query::default()
        })
        .unwrap();
    assert_eq!((page.entries.len(), page.missing), (60, vec![30]), "the gap is told");
}
