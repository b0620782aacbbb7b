//! Bytes that nobody wrote on purpose: both readers take or refuse the same entries, side rows, notes and anchors, and neither stops.
//!
//! Deliberately absent: the language of questions and the bundle's members, which are tested where they are read.

use gatehouse_audit::{Anchor, Body, CheckpointSigner as _, canonical, note, witness};
use serde_json::json;

use crate::ground::Ground;
use crate::judges::Python;
use crate::rng::Rng;
use crate::run::{number, seed};
use crate::stage::MemorySigner;

/// A few bytes changed, left out, doubled, or put in from a list of those that mean something.
fn mangled(rng: &mut Rng, bytes: &[u8]) -> Vec<u8> {
    const MEANING: &[u8] = b"\"\\{}[],:-+.0e1nutf \n\r\t\0\x7f\x80\xc3\xe2\xff";
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.between(1, 4) {
        let at = rng.below(bytes.len());
        match rng.below(5) {
            0 => bytes[at] ^= 1 << rng.below(8),
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, *rng.pick(MEANING)),
            3 => bytes[at] = *rng.pick(MEANING),
            _ => {
                let part = bytes[at..(at + 9).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// Runs so many cases; `ask` gives both answers.
fn agree(times: u64, ask: impl Fn(&mut Rng, &Ground, &mut Python) -> (bool, bool, String)) {
    let (ground, mut python, seed) = (Ground::new(), Python::start(), seed());
    for case in 0..number("GATEHOUSE_TIMES").unwrap_or(times) {
        let seed = seed.wrapping_add(case);
        let (ours, theirs, what) = ask(&mut Rng::new(seed), &ground, &mut python);
        assert_eq!(ours, theirs, "library and verify.py, GATEHOUSE_SEED={seed}: {what}");
    }
}

#[test]
fn mangled_entries_are_taken_or_refused_by_both() {
    agree(2_000, |rng, ground, python| {
        let sound = rng.pick(&ground.db.events).2.clone();
        let bytes = mangled(rng, &sound);
        let job = json!({ "job": "entry", "bytes": hex::encode(&bytes) });
        (
            Body::from_bytes(&bytes).is_ok(),
            python.ask(&job)["holds"] == true,
            String::from_utf8_lossy(&bytes).into_owned(),
        )
    });
}

#[test]
fn mangled_canonical_bytes_are_taken_or_refused_by_both() {
    agree(2_000, |rng, ground, python| {
        let side = rng.pick(&ground.db.sides).2.clone();
        let bytes = mangled(rng, &side);
        let job = json!({ "job": "canonical", "bytes": hex::encode(&bytes) });
        (
            canonical::parse(&bytes, 65_536).is_ok(),
            python.ask(&job)["holds"] == true,
            String::from_utf8_lossy(&bytes).into_owned(),
        )
    });
}

#[test]
fn mangled_notes_are_taken_or_refused_by_both() {
    agree(2_000, |rng, ground, python| {
        let (_, sound) = ground.db.checkpoints.last().unwrap();
        let note = String::from_utf8_lossy(&mangled(rng, sound.as_bytes())).into_owned();
        let (log, key) = (ground.db.log_id(), MemorySigner::new(ground.seed).verifying_key());
        let job = json!({ "job": "note", "note": note, "key": hex::encode(key), "log": log });
        assert!(
            witness::Question::parse(&format!("old 0\n\n{note}")).is_ok() || !note.is_empty(),
            "a question is read to its end"
        );
        (
            note::open(&note, log, &key).is_ok(),
            python.ask(&job)["holds"] == true,
            note,
        )
    });
}

#[test]
fn mangled_anchors_are_taken_or_refused_by_both() {
    agree(2_000, |rng, ground, python| {
        let text = String::from_utf8_lossy(&mangled(rng, &ground.today.anchor)).into_owned();
        let job = json!({ "job": "anchor", "text": text });
        (
            Anchor::from_json(text.as_bytes()).is_ok(),
            python.ask(&job)["holds"] == true,
            text,
        )
    });
}
