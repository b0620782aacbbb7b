//! Tables ended by a real interrupt, trials where they cannot be, their report as PDF, and nonsense at every door for tokens.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::interop::python::judge;
use crate::world::{BAKERY, Place, World, number, rows, text};

const PATIENCE: Duration = Duration::from_secs(60);
const BAKERY_KRN: &str = "krn:partner:global:account:test:MB6KIE1P";

/// Runs a command, interrupts it once `under_way` says so, and gives what it said and how it ended.
fn interrupted(world: &World, words: &[&str], under_way: impl Fn() -> bool) -> (Option<i32>, Value) {
    let mut command = world.place.command(&[&["--json"], words].concat());
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    while !under_way() {
        assert!(began.elapsed() < PATIENCE, "it never comes to its work");
        std::thread::sleep(Duration::from_millis(20));
    }
    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(told.unwrap().success(), "it is at work when the interrupt comes");
    let Output { status, stdout, .. } = child.wait_with_output().unwrap();
    (status.code(), serde_json::from_slice(&stdout).unwrap())
}

fn kept(world: &World, which: &str) -> i64 {
    let counted = world
        .place
        .sqlite("gatehouse.db", &format!("SELECT count(*) FROM token WHERE {which}"));
    counted.parse().unwrap()
}

fn table(tokens: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = tokens.map(|token| format!("{token},{BAKERY}\n")).collect();
    format!("customer_token,merchant\n{}", rows.concat())
}

#[test]
#[cfg(unix)]
fn an_import_that_is_interrupted_keeps_what_it_took_in_and_says_so() {
    const ROWS: i64 = 20_000;
    let world = World::ready();
    let token = |at| format!("krn:customer-token:eu1:7a1b2c3d-1111-4222-8333-{at:012}");
    let file = world.place.file("tokens.csv", table((0..ROWS).map(token)));
    let words = ["tokens", "import", &file];
    let (code, done) = interrupted(&world, &words, || kept(&world, "1") > 0);
    let added = number(&done, "added");
    assert_eq!((code, &done["stopped"]), (Some(9), &json!(true)), "partly done: {done}");
    assert!((1..ROWS).contains(&added), "ended in the middle: {done}");
    assert_eq!(kept(&world, "1"), added, "what it says was kept is kept");
    let rest = world.run(&words).json();
    assert_eq!(
        (number(&rest, "added"), number(&rest, "unchanged"), &rest["stopped"]),
        (ROWS - added, added, &json!(false)),
        "the same command takes in the rest: {rest}"
    );
}

#[test]
#[cfg(unix)]
fn a_comparison_that_is_interrupted_keeps_what_klarna_said_and_goes_on() {
    const ROWS: i64 = 12;
    let world = World::ready();
    let made = json!({ "partner_account_id": BAKERY_KRN, "family": "payment",
        "customer_token_reference": "crm", "scopes": ["payment:customer_not_present"], "count": ROWS });
    let made = world.served.control("POST", "tokens", &made.to_string());
    let tokens = rows(&made, "tokens").into_iter();
    let file = table(tokens.map(|token| token.as_str().unwrap().to_owned()));
    let file = world.place.file("billing.csv", file);
    world.run(&["tokens", "import", &file]).json();
    let words = ["tokens", "reconcile", &file];
    let slow = [&words[..], &["--rate", "2"]].concat();
    let (code, held) = interrupted(&world, &slow, || kept(&world, "last_checked_ms IS NOT NULL") > 1);
    let asked = number(&held, "asked");
    assert_eq!((code, &held["stopped"]), (Some(9), &json!(true)), "held: {held}");
    assert!((1..ROWS).contains(&asked), "in the middle: {held}");
    assert_eq!(number(&held, "left"), ROWS - asked, "it says how many are left: {held}");
    assert_eq!(
        kept(&world, "last_checked_ms IS NOT NULL"),
        asked,
        "each answer is kept"
    );
    let rest = world.run(&[&words[..], &["--rate", "50"]].concat()).json();
    assert_eq!(
        (number(&rest, "asked"), &rest["stopped"]),
        (ROWS - asked, &json!(false)),
        "nobody is asked about twice: {rest}"
    );
}

