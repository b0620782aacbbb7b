//! Asking the log: the read model catching up from nothing, first pages, words, bars over time, facets.
//!
//! Every question opens the log anew, as a command does. Deliberately absent: what decides what is fast enough.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use gatehouse_audit::{INDEX_FILE_NAME, Question, Reader, follow};

use crate::stage::{NOW_MS, peak_mib};
use crate::{ms, say};

const ROUNDS: usize = 10;

/// Facets, alone and together; ones that match nothing; times.
const PAGES: &[&str] = &[
    "",
    "actor:0000000000000003",
    "act:access",
    "act:portal.open",
    "act:key.create",
    "act:policy.change",
    "outcome:refused",
    "outcome:open",
    "outcome:unknown env:live",
    "env:test act:portal.revoke outcome:refused",
    "merchant:M00017",
    "merchant:M49999",
    "merchant:M00017 outcome:refused",
    "merchant:M00017 act:access actor:0000000000000003",
    "merchant:nowhere",
    "actor:nobody",
    "actor:0000000000000003 -act:portal",
    "since:2025-12-01 until:2025-12-01 act:access",
    "until:2025-07-01",
    "since:2025-09-01 until:2025-09-30 merchant:M00017",
    "since:2027-01-01",
    "profile:\"Old bank\"",
    "-merchant:M00017 -env:live outcome:refused",
    "actor:0000000000000003 actor:0000000000000004 env:test env:live outcome:refused outcome:unknown",
];

/// Words: common, rare, of one letter, of none.
const WORDS: &[&str] = &[
    "anna",
    "ticket-77777",
    "buchhaltung",
    "zz-nothing-at-all",
    "m00017",
    "x",
    "be",
    "per",
    "deadbeef",
    "person17@bank.example",
    "person:person17@ outcome:refused",
    "anna refused",
    "-anna act:access",
    "\"quarterly review\"",
    "krn:partner:global:account:live:m00017",
    "quarterly zz-nothing",
    "aaaaaa",
];

/// Makes the read model anew, and takes all times.
pub fn measure(dir: &Path, each: bool) {
    for suffix in ["", "-wal", "-shm"] {
        std::fs::remove_file(dir.join(format!("{INDEX_FILE_NAME}{suffix}"))).ok();
    }
    let begun = Instant::now();
    follow(dir, &|_, _| (), &AtomicBool::new(false)).unwrap();
    say("catch_up", &[ms(begun) / 1000.0]);
    say("catch_up_cpu", &[process_cpu_s()]);
    say("catch_up_memory", &[peak_mib()]);
    let file = std::fs::metadata(dir.join(INDEX_FILE_NAME)).unwrap().len();
    say("index_size", &[file as f64 / 1_048_576.0]);
    let reader = || Reader::open(dir).unwrap();
    timed(("pages", each), PAGES, |question| {
        drop(reader().ask(question, NOW_MS, None, 50).unwrap());
    });
    timed(("words", each), WORDS, |question| {
        drop(reader().ask(question, NOW_MS, None, 50).unwrap());
    });
    timed(("histogram", each), PAGES, |question| {
        drop(reader().histogram(question, NOW_MS, 100).unwrap());
    });
    timed(("facets", each), PAGES, |question| {
        drop(reader().facets(question, NOW_MS).unwrap());
    });
    timed(("word_bars", each), WORDS, |question| {
        drop(reader().histogram(question, NOW_MS, 100).unwrap());
    });
    say("ask_memory", &[peak_mib()]);
}

/// Takes each question's time several times; with `each`, tells each question's processor time too, which other work does not stretch.
fn timed((name, each): (&str, bool), questions: &[&str], ask: impl Fn(&Question)) {
    let mut values = Vec::new();
    for text in questions {
        let question = Question::read(text).unwrap();
        let spent = cpu_ms();
        let own: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let begun = Instant::now();
                ask(&question);
                ms(begun)
            })
            .collect();
        if each {
            say(&format!("# {name} [{text}]"), &[(cpu_ms() - spent) / ROUNDS as f64]);
        }
        values.extend(own);
    }
    say(name, &values);
}

/// The processor time that this thread has had; 0 where the system does not tell.
fn cpu_ms() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    nanos.unwrap_or(0.0) / 1e6
}

/// The processor time of all threads, s; 0 where the system does not tell.
fn process_cpu_s() -> f64 {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in brackets: user and system time are the twelfth and thirteenth, in hundredths.
    let rest = told.rsplit(')').next().unwrap_or_default();
    let ticks = rest.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
