//! T11: two checkpoints N and N+K of one log come to a witness at once. It judges and keeps in one step, so one of them is answered, and the
//! other one is asked anew from what was kept. A history of its own among them is never answered behind the true one.
//!
//! Deliberately absent: the program's own store, whose race two processes run in the command line's tests.

use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use gatehouse_audit::note::Checkpoint;
use gatehouse_audit::tree::{Frontier, leaf_hash};
use gatehouse_audit::witness::{Question, Refusal, key_line};
use gatehouse_audit::{CheckpointSigner as _, note, proof};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior};
use serde_json::{Value, json};

use crate::forge::{Db, base64};
use crate::ground::Ground;
use crate::rng::Rng;
use crate::run::{Bench, Tally, hold_all, number, seed};
use crate::stage::MemorySigner;

/// Pairs of questions, each judged by two.
const IN_CI: u64 = 150;

/// What a question was judged against, and the answer.
type Answer = (Checkpoint, Result<Checkpoint, Refusal>);

/// What a witness keeps, in a file, as every process that judges sees it.
struct Witness(PathBuf);

impl Witness {
    #[expect(clippy::disallowed_methods, reason = "it is no log, but the store of a witness")]
    fn open(&self) -> Connection {
        let conn = Connection::open(&self.0).unwrap();
        conn.busy_timeout(Duration::from_secs(60)).unwrap();
        conn
    }

    fn begin(dir: &Path, kept: &Checkpoint) -> Self {
        let witness = Self(dir.join("witness.db"));
        drop(std::fs::remove_file(&witness.0));
        let conn = witness.open();
        conn.execute_batch("PRAGMA synchronous = 0; CREATE TABLE kept (size INTEGER, root BLOB)")
            .unwrap();
        let row = (i64::try_from(kept.size).unwrap(), kept.root);
        conn.execute("INSERT INTO kept VALUES (?1, ?2)", row).unwrap();
        witness
    }

    fn kept(conn: &Connection) -> Checkpoint {
        let take = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?));
        let (size, root) = conn.query_row("SELECT size, root FROM kept", [], take).unwrap();
        Checkpoint { size, root }
    }

    /// Judges and keeps in one transaction; what it was judged against comes along.
    fn answer(&self, question: &Question, key: &[u8; 32]) -> Answer {
        let mut conn = self.open();
        let tx = Transaction::new(&mut conn, TransactionBehavior::Immediate).unwrap();
        let kept = Self::kept(&tx);
        let judged = question.judge(key, Some(&kept));
        if let Ok(asked) = &judged {
            let row = (i64::try_from(asked.size).unwrap(), asked.root);
            tx.execute("UPDATE kept SET size = ?1, root = ?2", row).unwrap();
        }
        tx.commit().unwrap();
        (kept, judged)
    }
}

/// The question from a size, as the owner of these entries asks it.
fn question(db: &Db, old: u64, size: u64, seed: u8) -> Question {
    let hash = |level: u32, idx: u64| {
        let mut tree = Frontier::default();
        let leaves = usize::try_from(idx << level).unwrap()..usize::try_from((idx + 1) << level).unwrap();
        db.events[leaves]
            .iter()
            .for_each(|row| drop(tree.push(leaf_hash(&row.2))));
        Ok(Some(tree.root()))
    };
    let key = MemorySigner::new(seed).verifying_key();
    Question {
        old,
        proof: proof::consistency(old, size, &hash).unwrap(),
        note: format!("{}{}\n", db.signed(size, seed), key_line(db.log_id(), &key)),
    }
}

/// The same log with one of the entries that the witness has seen rewritten, signed with the very key.
fn rewritten(rng: &mut Rng, db: &Db, seen: u64) -> Db {
    let (mut db, seq) = (db.clone(), rng.between(1, seen));
    let mut body = db.body(seq);
    body["profile"] = "rewritten".into();
    db.set(seq, crate::clean::canonical(&body));
    db.recompute(seq + 1);
    db
}

/// The questions for N+K and N, each with whether it is of a rewritten log.
fn asked(rng: &mut Rng, ground: &Ground, old: u64) -> [(Question, bool); 2] {
    let small = rng.between((old + 1).max(ground.second), ground.today.size - 1);
    [rng.between(small + 1, ground.today.size), small].map(|size| {
        let forged = rng.below(4) == 0;
        let other = forged.then(|| rewritten(rng, &ground.db, old));
        (
            question(other.as_ref().unwrap_or(&ground.db), old, size, ground.seed),
            forged,
        )
    })
}

/// Both questions at once; what each was judged against, and the answer.
fn race(witness: &Witness, questions: &[(Question, bool); 2], key: &[u8; 32]) -> [Answer; 2] {
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let both = questions.each_ref().map(|(question, _)| {
            scope.spawn(|| {
                barrier.wait();
                witness.answer(question, key)
            })
        });
        both.map(|one| one.join().unwrap())
    })
}

/// What the proof of a question says to the other verifier, of what was kept when it was judged.
fn job(kept: &Checkpoint, question: &Question) -> Value {
    let path: Vec<_> = question.proof.iter().map(|hash| base64(hash)).collect();
    let root = note::root(&question.note).unwrap();
    json!({ "job": "consistency", "old": kept.size, "old_root": base64(&kept.root), "size": note::size(&question.note), "root": base64(&root), "path": path })
}

pub fn at_once(times: u64, seed: u64) -> Tally {
    let (mut bench, ground, mut tally) = (Bench::new(), Ground::new(), Tally::default());
    let dir = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    for seed in (0..times).map(|number| seed.wrapping_add(number)) {
        let mut rng = Rng::new(seed);
        let old = rng.between(1, ground.today.size - 2);
        let root = ground.db.root(old);
        let witness = Witness::begin(dir.path(), &Checkpoint { size: old, root });
        let questions = asked(&mut rng, &ground, old);
        let answers = race(&witness, &questions, &ground.today.key);
        let answered: Vec<_> = answers.iter().filter_map(|(_, answer)| answer.as_ref().ok()).collect();
        let sound = questions.iter().any(|(_, forged)| !forged);
        assert_eq!(
            answered.len(),
            usize::from(sound),
            "T11 with GATEHOUSE_SEED={seed}: {answers:?}"
        );
        let last = answered.first().map_or(old, |asked| asked.size);
        assert_eq!(
            Witness::kept(&witness.open()).size,
            last,
            "what was answered is what is kept"
        );
        for ((kept, answer), (question, forged)) in answers.iter().zip(&questions) {
            let job = job(kept, question);
            let theirs = question.old == kept.size && bench.python().ask(&job)["holds"] == true;
            let what = format!("T11 with GATEHOUSE_SEED={seed}: {answer:?} of {job}");
            tally.count(kept.size == old && !forged, answer.is_ok(), theirs, &what);
        }
    }
    tally
}

#[test]
fn t11_two_checkpoints_at_once() {
    hold_all("T11", &at_once(number("GATEHOUSE_TIMES").unwrap_or(IN_CI), seed()));
}
