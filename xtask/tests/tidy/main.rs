//! The tidy test: rules about the sources that no compiler knows, each with the file and line that breaks it.
//!
//! It reads files and asks Cargo for the dependency tree; it builds nothing, so it runs in a second.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of a test may stop at the first thing that is not as it must be"
)]

mod bans;
mod commands;
mod facade;
mod files;
mod hints;
mod invariants;
mod layers;
mod migrations;
mod modules;
mod style;

/// Fails with all findings at once, one a line.
fn nothing_found(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}\n  {}\n", findings.join("\n  "));
}
