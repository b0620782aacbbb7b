//! A log whose beginning was archived (docs/audit-format.md 10): each row that is left of it is changed or taken away, and anchors of sizes that
//! are gone are set against it.
//!
//! Deliberately absent: the archive's own file, which the tests of archives give to both verifiers.

use gatehouse_audit::{Anchor, CheckpointSigner as _};

use crate::ground::{Ground, Kept};
use crate::rng::Rng;
use crate::run::{Case, Wanted};
use crate::stage::MemorySigner;

const BROKEN: &[&str] = &["broken"];
const INTACT: &[&str] = &["intact"];
const OTHER_KEY: &[&str] = &["broken", "replaced"];

fn flip(rng: &mut Rng, bytes: &mut [u8]) {
    let at = rng.below(bytes.len());
    bytes[at] ^= 1 << rng.below(8);
}

/// A row of a node or a checkpoint over archived entries.
fn left(rng: &mut Rng, kept: &Kept, db: &mut crate::forge::Db) -> (&'static [&'static str], String) {
    let gone = i64::try_from(kept.gone).unwrap();
    let nodes = db
        .nodes
        .iter()
        .filter(|(level, idx, _)| (idx + 1) << level <= gone)
        .count();
    let place = db
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, (level, idx, _))| (idx + 1) << level <= gone)
        .nth(rng.below(nodes))
        .unwrap()
        .0;
    let notes = db.checkpoints.iter().filter(|row| row.0 <= gone).count();
    let note = rng.below(notes);
    match rng.below(5) {
        0 => {
            flip(rng, &mut db.nodes[place].2);
            (BROKEN, format!("subtree {:?} changed", db.nodes[place]))
        }
        1 => (BROKEN, format!("subtree {:?} gone", db.nodes.remove(place))),
        2 => {
            let size = db.checkpoints.remove(note).0;
            (
                if size == gone { BROKEN } else { INTACT },
                format!("checkpoint {size} gone"),
            )
        }
        3 => {
            // In the signature's line: a letter of base64 for another one.
            let text = &mut db.checkpoints[note].1;
            let at = text.len() - 10 - rng.below(70);
            let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
            text.replace_range(at..=at, other);
            (BROKEN, format!("checkpoint {} signed falsely", db.checkpoints[note].0))
        }
        _ => {
            let other = (note + 1 + rng.below(notes - 1)) % notes;
            db.checkpoints[note].1 = db.checkpoints[other].1.clone();
            (
                BROKEN,
                format!("checkpoint {} in the place of another", db.checkpoints[other].0),
            )
        }
    }
}

/// What speaks of the archive: the key, the first entries that are there, and those that tell of it.
fn told(rng: &mut Rng, kept: &Kept, db: &mut crate::forge::Db) -> (&'static [&'static str], String) {
    let entries = db.events.len();
    match rng.below(5) {
        0 => {
            db.meta[0].3 = MemorySigner::new(99).verifying_key().to_vec();
            (OTHER_KEY, "another key in the table of epochs".to_owned())
        }
        1 => {
            let more = 1 + rng.below(entries - 3);
            db.events.drain(..more);
            db.sides
                .retain(|row| row.0 > i64::try_from(kept.gone).unwrap() + i64::try_from(more).unwrap());
            (BROKEN, format!("{more} entries more are gone"))
        }
        2 => {
            let at = rng.below(entries);
            flip(rng, &mut db.events[at].2);
            (BROKEN, format!("a bit of entry {}", db.events[at].0))
        }
        3 => {
            let seq = i64::try_from(rng.between(1, kept.gone)).unwrap();
            db.sides.insert(0, (seq, vec![1; 32], b"{}".to_vec()));
            (BROKEN, format!("a side row of entry {seq}, which is archived"))
        }
        _ => {
            let seq = db.events.remove(rng.below(entries - 1)).0;
            (BROKEN, format!("entry {seq} gone"))
        }
    }
}

/// An anchor of a smaller size: true, or of another root where the root there is known.
fn anchored(rng: &mut Rng, kept: &Kept) -> (&'static [&'static str], String, Anchor) {
    let mut anchor = rng.pick(&kept.anchors).clone();
    let other = anchor.size.is_multiple_of(2) && rng.coin();
    if other {
        anchor.root = "ab".repeat(32);
    }
    let what = format!("an anchor at {}, of another root: {other}", anchor.size);
    (if other { &["replaced"] } else { INTACT }, what, anchor)
}

pub fn mutate(rng: &mut Rng, ground: &Ground) -> Case {
    let kept = rng.pick(&ground.archived);
    let mut db = kept.db.clone();
    let ((verdicts, what), anchor) = match rng.below(5) {
        0 | 1 => (left(rng, kept, &mut db), kept.anchor.clone()),
        2 | 3 => (told(rng, kept, &mut db), kept.anchor.clone()),
        _ => {
            let (verdicts, what, anchor) = anchored(rng, kept);
            ((verdicts, what), anchor)
        }
    };
    Case {
        what: format!("archived to {}: {what}", kept.gone),
        file: Some(db.file()),
        wal: None,
        anchor: Some(anchor.to_json()),
        key: rng.coin().then_some(kept.key),
        kept: Vec::new(),
        wanted: Wanted {
            verdicts,
            first: None,
            clocks: Vec::new(),
        },
    }
}
