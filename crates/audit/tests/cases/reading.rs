//! Reading: pages, filters, folded acts, the read model and its loss, newer files.

use gatehouse_audit::{FILE_NAME, INDEX_FILE_NAME, LogError, Query, Reader, Verdict};

use crate::stage::{Stage, act, at, intent, note, outcome};

/// Genesis and 30 acts with an intent and an outcome each; every third is refused.
fn busy() -> Stage {
    let stage = Stage::new();
    let log = stage.log();
    for number in 1..=30 {
        let word = if number % 3 == 0 { "refused" } else { "succeeded" };
        log.append(
            &[intent(number), outcome(number, word)],
            at(u64::try_from(number).unwrap()),
        )
        .unwrap();
    }
    stage
}

#[test]
fn pages_of_entries_follow_each_other_without_gap_or_overlap() {
    let stage = busy();
    let reader = stage.reader();
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = reader
            .list(&Query {
                before,
                limit: 7,
                ..Query::default()
            })
            .unwrap();
        seen.extend(page.entries.iter().map(|entry| entry.seq));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(
        seen,
        (1..=61).rev().collect::<Vec<_>>(),
        "every entry once, newest first"
    );
}

#[test]
fn a_full_last_page_has_no_next_one() {
    let reader = busy().reader();
    let page = reader
        .list(&Query {
            limit: 61,
            ..Query::default()
        })
        .unwrap();
    assert_eq!(
        (page.entries.len(), page.next),
        (61, None),
        "all fit, so nothing follows"
    );
}

#[test]
fn entries_are_filtered_by_each_of_their_marks() {
    let stage = busy();
    let reader = stage.reader();
    let count = |query: Query| reader.list(&Query { limit: 1000, ..query }).unwrap().entries.len();
    let text = |text: &str| Query {
        text: Some(text.to_owned()),
        ..Query::default()
    };
    assert_eq!(
        count(Query {
            outcome: Some("refused".to_owned()),
            ..Query::default()
        }),
        10,
        "by outcome"
    );
    assert_eq!(
        count(Query {
            kind: Some("portal.open".to_owned()),
            ..Query::default()
        }),
        60,
        "by kind"
    );
    assert_eq!(
        count(Query {
            kind: Some("portal.".to_owned()),
            ..Query::default()
        }),
        60,
        "by topic"
    );
    assert_eq!(
        count(Query {
            kind: Some("portal".to_owned()),
            ..Query::default()
        }),
        0,
        "a topic needs its dot"
    );
    assert_eq!(
        count(Query {
            act: Some(act(5)),
            ..Query::default()
        }),
        2,
        "by act"
    );
    assert_eq!(
        count(Query {
            profile: Some("sandbox".to_owned()),
            ..Query::default()
        }),
        60,
        "by profile"
    );
    let merchant = "krn:partner:global:account:test:M00007".to_owned();
    assert_eq!(
        count(Query {
            merchant: Some(merchant),
            ..Query::default()
        }),
        2,
        "by merchant"
    );
    assert_eq!(count(text("BUCHER 12")), 1, "by private text, without case and accents");
    assert_eq!(count(text("dl-30")), 1, "by a member of the result");
    assert_eq!(count(text("anna refused")), 0, "all words must be in one entry");
    assert_eq!(count(text("%")), 0, "a percent sign is a percent sign");
    assert_eq!(count(text("' OR 1=1 --")), 0, "and a quote is a quote");
}

#[test]
fn an_act_is_found_by_words_of_intent_and_outcome_together() {
    let reader = busy().reader();
    let query = Query {
        text: Some("anna refused".to_owned()),
        limit: 4,
        ..Query::default()
    };
    let page = reader.acts(&query).unwrap();
    let acts: Vec<_> = page.rows.iter().map(|row| row.act).collect();
    assert_eq!(acts, [act(30), act(27), act(24), act(21)], "newest first, folded");
    let next = reader
        .acts(&Query {
            before: page.next,
            ..query
        })
        .unwrap();
    assert_eq!(next.rows[0].act, act(18), "the next page goes on where this one ended");
}

