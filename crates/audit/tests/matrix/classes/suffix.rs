//! T5, T6, T9 and T10: ends and pasts written by somebody without the key, with another key, and with the very key.

use serde_json::Value;

use super::forged;
use crate::clean::canonical;
use crate::forge::Db;
use crate::ground::Ground;
use crate::rng::Rng;
use crate::run::{Case, Wanted};
use crate::stage::MemorySigner;
use gatehouse_audit::{CheckpointSigner as _, note};

/// Appends entries that look like the last one.
fn grow(db: &mut Db, count: u64) {
    let from = db.size();
    let like = db.body(from);
    for seq in from + 1..=from + count {
        let mut body = like.clone();
        body["seq"] = Value::from(seq);
        body["profile"] = Value::from(format!("forged-{seq}"));
        body.as_object_mut().unwrap().retain(|name, _| name != "priv");
        body["kind"] = Value::from("app.alive");
        body["phase"] = Value::from("note");
        body.as_object_mut().unwrap().retain(|name, _| name != "request");
        db.events
            .push((i64::try_from(seq).unwrap(), vec![0; 32], canonical(&body)));
    }
    db.recompute(from + 1);
}

/// A checkpoint at the end that somebody without the key can make.
fn pretend(rng: &mut Rng, db: &mut Db) {
    let size = db.size();
    let row = i64::try_from(size).unwrap();
    let made = match rng.below(4) {
        0 => return,
        1 => db.signed(size, 99),
        2 => db.checkpoints.last().unwrap().1.clone(),
        _ => {
            // The log's key id over another signature.
            let text = note::text(
                db.log_id(),
                &note::Checkpoint {
                    size,
                    root: db.root(size),
                },
            );
            let public = MemorySigner::new(8).verifying_key();
            note::seal(
                db.log_id(),
                &text,
                &public,
                &MemorySigner::new(99).sign(text.as_bytes()).unwrap(),
            )
        }
    };
    db.checkpoints.push((row, made));
}

pub fn cut_and_continued(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let left = rng.between(ground.second, ground.today.size - 1);
    db.cut(left);
    let more = rng.between(1, 8);
    grow(&mut db, more);
    pretend(rng, &mut db);
    let short = db.size() < ground.today.size;
    let unsigned = db.checkpoints.last().unwrap().0 <= i64::try_from(left).unwrap();
    let first = Some(ground.vouched(left) + 1);
    let wanted = Wanted::at(if short && unsigned { &["truncated"] } else { &["broken"] }, first);
    forged(ground, format!("cut to {left}, then {more} entries more"), &db, wanted)
}

pub fn newer_key(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let changed = rng.between(2, ground.second - 2);
    let mut body = db.body(changed);
    body["profile"] = Value::from("rewritten");
    db.set(changed, canonical(&body));
    db.recompute(changed + 1);
    let thinned = rng.coin();
    if thinned {
        db.checkpoints
            .retain(|row| row.0 >= i64::try_from(ground.second).unwrap());
    }
    db.resign(changed, |_| ground.seed);
    let signed: Vec<u64> = db.checkpoints.iter().map(|row| u64::try_from(row.0).unwrap()).collect();
    let first = signed
        .into_iter()
        .find(|size| *size >= changed && *size < ground.second);
    // Without any old checkpoint the new key's are all there is: then it is the anchor that knows better.
    let wanted = first.map_or_else(|| Wanted::at(&["replaced"], None), Wanted::broken);
    forged(
        ground,
        format!("entry {changed} rewritten and signed with the newer key"),
        &db,
        wanted,
    )
}

pub fn unsigned(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let more = rng.between(1, 12);
    grow(&mut db, more);
    pretend(rng, &mut db);
    forged(
        ground,
        format!("{more} entries more, without the key"),
        &db,
        Wanted::broken(ground.today.size + 1),
    )
}

/// The operator himself (A2): rewritten from some entry on, signed and anchored anew. Nobody here can know; a witness who kept a
/// checkpoint of what was there before does.
pub fn with_key(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let left = rng.between(ground.second, ground.today.size - 1);
    db.cut(left);
    grow(&mut db, rng.between(1, 8));
    let size = db.size();
    db.checkpoints
        .push((i64::try_from(size).unwrap(), db.signed(size, ground.seed)));
    let (row, note) = rng.pick(&ground.db.checkpoints).clone();
    let (witnessed, seen) = (rng.coin(), u64::try_from(row).unwrap());
    let wanted = match (witnessed, seen) {
        (true, seen) if seen > size => Wanted::at(&["rolled_back"], Some(size + 1)),
        (true, seen) if seen > left => Wanted::at(&["replaced"], None),
        _ => Wanted::at(&["intact"], None),
    };
    let what = format!(
        "rewritten from {} to {size} with key and anchor; a witness kept {seen}: {witnessed}",
        left + 1
    );
    let kept = if witnessed { vec![note] } else { Vec::new() };
    Case {
        anchor: Some(db.anchor(ground.seed)),
        kept,
        ..forged(ground, what, &db, wanted)
    }
}
