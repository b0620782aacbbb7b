//! Witnesses between two data directories: the way by files, its refusals, and a history rewritten with the keys (audit.md 3, T10, T11).

use std::fs;
use std::process::{Child, Stdio};

use crate::persons::{colleague, key_of};
use crate::world::{Answer, Place, Served, World, number, rows, text};

/// The asker's world, and the witness, whom it trusts.
struct Two {
    world: World,
    witness: Place,
    _served: Served,
}

impl Two {
    fn ready() -> Self {
        let world = World::ready();
        let (witness, served) = colleague();
        let file = key_of(&witness, "Bea");
        world.run(&["person", "add", &file, "--role", "reviewer"]).json();
        Self {
            world,
            witness,
            _served: served,
        }
    }

    /// Writes a question and gives its path and the key's fingerprint.
    fn ask(&self, name: &str, more: &[&str]) -> (String, String) {
        let file = self.world.place.beside(name).to_str().unwrap().to_owned();
        let asked = self
            .world
            .run(&[&["audit", "witness", "ask", "--out", &file], more].concat())
            .json();
        (file, text(&asked, "key_fingerprint").to_owned())
    }

    fn sign(&self, question: &str, name: &str, more: &[&str]) -> Answer {
        let out = self.world.place.beside(name);
        let args = ["audit", "witness", "sign", question, "--out", out.to_str().unwrap()];
        self.witness.run(&[&args, more].concat())
    }

    fn take(&self, name: &str) -> Answer {
        let file = self.world.place.beside(name);
        self.world.run(&["audit", "witness", "take", file.to_str().unwrap()])
    }

    /// The whole way, the first time.
    fn witnessed(&self) -> i64 {
        let (question, fingerprint) = self.ask("first", &[]);
        self.sign(&question, "first.answer", &["--trust", &fingerprint]).json();
        number(&self.take("first.answer").json(), "size")
    }
}

/// Everything by which a log could be told differently: the files that its owner has.
const OWNED: [&str; 2] = ["audit.db", "keys.sealed"];

fn keep(place: &Place) -> Vec<Vec<u8>> {
    place.sqlite("audit.db", "PRAGMA wal_checkpoint(TRUNCATE)");
    OWNED.iter().map(|name| fs::read(place.data(name)).unwrap()).collect()
}

fn put_back(place: &Place, kept: &[Vec<u8>]) {
    for gone in [
        "audit.db-wal",
        "audit.db-shm",
        "audit-index.db",
        "audit-index.db-wal",
        "audit-index.db-shm",
    ] {
        let _ = fs::remove_file(place.data(gone));
    }
    for (name, bytes) in OWNED.iter().zip(kept) {
        fs::write(place.data(name), bytes).unwrap();
    }
}

#[test]
fn a_colleague_witnesses_the_log_and_the_log_says_so() {
    let two = Two::ready();
    let (question, fingerprint) = two.ask("q1", &[]);
    let unknown = two.sign(&question, "none", &[]).refused(3, "witness_consent");
    assert!(
        text(&unknown, "message").contains(&fingerprint),
        "the key is shown: {unknown}"
    );
    two.sign(&question, "none", &["--trust", "0123456789abcdef"])
        .refused(3, "witness_consent");
    two.sign(&question, "none", &["--trust", fingerprint.get(..8).unwrap()])
        .refused(3, "witness_consent");
    assert!(!two.world.place.beside("none").exists(), "nothing was co-signed");
    let short = fingerprint.get(..16).unwrap();
    let signed = two.sign(&question, "a1", &["--trust", short]).json();
    assert_eq!(
        (number(&signed, "from"), number(&signed, "size") > 3),
        (0, true),
        "{signed}"
    );
    let taken = two.take("a1").json();
    assert_eq!(
        (text(&taken, "name"), number(&taken, "size"), text(&taken, "root")),
        ("Bea", number(&signed, "size"), text(&signed, "root")),
        "what was co-signed stands in the log"
    );
    let again = two.take("a1").json();
    assert_eq!(
        number(&again, "seq"),
        number(&taken, "seq"),
        "a second time adds nothing"
    );
    assert_eq!(again.get("known"), Some(&true.into()), "{again}");

    two.world.open().json();
    let (next, _) = two.ask("q2", &[]);
    let asked = fs::read_to_string(&next).unwrap();
    assert!(
        asked.starts_with(&format!("old {}\n", number(&signed, "size"))),
        "it goes on from there: {asked}"
    );
    let more = two.sign(&next, "a2", &[]).json();
    assert_eq!(
        number(&more, "from"),
        number(&signed, "size"),
        "the key is known now: {more}"
    );
    two.take("a2").json();
    let listed = two.world.run(&["audit", "witness", "list"]).json();
    let by = rows(&listed, "by");
    assert_eq!(
        (by.len(), number(&by[0], "size")),
        (1, number(&more, "size")),
        "the newest word of each: {listed}"
    );
    let theirs = two.witness.run(&["audit", "witness", "list"]).json();
    assert_eq!(
        number(&rows(&theirs, "of")[0], "size"),
        number(&more, "size"),
        "{theirs}"
    );
    for place in [&two.world.place, &two.witness] {
        let report = place.run(&["audit", "verify"]).json();
        assert_eq!(text(&report, "verdict"), "intact", "{report}");
    }
    let told = two.witness.run(&["audit", "list", "--query", "audit.cosigned"]).json();
    assert_eq!(
        rows(&told, "entries").len(),
        2,
        "the witness's own log tells of both: {told}"
    );
}

