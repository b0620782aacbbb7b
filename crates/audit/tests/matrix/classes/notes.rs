//! T15: checkpoints that are not of the form, or that two readers could read differently; and those that are only unusual.

use gatehouse_audit::{CheckpointSigner as _, note};

use super::forged;
use crate::forge::{Db, base64};
use crate::ground::Ground;
use crate::rng::Rng;
use crate::run::{Case, Wanted};
use crate::stage::MemorySigner;

/// A signature line of a stranger's key.
fn strange(rng: &mut Rng, name: &str) -> String {
    let blob: Vec<u8> = (0..rng.between(5, 90)).map(|_| rng.next().to_le_bytes()[0]).collect();
    format!("\u{2014} {name} {}\n", base64(&blob))
}

/// A note over a text of our own, truly signed.
fn over(db: &Db, text: &str, seed: u8) -> String {
    let signer = MemorySigner::new(seed);
    note::seal(
        db.log_id(),
        text,
        &signer.verifying_key(),
        &signer.sign(text.as_bytes()).unwrap(),
    )
}

type Trick = fn(&mut Rng, (&Db, &str, u64, u8)) -> String;

/// Unusual, and sound.
const SOUND: [Trick; 4] = [
    |rng, (_, note, ..)| format!("{note}{}", strange(rng, "someone.example/log")),
    |rng, (_, note, ..)| format!("{note}{}", (0..16).map(|_| strange(rng, "a")).collect::<String>()),
    |_, (_, note, ..)| format!("{note}{}", last_line(note)),
    |rng, (db, note, ..)| format!("{note}{}", strange(rng, &note::origin(db.log_id()))),
];

/// Each must be refused.
const BAD: [Trick; 20] = [
    |_, (_, note, ..)| note.replace('\n', "\r\n"),
    |_, (_, note, ..)| note.replacen("\n\n", "\n", 1),
    |_, (_, note, ..)| note.replacen("\n\n", "\n\n\n", 1),
    |_, (_, note, ..)| note.trim_end().to_owned(),
    |_, (_, note, ..)| format!("{note}\n"),
    |_, (_, note, ..)| format!("{note} "),
    |_, (_, note, ..)| note.replacen("\u{2014} ", "-- ", 1),
    |_, (_, note, ..)| note.replacen("\u{2014} ", "\u{2014}  ", 1),
    |rng, (_, note, ..)| format!("{note}{}", strange(rng, "a+b")),
    |_, (_, note, ..)| format!("{note}\u{2014} short AAAA\n"),
    |_, (_, note, ..)| format!("{note}\u{2014} padded AAAAAAA\n"),
    |_, (_, note, ..)| format!("{note}\u{2014} bits AAAAAAB=\n"),
    |rng, (_, note, ..)| format!("{note}{}", (0..64).map(|_| strange(rng, "a")).collect::<String>()),
    |_, (db, note, size, seed)| format!("{note}{}", last_line(&stolen_name(db, size, seed))),
    |_, (db, _, size, seed)| {
        over(
            db,
            &format!("gatehouse/{}\n0{size}\n{}\n", db.log_id(), base64(&db.root(size))),
            seed,
        )
    },
    |_, (db, _, size, seed)| {
        over(
            db,
            &format!("gatehouse/{}\n+{size}\n{}\n", db.log_id(), base64(&db.root(size))),
            seed,
        )
    },
    |_, (db, _, size, seed)| {
        over(
            db,
            &format!("gatehouse/{}\n{size}\n{}\nmore\n", db.log_id(), base64(&db.root(size))),
            seed,
        )
    },
    |_, (db, _, size, seed)| {
        over(
            db,
            &format!("gatehouse+/{}\n{size}\n{}\n", db.log_id(), base64(&db.root(size))),
            seed,
        )
    },
    |_, (db, _, size, seed)| {
        over(
            db,
            &format!("gatehouse/{}\n{}\n{}\n", db.log_id(), size + 1, base64(&db.root(size))),
            seed,
        )
    },
    |_, (db, note, ..)| {
        note.replace(
            &format!("\u{2014} gatehouse/{}", db.log_id()),
            "\u{2014} gatehouse/other",
        )
    },
];

fn last_line(note: &str) -> String {
    format!("{}\n", note.trim_end().rsplit('\n').next().unwrap())
}

/// The log's name and key id over somebody else's signature.
fn stolen_name(db: &Db, size: u64, seed: u8) -> String {
    let text = note::text(
        db.log_id(),
        &note::Checkpoint {
            size,
            root: db.root(size),
        },
    );
    let (own, other) = (MemorySigner::new(seed), MemorySigner::new(99));
    note::seal(
        db.log_id(),
        &text,
        &own.verifying_key(),
        &other.sign(text.as_bytes()).unwrap(),
    )
}

pub fn mutate(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let at = rng.below(db.checkpoints.len());
    let size = u64::try_from(db.checkpoints[at].0).unwrap();
    let seed = if size < ground.second {
        ground.seed - 1
    } else {
        ground.seed
    };
    let old = db.checkpoints[at].1.clone();
    let sound = rng.below(5) == 0;
    let number = rng.below(if sound { SOUND.len() } else { BAD.len() });
    let trick = if sound { SOUND[number] } else { BAD[number] };
    db.checkpoints[at].1 = trick(rng, (&db, &old, size, seed));
    let wanted = if sound {
        Wanted::at(&["intact"], None)
    } else {
        Wanted::broken(size)
    };
    let kind = if sound { "sound" } else { "bad" };
    forged(
        ground,
        format!("{kind} trick {number} with the checkpoint at {size}"),
        &db,
        wanted,
    )
}
