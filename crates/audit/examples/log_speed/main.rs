//! The log's own times, for `cargo xtask bench`: one line a quantity, `name value value ...`.
//!
//! `log_speed build DIR ENTRIES` makes a log of that many entries in groups of 10,000, then appends one by one beside a durable write
//! of the same bytes; `log_speed verify DIR` goes through it, in a process of its own so that its memory can be told; `log_speed ask DIR`
//! makes its read model anew and asks it, and `log_speed questions DIR` tells of each question beside that.
//! Deliberately absent: judgement; the table's limits stand in xtask. And a keyring: what an anchor costs there is measured with the core.

#![expect(clippy::print_stdout, reason = "its lines are its answer")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be taken has no other answer"
)]

mod ask;
mod build;
mod check;
mod drafts;
mod stage;

use std::time::Instant;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build", dir, entries] => build::measure(dir.as_ref(), entries.parse().unwrap()),
        ["verify", dir] => check::measure(dir.as_ref()),
        ["ask", dir] => ask::measure(dir.as_ref(), false),
        ["questions", dir] => ask::measure(dir.as_ref(), true),
        _ => println!("log_speed build DIR ENTRIES | log_speed verify DIR | log_speed ask DIR"),
    }
}

fn say(name: &str, values: &[f64]) {
    let values: Vec<String> = values.iter().map(|value| format!("{value:.4}")).collect();
    println!("{name} {}", values.join(" "));
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
