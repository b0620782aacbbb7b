//! All that this program prints, so that every task speaks in one voice.
//!
//! Everything goes to stdout, in order with what the tools themselves print there.
#![expect(clippy::print_stdout, reason = "speaking is this module's purpose")]

use std::fmt::Display;
use std::time::Duration;

/// Announces a step.
pub fn step(text: impl Display) {
    println!("\n==> {text}");
}

/// Says one line as it is.
pub fn line(text: impl Display) {
    println!("{text}");
}

/// Adds a remark to the current step.
pub fn note(text: impl Display) {
    println!("    {text}");
}

/// Says how long the current step took.
pub fn took(time: Duration) {
    println!("    {}", seconds(time));
}

/// Says why the task stopped.
pub fn problem(text: impl Display) {
    println!("\nFAILED: {text}");
}

/// Writes a duration as a person reads it: `0.4 s`, `73 s`.
pub fn seconds(time: Duration) -> String {
    let s = time.as_secs_f64();
    if s < 10.0 {
        format!("{s:.1} s")
    } else {
        format!("{s:.0} s")
    }
}
