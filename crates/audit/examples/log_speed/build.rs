//! Making the log: groups of 10,000, then one entry at a time beside a durable write of as many bytes.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gatehouse_audit::{Draft, Log};

use crate::drafts::draft;
use crate::stage::{Anchors, at, log};
use crate::{ms, say};

/// Entries of a group.
const GROUP: u64 = 10_000;
/// Single appends that are timed, and those before them that only warm caches.
const SINGLE: u64 = 300;
const WARM: u64 = 20;
/// As long as a write-ahead log grows before it is begun anew: both write where there is room already.
const RING: u64 = 4 * 1024 * 1024;

/// Makes the log and says what each part took.
pub fn measure(dir: &Path, entries: u64) {
    let anchors = Arc::new(Anchors::default());
    let log = log(dir, &anchors);
    groups(&log, entries);
    singles(dir, &log, entries);
    let anchor = anchors.0.lock().unwrap().clone().unwrap();
    std::fs::write(dir.join("anchor.json"), anchor.to_json()).unwrap();
}

fn groups(log: &Log, entries: u64) {
    let mut times = Vec::new();
    for group in 0..entries / GROUP {
        let drafts: Vec<Draft> = (group * GROUP..(group + 1) * GROUP).map(draft).collect();
        let begin = Instant::now();
        log.append(&drafts, at(group * GROUP)).unwrap();
        times.push(ms(begin));
    }
    say("group", &times);
}

/// Each append, and beside it a write of as many bytes as it added to the write-ahead log.
fn singles(dir: &Path, log: &Log, entries: u64) {
    let mut file = ring(dir);
    let (mut appends, mut floors) = (Vec::new(), Vec::new());
    let bytes = bytes_of_one(dir, log, entries);
    for number in 0..WARM + SINGLE {
        let one = [draft(entries + number)];
        let begin = Instant::now();
        log.append(&one, at(entries + number)).unwrap();
        appends.push(ms(begin));
        floors.push(durable(&mut file, bytes));
    }
    let timed = usize::try_from(WARM).unwrap();
    say("append", &appends[timed..]);
    say("append_floor", &floors[timed..]);
    say("append_bytes", &[bytes as f64]);
}

/// How much a single append adds to a write-ahead log that was just begun anew, on the average of twenty.
fn bytes_of_one(dir: &Path, log: &Log, entries: u64) -> usize {
    let wal = dir.join("audit.db-wal");
    let raw = crate::check::open(dir);
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    for number in 0..20 {
        log.append(&[draft(entries + number)], at(entries)).unwrap();
    }
    usize::try_from(std::fs::metadata(wal).unwrap().len() / 20).unwrap()
}

fn ring(dir: &Path) -> File {
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(dir.join("floor"))
        .unwrap();
    file.write_all(&vec![1; usize::try_from(RING).unwrap()]).unwrap();
    file.sync_all().unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

fn durable(file: &mut File, bytes: usize) -> f64 {
    if file.stream_position().unwrap() + bytes as u64 > RING {
        file.seek(SeekFrom::Start(0)).unwrap();
    }
    let content = vec![7; bytes];
    let begin = Instant::now();
    file.write_all(&content).unwrap();
    file.sync_data().unwrap();
    ms(begin)
}
