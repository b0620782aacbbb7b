//! T1: one bit of a body, a leaf, a subtree, a checkpoint, a side row, the table of keys, or of the anchor.

use gatehouse_audit::Anchor;

use crate::forge::Db;
use crate::ground::Ground;
use crate::rng::Rng;
use crate::run::{Bench, Case, Tally, Wanted};

/// A stretch of bytes, where it lies, and the entry that its change concerns.
pub struct Cell {
    name: String,
    at: usize,
    len: usize,
    seq: u64,
}

/// Every row's bytes as they lie in the file, one after the other; each stands there once.
pub fn cells(file: &[u8], db: &Db) -> Vec<Cell> {
    let mut wanted: Vec<(String, Vec<u8>, usize, i64)> = Vec::new();
    for (seq, leaf, body) in &db.events {
        wanted.push((format!("entry {seq}"), [leaf.as_slice(), body].concat(), 0, *seq));
    }
    for (seq, salt, json) in &db.sides {
        wanted.push((format!("side row {seq}"), [salt.as_slice(), json].concat(), 0, *seq));
    }
    for (level, idx, h) in &db.nodes {
        wanted.push((format!("subtree {level}/{idx}"), h.clone(), 0, (idx + 1) << level));
    }
    for (size, note) in &db.checkpoints {
        wanted.push((format!("checkpoint {size}"), note.clone().into_bytes(), 0, *size));
    }
    for (epoch, id, first, key) in &db.meta {
        let between = if *first == 1 {
            Vec::new()
        } else {
            vec![u8::try_from(*first).unwrap()]
        };
        let bytes = [id.as_bytes(), &between, key].concat();
        wanted.push((format!("epoch {epoch}"), bytes, between.len(), *first));
    }
    wanted
        .into_iter()
        .map(|(name, bytes, number, seq)| cell(file, name, &bytes, number, seq))
        .collect()
}

fn cell(file: &[u8], name: String, bytes: &[u8], number: usize, seq: i64) -> Cell {
    let found: Vec<usize> = file
        .windows(bytes.len())
        .enumerate()
        .filter(|(_, window)| *window == bytes)
        .map(|(at, _)| at)
        .collect();
    assert_eq!(found.len(), 1, "{name} stands once in the file");
    assert!(number <= 1, "the number of an epoch's first entry is one byte");
    Cell {
        name,
        at: found[0],
        len: bytes.len(),
        seq: u64::try_from(seq).unwrap(),
    }
}

/// The case with one bit of the file turned.
fn turned(ground: &Ground, cell: &Cell, place: usize, bit: usize) -> Case {
    let mut file = ground.today.file.clone();
    file[cell.at + place] ^= 1 << bit;
    Case {
        what: format!("bit {bit} of byte {place} of {}", cell.name),
        file: Some(file),
        wal: None,
        anchor: Some(ground.today.anchor.clone()),
        key: Some(ground.today.key),
        kept: Vec::new(),
        wanted: Wanted::broken(cell.seq),
    }
}

/// The case with one bit of the anchor turned: what it then says decides what must come out.
fn turned_anchor(ground: &Ground, place: usize, bit: usize) -> Case {
    let mut anchor = ground.today.anchor.clone();
    anchor[place] ^= 1 << bit;
    let wanted = match Anchor::from_json(&anchor) {
        Err(_) => Wanted::at(&["refused"], None),
        Ok(told) if told.size > ground.today.size && told.log_id == ground.db.log_id() => {
            Wanted::at(&["rolled_back"], Some(ground.today.size + 1))
        }
        Ok(_) => Wanted::at(&["replaced"], None),
    };
    Case {
        what: format!("bit {bit} of byte {place} of the anchor"),
        file: Some(ground.today.file.clone()),
        wal: None,
        anchor: Some(anchor),
        key: Some(ground.today.key),
        kept: Vec::new(),
        wanted,
    }
}

pub fn mutate(rng: &mut Rng, ground: &Ground) -> Case {
    let chosen = rng.below(ground.cells.len() + 4);
    match ground.cells.get(chosen) {
        Some(cell) => turned(ground, cell, rng.below(cell.len), rng.below(8)),
        None => turned_anchor(ground, rng.below(ground.today.anchor.len()), rng.below(8)),
    }
}

/// Every bit of every row and of the anchor, one after the other.
pub fn every_bit() -> Tally {
    let (ground, mut bench, mut tally) = (Ground::new(), Bench::new(), Tally::default());
    let mut judge = |case: &Case| {
        let (our, their) = bench.judge(case);
        tally.add(case, "T1, every bit", &our, &their);
    };
    for cell in &ground.cells {
        (0..cell.len * 8).for_each(|bit| judge(&turned(&ground, cell, bit / 8, bit % 8)));
    }
    (0..ground.today.anchor.len() * 8).for_each(|bit| judge(&turned_anchor(&ground, bit / 8, bit % 8)));
    tally
}
