//! Going through the log: reading and hashing alone on one core, the whole verification, one that goes on, and the memory that it took.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gatehouse_audit::{Anchor, Outside, Reader, Report, tree};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::drafts::draft;
use crate::stage::{Anchors, at, log, peak_mib, public};
use crate::{ms, say};

/// How often each is done; the first time warms caches and does not count.
const ROUNDS: usize = 4;

/// Verifies and says what each part took.
pub fn measure(dir: &Path) {
    let anchor = Anchor::from_json(&std::fs::read(dir.join("anchor.json")).unwrap()).unwrap();
    let reader = Reader::open(dir).unwrap();
    let raw = open(dir);
    let (mut hashed, mut whole) = (Vec::new(), Vec::new());
    let mut last = None;
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        read_and_hash(&raw);
        hashed.push(ms(begin));
        let begin = Instant::now();
        last = Some(verify(&reader, &anchor, None));
        whole.push(ms(begin));
    }
    say("hashed", &hashed[1..]);
    say("verified", &whole[1..]);
    say("memory", &[peak_mib()]);
    let report = last.unwrap();
    say("entries", &[report.size as f64]);
    go_on(dir, &reader, anchor, &report);
}

/// A hundred more entries, and a verification that goes on from the last one.
fn go_on(dir: &Path, reader: &Reader, anchor: Anchor, report: &Report) {
    let anchors = Arc::new(Anchors::default());
    *anchors.0.lock().unwrap() = Some(anchor);
    let log = log(dir, &anchors);
    let drafts: Vec<_> = (0..100).map(|number| draft(report.size + number)).collect();
    log.append(&drafts, at(report.size)).unwrap();
    let anchor = anchors.0.lock().unwrap().clone().unwrap();
    let times: Vec<f64> = (0..20)
        .map(|_| {
            let begin = Instant::now();
            verify(reader, &anchor, Some(report));
            ms(begin)
        })
        .collect();
    say("went_on", &times);
    std::fs::write(dir.join("anchor.json"), anchor.to_json()).unwrap();
}

fn verify(reader: &Reader, anchor: &Anchor, former: Option<&Report>) -> Report {
    let outside = Outside {
        anchor: Some(anchor),
        key: Some(public()),
        verified: former.and_then(|report| report.verified.as_ref()),
        ..Outside::default()
    };
    let report = reader.verify_with(&outside, None).unwrap();
    assert!(report.is_intact(), "{}", report.reason);
    report
}

/// Every entry and every side row read once and hashed once.
fn read_and_hash(conn: &Connection) {
    let mut statement = conn.prepare("SELECT leaf, body FROM event ORDER BY seq").unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let leaf = tree::leaf_hash(row.get_ref(1).unwrap().as_blob().unwrap());
        assert_eq!(
            row.get_ref(0).unwrap().as_blob().unwrap(),
            leaf,
            "the bytes are those of their hash"
        );
    }
    let mut statement = conn
        .prepare("SELECT salt, json FROM event_private ORDER BY seq")
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let hash = Sha256::new()
            .chain_update(row.get_ref(0).unwrap().as_blob().unwrap())
            .chain_update(row.get_ref(1).unwrap().as_blob().unwrap())
            .finalize();
        std::hint::black_box(hash);
    }
}

/// A connection past the log's own way of opening it.
#[expect(clippy::disallowed_methods, reason = "it reads beside the log")]
pub fn open(dir: &Path) -> Connection {
    Connection::open(dir.join("audit.db")).unwrap()
}
