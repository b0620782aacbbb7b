//! What it answers: a verdict in lines for people, or one JSON document.
//!
//! Deliberately absent: anything from inside entries, which may be anybody's text.

use std::io::{self, Write};

use gatehouse_audit::{Report, details};
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::proven::Proven;
use crate::{INTACT, NOT_INTACT};

/// What was found.
pub enum Answer {
    /// Of a log or an archive.
    Log(Report),
    /// Of an evidence bundle.
    Bundle(Bundle),
    /// Of one entry's proof.
    Proof(Proven),
}

impl Answer {
    /// Says it, and answers the exit code.
    pub fn say(&self, json: bool) -> u8 {
        let (intact, document, text) = match self {
            Self::Log(report) => (report.is_intact(), log(report), log_lines(report)),
            Self::Bundle(bundle) => (bundle.fault.is_none(), bundle.document(), bundle.lines()),
            Self::Proof(proven) => (proven.holds(), proven.document(), proven.lines()),
        };
        let code = if intact { INTACT } else { NOT_INTACT };
        if json {
            lines(&[document.to_string()], code)
        } else {
            lines(&text, code)
        }
    }
}

fn log(report: &Report) -> Value {
    let mut document = report.document();
    document["findings"] = details(&report.findings).into();
    document
}

fn log_lines(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", report.verdict.as_str(), report.reason)];
    lines.extend(report.first_bad_seq.map(|seq| format!("first bad entry #{seq}")));
    lines.push(format!("entries #{} to #{}", report.first, report.size));
    lines.extend(report.root.as_ref().map(|root| format!("root {root}")));
    lines.push(match &report.witnessed {
        Some(by) => format!(
            "witnessed to #{} by {} (entry #{} of {})",
            by.size, by.witness, by.entry, by.time
        ),
        None => "not witnessed".to_owned(),
    });
    lines.extend(report.notices.iter().map(|notice| notice.detail.clone()));
    lines
}

/// Prints lines; answers the code, or 3 where nobody can be told.
pub fn lines(lines: &[String], code: u8) -> u8 {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", harmless(&lines.join("\n"))) {
        Ok(()) => code,
        Err(_) => crate::UNREADABLE,
    }
}

/// Says what went wrong.
pub fn failure(why: &str, json: bool, code: u8) -> u8 {
    let text = if json {
        json!({ "error": why }).to_string()
    } else {
        harmless(why)
    };
    // Where even that cannot be said, the code still tells.
    drop(writeln!(io::stderr().lock(), "{text}"));
    code
}

/// Without characters that steer a terminal.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c })
        .collect()
}