#[test]
fn a_log_rewritten_with_its_keys_passes_its_own_check_and_is_found_by_the_witness() {
    let two = Two::ready();
    let before = keep(&two.world.place);
    two.world.open().json();
    let size = two.witnessed();
    // The owner wants that one open gone: he has the file and its keys, and goes on as if nothing had been.
    put_back(&two.world.place, &before);
    let from = size.to_string();
    let short = two.world.place.beside("short").to_str().unwrap().to_owned();
    two.world
        .run(&["audit", "witness", "ask", "--out", &short, "--from", &from])
        .refused(6, "log_alarm");
    for _ in 0..3 {
        two.world.run(&["sessions", "revoke", "--all"]).json();
        two.world.open().json();
    }
    let report = two.world.run(&["audit", "verify"]).json();
    assert_eq!(
        text(&report, "verdict"),
        "intact",
        "T10, one half: its own check cannot find it: {report}"
    );

    let (question, _) = two.ask("unaware", &[]);
    let stale = two.sign(&question, "none", &[]).refused(3, "witness_stale");
    assert!(
        text(&stale, "message").contains(&format!("#{size}")),
        "the size to ask from: {stale}"
    );
    let (question, _) = two.ask("told", &["--from", &from]);
    let fork = two.sign(&question, "none", &[]).refused(7, "witness_fork");
    assert!(
        text(&fork, "message").contains("two histories"),
        "T10, the other half: {fork}"
    );
    assert!(!two.world.place.beside("none").exists(), "nothing was co-signed");
    let alarms = rows(&two.witness.run(&["audit", "witness", "list"]).json(), "alarms");
    assert_eq!(alarms.len(), 1, "both notes are kept: {alarms:?}");
    assert_ne!(text(&alarms[0], "kept"), text(&alarms[0], "shown"), "and they differ");
    two.sign(&question, "none", &[]).refused(7, "witness_fork");
    let told = two.witness.run(&["audit", "list", "--query", "witness_fork"]).json();
    assert!(
        !rows(&told, "entries").is_empty(),
        "the alarm stands in the witness's own log"
    );
}

#[test]
fn a_question_that_was_answered_is_not_answered_again() {
    let two = Two::ready();
    let (question, fingerprint) = two.ask("q", &[]);
    two.sign(&question, "a", &["--trust", &fingerprint]).json();
    let stale = two.sign(&question, "none", &[]).refused(3, "witness_stale");
    assert!(
        text(&stale, "hint").contains("--from"),
        "a lost answer is asked for again: {stale}"
    );
    let size = number(
        &rows(&two.witness.run(&["audit", "witness", "list"]).json(), "of")[0],
        "size",
    );
    let (again, _) = two.ask("again", &["--from", &size.to_string()]);
    two.sign(&again, "b", &[]).json();
    assert_eq!(
        number(&two.take("b").json(), "size"),
        size,
        "the equal checkpoint is co-signed once more"
    );
}

