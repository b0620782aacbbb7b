//! The program that is killed: it opens a log, appends, re-anchors, reads, and says after each append how far it is acknowledged.
//!
//! It stops at the place it was told and says so; whoever started it then kills it. Nothing is flushed, closed or given back.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use gatehouse_audit::{BackupWatch, CheckpointSigner as _, Draft, Log, Opening, Phase, Query, Reader, on_reached};
use serde_json::json;

use crate::rng::Rng;
use crate::stage::{FileAnchor, MemorySigner, act, at, intent, note, object, outcome, random};
use crate::told;

const DIRECTORY: &str = "GATEHOUSE_KILL_DIRECTORY";
const POINT: &str = "GATEHOUSE_KILL_POINT";
const HITS: &str = "GATEHOUSE_KILL_HITS";

/// How a killed program ended.
pub struct Ended {
    /// The entries that it was told are durable.
    pub acknowledged: u64,
    /// It was at the place when it was killed.
    pub reached: bool,
}

pub fn anchor(dir: &Path) -> FileAnchor {
    FileAnchor(dir.join("anchor.json"))
}

pub fn key() -> [u8; 32] {
    MemorySigner::new(7).verifying_key()
}

pub fn opening(dir: &Path) -> Opening {
    Opening {
        signer: Arc::new(MemorySigner::new(7)),
        anchors: Arc::new(anchor(dir)),
        app_version: "0.1.0".to_owned(),
        salt_source: random,
    }
}

/// Starts the program and kills it at the place, or after a moment.
pub fn killed(dir: &Path, point: Option<&str>, rng: &mut Rng) -> Ended {
    let hits = if point.is_some_and(repeats) {
        rng.between(1, 4)
    } else {
        1
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "program::the_program",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .envs([
            (DIRECTORY, dir.as_os_str()),
            (POINT, point.unwrap_or("none").as_ref()),
            (HITS, hits.to_string().as_ref()),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    if point.is_none() {
        std::thread::sleep(Duration::from_micros(rng.between(3_000, 40_000)));
        let _ = child.kill();
    }
    let ended = listen(&mut child);
    let _ = child.kill();
    child.wait().unwrap();
    ended
}

/// Whether a place is passed more than once in one run.
fn repeats(point: &str) -> bool {
    point.starts_with("append") || point.starts_with("group") || point == "lock.held"
}

fn listen(child: &mut Child) -> Ended {
    let mut ended = Ended {
        acknowledged: 0,
        reached: false,
    };
    for line in BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
    {
        if let Some(size) = line.strip_prefix("acknowledged ") {
            // The last line of a killed program may be cut short; a shorter number is a smaller one.
            ended.acknowledged = ended.acknowledged.max(size.parse().unwrap_or(0));
        }
        if line == "reached" {
            ended.reached = true;
            break;
        }
    }
    ended
}

static LEFT: AtomicU64 = AtomicU64::new(0);

fn stop_here(name: &'static str) {
    if told(POINT).as_deref() == Some(name) && LEFT.fetch_sub(1, Ordering::SeqCst) == 1 {
        say("reached");
        loop {
            std::thread::park();
        }
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "the other tests start it, and kill it"]
fn the_program() {
    let dir = PathBuf::from(told(DIRECTORY).expect("only the tests of this file start this one"));
    LEFT.store(told(HITS).map_or(1, |text| text.parse().unwrap()), Ordering::SeqCst);
    on_reached(stop_here);
    say("");
    let log = Log::open(&dir, opening(&dir), at(1)).unwrap();
    (1..=4).for_each(|round| {
        write(&log, round);
    });
    drop(log);
    let log = Log::reanchor(&dir, opening(&dir), &gatehouse_audit::Anew::because("moved"), at(60)).unwrap();
    let intent = write(&log, 9);
    log.erase(&[intent], &note(50), at(61)).unwrap();
    let reader = Reader::open(&dir).unwrap();
    drop(reader.acts(&Query::default()).unwrap());
    let backup = dir.join(format!("backup-{}.db", std::process::id()));
    let watch = BackupWatch {
        progress: &|_, _, _| (),
        stop: &AtomicBool::new(false),
    };
    drop(reader.backup(&backup, &watch).unwrap());
    drop(reader);
    archive(&log, &dir);
    (10..1_000).for_each(|round| {
        write(&log, round);
    });
}

/// Takes everything so far out of the log, into a file beside it.
fn archive(log: &Log, dir: &Path) {
    let (reader, to) = (
        Reader::open(dir).unwrap(),
        dir.join(format!("archive-{}.db", std::process::id())),
    );
    let file = reader.write_archive(reader.size().unwrap(), &to).unwrap();
    drop(reader);
    let mut draft = Draft::new("log.archived", Phase::Note, act(70));
    draft.request = object(json!({
        "size": file.size, "root": hex::encode(file.root), "last_leaf": hex::encode(file.last_leaf), "file_sha256": file.sha256,
    }));
    log.append(&[draft], at(62)).unwrap();
    assert!(log.drop_archived(&to).unwrap(), "there was something to archive");
}

/// Appends an act, and tells the number of its intent.
fn write(log: &Log, round: u128) -> u64 {
    let mut first = 0;
    for drafts in [vec![intent(round)], vec![outcome(round, "succeeded"), note(round)]] {
        let appended = log.append(&drafts, at(2)).unwrap();
        say(&format!("acknowledged {}", appended.last().unwrap().seq));
        first = if first == 0 { appended[0].seq } else { first };
    }
    first
}
