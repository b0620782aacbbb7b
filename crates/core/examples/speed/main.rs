//! The core's own times, for `cargo xtask bench`: one line a quantity, `name value value ...` in milliseconds.
//!
//! `speed open DIR ROUNDS` opens portals on the sandbox profile of a data directory whose sandbox runs, with the system's
//! keyring, and takes the floor of the same round beside each; `speed search ROWS` searches that many merchants; `speed people GRANTS` asks the inventory of
//! that many grants; `speed export DIR` exports the log that `log_speed build` made there;
//! `speed tokens DIR TABLES` takes in tables of 100,000 customer tokens and asks for them;
//! `speed plans DIR CHECKED RUN` checks tables of grants and carries one out; `speed acts DIR ACTS` fills the log with as many acts;
//! `speed steps DIR ROUNDS` takes keys through the steps of set-up, signs, and asks the doctor; `speed sign ROUNDS` signs with the software key and, where it is installed, through SoftHSM.
//! Deliberately absent: judgement; the table's limits stand in xtask.

#![expect(clippy::print_stdout, reason = "its lines are its answer")]
#![expect(
    clippy::disallowed_methods,
    reason = "it measures time, and its floor calls Klarna without an act"
)]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be taken has no other answer"
)]

mod durable;
mod elsewhere;
mod export;
mod open;
mod people;
mod plans;
mod search;
mod sign;
mod steps;
mod timing_store;
mod tokens;

fn main() {
    gatehouse_core::install_crypto();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["open", dir, rounds] => open::measure(dir.as_ref(), rounds.parse().unwrap()),
        ["search", rows] => search::measure(rows.parse().unwrap()),
        ["plans", dir, checked, run] => plans::measure(dir.as_ref(), checked.parse().unwrap(), run.parse().unwrap()),
        ["acts", dir, acts] => plans::fill_log(dir.as_ref(), acts.parse().unwrap()),
        ["tokens", dir, tables] => tokens::measure(dir.as_ref(), tables.parse().unwrap()),
        ["people", grants] => people::measure(grants.parse().unwrap()),
        ["export", dir] => export::measure(dir.as_ref()),
        ["steps", dir, rounds] => steps::measure(dir.as_ref(), rounds.parse().unwrap()),
        ["sign", rounds] => sign::measure(rounds.parse().unwrap()),
        ["sign-token", rounds] => sign::measure_token(rounds.parse().unwrap()),
        _ => println!(
            "speed open DIR ROUNDS | speed search ROWS | speed people GRANTS | speed export DIR | speed steps DIR ROUNDS | speed sign ROUNDS"
        ),
    }
}

fn say(name: &str, values: &[f64]) {
    let values: Vec<String> = values.iter().map(|value| format!("{value:.4}")).collect();
    println!("{name} {}", values.join(" "));
}

fn ms(since: std::time::Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
