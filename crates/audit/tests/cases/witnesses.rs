//! Questions to a witness: their form, every refusal, and a history rewritten with the keys, which only a witness finds (T10, T12).

use gatehouse_audit::note::{self, Checkpoint, NoteFault};
use gatehouse_audit::witness::{self, NoQuestion, Question, Refusal};

use crate::stage::{Stage, at, busy, intent, note as start, outcome};

fn kept(stage: &Stage) -> Checkpoint {
    let head = stage.reader().head().unwrap();
    Checkpoint {
        size: head.size,
        root: head.root,
    }
}

/// The log is told differently from its second entry on, with the true keys; the anchor is saved anew.
fn rewritten() -> Stage {
    let stage = Stage::new();
    let log = stage.log();
    for number in 1..=40 {
        if number != 7 {
            log.append(
                &[intent(number), outcome(number, "succeeded")],
                at(u64::try_from(number).unwrap()),
            )
            .unwrap();
        }
    }
    stage
}

#[test]
fn a_question_is_read_back_and_brings_its_key() {
    let stage = busy();
    for old in [0, 1, 7, 32, 60, 61] {
        let question = stage.reader().question(old).unwrap();
        let again = Question::parse(&question.to_text()).unwrap();
        assert_eq!(again, question, "the text holds all of it, from {old}");
        assert_eq!(
            again.brought_key(),
            Some(stage.key()),
            "the key that signed comes along"
        );
    }
    stage.reader().question(62).unwrap_err();
}

#[test]
fn a_log_that_goes_on_is_co_signed_and_nothing_else() {
    let stage = busy();
    let (key, first) = (stage.key(), stage.reader().question(0).unwrap());
    assert_eq!(
        first.judge(&key, None),
        Ok(kept(&stage)),
        "the first time there is nothing to compare"
    );
    let seen = kept(&stage);
    assert_eq!(
        first.judge(&key, Some(&seen)),
        Err(Refusal::Old { kept: 61 }),
        "a replay is refused"
    );
    stage.log().append(&[start(99)], at(99)).unwrap();
    let next = stage.reader().question(61).unwrap();
    assert_eq!(next.judge(&key, Some(&seen)), Ok(kept(&stage)), "it goes on from there");
    assert_eq!(
        next.judge(&key, None),
        Err(Refusal::Old { kept: 0 }),
        "a stranger is asked from the beginning"
    );
    assert_eq!(
        next.judge(&[9; 32], Some(&seen)),
        Err(Refusal::Note(NoteFault::Unsigned)),
        "another key than the kept one"
    );
    let mut smaller = first.clone();
    smaller.old = 62;
    let further = kept(&stage);
    assert_eq!(
        smaller.judge(&key, Some(&further)),
        Err(Refusal::Smaller { kept: 62 }),
        "a witness never goes back"
    );
}

#[test]
fn every_grafted_proof_is_a_fork() {
    let stage = busy();
    let (key, log) = (stage.key(), stage.log());
    let seen = kept(&stage);
    for number in 40..60 {
        log.append(&[start(number)], at(100)).unwrap();
    }
    let question = stage.reader().question(61).unwrap();
    assert!(question.proof.len() > 2, "there is something to graft");
    for place in 0..question.proof.len() {
        let (mut changed, mut less, mut more) = (question.clone(), question.clone(), question.clone());
        changed.proof[place][3] ^= 1;
        less.proof.remove(place);
        more.proof.insert(place, [0; 32]);
        for graft in [changed, less, more] {
            assert_eq!(graft.judge(&key, Some(&seen)), Err(Refusal::Fork), "at {place}");
        }
    }
}

#[test]
fn a_log_rewritten_with_the_keys_passes_its_own_check_and_is_found_by_the_witness() {
    let honest = busy();
    let seen = kept(&honest);
    let forged = rewritten();
    assert!(
        forged.verify().is_intact(),
        "T10, one half: no check of its own finds it"
    );
    let question = forged.reader().question(seen.size).unwrap();
    let id = question.log_id().unwrap().to_owned();
    // The forger tells it under the honest log's name: the checkpoint is signed anew with the very key.
    let name = honest.reader().log_id().unwrap().unwrap();
    let size = forged.reader().head().unwrap();
    let checkpoint = Checkpoint {
        size: size.size,
        root: size.root,
    };
    let text = note::text(&name, &checkpoint);
    let signature = forged.opening().signer.sign(text.as_bytes()).unwrap();
    let note = note::seal(&name, &text, &forged.key(), &signature);
    let told = Question {
        note: note + &witness::key_line(&name, &forged.key()) + "\n",
        ..question
    };
    assert_ne!(id, name, "the two were made apart");
    assert_eq!(
        told.judge(&honest.key(), Some(&seen)),
        Err(Refusal::Fork),
        "T10, the other half: the witness finds it at the next question"
    );
}

#[test]
fn every_trick_with_a_question_is_refused() {
    let stage = busy();
    let text = stage.reader().question(7).unwrap().to_text();
    let hash = text.split('\n').nth(1).unwrap();
    let tricks = [
        ("nothing", String::new()),
        ("no old size", text.replacen("old 7\n", "", 1)),
        ("a leading zero", text.replacen("old 7", "old 07", 1)),
        ("a sign", text.replacen("old 7", "old +7", 1)),
        ("a carriage return", text.replacen("old 7\n", "old 7\r\n", 1)),
        (
            "a number without end",
            text.replacen("old 7", "old 99999999999999999999", 1),
        ),
        ("a hash that is none", text.replacen(hash, "AAAA", 1)),
        ("a proof from nothing", text.replacen("old 7", "old 0", 1)),
        ("64 hashes", text.replacen(hash, &[hash; 64].join("\n"), 1)),
        (
            "another program's log",
            text.replacen("\ngatehouse/", "\nexample.com/", 1),
        ),
        ("no end", text.clone() + &"x".repeat(witness::MAX_QUESTION)),
        ("no checkpoint", text.split("\n\n").next().unwrap().to_owned()),
    ];
    for (name, trick) in tricks {
        assert_eq!(Question::parse(&trick), Err(NoQuestion), "{name} must be refused");
    }
    let swapped = text.replacen("gatehouse-key/", "gatehouse-kex/", 1);
    assert_eq!(
        Question::parse(&swapped).unwrap().brought_key(),
        None,
        "the key's line has one name"
    );
}