fn start(two: &Two, question: &str, out: &str) -> Child {
    let out = two.world.place.beside(out);
    let args = [
        "--json",
        "audit",
        "witness",
        "sign",
        question,
        "--out",
        out.to_str().unwrap(),
    ];
    let mut command = two.witness.command(&args);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn of_two_questions_at_once_exactly_one_is_answered() {
    let two = Two::ready();
    let mut kept = two.witnessed();
    for round in 0..4 {
        let from = kept.to_string();
        two.world.open().json();
        let (small, _) = two.ask(&format!("n{round}"), &["--from", &from]);
        two.world.open().json();
        let (large, _) = two.ask(&format!("nk{round}"), &["--from", &from]);
        let children = [
            start(&two, &large, &format!("large{round}")),
            start(&two, &small, &format!("small{round}")),
        ];
        let answers = children.map(|child| Answer::from(child.wait_with_output().unwrap()));
        let signed: Vec<_> = answers.iter().filter(|answer| answer.code == 0).collect();
        assert_eq!(signed.len(), 1, "T11: check and store are one step: {answers:?}");
        let refused = answers.iter().find(|answer| answer.code != 0).unwrap();
        refused.refused(3, "witness_stale");
        let stored = rows(&two.witness.run(&["audit", "witness", "list"]).json(), "of");
        assert_eq!(
            number(&stored[0], "size"),
            number(&signed[0].json(), "size"),
            "what was signed is kept"
        );
        kept = number(&stored[0], "size");
    }
}

#[test]
fn files_that_are_something_else_are_refused_by_name() {
    let two = Two::ready();
    let (question, fingerprint) = two.ask("q", &[]);
    two.world
        .run(&[
            "audit",
            "witness",
            "sign",
            &question,
            "--out",
            "/nowhere",
            "--trust",
            &fingerprint,
        ])
        .refused(3, "input_invalid");
    two.sign(&question, "a", &["--trust", &fingerprint]).json();
    let answer = fs::read_to_string(two.world.place.beside("a")).unwrap();
    let asked = fs::read_to_string(&question).unwrap();
    let strange = [
        ("an empty file", String::new()),
        ("a picture", "\u{fffd}PNG\r\n".to_owned()),
        ("a giant", "old 0\n\n".repeat(60_000)),
        (
            "a changed checkpoint",
            asked.replacen("\ngatehouse/", "\ngatehouse/f", 1),
        ),
    ];
    for (name, content) in strange {
        let file = two.world.place.file("strange", content);
        let refused = two.sign(&file, "none", &[]).refused(3, "witness_file_damaged");
        assert!(text(&refused, "hint").len() > 10, "{name}: {refused}");
        two.take("strange").refused(3, "witness_file_damaged");
    }
    let flipped = answer.replacen("AAAA", "AAAB", 1);
    two.world.place.file("strange", flipped);
    two.take("strange").refused(3, "witness_file_damaged");
    two.world.place.file("strange", answer.repeat(2));
    two.take("strange").refused(3, "witness_file_damaged");
    two.world.run(&["person", "remove", "Bea"]).json();
    two.take("a").refused(3, "signer_untrusted");
}

#[test]
fn several_witnesses_are_told_apart_and_a_checkpoint_is_handed_out() {
    let two = Two::ready();
    two.witnessed();
    let (second, _served) = colleague();
    let file = key_of(&second, "Carl");
    two.world.run(&["person", "add", &file, "--role", "reviewer"]).json();
    let (question, fingerprint) = two.ask("carl", &["--from", "0"]);
    let out = two.world.place.beside("carl.answer").to_str().unwrap().to_owned();
    second
        .run(&[
            "audit",
            "witness",
            "sign",
            &question,
            "--out",
            &out,
            "--trust",
            &fingerprint,
        ])
        .json();
    two.take("carl.answer").json();
    let none = two.world.place.beside("none").to_str().unwrap().to_owned();
    two.world
        .run(&["audit", "witness", "ask", "--out", &none])
        .refused(3, "input_invalid");
    two.ask("bea", &["--witness", "Bea"]);
    let note = two.world.run(&["audit", "checkpoint"]).json();
    assert!(
        text(&note, "checkpoint").starts_with("gatehouse/"),
        "a signed note: {note}"
    );
    let by = rows(&two.world.run(&["audit", "witness", "list"]).json(), "by");
    assert_eq!(by.len(), 2, "both witness it: {by:?}");
}