#[test]
fn scenarios_are_refused_where_the_sandbox_is_served_elsewhere() {
    let world = World::ready();
    let other = Place::new();
    let served = crate::served::Served::start(&other);
    world.place.stand_in(served.http(), &served).json();
    world.run(&["profile", "use", "stand-in"]).json();
    let refused = world.run(&["tokens", "scenarios", BAKERY]).refused(4, "sandbox_failed");
    assert!(
        text(&refused, "message").contains("not the one that the profile names"),
        "this directory's sandbox is another one: {refused}"
    );
    assert!(text(&refused, "hint").contains("--sandbox-dir"), "{refused}");
    let bare = other.data("none");
    let refused = world
        .run(&["tokens", "scenarios", BAKERY, "--sandbox-dir", bare.to_str().unwrap()])
        .refused(4, "sandbox_failed");
    assert!(text(&refused, "message").contains("No sandbox runs"), "{refused}");
    let asked = rows(&served.control("GET", "payment-requests", ""), "payment_requests");
    assert!(asked.is_empty(), "nothing was sent there: {asked:?}");
}

#[test]
fn a_proof_is_written_as_a_pdf_that_others_read() {
    let world = World::ready();
    let pdf = world.place.beside("proof.pdf");
    world
        .run(&["tokens", "prove", BAKERY, "--pdf", pdf.to_str().unwrap()])
        .json();
    let bytes = std::fs::read(pdf).unwrap();
    let Some(read) = judge("judge_pdf.py", &[], &bytes) else {
        return;
    };
    assert_eq!(number(&read, "pages"), 1, "{read}");
    assert!(
        number(&read, "fonts") > 0 && number(&read, "marks") > 500,
        "text is drawn on it: {read}"
    );
}

#[test]
fn nonsense_at_every_door_for_tokens_is_refused_and_nothing_is_kept() {
    let world = World::ready();
    let long = "x".repeat(60_000);
    let nonsense: [&[u8]; 7] = [
        b"",
        b"two words",
        b"\0\x01\x02",
        b"\xff\xfe\xfd",
        long.as_bytes(),
        b"line\nline",
        b"{\"customer_token\": 1}",
    ];
    for given in nonsense {
        for words in [&["tokens", "add"], &["tokens", "find"]] {
            let said = world.place.run_with(words, given);
            let shown = String::from_utf8_lossy(given).chars().take(30).collect::<String>();
            assert_eq!(said.code, 3, "{words:?} of {shown:?}: {said:?}");
            assert!(
                !said.stderr.contains("panicked") && said.stderr.len() < 2_000,
                "{words:?}: {said:?}"
            );
        }
        for words in [
            &["tokens", "import", "-"][..],
            &["tokens", "reconcile", "-", "--offline"],
            &["tokens", "drift", "-"],
            &["tokens", "explain", "-"],
            &["tokens", "examine", "-", "--meant", "create"],
            &["tokens", "webhook", "verify", "-"],
            &["tokens", "webhook", "take", "-"],
            &["tokens", "emd", "build", "-"],
        ] {
            let said = world.place.run_with(words, given);
            assert!(
                [0, 3, 7, 9].contains(&said.code) && !said.stderr.contains("panicked"),
                "{words:?} of {:?}: {said:?}",
                String::from_utf8_lossy(given).chars().take(30).collect::<String>()
            );
            if said.code == 3 {
                let told: Value = serde_json::from_str(&said.stderr).unwrap();
                assert!(
                    !text(&told, "message").is_empty() && !text(&told, "hint").is_empty(),
                    "{words:?}: {told}"
                );
            }
        }
    }
    assert_eq!(kept(&world, "1"), 0, "nothing was kept of all that");
}

#[test]
fn the_help_lists_every_view_of_tokens() {
    let place = Place::new();
    for verb in ["list", "export"] {
        let help = place.say(&["tokens", verb, "--help"]).stdout;
        for view in gatehouse_core::tokens::TokenView::ALL {
            assert!(
                help.contains(view.word()),
                "tokens {verb} takes {}: {help}",
                view.word()
            );
        }
    }
}
