//! T2 and T3: rows deleted, renumbered, swapped, copied; the tail cut by one to all entries with everything recomputed.

use super::forged;
use crate::ground::Ground;
use crate::rng::Rng;
use crate::run::{Case, Wanted};

pub fn shuffled(rng: &mut Rng, ground: &Ground) -> Case {
    let (mut db, size) = (ground.db.clone(), ground.today.size);
    let seq = rng.between(1, size);
    let at = usize::try_from(seq).unwrap() - 1;
    let what = match rng.below(6) {
        0 => {
            db.events.remove(at);
            format!("entry {seq} deleted")
        }
        1 => {
            db.events.remove(at);
            db.events[at..].iter_mut().for_each(|row| row.0 -= 1);
            format!("entry {seq} deleted, the next ones moved up")
        }
        2 => {
            db.close_up(seq, seq);
            db.recompute(seq);
            format!("entry {seq} deleted, everything behind it rewritten")
        }
        3 => return swapped(rng, ground),
        4 => return copied(rng, ground),
        _ => return moved_side(rng, ground),
    };
    // Without the last one the log is shorter, and the checkpoint over it still says so.
    let wanted = match (seq == size, what.ends_with("rewritten")) {
        (true, _) => Wanted::at(&["truncated"], Some(size)),
        (false, true) => Wanted::broken(ground.vouched(seq - 1) + 1),
        (false, false) => Wanted::broken(seq),
    };
    forged(ground, what, &db, wanted)
}

fn swapped(rng: &mut Rng, ground: &Ground) -> Case {
    let (mut db, last) = (ground.db.clone(), ground.db.events.len() - 1);
    let one = rng.below(last);
    let other = one + 1 + rng.below(last - one);
    let (first, second) = db.events.split_at_mut(other);
    std::mem::swap(&mut first[one].1, &mut second[0].1);
    std::mem::swap(&mut first[one].2, &mut second[0].2);
    let wanted = Wanted::broken(u64::try_from(one).unwrap() + 1);
    forged(
        ground,
        format!("entries {} and {} swapped", one + 1, other + 1),
        &db,
        wanted,
    )
}

fn copied(rng: &mut Rng, ground: &Ground) -> Case {
    let (mut db, size) = (ground.db.clone(), ground.today.size);
    let mut row = rng.pick(&db.events).clone();
    let what = format!("entry {} copied", row.0);
    let before = rng.coin();
    row.0 = if before {
        -i64::from(u8::try_from(rng.below(4)).unwrap())
    } else {
        i64::try_from(size).unwrap() + 1
    };
    db.events.insert(if before { 0 } else { db.events.len() }, row);
    let wanted = Wanted::broken(if before { 1 } else { size + 1 });
    forged(
        ground,
        format!("{what} {}", if before { "to before the first" } else { "to the end" }),
        &db,
        wanted,
    )
}

/// A side row removed, exchanged, or given to an entry that has none.
fn moved_side(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let at = rng.below(db.sides.len());
    let (seq, ..) = db.sides[at];
    let number = u64::try_from(seq).unwrap();
    let (what, wanted) = match rng.below(3) {
        0 => {
            db.sides.remove(at);
            ("removed", Wanted::broken(number))
        }
        1 => {
            let other = db.sides[(at + 1) % db.sides.len()].clone();
            db.sides[at] = (seq, other.1, other.2);
            ("exchanged", Wanted::broken(number))
        }
        _ => {
            db.sides.push((3, vec![7; 32], b"{}".to_vec()));
            ("joined by one of no entry", Wanted::at(&["broken"], None))
        }
    };
    forged(ground, format!("side row {seq} {what}"), &db, wanted)
}

pub fn cut(rng: &mut Rng, ground: &Ground) -> Case {
    let (mut db, size) = (ground.db.clone(), ground.today.size);
    let left = size - rng.between(1, size);
    let clean = rng.coin();
    if clean {
        db.cut(left);
    } else {
        // A careless one leaves subtrees, side rows or checkpoints behind.
        db.events.truncate(usize::try_from(left).unwrap());
    }
    let vouched = ground.vouched(left);
    let whole = clean && vouched == left && left > 0;
    let wanted = if left > 0 && left < ground.second {
        // The key outside never signed what is left.
        Wanted::at(&["replaced"], None)
    } else {
        Wanted::at(if whole { &["rolled_back"] } else { &["truncated"] }, Some(vouched + 1))
    };
    forged(
        ground,
        format!("cut to {left}, {}", if clean { "cleanly" } else { "with traces" }),
        &db,
        wanted,
    )
}