#[test]
fn a_reconciled_act_shows_how_it_ended() {
    let stage = Stage::new();
    let log = stage.log();
    log.append(&[intent(1)], at(1)).unwrap();
    log.append(&[outcome(1, "unknown")], at(2)).unwrap();
    let word = |stage: &Stage| {
        stage.reader().acts(&Query::default()).unwrap().rows[0]
            .outcome_word()
            .map(str::to_owned)
    };
    assert_eq!(word(&stage).as_deref(), Some("unknown"), "unknown is an outcome");
    log.append(&[outcome(1, "succeeded")], at(3)).unwrap();
    assert_eq!(word(&stage).as_deref(), Some("succeeded"), "the last outcome counts");
    assert!(stage.reader().unresolved().unwrap().is_empty(), "nothing waits");
}

#[test]
fn pending_acts_are_found_as_such_and_an_orphaned_outcome_is_shown() {
    let stage = Stage::new();
    stage
        .log()
        .append(&[intent(1), outcome(2, "succeeded")], at(1))
        .unwrap();
    let reader = stage.reader();
    let pending = reader
        .acts(&Query {
            outcome: Some("pending".to_owned()),
            ..Query::default()
        })
        .unwrap();
    assert_eq!(
        pending.rows.iter().map(|row| row.act).collect::<Vec<_>>(),
        [act(1)],
        "one act waits"
    );
    assert!(pending.rows[0].is_pending(), "and says so");
    let all = reader.acts(&Query::default()).unwrap();
    assert_eq!(
        all.rows[0].outcome_word(),
        Some("succeeded"),
        "an outcome without intent is a row of its own"
    );
}

#[test]
fn a_reader_sees_what_was_appended_since() {
    let stage = Stage::new();
    let log = stage.log();
    let reader = stage.reader();
    assert_eq!(
        reader.list(&Query::default()).unwrap().entries.len(),
        1,
        "the genesis entry"
    );
    log.append(&[note(1)], at(1)).unwrap();
    assert_eq!(
        reader.list(&Query::default()).unwrap().entries.len(),
        2,
        "and the new one"
    );
    assert_eq!(reader.size().unwrap(), 2, "the size agrees");
    assert_eq!(reader.log_id().unwrap(), Some(log.id()), "the id agrees");
    assert_eq!(
        hex::encode(reader.head().unwrap().root),
        stage.anchors.get().unwrap().root,
        "the root is the anchored one"
    );
}

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

#[test]
fn a_newer_file_is_refused_by_writer_and_reader() {
    let stage = busy();
    stage.raw().execute_batch("PRAGMA user_version = 2").unwrap();
    let newer = |fault: Option<LogError>| matches!(fault, Some(LogError::Newer { found: 2, known: 1 }));
    assert!(newer(stage.open().err()), "the writer refuses");
    assert!(newer(Reader::open(stage.path()).err()), "the reader refuses");
}

#[test]
fn no_log_is_absent_and_not_an_empty_list() {
    let dir = tempfile::tempdir().unwrap();
    assert!(
        matches!(Reader::open(dir.path()), Err(LogError::Absent)),
        "there is no file"
    );
    std::fs::write(dir.path().join(FILE_NAME), b"").unwrap();
    assert!(
        matches!(Reader::open(dir.path()), Err(LogError::Absent)),
        "there is an empty file"
    );
}

#[cfg(unix)]
#[test]
fn the_files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let stage = busy();
    let log = stage.log();
    log.append(&[note(1)], at(90)).unwrap();
    let reader = stage.reader();
    reader.list(&Query::default()).unwrap();
    let files: Vec<_> = std::fs::read_dir(stage.path()).unwrap().map(Result::unwrap).collect();
    assert!(
        files.len() >= 6,
        "log, read model, their write-ahead logs and the lock: {files:?}"
    );
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{} is for its owner alone", file.path().display());
    }
}

#[test]
fn a_path_with_any_characters_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let mut stage = Stage::new();
    let odd = dir.path().join("a b?c#d%41ü");
    std::fs::create_dir(&odd).unwrap();
    let log = gatehouse_audit::Log::open(&odd, stage.opening(), at(0)).unwrap();
    log.append(&[note(1)], at(1)).unwrap();
    let reader = Reader::open(&odd).unwrap();
    let report = reader.verify(stage.anchors.get().as_ref(), Some(stage.key())).unwrap();
    assert_eq!(report.verdict, Verdict::Intact, "{}", report.reason);
    stage.seed = 0;
}
