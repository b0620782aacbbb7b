//! T4: yesterday's file, today's with yesterday's write-ahead log and the other way round, another laptop's log, an empty file, no
//! file, no anchor.

use std::path::Path;

use super::forged;
use crate::ground::{Base, Ground};
use crate::rng::Rng;
use crate::run::{Case, Wanted};
use crate::stage::{Stage, at, note};

fn plain(ground: &Ground, what: &str, file: Option<Vec<u8>>, wanted: Wanted) -> Case {
    Case {
        file,
        ..forged_nothing(ground, what, wanted)
    }
}

fn forged_nothing(ground: &Ground, what: &str, wanted: Wanted) -> Case {
    Case {
        what: what.to_owned(),
        file: Some(ground.today.file.clone()),
        wal: None,
        anchor: Some(ground.today.anchor.clone()),
        key: Some(ground.today.key),
        kept: Vec::new(),
        wanted,
    }
}

pub fn mutate(rng: &mut Rng, ground: &Ground) -> Case {
    let nothing = Wanted::at(&["truncated"], Some(1));
    match rng.below(8) {
        0 | 1 => older(ground, rng.pick(&ground.before)),
        2 => mixed(rng),
        3 => plain(
            ground,
            "another laptop's log",
            Some(ground.foreign.file.clone()),
            Wanted::at(&["replaced"], None),
        ),
        4 => plain(ground, "an empty file", Some(Vec::new()), nothing),
        5 => plain(ground, "no file", None, nothing),
        6 => {
            let mut db = ground.db.clone();
            db.cut(0);
            forged(ground, "a log without entries".to_owned(), &db, nothing)
        }
        _ => Case {
            anchor: None,
            ..forged_nothing(ground, "no anchor", Wanted::at(&["unanchored"], None))
        },
    }
}

fn older(ground: &Ground, before: &Base) -> Case {
    let wanted = if before.size < ground.second {
        Wanted::at(&["replaced"], None)
    } else {
        Wanted::at(&["rolled_back"], Some(before.size + 1))
    };
    plain(
        ground,
        &format!("the file when it had {} entries", before.size),
        Some(before.file.clone()),
        wanted,
    )
}

fn bytes(dir: &Path, suffix: &str) -> Vec<u8> {
    std::fs::read(dir.join(format!("{}{suffix}", gatehouse_audit::FILE_NAME))).unwrap()
}

/// One file of yesterday and one of today, after the write-ahead log was begun anew in between.
fn mixed(rng: &mut Rng) -> Case {
    let stage = Stage::new();
    let log = stage.log();
    let grow = |from: u64, count: u64| {
        (from..from + count).for_each(|n| drop(log.append(&[note(u128::from(n))], at(n)).unwrap()));
    };
    grow(1, rng.between(1, 12));
    let yesterday = (bytes(stage.path(), ""), bytes(stage.path(), "-wal"));
    let anchored_then = stage.anchors.get().unwrap().size;
    grow(100, rng.between(1, 12));
    stage.raw().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    grow(200, rng.between(1, 12));
    let today = (bytes(stage.path(), ""), bytes(stage.path(), "-wal"));
    let turned = rng.coin();
    let (file, wal) = if turned {
        (today.0, yesterday.1)
    } else {
        (yesterday.0, today.1)
    };
    let parts = if turned {
        "today's file with yesterday's write-ahead log"
    } else {
        "yesterday's file with today's write-ahead log"
    };
    Case {
        what: format!(
            "{parts}, {anchored_then} of {} entries",
            stage.anchors.get().unwrap().size
        ),
        file: Some(file),
        wal: Some(wal),
        anchor: Some(stage.anchors.get().unwrap().to_json()),
        key: Some(stage.key()),
        kept: Vec::new(),
        wanted: Wanted {
            first: None,
            ..Wanted::at(&["broken", "rolled_back", "truncated", "replaced"], None)
        },
    }
}
